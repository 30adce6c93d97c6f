# id: forward-tangent-dtype-raises
# area: forward
# about: a tangent of another dtype
# raises: ValueError

x = tf.constant([2.0, 1.0])
ready = True
tf.autodiff.ForwardAccumulator(x, tf.constant([2, 1]))
