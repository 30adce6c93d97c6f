# id: control-loop-shape-raises
# area: control
# about: a loop variable that grows
# raises: ValueError

@tf.function
def f(n):
    x = tf.constant([1.0])
    for i in tf.range(n):
        x = tf.concat([x, x], 0)
    return x
ready = True
f(tf.constant(3))
