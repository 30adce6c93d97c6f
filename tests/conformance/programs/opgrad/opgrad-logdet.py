# id: opgrad-logdet
# area: opgrad
# about: log-determinant

a = tf.constant([[4.0, 2.0], [2.0, 3.0]])
with tf.GradientTape() as t:
    t.watch(a)
    y = tf.linalg.slogdet(a)[1]
result = [y, t.gradient(y, a)]
