# id: tape-watch-before-block-raises
# area: tape
# about: a tape that was never opened cannot watch
# raises: AttributeError

x = tf.constant(1.0)
t = tf.GradientTape()
ready = True
t.watch(x)
