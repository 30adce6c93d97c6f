# id: opgrad-xlogy
# area: opgrad
# about: x log x at zero

x = tf.constant([0.0, 0.5])
with tf.GradientTape() as t:
    t.watch(x)
    y = tf.math.xlogy(x, x)
result = [y, t.gradient(y, x)]
