# id: data-interleave
# area: data
# about: interleave in cycles

ds = tf.data.Dataset.range(3).interleave(lambda x: tf.data.Dataset.from_tensors(x).repeat(2), cycle_length=2, block_length=1)
result = [int(x) for x in ds]
