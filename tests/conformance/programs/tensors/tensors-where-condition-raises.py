# id: tensors-where-condition-raises
# area: tensors
# about: a condition of integers
# raises: TypeError

tf.where([True, False], 1.0, 2.0)
ready = True
tf.where([1, 0], 1.0, 2.0)
