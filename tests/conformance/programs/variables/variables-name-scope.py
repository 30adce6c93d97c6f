# id: variables-name-scope
# area: variables
# about: names inside a name scope

with tf.name_scope("s"):
    v = tf.Variable(1.0, name="w")
result = v.name
