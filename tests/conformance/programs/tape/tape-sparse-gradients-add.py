# id: tape-sparse-gradients-add
# area: tape
# about: two gathers of one table

p = tf.Variable([[1.0, 2.0], [3.0, 4.0]])
with tf.GradientTape() as t:
    y = tf.reduce_sum(tf.gather(p, [1])) + tf.reduce_sum(tf.gather(p, [0, 1]))
g = t.gradient(y, p)
result = [type(g).__name__, tf.convert_to_tensor(g)]
