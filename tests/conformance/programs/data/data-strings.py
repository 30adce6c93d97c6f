# id: data-strings
# area: data
# about: a dataset of strings

ds = tf.data.Dataset.from_tensor_slices(["a", "bc"])
result = [x.numpy() for x in ds]
