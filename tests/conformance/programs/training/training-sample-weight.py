# id: training-sample-weight
# area: training
# about: examples that do not count

x = np.array([[1.0], [2.0]], np.float32); y = 2 * x
m = tf.keras.Sequential([tf.keras.Input((1,)), tf.keras.layers.Dense(1, kernel_initializer="zeros")])
m.compile(tf.keras.optimizers.SGD(0.1), "mse")
h = m.fit(x, y, epochs=2, verbose=0, batch_size=2, sample_weight=np.array([1.0, 0.0]))
result = [h.history["loss"], m.get_weights()]
