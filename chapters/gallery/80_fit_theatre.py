# %% [markdown]
# ## FitTheatre: watch a line learn
#
# Your function, your loss, your data. Left and Right step, Space plays. The arrows at the data
# show where the gradient pulls each prediction; the arrow in the bowl shows where it pulls w and b.
# P stops and asks you for the next value of w. K gives your variables the values you see.

# %%
import numpy as np

import minitf as tf

x = np.linspace(-1, 2, 20).astype("float32")
y = 1.5 * x - 0.5 + np.random.default_rng(0).normal(0, 0.3, 20).astype("float32")
w, b = tf.Variable(-1.0, name="w"), tf.Variable(1.0, name="b")


def line(x):
    return w * x + b


tf.viz.FitTheatre(x, y, line, optimizer=tf.keras.optimizers.SGD(0.2))
