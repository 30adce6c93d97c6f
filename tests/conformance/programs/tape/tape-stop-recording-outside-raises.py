# id: tape-stop-recording-outside-raises
# area: tape
# about: stop_recording needs an open block
# raises: RuntimeError

t = tf.GradientTape()
ready = True
with t.stop_recording():
    pass
