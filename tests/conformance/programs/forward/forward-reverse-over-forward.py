# id: forward-reverse-over-forward
# area: forward
# about: a tape around an accumulator

x = tf.Variable(2.0)
with tf.GradientTape() as t:
    with tf.autodiff.ForwardAccumulator(x, tf.constant(1.0)) as acc:
        y = tf.sin(x)
    d = acc.jvp(y)
result = [d, t.gradient(d, x)]
