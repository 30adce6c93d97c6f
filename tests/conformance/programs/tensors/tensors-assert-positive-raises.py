# id: tensors-assert-positive-raises
# area: tensors
# about: tf.debugging.assert_positive
# raises: InvalidArgumentError

tf.debugging.assert_positive([1.0])
ready = True
tf.debugging.assert_positive([0.0])
