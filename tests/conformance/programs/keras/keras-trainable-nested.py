# id: keras-trainable-nested
# area: keras
# about: freezing a model inside a model

inner = tf.keras.Sequential([tf.keras.Input((2,)), tf.keras.layers.Dense(2)])
m = tf.keras.Sequential([tf.keras.Input((2,)), inner, tf.keras.layers.Dense(1)])
inner.trainable = False
result = [len(m.trainable_variables), len(m.non_trainable_variables), len(m.layers), inner.layers[0].trainable]
