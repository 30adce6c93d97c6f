# %% [markdown]
# ## LossSurface: optimizers race downhill
#
# The ravine is ten times steeper along y than along x. Say first which optimizer will be lowest.
# A click sets another start, and so do the arrow keys while the map has the focus. Left and Right
# step through the race. Find the learning rate at which SGD diverges: theory says 2 / 10.
# `tf.viz.LossSurface.of_model(model, loss, data)` shows a slice of a real net's loss.

# %%
import minitf as tf


def ravine(x, y):
    return x**2 / 2 + 5 * y**2


tf.viz.LossSurface(ravine, start=(-2.4, 2.0))
