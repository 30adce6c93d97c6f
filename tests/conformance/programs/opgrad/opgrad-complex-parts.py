# id: opgrad-complex-parts
# area: opgrad
# about: real and imaginary part

x = tf.constant([2.0, -1.0])
with tf.GradientTape() as t:
    t.watch(x)
    z = tf.complex(x, x * 3.0)
    y = tf.math.real(z * z) + tf.math.imag(z)
result = [y, t.gradient(y, x)]
