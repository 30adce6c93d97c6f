# %% [markdown]
# ## JacobianPainter: row by row or column by column
#
# `tf.viz.JacobianPainter(f, x)` starts with an empty matrix. An output paints its row with one
# reverse pass, an input paints its column with one forward pass. R and C paint the next row and
# column, J compares with `tape.jacobian`, X clears. Say first which way needs fewer passes.

# %%
import minitf as tf


def f(x):
    return tf.stack([x[0] * x[1], tf.sin(x[2]) + x[3], tf.reduce_sum(x * x)])


tf.viz.JacobianPainter(f, tf.constant([1.0, 2.0, 3.0, -4.0]))
