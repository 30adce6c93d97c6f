# %% [markdown]
# ## TraceTheatre: when a tf.function is traced, and what becomes of its graph
#
# Right makes one call after another. Say before each whether it is traced or runs a trace that is
# kept. Below is the graph of a trace before and after each pass; P looks at the next pass.

# %%
import minitf as tf

w = tf.Variable([[1.0], [2.0]], name="w")


@tf.function
def train_step(x, y_true, rate=0.1):
    print("Python runs")
    with tf.GradientTape() as tape:
        error = tf.matmul(x, w) - y_true
        tf.exp(error)  # nobody needs it
        loss = tf.reduce_mean(error * error)
    worst = tf.reduce_max(tf.abs(tf.matmul(x, w) - y_true))  # the same error once more
    w.assign_sub(rate * tape.gradient(loss, w))
    return loss, worst


three, five = tf.ones([3, 2]), tf.ones([5, 2])
tf.viz.TraceTheatre(
    train_step,
    (three, tf.ones([3, 1])),
    (2.0 * three, tf.zeros([3, 1])),
    (five, tf.ones([5, 1])),
    (three, tf.ones([3, 1]), 0.2),
    (three, tf.ones([3, 1]), tf.constant(0.2)),
    (three, tf.ones([3, 1]), tf.constant(0.3)),
)
