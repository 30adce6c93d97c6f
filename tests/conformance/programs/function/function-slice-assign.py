# id: function-slice-assign
# area: function
# about: assigning to a variable and to its slice

v = tf.Variable([1.0, 2.0])
@tf.function
def f(x):
    v.assign(v * x)
    v[0].assign(5.0)
    return v + 1.0
result = [f(tf.constant(2.0)), v]
