# id: opgrad-norm-orders
# area: opgrad
# about: norms of order 1, 3 and infinity

x = tf.constant([3.0, -4.0])
with tf.GradientTape() as t:
    t.watch(x)
    y = tf.norm(x, ord=1) + 10.0 * tf.norm(x, ord=3) + 100.0 * tf.norm(x, ord=np.inf)
result = [y, t.gradient(y, x)]
