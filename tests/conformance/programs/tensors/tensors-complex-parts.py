# id: tensors-complex-parts
# area: tensors
# about: complex numbers and their parts

z = tf.complex([3.0, 0.0], [4.0, -2.0])
result = [z, tf.math.real(z), tf.math.imag(z), tf.abs(z), tf.math.angle(z), tf.math.conj(z)]
