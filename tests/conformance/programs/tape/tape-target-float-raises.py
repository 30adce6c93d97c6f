# id: tape-target-float-raises
# area: tape
# about: a loss that became a Python number
# raises: AttributeError

x = tf.Variable(2.0)
with tf.GradientTape() as t:
    y = float(x * 2.0)
ready = True
t.gradient(y, x)
