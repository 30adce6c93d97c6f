# id: control-tensor-array-gradient
# area: control
# about: the gradient through a TensorArray

@tf.function
def f(x):
    ta = tf.TensorArray(tf.float32, size=3)
    for i in tf.range(3):
        ta = ta.write(i, x * tf.cast(i, tf.float32))
    return tf.reduce_sum(ta.stack())
x = tf.Variable(2.0)
with tf.GradientTape() as t:
    y = f(x)
result = [y, t.gradient(y, x)]
