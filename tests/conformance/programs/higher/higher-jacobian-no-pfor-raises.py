# id: higher-jacobian-no-pfor-raises
# area: higher
# about: without pfor the tape must be persistent
# raises: RuntimeError

x = tf.Variable([1.0, 2.0])
with tf.GradientTape() as t:
    y = x ** 2
ready = True
t.jacobian(y, x, experimental_use_pfor=False)
