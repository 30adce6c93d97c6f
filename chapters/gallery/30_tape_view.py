# %% [markdown]
# ## TapeView: what the tape writes down, and how it is read backwards
#
# Your code is on the left, the tape on the right. Right writes one row after another; then the
# tape is read from its last row to its first, with the numbers put into each gradient rule. The
# bar shows how many bytes the rows keep alive. Left and Right step, Space plays.

# %%
import minitf as tf

w, b = tf.Variable(3.0), tf.Variable(1.0)


def loss_of(x, y_true):
    error = y_true - (x * w + b)
    return tf.abs(error)


tf.viz.TapeView(loss_of, 2.0, 4.0)

# %% [markdown]
# A gradient of a gradient needs two tapes. `order=2` puts both around your function. Choose where
# the inner gradient is computed: inside the outer tape, or after it.

# %%


def cube(x):
    return x * x * x


tf.viz.TapeView(cube, 2.0, order=2)
