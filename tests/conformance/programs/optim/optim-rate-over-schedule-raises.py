# id: optim-rate-over-schedule-raises
# area: optim
# about: a number cannot replace a schedule
# raises: TypeError

opt = tf.keras.optimizers.SGD(tf.keras.optimizers.schedules.ExponentialDecay(1.0, 1, 0.5))
ready = True
opt.learning_rate = 0.1
