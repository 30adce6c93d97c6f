# id: opgrad-reduce-prod-zeros
# area: opgrad
# about: a product with zeros

x = tf.constant([[0.0, 2.0], [0.0, 0.0], [3.0, 5.0]])
with tf.GradientTape() as t:
    t.watch(x)
    y = tf.reduce_prod(x, axis=1)
result = [y, t.gradient(y, x)]
