# id: optim-all-none-raises
# area: optim
# about: no gradient at all
# raises: ValueError

opt = tf.keras.optimizers.SGD(0.1); a = tf.Variable(1.0)
ready = True
opt.apply_gradients([(None, a)])
