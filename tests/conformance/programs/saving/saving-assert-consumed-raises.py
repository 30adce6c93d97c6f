# id: saving-assert-consumed-raises
# area: saving
# about: a value in the file that nobody took
# raises: AssertionError

v = tf.Variable(1.0); p = tf.train.Checkpoint(v=v, u=tf.Variable(2.0)).save("q")
s = tf.train.Checkpoint(v=v).restore(p)
ready = True
s.assert_consumed()
