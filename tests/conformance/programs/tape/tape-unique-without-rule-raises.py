# id: tape-unique-without-rule-raises
# area: tape
# about: tf.unique has no gradient rule
# raises: LookupError

x = tf.Variable([1.0,1.0,2.0])
with tf.GradientTape() as t:
    y, _ = tf.unique(x)
ready = True
t.gradient(y, x)
