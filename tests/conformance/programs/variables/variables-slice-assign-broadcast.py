# id: variables-slice-assign-broadcast
# area: variables
# about: a number fills a slice

v = tf.Variable([1.0, 2.0, 3.0])
v[1:].assign(5.0)
result = v
