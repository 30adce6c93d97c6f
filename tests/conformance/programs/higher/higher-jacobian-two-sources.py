# id: higher-jacobian-two-sources
# area: higher
# about: jacobians by a vector and a matrix

x = tf.Variable([1.0, 2.0]); w = tf.Variable([[1.0, 2.0],[3.0, 4.0]])
with tf.GradientTape() as t:
    y = tf.linalg.matvec(w, x) ** 2
jx, jw = t.jacobian(y, [x, w])
result = [jx, jw]
