# id: training-validation-split
# area: training
# about: the last part of the data validates

x = np.arange(10, dtype=np.float32)[:, None]; y = x * 2
m = tf.keras.Sequential([tf.keras.Input((1,)), tf.keras.layers.Dense(1, kernel_initializer="zeros")])
m.compile(tf.keras.optimizers.SGD(0.001), "mse")
h = m.fit(x, y, epochs=2, verbose=0, batch_size=8, shuffle=False, validation_split=0.2)
result = h.history
