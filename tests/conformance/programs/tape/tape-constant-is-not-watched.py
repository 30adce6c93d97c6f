# id: tape-constant-is-not-watched
# area: tape
# about: the gradient of an unwatched constant

x = tf.constant(3.0)
with tf.GradientTape() as t:
    y = x * x
result = t.gradient(y, x)
