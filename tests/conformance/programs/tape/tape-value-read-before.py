# id: tape-value-read-before
# area: tape
# about: a value read before the block is a constant

x = tf.Variable(3.0)
v = x.value()
with tf.GradientTape() as t:
    t.watch(v)
    y = v * v + x
result = t.gradient(y, [v, x])
