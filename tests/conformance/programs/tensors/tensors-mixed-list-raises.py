# id: tensors-mixed-list-raises
# area: tensors
# about: True and 1 in one list
# raises: ValueError

tf.constant([True, True])
ready = True
tf.constant([True, 1])
