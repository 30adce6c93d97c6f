# id: opgrad-segment-mean
# area: opgrad
# about: means of groups

x = tf.constant([1.0, 2.0, 3.0])
with tf.GradientTape() as t:
    t.watch(x)
    y = tf.math.segment_mean(x, [0, 0, 1]) * [1.0, 2.0]
result = [y, t.gradient(y, x)]
