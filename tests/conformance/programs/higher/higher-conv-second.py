# id: higher-conv-second
# area: higher
# about: second derivative through a convolution

x = tf.reshape(tf.range(9.0), [1, 3, 3, 1]); k = tf.Variable(tf.ones([2, 2, 1, 1]))
with tf.GradientTape() as t2:
    with tf.GradientTape() as t1:
        y = tf.reduce_sum(tf.nn.conv2d(x, k, 1, "VALID") ** 3)
    g = t1.gradient(y, k)
    s = tf.reduce_sum(g)
result = t2.gradient(s, k)
