# id: data-padded-batch-values
# area: data
# about: padding to a shape with a value

ds = tf.data.Dataset.range(1, 4).map(lambda x: tf.fill([x], x)).padded_batch(2, padded_shapes=[4], padding_values=np.int64(-1))
result = [b for b in ds]
