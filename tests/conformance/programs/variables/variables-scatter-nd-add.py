# id: variables-scatter-nd-add
# area: variables
# about: repeated positions add up

v = tf.Variable([1.0, 2.0, 3.0])
v.scatter_nd_add([[0], [0]], [5.0, 6.0])
v.scatter_nd_sub([[1]], [1.0])
result = v
