# id: opgrad-complex-abs
# area: opgrad
# about: the gradient of |z| points outward

z = tf.constant(3 + 4j)
with tf.GradientTape() as t:
    t.watch(z)
    y = tf.abs(z)
result = [y, t.gradient(y, z)]
