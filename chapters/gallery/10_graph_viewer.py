# %% [markdown]
# ## GraphViewer: step through a computation, forward and back
#
# `tf.viz.show(tape, loss)` shows what the tape recorded. Left and Right step, Home and End jump,
# Space plays, P shows the paths from an input to the result. With `tf.inspect.origins()` around
# the tape the viewer also shows your lines, and G folds layers. `forward_from="x"` shows forward
# mode instead.

# %%
import minitf as tf

x, y_true = tf.constant(2.0), tf.constant(4.0)
w, b = tf.Variable(3.0), tf.Variable(1.0)
with tf.inspect.origins(), tf.GradientTape() as tape:
    tape.watch(x)
    prediction = x * w + b
    loss = tf.abs(y_true - prediction)
tf.viz.show(tape, loss)
