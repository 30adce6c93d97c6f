# %% [markdown]
# ## BroadcastLoom: copied forward, added up backward
#
# `tf.viz.BroadcastLoom((3, 1), (4,))` takes two shapes, or two tensors. Type the shape of the
# result first, then the shape of each gradient. Left and Right step, F follows one number through
# all its copies, and W weaves the two shapes you typed. Try shapes that do not fit, such as (3,)
# and (4,).

# %%
import minitf as tf

tf.viz.BroadcastLoom((3, 1), (4,), tf.multiply)
