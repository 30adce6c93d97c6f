# id: tape-op-without-rule-raises
# area: tape
# about: an operation without a gradient rule
# raises: LookupError

image = tf.Variable([[[0.5, 0.0, 0.0]]])
with tf.GradientTape() as t:
    new = tf.image.adjust_contrast(image, 2.0)
ready = True
t.gradient(new, [image])
