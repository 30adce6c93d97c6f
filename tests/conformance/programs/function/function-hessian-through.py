# id: function-hessian-through
# area: function
# about: second derivatives through a function

@tf.function
def f(x):
    return tf.reduce_sum(x ** 3)
x = tf.Variable([1.0, 2.0])
with tf.GradientTape() as t2:
    with tf.GradientTape() as t1:
        y = f(x)
    g = t1.gradient(y, x)
result = t2.jacobian(g, x)
