# id: higher-norm-hessian
# area: higher
# about: Hessian of a norm

x = tf.Variable([3.0, 4.0])
with tf.GradientTape() as t2:
    with tf.GradientTape() as t1:
        y = tf.norm(x)
    g = t1.gradient(y, x)
result = [g, t2.jacobian(g, x)]
