# id: tape-minus-equals-raises
# area: tape
# about: variable -= value is refused
# raises: RuntimeError

w = tf.Variable(1.0)
with tf.GradientTape() as t:
    loss = w * w
g = t.gradient(loss, w)
ready = True
w -= 0.1 * g
