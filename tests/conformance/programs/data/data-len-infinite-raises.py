# id: data-len-infinite-raises
# area: data
# about: an endless dataset has no len()
# raises: TypeError

ready = True
len(tf.data.Dataset.range(3).repeat())
