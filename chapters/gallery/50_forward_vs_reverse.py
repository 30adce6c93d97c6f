# %% [markdown]
# ## ForwardVsReverse: the same derivatives in another order
#
# `tf.viz.ForwardVsReverse(f, 2.0, 3.0, 1.0)` runs both modes on one graph. Forward mode moves one
# input per pass and fills a column of the Jacobian. Reverse mode starts at one output per pass and
# fills a row. Say first how many passes each needs. Left and Right step both, N ends a pass.

# %%
import minitf as tf


def f(x, w, b):
    product = x * w
    total = product + b
    square = total * total
    wave = tf.sin(product)
    return square, wave


tf.viz.ForwardVsReverse(f, 2.0, 3.0, 1.0)
