# id: variables-scatter-nd-update
# area: variables
# about: scatter_nd_update changes the variable

v = tf.Variable([1.0, 2.0, 3.0])
r = v.scatter_nd_update([[0], [2]], [5.0, 6.0])
result = [v, r]
