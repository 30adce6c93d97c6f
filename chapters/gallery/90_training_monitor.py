# %% [markdown]
# ## TrainingMonitor: watch a training, and stop it
#
# Give `monitor.callback` to `fit`. Loss, accuracy and the gradient norm of every layer grow while
# the cell runs. S or the button stops the training after the running batch, and keeps what was
# learned. Say which layer gets the largest gradients before you look at them. In a loop of your
# own, `monitor.log(step, loss=loss, gradients=zip(gradients, variables))` does the same.

# %% tags=["nbval-ignore-output"]
import numpy as np

import minitf as tf

tf.keras.utils.set_random_seed(1)
points = np.random.default_rng(0).normal(size=(256, 2)).astype("float32")
inside = (np.hypot(points[:, 0], points[:, 1]) < 1.1).astype("float32")

model = tf.keras.Sequential(
    [
        tf.keras.layers.Dense(16, activation="tanh", name="first"),
        tf.keras.layers.Dense(16, activation="tanh", name="second"),
        tf.keras.layers.Dense(1, activation="sigmoid", name="last"),
    ]
)
model.compile(tf.keras.optimizers.Adam(0.01), "binary_crossentropy", metrics=["accuracy"])
monitor = tf.viz.TrainingMonitor()
test = (points[:64], inside[:64])
model.fit(
    points[64:],
    inside[64:],
    epochs=20,
    validation_data=test,
    verbose=0,
    callbacks=[monitor.callback],
)
monitor
