# %% [markdown]
# # 00 Start here
#
# Fifteen minutes. You check the installation, train a network on handwritten digits, look inside
# one gradient, and do a first exercise. Nothing here is graded but the warm-up at the end.
#
# Run a cell with Shift+Enter. Run the cells from top to bottom. The outputs you see before you run
# anything are stored ones, and they show the answers. To predict honestly, first choose *Edit*,
# *Clear Outputs of All Cells*.

# %% tags=["setup"]
import matplotlib.pyplot as plt
import numpy as np

import minitf as tf
from minitf.course import check, doctor, hint, predict, progress, provenance, reset, solution

# %% [markdown]
# ## Is everything installed?
#
# The doctor looks at this installation. Every line should say OK. A line that says FIX names the
# command that mends it.

# %%
doctor()

# %% [markdown]
# ## Train a network
#
# `minitf` is the small framework of this course. Its names are TensorFlow's: the network below
# would run on TensorFlow as well, after `import tensorflow as tf`. Only what TensorFlow does not
# have is our own, such as `load_subset` in the next cell, and the pictures in `tf.viz`.
#
# The data are real: 5,000 digits from the MNIST collection, 28 by 28 grey pixels each. 4,000 are
# for training, 1,000 are kept back for the test. They came with the course.

# %%
(x_train, y_train), (x_test, y_test) = tf.keras.datasets.mnist.load_subset()
x_train, x_test = x_train / 255.0, x_test / 255.0

print("training images", x_train.shape, "labels", y_train.shape)
print("test images    ", x_test.shape, "labels", y_test.shape)

# %%
figure, axes = plt.subplots(1, 10, figsize=(10, 1.4))
for axis, image, label in zip(axes, x_train, y_train, strict=False):
    axis.imshow(image, cmap="gray_r")
    axis.set_title(label)
    axis.axis("off")
plt.show()

# %% [markdown]
# The network below has 784 inputs, one per pixel: 28 · 28. Behind them stand 128 *units*. Each
# multiplies every input by a number of its own, and adds all that up, plus one more number. The ten
# outputs, one per digit, do the same with what the units found. That makes 784·128 + 128 + 128·10 +
# 10 = 101,770 numbers to learn. They start at random, so at first the network guesses: one digit
# in ten is right.
#
# Predict before you train: after five rounds through the 4,000 images, how many of 100 new digits
# will it read correctly? Put your number in place of `None`.

# %%
my_prediction = None

# %% [markdown]
# Training takes a few seconds. The bar shows one round ("epoch") at a time. You need not understand
# every word in the cell yet; later chapters open them one by one.

# %% tags=["nbval-ignore-output"]
tf.keras.utils.set_random_seed(1)
model = tf.keras.Sequential(
    [
        tf.keras.layers.Flatten(),
        tf.keras.layers.Dense(128, activation="relu"),
        tf.keras.layers.Dense(10),
    ]
)
model.compile(
    optimizer=tf.keras.optimizers.Adam(0.003),
    loss=tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True),
    metrics=["accuracy"],
)
history = model.fit(x_train, y_train, batch_size=32, epochs=5)

# %% tags=["nbval-ignore-output"]
loss, accuracy = model.evaluate(x_test, y_test, verbose=0)
print(f"loss {loss:.3f}, accuracy {accuracy:.1%} on 1,000 digits the network has never seen")

# %%
assert model.count_params() == 101_770
predict("correct out of 100", my_prediction, answer=lambda: round(100 * accuracy), tolerance=0.03)

# %% [markdown]
# The curve shows the loss of each round. The loss is one number that says how wrong the network
# is; training makes it smaller.

# %%
figure, axis = plt.subplots(figsize=(5, 2.6))
axis.plot(range(1, 6), history.history["loss"], marker="o", color="#0072B2")
axis.set(xlabel="epoch", ylabel="loss", xticks=range(1, 6), ylim=0)
axis.spines[["top", "right"]].set_visible(False)
plt.show()
assert accuracy > 0.92

# %% [markdown]
# And here are twenty of the test digits, with what the network reads. A red title is a mistake.

# %%
predicted = np.argmax(model.predict(x_test[:20], verbose=0), axis=1)

figure, axes = plt.subplots(2, 10, figsize=(10, 2.8))
for axis, image, guess, label in zip(axes.flat, x_test, predicted, y_test, strict=False):
    axis.imshow(image, cmap="gray_r")
    right = guess == label
    title = guess if right else f"{guess} not {label}"
    axis.set_title(title, color="black" if right else "#B00020")
    axis.axis("off")
plt.show()

# %% [markdown]
# ## Where the learning happens
#
# Each step of that training asked one question 101,770 times: *if this number grew a little, would
# the loss grow or shrink, and how fast?* The answers are the **gradient**. This course is about how
# TensorFlow finds all of them in one sweep.
#
# Here is a loss with only two numbers to learn, `w` and `b`. The tape writes down every operation
# while it runs.

# %%
x, y_true = tf.constant(2.0), tf.constant(4.0)
w, b = tf.Variable(3.0), tf.Variable(1.0)

with tf.GradientTape(persistent=True) as tape:
    loss = tf.square(w * x + b - y_true)

print(loss.numpy())

# %% [markdown]
# The viewer draws what the tape wrote. Step with the buttons, or click the picture and use the
# arrow keys: first the values flow to the right, then the gradients flow back to the left. Before
# it shows the gradient of `b` or `w`, it asks for your guess. *Reveal* shows the number, and a
# wrong guess costs nothing. Read ∂loss/∂b as "how fast the loss changes with b". Chapter 02
# explains "upstream" and the numbers on the arrows; here it is enough to watch.

# %%
tf.viz.show(tape, loss)

# %% [markdown]
# The viewer let the tape walk back, from the loss to `w` and `b`. `tape.gradient` gives the same
# numbers:

# %%
dw, db = tape.gradient(loss, [w, b])
print(f"dloss/dw = {dw.numpy():g}, dloss/db = {db.numpy():g}")
assert (loss.numpy(), dw.numpy(), db.numpy()) == (9.0, 12.0, 6.0)

# %% [markdown]
# Read it like this: near `w` = 3, the loss grows 12 times as fast as `w`. To make the loss smaller,
# move `w` down. How that 12 comes about is the subject of the next chapters.
#
# ## A first exercise
#
# Exercises are checked at once, by the cell below your answer. A check calls your code with inputs
# of its own, its *probes*, and compares what comes back. Probes at the limits, such as a zero or an
# empty list, are called edge cases.

# %% [markdown] exercise="ch00.warm_up"
# Training means: take a small step downhill, again and again. You have a weight `w`, the
# `gradient` of the loss at `w`, and a `learning_rate`. Return the weight after one step.
#
# Example: at $w = 3$ with gradient $2$ and learning rate $0.1$ the new weight is
# $3 - 0.1 \cdot 2 = 2.8$.
#
# Write your line in place of `raise ...`, run the cell, then run the check below it. Try a wrong
# answer on purpose: a plus instead of a minus, for instance.

# %% answer="ch00.warm_up"
def step(w, gradient, learning_rate):
    """Return the weight after one step of gradient descent."""
    ### BEGIN SOLUTION
    return w - learning_rate * gradient
    ### END SOLUTION

# %% [markdown]
# Stuck? `hint("ch00.warm_up")` opens the next of three hints each time you run it. After the third,
# or after a pass, `solution("ch00.warm_up")` shows one way to write it. Try them in the empty cell
# below. (For a new cell anywhere, press Esc, then B.)

# %%

# %% [markdown]
# Once your step is right, use it. These are five steps on the loss $w^2$, whose gradient is $2w$:

# %% needs="ch00.warm_up"
w = 3.0
for round_number in range(5):
    w = step(w, gradient=2 * w, learning_rate=0.1)
    print(f"after step {round_number + 1}: w = {w:.4f}")

# %% [markdown]
# `progress()` shows what is done and what comes next, `progress(0)` shows chapter 00 alone. Your
# progress survives a restart.
# `reset("ch00.warm_up")` prints the empty cell again; your passed answer is kept.

# %% needs="ch00.warm_up"
progress(0)

# %% [markdown]
# Every answer you pass becomes part of your own engine, which trains on MNIST in the end. What is
# still missing is borrowed from `minitf`. `provenance()` lists which is which.

# %% needs="ch00.warm_up"
provenance(0)

# %% [markdown]
# ## Next
#
# Open [01 Four ways to a derivative](01_four_ways.ipynb): what a slope is, and four ways to find
# one. You know that already? [02 The computation graph](02_computation_graph.ipynb) does not need
# it: you draw the graph of one loss, fill in its values, and send the gradient back by hand.
