# id: training-early-stopping-restores
# area: training
# about: the best weights come back

class Set(tf.keras.callbacks.Callback):
    def on_epoch_begin(self, epoch, logs=None): self.model.layers[0].bias.assign([float(epoch)])
m = tf.keras.Sequential([tf.keras.Input((1,)), tf.keras.layers.Dense(1, kernel_initializer="zeros")])
m.compile(tf.keras.optimizers.SGD(0.0), "mse")
es = tf.keras.callbacks.EarlyStopping(monitor="loss", patience=2, restore_best_weights=True)
h = m.fit(np.ones((2, 1)), np.ones((2, 1)), epochs=9, verbose=0, callbacks=[Set(), es])
result = [h.epoch, m.get_weights()[1], es.stopped_epoch, es.best_epoch]
