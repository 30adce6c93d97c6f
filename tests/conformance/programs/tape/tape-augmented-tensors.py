# id: tape-augmented-tensors
# area: tape
# about: +=, *= and /= on tensors are ordinary operations

w = tf.constant(1.0)
with tf.GradientTape() as t:
    t.watch(w)
    y = w
    y += w * w
    y -= 1.0
    y *= 2.0
    y /= 3.0
result = [y, t.gradient(y, w)]
