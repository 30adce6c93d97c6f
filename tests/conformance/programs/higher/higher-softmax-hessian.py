# id: higher-softmax-hessian
# area: higher
# about: Hessian of one softmax output

x = tf.Variable([1.0, 2.0, 3.0])
with tf.GradientTape() as t2:
    with tf.GradientTape() as t1:
        y = tf.nn.softmax(x)[0]
    g = t1.gradient(y, x)
result = t2.jacobian(g, x)
