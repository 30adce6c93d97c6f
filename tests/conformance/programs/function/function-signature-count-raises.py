# id: function-signature-count-raises
# area: function
# about: an argument too many for the signature
# raises: TypeError

@tf.function(input_signature=[tf.TensorSpec([], tf.float32)])
def f(x):
    return x
ready = True
f(tf.constant(1.0), tf.constant(2.0))
