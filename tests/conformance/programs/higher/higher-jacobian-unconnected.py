# id: higher-jacobian-unconnected
# area: higher
# about: no path to a source

x = tf.Variable([1.0, 2.0]); z = tf.Variable([1.0])
with tf.GradientTape(persistent=True) as t:
    y = x ** 2
result = [t.jacobian(y, z), t.jacobian(y, z, unconnected_gradients=tf.UnconnectedGradients.ZERO)]
