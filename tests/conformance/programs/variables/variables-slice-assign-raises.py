# id: variables-slice-assign-raises
# area: variables
# about: a value that does not fit the slice
# raises: InvalidArgumentError

v = tf.Variable([1.0, 2.0, 3.0])
ready = True
v[1:].assign([7.0, 8.0, 9.0])
