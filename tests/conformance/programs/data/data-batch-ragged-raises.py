# id: data-batch-ragged-raises
# area: data
# about: elements of different shapes in one batch
# raises: InvalidArgumentError

ready = True
list(tf.data.Dataset.range(1, 3).map(lambda x: tf.fill([x], x)).batch(2))
