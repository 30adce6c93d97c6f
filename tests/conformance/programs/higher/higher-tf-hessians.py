# id: higher-tf-hessians
# area: higher
# about: tf.hessians inside a function

@tf.function
def f(x):
    return tf.hessians(tf.reduce_sum(x ** 3), x)
result = f(tf.constant([1.0, 2.0]))
