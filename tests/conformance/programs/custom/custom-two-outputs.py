# id: custom-two-outputs
# area: custom
# about: one upstream per output

@tf.custom_gradient
def f(x):
    def grad(da, db):
        return da * 2.0 + db * 30.0
    return (x, x * x), grad
x = tf.Variable(3.0)
with tf.GradientTape(persistent=True) as t:
    a, b = f(x)
result = [t.gradient(a, x), t.gradient(b, x), t.gradient([a, b], x)]
