# id: tensors-bitwise-signs
# area: tensors
# about: &, |, ^ and ~ on integers

a = tf.constant([5, 6])
result = [a & 3, a | tf.constant([3, 3]), a ^ 3, ~a]
