# %% [markdown]
# ## SecantLens: a secant becomes a tangent, until rounding takes over
#
# `tf.viz.SecantLens(f, x=2.0)` draws `f` with the line through two points beside `x`. Say which
# step gives the best slope in float32; then the errors appear, in float32 and float64. Left and
# Right on the slider change the step.

# %%
import minitf as tf

tf.viz.SecantLens(lambda x: x**3, x=2.0)
