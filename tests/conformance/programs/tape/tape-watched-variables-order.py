# id: tape-watched-variables-order
# area: tape
# about: watched variables come in the order they were made

a = tf.Variable(1.0, name="a"); b = tf.Variable(2.0, name="b"); c = tf.Variable(1.0, trainable=False)
with tf.GradientTape() as t:
    y = b * a * c * b
w = t.watched_variables()
result = [type(w).__name__, [v.name for v in w]]
