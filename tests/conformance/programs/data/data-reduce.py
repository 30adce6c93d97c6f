# id: data-reduce
# area: data
# about: reduce with a number and with a tuple

result = [tf.data.Dataset.range(5).reduce(np.int64(0), lambda s, x: s + x), tf.data.Dataset.range(5).reduce((np.int64(0), np.int64(1)), lambda s, x: (s[0] + x, s[1] * 2))]
