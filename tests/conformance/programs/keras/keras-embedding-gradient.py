# id: keras-embedding-gradient
# area: keras
# about: the sparse gradient of a table

e = tf.keras.layers.Embedding(4, 2, embeddings_initializer="ones")
with tf.GradientTape() as t:
    y = tf.reduce_sum(e(tf.constant([1, 1, 3])))
g = t.gradient(y, e.trainable_variables)
result = [type(g[0]).__name__, tf.convert_to_tensor(g[0])]
