# %% [markdown]
# ## GraphViewer: step through a computation, forward and back
#
# `tf.viz.show(tape, loss)` shows what the tape recorded. Left and Right step, Home and End jump,
# Space plays, P shows the paths from an input to the result.

# %%
import minitf as tf

x, y_true = tf.constant(2.0), tf.constant(4.0)
w, b = tf.Variable(3.0), tf.Variable(1.0)
with tf.GradientTape() as tape:
    tape.watch(x)
    loss = tf.abs(y_true - (x * w + b))
tf.viz.show(tape, loss)
