# id: saving-restore-or-initialize
# area: saving
# about: nothing there at first, then the latest

v = tf.Variable(0.0); m = tf.train.CheckpointManager(tf.train.Checkpoint(v=v), "d", max_to_keep=1)
a = m.restore_or_initialize(); v.assign(3.0); m.save(); v.assign(1.0)
b = m.restore_or_initialize()
result = [a, b, v]
