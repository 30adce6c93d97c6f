# id: saving-checkpoint-optimizer
# area: saving
# about: training goes on as if never stopped

v = tf.Variable(1.0); o = tf.keras.optimizers.Adam(0.1)
o.apply_gradients([(tf.constant(1.0), v)])
p = tf.train.Checkpoint(v=v, o=o).save("q")
v2 = tf.Variable(0.0); o2 = tf.keras.optimizers.Adam(0.1); o2.build([v2])
tf.train.Checkpoint(v=v2, o=o2).restore(p)
o.apply_gradients([(tf.constant(2.0), v)]); o2.apply_gradients([(tf.constant(2.0), v2)])
result = [v, v2, int(o2.iterations)]
