# id: tape-source-indexed-outside
# area: tape
# about: x[0] made after the fact is another tensor

x = tf.Variable([1.0, 2.0])
with tf.GradientTape() as t:
    y = tf.reduce_sum(x * x)
result = t.gradient(y, x[0])
