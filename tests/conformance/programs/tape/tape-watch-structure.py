# id: tape-watch-structure
# area: tape
# about: watching a nested structure

x = [tf.constant(1.0), (tf.constant(2.0), {"k": tf.constant(3.0)})]
with tf.GradientTape() as t:
    t.watch(x)
    y = x[0] * x[1][0] * x[1][1]["k"]
result = t.gradient(y, x)
