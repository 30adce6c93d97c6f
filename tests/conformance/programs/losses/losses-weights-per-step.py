# id: losses-weights-per-step
# area: losses
# about: weights for each step of a sequence

f = tf.keras.losses.MeanSquaredError()
result = f(tf.zeros([2, 2, 2]), tf.ones([2, 2, 2]), sample_weight=tf.constant([[1.0, 0.0], [0.5, 1.0]]))
