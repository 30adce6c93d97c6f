# id: tensors-eager-name-raises
# area: tensors
# about: an eager tensor has no name
# raises: AttributeError

x = tf.constant(1.0)
x.numpy()
ready = True
x.name
