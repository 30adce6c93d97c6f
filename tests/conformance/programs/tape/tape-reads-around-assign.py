# id: tape-reads-around-assign
# area: tape
# about: each read counts with its own value

x = tf.Variable(3.0)
with tf.GradientTape() as t:
    y = x * x
    x.assign_add(7.0)
    z = y + x * x
result = t.gradient(z, x)
