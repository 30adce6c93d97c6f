# id: tape-watch-number-raises
# area: tape
# about: numbers cannot be watched
# raises: ValueError

ready = True
with tf.GradientTape() as t:
    t.watch(3.0)
