# id: custom-upstream-ignored
# area: custom
# about: a rule that forgets the upstream is wrong inside a chain

@tf.custom_gradient
def sq(x):
    return x * x, lambda dy: 2.0 * x
x = tf.Variable(3.0)
with tf.GradientTape() as t:
    y = 5.0 * sq(x)
result = t.gradient(y, x)
