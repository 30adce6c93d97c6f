# %% [markdown]
# ## DigitPad: draw a digit and have it read
#
# Draw with mouse, finger or pen. Your drawing is scaled and centred as MNIST's digits were, and
# the model reads it while you draw. X clears, Z takes a stroke back. Without a mouse, choose a
# digit from the strip: arrows move, Enter reads, and you say first what the model will make of it.
# The third picture shows how much each pixel matters: the size of the gradient of the digit's
# logit by that pixel. Press 0 to 9 for another digit's.

# %%
import minitf as tf

tf.keras.utils.set_random_seed(1)
(images, labels), _ = tf.keras.datasets.mnist.load_subset()

model = tf.keras.Sequential(
    [
        tf.keras.Input((28, 28)),
        tf.keras.layers.Flatten(),
        tf.keras.layers.Dense(128, activation="relu"),
        tf.keras.layers.Dense(10),
    ]
)
loss = tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True)
model.compile(tf.keras.optimizers.Adam(0.002), loss)
model.fit(images / 255, labels, batch_size=50, epochs=4, verbose=0)
tf.viz.DigitPad(model)
