# id: optim-adamw-amsgrad
# area: optim
# about: AdamW with amsgrad

opt = tf.keras.optimizers.AdamW(0.1, amsgrad=True)
grads = [[[0.1, -0.2], [1.0, 0.0]], [[0.3, 0.2], [-1.0, 0.0]], [[-5.0, 0.1], [0.5, 0.0]], [[0.0, 0.1], [0.5, 2.0]], [[0.01, -0.1], [0.5, -2.0]]]
w = tf.Variable([[1.0, 2.0], [3.0, -4.0]])
out = []
for g in grads:
    opt.apply_gradients([(tf.constant(g), w)])
    out.append(w.numpy())
result = out
