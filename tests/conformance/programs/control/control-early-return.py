# id: control-early-return
# area: control
# about: return from inside an if

@tf.function
def f(x):
    if x > 0:
        return x
    return -x
result = [f(tf.constant(1.0)), f(tf.constant(-2.0))]
