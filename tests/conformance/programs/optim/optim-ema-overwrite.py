# id: optim-ema-overwrite
# area: optim
# about: moving averages written back

opt = tf.keras.optimizers.SGD(0.1, use_ema=True, ema_momentum=0.5, ema_overwrite_frequency=2)
w = tf.Variable([1.0, -2.0])
b = tf.Variable(3.0)
out = []
for _ in range(5):
    with tf.GradientTape() as t:
        loss = tf.reduce_sum(w * w * [1.0, 3.0]) + 0.5 * (b - 1.0) ** 2 + w[0] * b
    opt.apply_gradients(zip(t.gradient(loss, [w, b]), [w, b]))
    out.append([w.numpy(), b.numpy()])
result = out
