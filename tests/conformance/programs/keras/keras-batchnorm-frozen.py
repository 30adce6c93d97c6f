# id: keras-batchnorm-frozen
# area: keras
# about: a frozen layer uses its moving averages

bn = tf.keras.layers.BatchNormalization(); x = tf.constant([[1.0], [3.0]])
bn.build((None, 1)); bn.trainable = False
result = [bn(x, training=True), bn.moving_mean, len(bn.trainable_variables)]
