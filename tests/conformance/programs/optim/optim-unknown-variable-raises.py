# id: optim-unknown-variable-raises
# area: optim
# about: a variable the optimizer was not built for
# raises: ValueError

opt = tf.keras.optimizers.SGD(0.1); a = tf.Variable(1.0); b = tf.Variable(1.0)
opt.apply_gradients([(tf.constant(1.0), a)])
ready = True
opt.apply_gradients([(tf.constant(1.0), b)])
