# %% [markdown]
# ## NumberLine16: gradients too small for float16
#
# `tf.viz.NumberLine16(gradients)` puts gradients on float16's number line: what lies below 3e-8
# becomes 0. The slider multiplies the loss, and every gradient with it. S takes a step of a real
# `LossScaleOptimizer` with that scale, D takes ten, R starts again. Watch what it does about inf.

# %%
import minitf as tf

tf.viz.NumberLine16()
