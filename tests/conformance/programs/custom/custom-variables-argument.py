# id: custom-variables-argument
# area: custom
# about: a rule that answers for variables too

w = tf.Variable(3.0)
@tf.custom_gradient
def f(x):
    def grad(dy, variables=None):
        return dy * w, [dy * x * 7.0 for v in variables]
    return w * x, grad
x = tf.constant(2.0)
with tf.GradientTape() as t:
    t.watch(x)
    y = f(x)
result = [y, t.gradient(y, [x, w])]
