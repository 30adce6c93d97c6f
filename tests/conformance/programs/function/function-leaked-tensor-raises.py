# id: function-leaked-tensor-raises
# area: function
# about: a symbolic tensor outside of its trace
# raises: TypeError

leaked = []
@tf.function
def f(x):
    leaked.append(x + 1)
    return x
f(tf.constant(1))
ready = True
leaked[0] + 1
