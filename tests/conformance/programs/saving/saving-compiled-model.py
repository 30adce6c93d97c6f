# id: saving-compiled-model
# area: saving
# about: a saved model trains on from where it was

m = tf.keras.Sequential([tf.keras.Input((1,)), tf.keras.layers.Dense(1, kernel_initializer="ones")])
m.compile(tf.keras.optimizers.Adam(0.1), "mse"); m.fit(np.ones((2, 1)), np.zeros((2, 1)), epochs=2, verbose=0)
m.save("m.keras"); k = tf.keras.models.load_model("m.keras")
a = m.fit(np.ones((2, 1)), np.zeros((2, 1)), epochs=2, verbose=0).history["loss"]
b = k.fit(np.ones((2, 1)), np.zeros((2, 1)), epochs=2, verbose=0).history["loss"]
result = [a, b, int(k.optimizer.iterations)]
