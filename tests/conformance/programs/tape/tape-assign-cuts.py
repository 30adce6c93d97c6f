# id: tape-assign-cuts
# area: tape
# about: no gradient flows through assign

a = tf.Variable(3.0); b = tf.Variable(1.0)
with tf.GradientTape() as t:
    b.assign(a * 2.0)
    y = b * b
result = t.gradient(y, [a, b])
