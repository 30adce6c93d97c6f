# id: tensors-python-values-share-a-dtype
# area: tensors
# about: lists and numbers side by side

result = [tf.add([1.0], 2), tf.stack([1, 2.5]), tf.clip_by_value([1.0, 5.0], 2, 3), tf.matmul(np.ones((1, 2)), [[1.0], [2.0]])]
