# id: function-assert-raises
# area: function
# about: tf.Assert at run time
# raises: InvalidArgumentError

@tf.function
def f(x):
    tf.Assert(x > 0, [x])
    return x
ready = True
f(tf.constant(-2))
