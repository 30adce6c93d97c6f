# id: control-nested-if
# area: control
# about: if inside if, elif and else on tensors

@tf.function
def f(x):
    if x > 0:
        if x > 10:
            y = x * 100
        else:
            y = x * 10
    elif x < -5:
        y = -x
    else:
        y = tf.zeros_like(x)
    return y
result = [f(tf.constant(v)) for v in [1, 20, -6, -2]]
