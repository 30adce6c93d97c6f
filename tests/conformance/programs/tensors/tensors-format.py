# id: tensors-format
# area: tensors
# about: tensors and variables in f-strings

result = [f"{tf.constant([1.0, 2.0])}", f"{tf.constant(3.14159):.2f}", f"{tf.Variable(3.0)}", f"{tf.constant(2)}"]
