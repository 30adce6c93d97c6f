# id: custom-recompute-variables
# area: custom
# about: recompute_grad with a variable

w = tf.Variable(2.0)
f = tf.recompute_grad(lambda x: w * x * x)
x = tf.Variable(3.0)
with tf.GradientTape() as t:
    y = f(x)
result = t.gradient(y, [x, w])
