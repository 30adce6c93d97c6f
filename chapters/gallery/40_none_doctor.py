# %% [markdown]
# ## NoneDoctor: why is my gradient None?
#
# Read the code and say the cause. Then the graph shows where the way back is severed, and how to
# mend it. Give it your own lines, or `tf.viz.NoneDoctor(tape, target, source)`. Without arguments
# it is a ward of broken snippets: Left and Right change the case.

# %%
import minitf as tf

tf.viz.NoneDoctor()
