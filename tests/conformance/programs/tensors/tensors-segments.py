# id: tensors-segments
# area: tensors
# about: sums and means of groups

result = [tf.math.segment_sum([1, 2, 3], [0, 0, 1]), tf.math.segment_mean([1.0, 2.0, 3.0], [0, 0, 1]), tf.math.unsorted_segment_mean([1.0, 2.0, 3.0], [1, 0, 1], 3)]
