# id: control-undefined-after-if-raises
# area: control
# about: a name set in one branch only
# raises: ValueError

@tf.function
def f(x):
    if x > 0:
        y = x
    return y
ready = True
f(tf.constant(1.0))
