# id: tensors-bool-beside-number
# area: tensors
# about: True counts as 1

result = [tf.constant([1.0]) + True, tf.constant(True, dtype=tf.float32), tf.constant([], dtype=tf.bool), tf.constant([], tf.int32).dtype.name]
