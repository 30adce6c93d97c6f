# id: opgrad-strided-slice
# area: opgrad
# about: tf.strided_slice

x = tf.constant([1.0, 2.0, 3.0])
with tf.GradientTape() as t:
    t.watch(x)
    y = tf.strided_slice(x, [0], [3], [2])
result = [y, t.gradient(y, x)]
