# %% [markdown]
# ## GraphPlayground: drag the inputs
#
# Give it your own function. `x=(-3, 3)` is an input with its range, `w=2.0` a parameter. At every
# move the function runs on a tape, and the central difference checks each gradient. R goes back to
# the start.

# %%
import minitf as tf


def loss(x, w, b):
    prediction = x * w + b
    error = 5.0 - prediction
    return tf.abs(error)


tf.viz.GraphPlayground(loss, x=(-3, 3), w=2.0, b=1.0)
