# id: losses-probabilities-clipped
# area: losses
# about: clipping hides a hopeless prediction

z = tf.Variable([[1000.0, 0.0]])
with tf.GradientTape(persistent=True) as t:
    a = tf.keras.losses.SparseCategoricalCrossentropy()(tf.constant([1]), tf.nn.softmax(z))
    p = tf.constant([[1.0, 0.0]]); t.watch(p)
    b = tf.keras.losses.SparseCategoricalCrossentropy()(tf.constant([1]), p)
result = [a, t.gradient(a, z), b, t.gradient(b, p)]
