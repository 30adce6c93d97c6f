# id: data-window-shift
# area: data
# about: windows that overlap

ds = tf.data.Dataset.range(7).window(3, shift=2)
result = [[int(x) for x in w] for w in ds]
