# id: function-python-print-once
# area: function
# about: Python's print sees the symbolic tensor

log = []
@tf.function
def f(x):
    print("tracing", x)
    log.append(str(x))
    return x
f(tf.constant(1.0))
result = log
