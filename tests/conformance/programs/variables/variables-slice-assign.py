# id: variables-slice-assign
# area: variables
# about: slices of a variable are assigned to

v = tf.Variable([1.0, 2.0, 3.0])
v[0].assign(9.0)
v[1:].assign([7.0, 8.0])
result = v
