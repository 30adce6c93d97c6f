# id: higher-gradient-penalty
# area: higher
# about: the gradient of a gradient's norm

w = tf.Variable([[1.0], [2.0]]); x = tf.Variable([[0.5, 1.0]])
with tf.GradientTape() as t2:
    with tf.GradientTape() as t1:
        y = tf.reduce_sum(tf.tanh(x @ w))
    g = t1.gradient(y, x)
    p = tf.reduce_sum(g ** 2)
result = t2.gradient(p, [w, x])
