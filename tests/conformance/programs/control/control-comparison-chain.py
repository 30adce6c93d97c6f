# id: control-comparison-chain
# area: control
# about: 0 < x < 5 on a tensor

@tf.function
def f(x):
    if 0 < x < 5:
        return 1
    return 0
result = [f(tf.constant(3)), f(tf.constant(7))]
