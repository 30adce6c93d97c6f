# id: higher-batch-jacobian-unconnected
# area: higher
# about: zeros where there is no path

x = tf.constant([[1.0, 2.0], [3.0, 4.0]]); z = tf.constant([[1.0], [2.0]])
with tf.GradientTape(persistent=True) as t:
    t.watch([x, z])
    y = x * 2.0
result = [t.batch_jacobian(y, z), t.batch_jacobian(y, z, unconnected_gradients="zero")]
