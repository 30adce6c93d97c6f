# id: opgrad-atan2
# area: opgrad
# about: atan2 by both arguments

y = tf.constant([1.0, -1.0])
x = tf.constant([-0.5, 2.0])
with tf.GradientTape() as t:
    t.watch([x, y])
    a = tf.atan2(y, x)
result = [a, t.gradient(a, [y, x])]
