# id: variables-constraint-kept
# area: variables
# about: a constraint is kept, not applied

v = tf.Variable(3.0, constraint=lambda x: tf.clip_by_value(x, 0.0, 1.0))
result = [v.constraint(v), v]
