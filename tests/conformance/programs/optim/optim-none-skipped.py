# id: optim-none-skipped
# area: optim
# about: a variable without a gradient stays

opt = tf.keras.optimizers.SGD(0.1); a = tf.Variable(1.0); b = tf.Variable(2.0)
opt.apply_gradients([(tf.constant(1.0), a), (None, b)])
result = [a, b]
