# id: variables-logic
# area: variables
# about: &, |, ~ and ^ on a boolean variable

v = tf.Variable([True, False]); result = [v & True, v | [False, True], ~v, v ^ True]
