# id: forward-jvp-two-primals
# area: forward
# about: a tensor and a variable moved together

x = tf.constant(2.0); w = tf.Variable(3.0)
with tf.autodiff.ForwardAccumulator([x, w], [tf.constant(1.0), tf.constant(10.0)]) as acc:
    y = x * w
result = acc.jvp(y)
