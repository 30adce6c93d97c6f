# id: tape-output-gradients-two-targets
# area: tape
# about: one upstream per target

x = tf.Variable([2.0, 3.0])
with tf.GradientTape() as t:
    y = x * x
    z = x * 3.0
result = t.gradient([y, z], x, output_gradients=[tf.constant([1.0, 2.0]), tf.constant([0.0, 1.0])])
