# id: custom-none-for-one-input
# area: custom
# about: None for one of the inputs

@tf.custom_gradient
def f(x, y):
    def grad(dy):
        return dy, None
    return x * y, grad
x = tf.Variable(3.0); y = tf.Variable(4.0)
with tf.GradientTape() as t:
    o = f(x, y)
result = t.gradient(o, [x, y])
