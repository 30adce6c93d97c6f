# %% [markdown]
# ## NetInspector: look into the layers
#
# A small convolutional net, trained here for a second. Left and Right choose an image. L asks what
# the net will read, then shows what every layer made of the image: maps of the convolutions, a
# strip of the dense layer. Up and Down choose the layer; within the units the arrows choose one and
# show its filter. F shows the filters of the first layer together. Dead units are crossed out.

# %%
import minitf as tf

tf.keras.utils.set_random_seed(2)
(images, labels), (test_images, test_labels) = tf.keras.datasets.mnist.load_subset()
images, test_images = images[..., None] / 255, test_images[..., None] / 255

model = tf.keras.Sequential(
    [
        tf.keras.Input((28, 28, 1)),
        tf.keras.layers.Conv2D(8, 3, activation="relu", name="conv1"),
        tf.keras.layers.MaxPooling2D(name="pool1"),
        tf.keras.layers.Conv2D(16, 3, activation="relu", name="conv2"),
        tf.keras.layers.MaxPooling2D(name="pool2"),
        tf.keras.layers.Flatten(name="flatten"),
        tf.keras.layers.Dense(10, name="logits"),
    ]
)
loss = tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True)
model.compile(tf.keras.optimizers.Adam(0.005), loss)
model.fit(images, labels, batch_size=50, epochs=1, verbose=0)
tf.viz.NetInspector(model, test_images[:200], test_labels[:200])
