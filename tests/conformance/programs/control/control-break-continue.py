# id: control-break-continue
# area: control
# about: break and continue in a loop over tf.range

@tf.function
def f(n):
    s = tf.constant(0)
    for i in tf.range(n):
        if i == 5:
            break
        if i % 2 == 0:
            continue
        s += i
    return s
result = f(tf.constant(10))
