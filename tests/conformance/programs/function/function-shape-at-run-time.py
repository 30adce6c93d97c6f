# id: function-shape-at-run-time
# area: function
# about: sizes known only when it runs

@tf.function(input_signature=[tf.TensorSpec([None, 2])])
def f(x):
    n = tf.shape(x)[0]
    return tf.reshape(x, [n * 2]), tf.zeros([n]), n
result = f(tf.ones([3, 2]))
