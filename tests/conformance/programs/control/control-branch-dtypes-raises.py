# id: control-branch-dtypes-raises
# area: control
# about: branches of different dtypes
# raises: TypeError

@tf.function
def f(x):
    if x > 0:
        y = 1
    else:
        y = 1.0
    return y
ready = True
f(tf.constant(1.0))
