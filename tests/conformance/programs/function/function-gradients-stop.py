# id: function-gradients-stop
# area: function
# about: stop_gradients of an intermediate

@tf.function
def f(x):
    a = x * x
    y = a * x
    return tf.gradients(y, [x, a], stop_gradients=[a])
result = f(tf.constant(3.0))
