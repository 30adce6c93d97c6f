# id: function-equal-numbers-share-a-trace
# area: function
# about: 1.0, 1 and True find the same trace

@tf.function
def f(x):
    return x
result = [f(1.0), f(1), f(True)]
