# id: tensors-matrix-norms
# area: tensors
# about: norms of vectors and of matrices

a = tf.constant([[1.0, -2.0], [3.0, 4.0]])
result = [tf.norm(a), tf.norm(a, 1, [0, 1]), tf.norm(a, np.inf, [0, 1]), tf.norm(a, 1, axis=1), tf.linalg.normalize([3.0, 4.0])[0]]
