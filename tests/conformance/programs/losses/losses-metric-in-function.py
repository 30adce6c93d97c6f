# id: losses-metric-in-function
# area: losses
# about: a metric updated inside a function

m = tf.keras.metrics.Mean()
@tf.function
def f(x):
    m.update_state(x); return m.result()
result = [f(tf.constant(1.0)), f(tf.constant(3.0)), m.result()]
