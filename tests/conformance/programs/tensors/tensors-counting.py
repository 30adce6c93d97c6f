# id: tensors-counting
# area: tensors
# about: counts, frequencies and a confusion matrix

result = [tf.math.count_nonzero([[0.0, 1.0], [2.0, 3.0]], axis=0), tf.math.bincount([1, 1, 3], minlength=6), tf.math.confusion_matrix([0, 1, 2], [0, 2, 2]), tf.math.zero_fraction([0.0, 1.0])]
