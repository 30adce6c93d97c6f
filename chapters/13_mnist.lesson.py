# %% [markdown]
# # 13 MNIST with your engine: MLP and CNN
#
# **90 minutes**: about 40 for this lesson, 50 for the exercises. Training takes less than half
# a minute of it.
#
# You need chapters 02 and 06, or the ideas: a tape, local rules, gradients of arrays. From chapters
# 04, 06 and 11 you bring your tape, your rules and your Adam. What you have not written yet is
# borrowed, so you can read on in any case.
#
# After this chapter you can
#
# - start a network with random numbers of the right size, and say what happens otherwise;
# - compute a loss that survives any logits, and recognise four that go wrong without a message;
# - write a convolution as one matrix product, and pooling as a switch;
# - test a network on one batch before you train it, and find units that have died;
# - train an MLP and a CNN on your own engine.

# %% tags=["setup"]
import copy
import warnings

import matplotlib.pyplot as plt
import numpy as np

import minitf as tf
from minitf.course import my_engine, predict, provenance
from minitf.course.workbench import Value, apply, assemble, cut_windows, paste_windows

# %% [markdown]
# ## Three questions first
#
# Put your answers in place of `None`, words in quotes, and run the cell. A wrong answer costs
# nothing. Stored outputs give answers away: first choose *Edit*, *Clear Outputs of All Cells*.
#
# 1. Chapter 06: a batch of shape (32, 784) times a kernel of shape (784, 128). What shape does the
#    kernel's gradient have? Answer with a tuple.
# 2. Same layer: a bias of shape (128,) is added. If the upstream is 1 everywhere, which number
#    stands in each place of the bias's gradient?
# 3. Chapter 11: Adam with learning rate 0.001, first step, gradient 1000. About how far does the
#    weight move?

# %%
def gradients_of_a_layer():
    images = tf.ones((32, 784))
    kernel, bias = tf.Variable(tf.ones((784, 128))), tf.Variable(tf.zeros(128))
    with tf.GradientTape() as tape:
        total = tf.reduce_sum(images @ kernel + bias)
    return tape.gradient(total, [kernel, bias])


def adams_first_step(gradient):
    weight = tf.Variable(0.0)
    tf.keras.optimizers.Adam(0.001).apply_gradients([(tf.constant(gradient), weight)])
    return abs(weight.numpy())


predict(
    "1. the shape of the kernel's gradient",
    yours=None,
    answer=lambda: tuple(gradients_of_a_layer()[0].shape),
    why="A gradient has the shape of what it is a gradient of, always.",
)
predict(
    "2. each number in the bias's gradient",
    yours=None,
    answer=lambda: gradients_of_a_layer()[1][0],
    why="Broadcasting forward, summing backward.",
)
predict(
    "3. the first step",
    yours=None,
    answer=lambda: adams_first_step(1000.0),
    tolerance=1e-3,
    why="Adam divides by the gradient's own size.",
)

# %% [markdown]
# ## How should a network start?
#
# Here are the digits of chapter 00 again, and its network: 784 inputs, 128 hidden units with relu,
# 10 outputs. `relu(x)` is `max(x, 0)`.
#
# You have to give the weights some first values. Zero looks neutral: no digit is preferred. Suppose
# you set **all weights to zero** and train for three rounds through all digits (*epochs*). How many
# of 100 new digits will the network read?

# %%
(x_train, y_train), (x_test, y_test) = tf.keras.datasets.mnist.load_subset()
x_train = (x_train[..., None] / 255).astype("float32")
x_test = (x_test[..., None] / 255).astype("float32")
y_train, y_test = y_train.astype("int64"), y_test.astype("int64")


def keras_mlp(initializer):
    """The network of chapter 00, with kernels that start as told."""
    tf.keras.utils.set_random_seed(1)
    model = tf.keras.Sequential(
        [
            tf.keras.layers.Flatten(),
            tf.keras.layers.Dense(
                128, activation="relu", kernel_initializer=initializer, name="hidden"
            ),
            tf.keras.layers.Dense(10, kernel_initializer=initializer, name="output"),
        ]
    )
    loss = tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(tf.keras.optimizers.Adam(0.003), loss)
    return model


def read_of_100(model):
    guesses = model.predict(x_test, verbose=0).argmax(axis=1)
    return round(100 * np.mean(guesses == y_test))


my_prediction = None  # 10, 50 or 90

# %% [markdown]
# The next cell trains it, about two seconds. The monitor shows the loss, and how long the gradient
# of each layer is, kernel and bias together: the root of the sum of all squares. Which of the two
# layers will get the longer gradients?

# %% key="hook" tags=["nbval-ignore-output"]
from_zero = keras_mlp("zeros")
monitor = tf.viz.TrainingMonitor()
from_zero.fit(x_train, y_train, batch_size=32, epochs=3, verbose=0, callbacks=[monitor.callback])
monitor

# %%
predict(
    "digits read, of 100",
    my_prediction,
    answer=lambda: read_of_100(from_zero),
    choices=(10, 50, 90),
)
print("hidden kernel is still all zero:", not from_zero.layers[1].kernel.numpy().any())
print("output kernel is still all zero:", not from_zero.layers[2].kernel.numpy().any())

from_ones = keras_mlp("ones")
from_ones.fit(x_train[:640], y_train[:640], batch_size=32, verbose=0)
kernel = from_ones.layers[1].kernel.numpy()
alike = np.allclose(kernel, kernel[:, :1], atol=1e-5)
print("from ones instead: the 128 hidden units have learned, but are all alike:", alike)
assert read_of_100(from_zero) == 10 and not from_zero.layers[1].kernel.numpy().any()
assert alike and not np.allclose(kernel, 1, atol=1e-3)

# %% [markdown]
# It guesses: 10 of 100. The gradient of the hidden layer is 0 at every step. (In the stored picture
# its line is missing: a logarithmic axis has no place for 0.) You can see why with the rules you
# know:
#
# - hidden units: relu(0) = 0 for every digit;
# - gradient of the output kernel: hidden units, transposed, times upstream. Zero times anything.
# - gradient that goes back to the hidden units: upstream times the output kernel, transposed. That
#   kernel is zero, too.
#
# Only the ten output biases can move; what the picture shows for the output layer is theirs. Any
# other constant fails in a similar way, as the last line shows for ones: all 128 units of a layer
# compute the same, receive the same gradient, and stay alike for ever. So a start must be
# **random**. And how large?
#
# ## Glorot's limit
#
# A unit of a dense layer adds up one product per input. Sums of many random terms grow: with 256
# inputs of size 1 and weights of standard deviation `s`, the sum has standard deviation
# $\sqrt{256} \cdot s = 16 s$. Numbers spread evenly between −limit and limit have the standard
# deviation limit/√3. With weights between −0.05 and 0.05, `s` is 0.05/√3 = 0.029, and each layer
# multiplies the signal by about 16 · 0.029 = 0.46.
#
# Ten such layers in a row: what is left of a signal of size 1, roughly?

# %%
def sizes_after_layers(limit, layers=10, width=256):
    """Standard deviation of the signal after each layer; weights between -limit and limit."""
    rng = np.random.default_rng(0)
    signal = rng.normal(size=(200, width))
    sizes = [1.0]
    for _ in range(layers):
        signal = signal @ rng.uniform(-limit, limit, (width, width))
        sizes.append(float(signal.std()))
    return sizes


predict(
    "the signal after ten layers",
    yours=None,
    answer=lambda: min(
        (0.5, 0.05, 0.0005), key=lambda n: abs(np.log(n / sizes_after_layers(0.05)[-1]))
    ),
    choices=(0.5, 0.05, 0.0005),
    why="0.46 to the power ten. The next cell draws it.",
)

# %%
glorot_limit = np.sqrt(6 / (256 + 256))
limits = {"0.05": 0.05, "Glorot": glorot_limit, "0.2": 0.2}
figure, axis = plt.subplots(figsize=(5, 2.8))
for (name, limit), style in zip(limits.items(), ("--", "-", ":"), strict=True):
    sizes = sizes_after_layers(limit)
    axis.plot(sizes, style, label=f"limit {name}", linewidth=2)
    print(f"limit {limit:.3f} ({name}): after ten layers {sizes[-1]:.4f}")
axis.set(xlabel="layer", ylabel="size of the signal", yscale="log")
axis.legend()
axis.spines[["top", "right"]].set_visible(False)
plt.show()
assert round(0.05 / 3**0.5, 3) == 0.029 and round(16 * 0.05 / 3**0.5, 2) == 0.46
assert sizes_after_layers(0.05)[-1] < 0.001 and sizes_after_layers(0.2)[-1] > 300
assert 0.7 < sizes_after_layers(glorot_limit)[-1] < 1.4
by_default = tf.keras.layers.Dense(1).kernel_initializer
assert isinstance(by_default, tf.keras.initializers.GlorotUniform)

# %% [markdown]
# Too small, and the signal dies out; too large, and it explodes. The solid line stays near 1. It
# belongs to the limit of Xavier Glorot and Yoshua Bengio (2010):
#
# $$\text{limit} = \sqrt{\frac{6}{\text{fan\_in} + \text{fan\_out}}}$$
#
# `fan_in` is how many inputs a unit adds up; `fan_out` is how many units one input goes to. Where
# is the formula from? Forward, a sum of `fan_in` terms keeps its size if the variance of the
# weights, which is limit²/3, is 1/`fan_in`. Backward, the gradient of an input is a sum of
# `fan_out` terms, and wants 1/`fan_out`. The compromise is 2/(`fan_in` + `fan_out`). Set limit²/3
# to that, and you have the formula.
#
# minitf and Keras take Glorot's numbers for a kernel unless you ask for others, and zeros for a
# bias. Zero is fine there: the random kernels already make the units differ.
#
# ## A loss for ten classes
#
# The network gives ten numbers per digit, the **logits**. Softmax makes probabilities of them: take
# $e$ to the power of each, and divide by the sum. The loss of one digit is minus the logarithm of
# the probability at its label, the **cross-entropy**.
#
# With logits [2, 1, 0], that is $e^2$, $e^1$, $e^0$ = 7.39, 2.72, 1. Their sum is 11.11.

# %%
def softmax(logits):
    powers = np.exp(logits)
    return powers / powers.sum()


logits = np.array([2.0, 1.0, 0.0])
probabilities = softmax(logits)
print("powers", np.exp(logits).round(2), "sum", np.exp(logits).sum().round(2))
print("probabilities", probabilities.round(3))
print("loss for label 0:", (-np.log(probabilities[0])).round(3))
assert probabilities.round(3).tolist() == [0.665, 0.245, 0.09]

# %% [markdown]
# How does the loss change with the first logit? Softmax is powers, a sum and divisions; you could
# walk back through all of that. But write the logarithm of the fraction as a difference:
#
# $$\text{loss} = \log \sum_j e^{z_j} - z_\text{label}$$
#
# Now move one logit $z_j$. Per unit of it, the logarithm of the sum changes by $e^{z_j}$ divided by
# the sum, and that is the probability of class j. The second term takes 1 off, at the label alone.
# So
#
# $$\frac{\partial\,\text{loss}}{\partial\,\text{logits}} = \text{probabilities} - \text{truth}$$
#
# where truth is 1 at the label and 0 elsewhere. Here: [0.665, 0.245, 0.090] − [1, 0, 0]. What does
# the first logit get?

# %%
def gradient_of(loss_of, logits):
    """The loss and its gradient by the logits, from minitf's tape."""
    z = tf.Variable(logits)
    with tf.GradientTape() as tape:
        loss = loss_of(z)
    return float(loss), tape.gradient(loss, z).numpy()


def fused(label):
    """Softmax and cross-entropy as one operation."""
    return lambda z: tf.nn.sparse_softmax_cross_entropy_with_logits(labels=label, logits=z)


predict(
    "the gradient of the first logit",
    yours=None,
    answer=lambda: gradient_of(fused(0), [2.0, 1.0, 0.0])[1][0],
    tolerance=1e-3,
    why="So much does the loss change per unit that this logit grows.",
)

# %%
loss, gradient = gradient_of(fused(0), [2.0, 1.0, 0.0])
print(f"loss {loss:.3f}, gradient {gradient.round(3)}, which adds up to {abs(gradient.sum()):.3f}")
assert np.allclose(gradient, [0.665 - 1, 0.245, 0.090], atol=1e-3)

# %% [markdown]
# ### Your turn, with help
#
# Three classes again, but the network has no opinion: logits [0, 0, 0]. The label is 2. Fill in the
# blanks; fractions such as `1 / 3` are fine.

# %%
undecided_loss, undecided_gradient = gradient_of(fused(2), [0.0, 0.0, 0.0])

predict("e to the power 0", yours=None, answer=lambda: np.exp(0.0))
predict("probability of each class", yours=None, answer=lambda: softmax(np.zeros(3))[0])
predict("loss = -log of that", yours=None, answer=lambda: undecided_loss, tolerance=1e-2)
predict("gradient of logit 0", yours=None, answer=lambda: undecided_gradient[0], tolerance=1e-2)
predict(
    "gradient of logit 2, the label",
    yours=None,
    answer=lambda: undecided_gradient[2],
    tolerance=1e-2,
    why="Probability minus truth. The three gradients add up to 0, as always.",
)

# %% [markdown]
# ### Break it: softmax, then log
#
# "Softmax, then the logarithm" looks like the same thing. A careless network may say [1000, 0] when
# the label is 1. The true loss is 1000: the label's probability is $e^{-1000}$. What does the
# two-step version give?

# %% key="naive_softmax"
def two_steps(label):
    return lambda z: -tf.math.log(tf.nn.softmax(z)[label])


predict(
    "the loss in two steps",
    yours=None,
    answer=lambda: str(gradient_of(two_steps(1), [1000.0, 0.0])[0]),
    choices=("1000.0", "inf", "an error"),
    why="float32 ends near 1e-45. What is left of the probability, and what is its logarithm?",
)

# %%
for name, loss_of in (("two steps", two_steps(1)), ("fused", fused(1))):
    loss, gradient = gradient_of(loss_of, [1000.0, 0.0])
    print(f"{name:<10} loss {loss:>6g}   gradient {gradient}")

assert gradient_of(fused(1), [1000.0, 0.0])[0] == 1000.0
assert gradient_of(fused(1), [1000.0, 0.0])[1].tolist() == [1, -1]
assert np.isnan(gradient_of(two_steps(1), [1000.0, 0.0])[1]).all()

# %% [markdown]
# The loss is inf, and the gradient is nan: one step with it, and every weight is nan. The fused
# operation never forms that probability. It takes the largest logit off all of them first, which
# changes no probability, and uses the difference from above, $\log \sum_j e^{z_j} -
# z_\text{label}$. And its gradient, probability minus truth, is never larger than 1.
#
# ### Break it: Keras and probabilities
#
# `SparseCategoricalCrossentropy()`, without `from_logits=True`, expects probabilities. Keras guards
# its logarithm: it clips probabilities below 1e-7 up to 1e-7. So no nan. Is that safe? Same logits,
# softmax by `tf.nn.softmax`:

# %% key="probabilities"
def keras_loss(label, outputs, **options):
    entropy = tf.keras.losses.SparseCategoricalCrossentropy(**options)
    return lambda z: entropy(tf.constant([label]), outputs(tf.reshape(z, (1, -1))))


predict(
    "the gradient of both logits",
    yours=None,
    answer=lambda: gradient_of(keras_loss(1, tf.nn.softmax), [1000.0, 0.0])[1][0],
    choices=("1", "0", "nan"),
    why="Ask how a clipped number changes when the logits change a little.",
)

# %%
cases = {
    "tf.nn.softmax, probabilities": keras_loss(1, tf.nn.softmax),
    "Keras activation softmax": keras_loss(1, tf.keras.activations.softmax),
    "logits, from_logits=True": keras_loss(1, tf.identity, from_logits=True),
}
for name, loss_of in cases.items():
    loss, gradient = gradient_of(loss_of, [1000.0, 0.0])
    print(f"{name:<29} loss {loss:8.3f}   gradient {gradient}")

found = [gradient_of(loss_of, [1000.0, 0.0]) for loss_of in cases.values()]
assert [round(loss, 3) for loss, _ in found] == [16.118, 1000, 1000]
assert [gradient.tolist() for _, gradient in found] == [[0, 0], [1, -1], [1, -1]]

# %% [markdown]
# The first line is the trap: a loss of 16.118, which is −log(1e-7), and a gradient of **exactly
# 0**. The network is as wrong as can be, and learns nothing from it. No message.
#
# The second line is fairer to Keras than many posts are: a softmax that is a Keras *activation* (in
# a `Dense(10, activation="softmax")`, for instance) keeps its logits, and the loss uses them. That
# is so in Keras 3.15, which came with TensorFlow 2.21, and in minitf. One operation between the
# two, and the logits are lost. With `from_logits=True` you need no rescue.
#
# ### Break it: from_logits forgotten, and softmax twice
#
# Now two mix-ups, with three classes and label 0.
#
# 1. The network gives logits, [2, −1, 0.5], and you **forget** `from_logits=True`. Keras takes them
#    for probabilities: it clips them into the range from 1e-7 to 1 (to be exact, 1 − 1e-7), then
#    divides them by their sum. Will it complain? What does the label's logit get?
# 2. The network ends in a softmax, and the loss, told `from_logits=True`, applies **another** one.
#    Take a network that is perfectly sure and right: [1, 0, 0]. How small does the loss get?

# %% key="mixed_up"
forgetful = keras_loss(0, tf.identity)
twice = keras_loss(0, tf.nn.softmax, from_logits=True)

predict(
    "1. the gradient of the label's logit",
    yours=None,
    answer=lambda: gradient_of(forgetful, [2.0, -1.0, 0.5])[1][0],
    choices=("-0.214", "0", "an error"),
    why="Which of the three logits were clipped? A clipped number stands still.",
)
predict(
    "2. the loss of a perfect answer",
    yours=None,
    answer=lambda: gradient_of(twice, [50.0, 0.0, 0.0])[0],
    tolerance=1e-2,
    why="The second softmax sees logits 1, 0, 0. It cannot make them sure.",
)

# %%
for name, loss_of in (("forgotten", forgetful), ("from_logits=True", fused(0))):
    loss, gradient = gradient_of(loss_of, [2.0, -1.0, 0.5])
    print(f"{name:<17} loss {loss:.3f}   gradient {gradient.round(3)}")

floors = {classes: float(np.log(1 + (classes - 1) / np.e)) for classes in (3, 10)}
for classes, floor in floors.items():
    print(f"twice: lowest loss with {classes} classes, log(1 + {classes - 1}/e) = {floor:.3f}")

with warnings.catch_warnings(record=True) as caught:
    by_activation = keras_loss(0, tf.keras.activations.softmax, from_logits=True)
    rescued, _ = gradient_of(by_activation, [50.0, 0.0, 0.0])
print(f"twice, the first by a Keras activation: loss {rescued:.3f}, and {len(caught)} warning")

loss, gradient = gradient_of(forgetful, [2.0, -1.0, 0.5])
assert np.allclose(gradient, [0, 0, 0.667], atol=1e-3)
assert round(loss, 3) == round(-np.log(1 / 1.5), 3) == 0.405
assert round(gradient_of(twice, [50.0, 0.0, 0.0])[0], 3) == round(floors[3], 3) == 0.551
assert round(floors[10], 2) == 1.46
assert rescued < 1e-3 and "Was this intended?" in str(caught[0].message)

# %% [markdown]
# Neither raises an error. *Forgotten*: a plausible loss, and a gradient that only pushes the third
# logit down. Clipped, the three are 1, 0.0000001 and 0.5. Their sum is 1.5, so the label gets 1/1.5
# = 0.667, and the loss is −log 0.667 = 0.405. But the 2 and the −1 were clipped, and move nothing.
# Ask yourself of every network: does its last layer end in softmax? If yes, the loss gets
# probabilities, which is the default. If no, write `from_logits=True`.
#
# *Twice*: with K classes the loss cannot fall below $\log(1 + (K-1)/e)$: 0.551 for 3 classes, 1.46
# for 10. The network learns, slowly, and its curve stops at a floor. If you ever see a loss that
# settles near 1.46 with ten classes, look for a second softmax. Keras 3.15 notices in one case, the
# last line: where its own softmax *activation* stands right before the loss, it warns and takes the
# logits.
#
# ## Convolution: windows and one product
#
# A dense layer does not know that pixels have neighbours. A **convolution** does: it looks at one
# small window after the other, with the same weights everywhere. Its kernel has the shape
# (height, width, channels, filters). *Channels* are the numbers per pixel, one in a grey picture. A
# *filter* is one set of weights; it makes one number of each window.
#
# The next cell has a picture of 4 × 4 pixels. `cut_windows`, from the course's workbench, cuts out
# all its windows of 3 × 3; each window becomes one row. Now the convolution is a product you know:
# rows of windows, times the kernel as a matrix. Three filters, compared with `tf.nn.conv2d`:

# %%
picture = np.arange(16.0).reshape(1, 4, 4, 1)
windows = cut_windows(picture, size=3, padding="VALID")
print(picture[0, :, :, 0])
print("windows:", windows.shape)
print(windows.reshape(4, 9))
assert cut_windows(picture, size=3, padding="SAME").shape == (1, 4, 4, 9)

kernel = np.random.default_rng(0).normal(size=(3, 3, 1, 3))
product = windows @ kernel.reshape(9, 3)
theirs = tf.nn.conv2d(picture, kernel, strides=1, padding="VALID").numpy()
print("output:", product.shape, "agrees with tf.nn.conv2d:", np.allclose(product, theirs))
assert np.allclose(product, theirs) and round((6 / (9 + 27)) ** 0.5, 3) == 0.408

# %% [markdown]
# `padding="VALID"` keeps to windows inside the picture: 2 × 2 of them. `padding="SAME"` puts zeros
# around the picture, so that every pixel is the middle of a window.
#
# For Glorot's limit the window counts, in both directions. Each of the 3 filters adds up 3·3·1 = 9
# numbers: fan_in. And a pixel lies in up to 3·3 windows, each read by 3 filters: fan_out is 3·3·3 =
# 27. The limit of this kernel is √(6/36) = 0.408.
#
# And back? You have the rule of a product from chapter 06. What remains is the way back of the
# cutting. A pixel lies in several windows: it was **used several times**, a fan-out, as in chapter
# 02. So what comes back from these windows adds up at the pixel.
#
# `paste_windows` does that. Send a 1 back from every place in every window; each pixel then says in
# how many windows it lay. The corner pixel lay in one. In how many lay the pixel in row 1, column 1
# (counting from 0)?

# %%
counts = paste_windows(np.ones_like(windows), picture.shape, size=3, padding="VALID")

predict(
    "windows with the pixel at row 1, column 1",
    yours=None,
    answer=lambda: counts[0, 1, 1, 0],
    why="The windows lie in rows and columns; count those it lies in.",
)

# %%
print(counts[0, :, :, 0])
assert counts[0, 0, 0, 0] == 1 and counts[0, 1, 1, 0] == 4

g = np.random.default_rng(1).normal(size=windows.shape)
left = np.sum(windows * g)
right = np.sum(picture * paste_windows(g, picture.shape, size=3, padding="VALID"))
print(f"{left:.6f} = {right:.6f}")
assert np.isclose(left, right)

# %% [markdown]
# The last line is a test that cutting and pasting are a pair: for any numbers `g` in the shape of
# the windows, the sum of `cut(picture) * g` equals the sum of `picture * paste(g)`. That makes one
# the way back of the other. In the exercises you put the pieces together.
#
# ## Max-pooling: a switch
#
# After a convolution one often keeps only the largest of each 2 × 2 pixels: a quarter of the
# numbers, and a digit may move by a pixel without much change. The way back is a **switch**: the
# gradient of a block goes to the pixel that was largest, all others get 0.
#
# And if two are largest? Take the block
#
# ```
# 1  5
# 5  2
# ```
#
# with upstream 1. What do the two fives receive?

# %%
def pooled(x):
    return tf.nn.max_pool2d(x, ksize=2, strides=2, padding="VALID")


block = tf.Variable(np.array([1.0, 5.0, 5.0, 2.0]).reshape(1, 2, 2, 1))
with tf.GradientTape(persistent=True) as tape:
    by_pool, by_max = pooled(block), tf.reduce_max(block)
switch, shared = (tape.gradient(y, block).numpy().ravel() for y in (by_pool, by_max))

predict(
    "the upper and the lower five",
    yours=None,
    answer=lambda: f"{switch[1]:g} and {switch[2]:g}",
    choices=("0.5 and 0.5", "1 and 0", "1 and 1"),
    why="A convention, as at the point of |x|. Somebody had to choose.",
)

# %%
print("max_pool2d", switch, "  reduce_max", shared)
assert switch.tolist() == [0, 1, 0, 0] and shared.tolist() == [0, 0.5, 0.5, 0]

# %% [markdown]
# In TensorFlow 2.21 the first maximum of a pool takes it all, read line by line. The same
# TensorFlow lets equal maxima of `reduce_max` share. Ties are not rare: after relu, whole blocks of
# zeros tie. (There the choice does no harm: relu's rule lets nothing through at 0.)
#
# ## Your engine
#
# Enough pieces. `my_engine()` collects the answers you have passed so far, in all chapters, and
# borrows the course's answer for each gap. `assemble` puts them together: your tape, with your
# rules.
#
# A `Value` is an array that your tape can hear of, with the array in `.data`. `apply("relu", x)`
# runs one operation and tells the tape. (Both are from the workbench of chapter 04.) A layer is
# anything you can call with a Value; it may have `parameters`. The random numbers come from
# `glorot_uniform` in your engine.

# %% key="layers" tags=["nbval-ignore-output"]
engine = my_engine()
bench = assemble(engine)
print(bench)


class Dense:
    """x @ kernel + bias."""

    def __init__(self, inputs, outputs, rng, name):
        self.kernel = Value(engine.glorot_uniform((inputs, outputs), rng), name)
        self.bias = Value(np.zeros(outputs, "float32"), name + " bias")
        self.parameters = [self.kernel, self.bias]

    def __call__(self, x):
        return x @ self.kernel + self.bias


class Conv:
    """A convolution with windows of 3 × 3 pixels, one window per pixel, and a bias per filter."""

    def __init__(self, channels, filters, rng, name):
        self.kernel = Value(engine.glorot_uniform((3, 3, channels, filters), rng), name)
        self.bias = Value(np.zeros(filters, "float32"), name + " bias")
        self.parameters = [self.kernel, self.bias]

    def __call__(self, x):
        return apply("conv2d", x, self.kernel, padding="SAME") + self.bias


def relu(x):
    return apply("relu", x)


def maxpool(x):
    return apply("maxpool", x)


def flatten(x):
    return apply("reshape", x, shape=(x.shape[0], -1))


class Sequential:
    """One layer after the other; also its parameters."""

    def __init__(self, *layers):
        self.layers = layers
        self.parameters = [p for layer in layers for p in getattr(layer, "parameters", [])]

    def __call__(self, x):
        for layer in self.layers:
            x = layer(x)
        return x


def mlp(rng):
    """784-128-10: the network of chapter 00."""
    return Sequential(flatten, Dense(784, 128, rng, "hidden"), relu, Dense(128, 10, rng, "output"))


def cnn(rng):
    """Twice convolution, relu and pooling; 28 × 28 pixels become 14 × 14, then 7 × 7."""
    return Sequential(
        Conv(1, 8, rng, "conv 1"),
        relu,
        maxpool,
        Conv(8, 16, rng, "conv 2"),
        relu,
        maxpool,
        flatten,
        Dense(7 * 7 * 16, 10, rng, "output"),
    )


# %% [markdown]
# Four small helpers: the loss of a batch, which is the mean over its digits; batches in a new order
# each time; the digit with the largest logit; and the share of digits that are read right.

# %% key="helpers"
def loss_with(network):
    """A function of (images, labels): the mean loss of the network."""

    def loss_of(images, labels):
        return apply("mean", apply("softmax_xent", network(Value(images)), labels))

    return loss_of


def shuffled_batches(images, labels, size, epochs, rng, monitor=None):
    """Every digit once per epoch, in a new order; the monitor's *Stop* ends it."""
    for _ in range(epochs):
        order = rng.permutation(len(images))
        for start in range(0, len(images), size):
            if monitor is not None and monitor.stop_wanted:
                return
            chosen = order[start : start + size]
            yield images[chosen], labels[chosen]


def read(network, images):
    """The digit with the largest logit, for each image."""
    parts = [network(Value(images[k : k + 500])).data for k in range(0, len(images), 500)]
    return np.concatenate(parts).argmax(axis=1)


def accuracy(network, images, labels):
    return float(np.mean(read(network, images) == labels))

# %% [markdown]
# ### One step, seen from the tape
#
# Which entries does your tape hold after one forward pass of the CNN? This is everything your
# engine has to walk back through (`softmax_xent` is softmax and cross-entropy in one):

# %%
untrained = cnn(np.random.default_rng(0))
with bench.tape() as tape:
    loss = loss_with(untrained)(x_train[:10], y_train[:10])

for entry in tape.entries:
    shapes = " and ".join(str(value.shape) for value in entry.inputs)
    print(f"{entry.op:<13}{shapes:<36}→ {entry.output.shape}")

print(f"first loss {float(loss.data):.2f}, log 10 = {np.log(10):.3f}")
assert abs(float(loss.data) - np.log(10)) < 0.5
assert sum(p.data.size for p in untrained.parameters) == 9_098

# %% [markdown]
# The last line is a first check. Before any training the loss should lie near log 10 = 2.303: ten
# digits, no preference. A first loss far above that says that the start was too large.
#
# ## The first test: one batch by heart
#
# A network of a few thousand numbers can learn ten digits by heart. If it cannot, there is a bug,
# and you found it in a second instead of an hour. `overfit_one_batch` of your engine trains on the
# same ten digits until the loss is below 0.01, or gives up after 200 steps.
#
# Below, three engines get the same ten digits. The first is yours. In the second the rule of relu
# forgets the upstream gradient: a typical slip. In the third the engine is fine, but the **labels
# are shuffled**: a 3 is called 7, and so on. Which of them pass? (The next two cells train each of
# them, a second or two in all.)

# %%
def relu_without_upstream(upstream, inputs, output):
    return ((inputs[0] > 0).astype("float32"),)


forgetful_engine = copy.copy(engine)
forgetful_engine.vjp_relu = relu_without_upstream
forgetful_bench = assemble(forgetful_engine)
right_labels = y_train[:10]
wrong_labels = np.roll(right_labels, 3)


def verdict(bench, labels):
    """Does a new CNN learn the first ten digits by heart?"""
    network = cnn(np.random.default_rng(1))
    passed = engine.overfit_one_batch(
        bench,
        loss_with(network),
        network.parameters,
        engine.Adam(0.01),
        batch=(x_train[:10], labels),
    )
    return "passes" if passed else "fails"


predict(
    "relu forgets its upstream",
    yours=None,
    answer=lambda: verdict(forgetful_bench, right_labels),
    choices=("passes", "fails"),
)
predict(
    "your engine, wrong labels",
    yours=None,
    answer=lambda: verdict(bench, wrong_labels),
    choices=("passes", "fails"),
    why="Ask what the test needs: gradients that work, or data that make sense?",
)

# %%
verdicts = {
    "your engine": verdict(bench, right_labels),
    "relu forgets its upstream": verdict(forgetful_bench, right_labels),
    "your engine, wrong labels": verdict(bench, wrong_labels),
}
for name, found in verdicts.items():
    print(f"{name:<27} {found}")

assert list(verdicts.values()) == ["passes", "fails", "passes"]

# %% [markdown]
# So the test finds wrong gradients, and it is blind for wrong data. Look at your data with your own
# eyes, as chapter 00 did.
#
# ## Dead relus
#
# A relu that gives 0 for **every** digit sends 0 back for every digit. Its weights get no gradient,
# so it stays off: it is dead. You saw the extreme case at the start. A large learning rate does the
# same more slowly: one step too far, and a unit's inputs are negative for all digits.
#
# The next cell trains the MLP twice for two epochs on your engine, a second or two: with Adam at
# 0.003, and at 0.1. About how many of its 128 hidden units are dead with 0.1?

# %%
def share_on(learning_rate):
    """For each hidden unit: for what share of the training digits is it on?"""
    network = mlp(np.random.default_rng(1))
    batches = shuffled_batches(x_train, y_train, 32, 2, np.random.default_rng(2))
    engine.train(
        bench, loss_with(network), network.parameters, engine.Adam(learning_rate), batches
    )
    hidden = Sequential(*network.layers[:3])(Value(x_train)).data
    return np.mean(hidden > 0, axis=0)


shares = {rate: share_on(rate) for rate in (0.003, 0.1)}
dead = {rate: int(np.sum(share == 0)) for rate, share in shares.items()}

predict(
    "dead units of 128, with learning rate 0.1",
    yours=None,
    answer=lambda: min((0, 30, 100), key=lambda n: abs(n - dead[0.1])),
    choices=(0, 30, 100),
    why="The histogram below has them in its first bar.",
)

# %% tags=["nbval-ignore-output"]
figure, axes = plt.subplots(1, 2, figsize=(9, 2.6), sharey=True)
for axis, (rate, share) in zip(axes, shares.items(), strict=True):
    axis.hist(share, bins=np.linspace(0, 1, 21), color="#0072B2")
    axis.set(xlabel="share of digits a unit is on for", title=f"rate {rate}: {dead[rate]} dead")
    axis.spines[["top", "right"]].set_visible(False)
axes[0].set_ylabel("hidden units")
plt.show()
assert dead[0.003] < 20 and dead[0.1] > 70

# %% [markdown]
# On the left most units are on for some digits and off for others: that is how they can tell them
# apart. On the right the first bar holds most of the network, and it will not come back. When a
# loss stops early, count dead units before you add layers. What helps: a smaller learning rate, a
# start of the right size, or a relu that is not quite flat on its left (leaky relu).
#
# ## Your engine on MNIST
#
# First the honest part. These are the names that the MLP and the CNN will run on. *mine* is what
# you have passed; the rest is borrowed. Come back after [the
# exercises](../exercises/13_mnist.ipynb), restart the kernel and run it again.

# %% key="provenance" tags=["nbval-ignore-output"]
used = {"vjp_" + entry.op for entry in tape.entries}
used |= {"SCALAR_RULES", "unbroadcast", "sweep", "Recorder", "Tape"}
used |= {"Adam", "cosine_warmup", "glorot_uniform", "train", "overfit_one_batch"}
provenance().only(used)

# %% [markdown]
# ### The MLP
#
# Eight epochs of 4,000 digits in batches of 32 are 1,000 steps, a few seconds. What does a step do?
# Record the forward pass, walk back, let Adam move 101,770 numbers: your `train`. The learning rate
# rises for 50 steps and then falls to 0, by your `cosine_warmup`. The monitor shows the loss, the
# length of each kernel's gradient, and once per epoch the accuracy on the 1,000 test digits. *Stop*
# ends the training after the running step, and keeps what was learned.

# %%
def train_with_monitor(network, epochs, learning_rate, seed=0, size=32):
    """Train on all training digits; return the monitor."""
    steps_per_epoch = int(np.ceil(len(x_train) / size))
    monitor = tf.viz.TrainingMonitor(steps=epochs * steps_per_epoch)
    names = [parameter.name for parameter in network.parameters]

    def rate(step):
        return learning_rate * engine.cosine_warmup(step, 50, epochs * steps_per_epoch)

    def after_step(step, loss, gradients):
        found = {}
        if step % steps_per_epoch == steps_per_epoch - 1:
            found["accuracy"] = accuracy(network, x_test, y_test)
        pairs = zip(names, gradients, strict=True)
        kernels = {name: gradient for name, gradient in pairs if not name.endswith("bias")}
        monitor.log(step, loss=loss, gradients=kernels, **found)

    engine.train(
        bench,
        loss_with(network),
        network.parameters,
        engine.Adam(rate),
        shuffled_batches(x_train, y_train, size, epochs, np.random.default_rng(seed), monitor),
        after_step,
    )
    return monitor


my_mlp_prediction = None  # how many of 100 new digits will it read?

# %% key="train_mlp" tags=["nbval-ignore-output"]
my_mlp = mlp(np.random.default_rng(1))
monitor = train_with_monitor(my_mlp, epochs=8, learning_rate=0.004)

# %% key="parameters"
mlp_accuracy = accuracy(my_mlp, x_test, y_test)
predict(
    "the MLP, of 100", my_mlp_prediction, answer=lambda: round(100 * mlp_accuracy), tolerance=0.02
)
assert mlp_accuracy >= 0.92 or monitor.stop_wanted
sizes = [p.data.size for p in my_mlp.parameters]
print("numbers in kernels and biases:", sizes, "together", f"{sum(sizes):,}")
assert sum(sizes[:2]) == 784 * 128 + 128 == 100_480 and sum(sizes) == 101_770

# %% [markdown]
# Every gradient of these 1,000 steps came from your engine. At least 92 of 100, on digits it has
# never seen, unless you stopped it early. And the claim of many tutorials is right: an MLP
# 784-128-10 has 101,770 parameters, 100,480 of them in the hidden layer. `flatten` has none. It is
# a reshape: 28 × 28 pixels in, 784 numbers out, and on the way back the same in reverse.
#
# ### The CNN
#
# The CNN has 9,098 numbers, less than a tenth of the MLP's. But each filter is used at every pixel,
# so a step costs more: five epochs take 5 to 15 seconds. Will it read more digits than the MLP, or
# fewer? Say so in the first line, then run the cell.

# %% key="train_cnn" tags=["nbval-ignore-output"]
my_cnn_prediction = None  # "more" or "fewer"

my_cnn = cnn(np.random.default_rng(1))
monitor = train_with_monitor(my_cnn, epochs=5, learning_rate=0.006)

# %%
cnn_accuracy = accuracy(my_cnn, x_test, y_test)
predict(
    "the CNN reads",
    my_cnn_prediction,
    answer=lambda: "more" if cnn_accuracy > mlp_accuracy else "fewer",
    choices=("more", "fewer"),
    why="A filter sees what neighbouring pixels have in common, wherever a stroke lies.",
)
assert cnn_accuracy >= 0.955 or monitor.stop_wanted

# %% [markdown]
# The CNN reads at least 95 of 100; the next cell prints both accuracies. With 4,000 digits to learn
# from, that is what to expect. All of MNIST has 60,000. There the same code reads at least 97.5 %
# of the 10,000 test digits with the MLP, and 98.5 % with the CNN; a test of this course holds it to
# that. To try, run `tf.keras.datasets.mnist.download()` once (11 MB) and take `load_data()` instead
# of `load_subset()`. Keep the learning rates. Train the MLP with `epochs=6, size=64`, which takes
# about a minute, and the CNN with `epochs=4, size=64`: two to five minutes.
#
# ### What did it get wrong?

# %% tags=["nbval-ignore-output"]
print(f"MLP {mlp_accuracy:.1%}   CNN {cnn_accuracy:.1%}   on 1,000 digits neither has seen")
guesses = read(my_cnn, x_test)
missed = np.flatnonzero(guesses != y_test)[:10]
figure, axes = plt.subplots(1, 10, figsize=(10, 1.5))
for axis in axes:
    axis.axis("off")
for axis, index in zip(axes, missed, strict=False):
    axis.imshow(x_test[index, :, :, 0], cmap="gray_r")
    axis.set_title(f"{guesses[index]} not {y_test[index]}", color="#B00020")
plt.show()

# %% [markdown]
# Would you have read them all?
#
# ### The same network in TensorFlow's words
#
# Is it really the same mathematics? Build the CNN with Keras layers, put **your** numbers into it,
# and compare the logits:

# %%
twin = tf.keras.Sequential(
    [
        tf.keras.Input((28, 28, 1)),
        tf.keras.layers.Conv2D(8, 3, padding="same", activation="relu", name="conv_1"),
        tf.keras.layers.MaxPooling2D(name="pool_1"),
        tf.keras.layers.Conv2D(16, 3, padding="same", activation="relu", name="conv_2"),
        tf.keras.layers.MaxPooling2D(name="pool_2"),
        tf.keras.layers.Flatten(name="flatten"),
        tf.keras.layers.Dense(10, name="output"),
    ]
)
twin.set_weights([parameter.data for parameter in my_cnn.parameters])
mine = my_cnn(Value(x_test[:100])).data
theirs = twin(x_test[:100]).numpy()
print("logits of 100 digits agree:", np.allclose(mine, theirs, atol=1e-3))
assert np.allclose(mine, theirs, atol=1e-3)


# %% [markdown]
# They agree, so what you learn about the twin holds for your network. Look inside: choose a digit,
# say what the network will read, then step through its layers. In `conv_1`, *show: filters* shows
# the eight windows of 3 × 3 that it has learned. Look for one that answers to horizontal strokes.
# Beside the digit lies its **saliency map**: how fast does the logit of the digit that was read
# change with each pixel?

# %% key="inspector" tags=["nbval-ignore-output"]
tf.viz.NetInspector(twin, x_test[:200], y_test[:200])

# %% [markdown]
# ### Write one yourself
#
# Draw a digit with the mouse, or choose a sample with the arrow keys. Your CNN reads it while you
# draw. The third picture is the saliency map. It is a gradient by the *input*, on your tape, with
# the same rules that trained the weights. Which strokes of your digit matter?

# %% key="digit_pad" tags=["nbval-ignore-output"]
def logits_of(picture):
    """Ten logits for one picture, by the network you trained."""
    return my_cnn(Value(picture.numpy().reshape(1, 28, 28, 1))).data


def saliency_of(picture, digit):
    """d logit / d pixel, by your tape."""
    pixels = Value(picture.numpy().reshape(1, 28, 28, 1))
    with bench.tape() as tape:
        logit = my_cnn(pixels)[0, digit]
    (gradient,) = tape.gradient(logit, [pixels])
    return gradient


tf.viz.DigitPad(logits_of, saliency=saliency_of)

# %% [markdown]
# ## In short
#
# - Start with random kernels. Glorot's limit, √(6 / (fan_in + fan_out)), keeps signals and
#   gradients at one size. Biases start at 0.
# - Give the loss logits. Softmax and cross-entropy belong together; their gradient is probability
#   minus truth. Softmax and log in two steps, clipped probabilities, forgotten `from_logits` and a
#   second softmax raise no error.
# - A convolution is cutting windows and one product. On the way back, overlapping windows add up.
# - Max-pooling is a switch. Among equals TensorFlow's pool picks the first.
# - One batch by heart first. Then count dead relus. Then train.
#
# ## Say why, in one sentence
#
# Why must softmax and cross-entropy be *one* operation of your engine, although you could build it
# from exp, sum, div and log, each with a right rule? Write one sentence, on paper or in this cell
# (double-click it). Then compare.
#
# Your sentence:
#
# <details>
# <summary>A possible answer</summary>
#
# The steps between form numbers that float32 cannot hold, e^1000 or a probability of e^-1000, and
# once one of them is inf or 0, right local rules can only multiply it into nan or 0; the fused
# operation never forms them.
#
# </details>
#
# ## Further reading
#
# - X. Glorot, Y. Bengio, *Understanding the difficulty of training deep feedforward neural
#   networks*, AISTATS 2010, Proceedings of Machine Learning Research 9, 249-256:
#   <https://proceedings.mlr.press/v9/glorot10a.html>. Section 4 has the limit.
# - K. He, X. Zhang, S. Ren, J. Sun, *Delving deep into rectifiers*, ICCV 2015:
#   <https://arxiv.org/abs/1502.01852>. The rule for relu layers, with fan_in alone.
# - Y. LeCun, L. Bottou, Y. Bengio, P. Haffner, *Gradient-based learning applied to document
#   recognition*, Proceedings of the IEEE 86 (11), 2278-2324, 1998:
#   <https://doi.org/10.1109/5.726791>. MNIST, and the first CNN on it.
# - A. Karpathy, *A recipe for training neural networks*, 2019:
#   <https://karpathy.github.io/2019/04/25/recipe/>. Overfitting one batch, and what next.
#
# ## Next
#
# [The exercises](../exercises/13_mnist.ipynb): six tasks, and every name in the table above can be
# yours. Then run this lesson again. After that you have built, from single slopes to a network that
# reads your handwriting, every gradient of it.
