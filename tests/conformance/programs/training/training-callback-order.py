# id: training-callback-order
# area: training
# about: when which callback is called

log = []
class C(tf.keras.callbacks.Callback):
    def on_train_begin(self, logs=None): log.append("tb")
    def on_epoch_begin(self, epoch, logs=None): log.append(("eb", epoch))
    def on_train_batch_begin(self, batch, logs=None): log.append(("bb", batch))
    def on_train_batch_end(self, batch, logs=None): log.append(("be", batch, sorted(logs)))
    def on_epoch_end(self, epoch, logs=None): log.append(("ee", epoch, sorted(logs)))
    def on_train_end(self, logs=None): log.append("te")
m = tf.keras.Sequential([tf.keras.Input((1,)), tf.keras.layers.Dense(1)])
m.compile("sgd", "mse")
m.fit(np.ones((4, 1)), np.ones((4, 1)), epochs=2, batch_size=2, verbose=0, callbacks=[C()])
result = [list(e) if isinstance(e, tuple) else e for e in log]
