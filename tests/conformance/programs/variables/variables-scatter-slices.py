# id: variables-scatter-slices
# area: variables
# about: IndexedSlices replace, add and subtract rows

v = tf.Variable([[1.0], [2.0], [3.0]])
v.scatter_update(tf.IndexedSlices(tf.constant([[9.0]]), tf.constant([1])))
v.scatter_add(tf.IndexedSlices(tf.constant([[9.0]]), tf.constant([0])))
v.scatter_sub(tf.IndexedSlices(tf.constant([[9.0]]), tf.constant([2])))
result = v
