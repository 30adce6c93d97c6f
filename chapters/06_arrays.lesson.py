# %% [markdown]
# # 06 Broadcasting, reductions, matmul
#
# **90 minutes**: about 40 for this lesson, 50 for the exercises.
#
# You need chapters 02 to 04: the walk back, `+=` where several contributions arrive, and the form
# of a rule. And you should be able to read shapes: (3, 2) is three rows of two numbers.
#
# After this chapter you can
#
# - say which shape a gradient has before you compute it;
# - undo broadcasting: what was copied forward is added up backward;
# - derive the rules of sum, mean, maximum and the matrix product;
# - send gradients back through reshape, transpose, slices and gather.

# %% tags=["setup"]
import textwrap

import numpy as np

import minitf as tf
from minitf.course import predict, sealed

# %% [markdown]
# ## Three questions first
#
# Put your answers in place of `None`: words in quotes, shapes as Python writes them, `(3, 2)`.
# Stored outputs give answers away: first choose *Edit*, *Clear Outputs of All Cells*.
#
# 1. Chapter 02: a value is used four times. On the way back 1, 2, 3 and 4 arrive. What is its
#    gradient?
# 2. Chapter 04: the rule of a product gets 5 from upstream; the inputs are 2 and 3. What does it
#    send to the 2?
# 3. Chapters 02 and 05: what does a tape answer for a `tf.constant` that nobody watched?

# %%
def unwatched():
    forgotten = tf.constant(2.0)
    with tf.GradientTape() as tape:
        y = forgotten * 3.0
    return str(tape.gradient(y, forgotten))


predict("1. the gradient", yours=None, answer=sealed("MTA="), why="Fan-out adds.")
predict("2. what goes to the 2", yours=None, answer=sealed("MTU="), why="Times the other factor.")
predict("3. the answer", yours=None, answer=unwatched, choices=("0", "None", "an error"))

# %% [markdown]
# ## One bias, three rows
#
# So far a gradient was nearly always one number. From here on numbers come in arrays, and nearly
# every mistake is a mistake of shape. One rule covers them all:
#
# > A gradient has the shape of the thing it is the gradient of.
#
# A layer adds its bias to each row of a batch. Here the batch has three rows of two numbers, shape
# (3, 2). The bias has shape (2,). NumPy and TensorFlow copy it to all three rows without being
# asked. That is **broadcasting**:
#
# $$
# \begin{pmatrix} 10 & 20 \\ 30 & 40 \\ 50 & 60 \end{pmatrix}
# + \begin{pmatrix} 1 & 2 \end{pmatrix}
# = \begin{pmatrix} 11 & 22 \\ 31 & 42 \\ 51 & 62 \end{pmatrix}
# $$
#
# On the way back a gradient arrives at each of the six results. Say these are
#
# $$\begin{pmatrix} 1 & 2 \\ 3 & 4 \\ 5 & 6 \end{pmatrix}$$
#
# What does the bias receive? First the shape, then its first number.

# %%
batch = tf.constant([[10.0, 20.0], [30.0, 40.0], [50.0, 60.0]])
bias = tf.constant([1.0, 2.0])
assert (batch + bias).numpy().tolist() == [[11, 22], [31, 42], [51, 62]]

upstream = tf.constant([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])


def gradient_of_bias():
    with tf.GradientTape() as tape:
        tape.watch(bias)
        # Each result times its number, added up: so this number is the gradient at that result.
        loss = tf.reduce_sum(upstream * (batch + bias))
    return tape.gradient(loss, bias).numpy()


predict(
    "the shape of the bias's gradient",
    yours=None,
    answer=lambda: gradient_of_bias().shape,
    choices=((2,), (3, 2), ()),
    why="It says how to change each number of the bias.",
)
predict(
    "its first number",
    yours=None,
    answer=lambda: gradient_of_bias()[0],
    why="bias[0] was used in three rows, so the first column of upstream arrives, and adds up.",
)

# %% [markdown]
# Now watch it. The loom copies both operands to the shape of the result, and weaves the gradients
# back. It asks for each shape before it shows it. Left and Right step, F follows one number through
# all its copies.

# %% key="hook"
tf.viz.BroadcastLoom(batch, bias, upstream=upstream)

# %%
print("gradient of the bias:", gradient_of_bias())
print("columns added up:    ", upstream.numpy().sum(axis=0))
assert gradient_of_bias().tolist() == [1 + 3 + 5, 2 + 4 + 6] == [9, 12]

# %% [markdown]
# This is no new rule. You know it from chapter 02: a value that is used three times has a fan-out
# of three, and on the way back contributions add up. Broadcasting is fan-out that you do not see.
#
# > Copied forward, added up backward.
#
# ### Break it: forget the sum
#
# A rule that sends `upstream` to the bias as it is looks harmless: adding has slope 1, after all.
# Take one training step with it, in NumPy:

# %% key="bias_shape"
forgot_the_sum = upstream.numpy()  # shape (3, 2), and nothing was added up
stepped = bias.numpy() - 0.1 * forgot_the_sum

predict(
    "the shape of the bias after the step",
    yours=None,
    answer=lambda: stepped.shape,
    choices=((2,), (3, 2), "an error"),
    why="Subtracting broadcasts, too.",
)

# %%
one_example = np.array([[10.0, 20.0]])
print("bias after the step:", stepped.shape)
print("a batch of one row: ", one_example.shape)
print("what the layer says:", (one_example + stepped).shape)
assert stepped.shape == (one_example + stepped).shape == (3, 2)

# %% [markdown]
# No error. The layer goes on training, with one bias per row. It shows when somebody asks for
# one example and gets three answers.
#
# TensorFlow guards variables against this: assigning does not broadcast. Read the message aloud.

# %%
variable = tf.Variable(bias)
try:
    variable.assign_sub(0.1 * tf.constant(forgot_the_sum))
except tf.errors.InvalidArgumentError as error:
    print(error)

variable.assign_sub(0.1 * tf.reduce_sum(upstream, axis=0))
print("repaired:", variable.numpy().round(2))
assert np.allclose(variable.numpy(), [1 - 0.9, 2 - 1.2])

# %% [markdown]
# ### Which axes?
#
# Write the shapes below each other, **flush right**. Then compare with the result.
#
# ```
# result   (2, 3, 4)
# x           (3, 1)
# ```
#
# Two things can happen to an axis, and each has its way back:
#
# | forward | here | backward |
# | --- | --- | --- |
# | `x` has no such axis: one is put in front | axis 0, of size 2 | add it up; it disappears |
# | `x` has size 1 there: it is stretched | axis 2, from 1 to 4 | add it up; it stays, with size 1 |
#
# Axis 1 has size 3 in both. Nothing was copied along it, so nothing is added.
#
# Now you. `x` has shape (3, 1), `y` has shape (4,), and the loss is the sum of `x * y`.

# %%
x = tf.constant([[1.0], [2.0], [3.0]])
y = tf.constant([10.0, 20.0, 30.0, 40.0])
with tf.GradientTape(persistent=True) as tape:
    tape.watch([x, y])
    table = x * y
    loss = tf.reduce_sum(table)

predict("the shape of x * y", yours=None, answer=lambda: tuple(table.shape))
predict(
    "the shape of the gradient of x",
    yours=None,
    answer=lambda: tuple(tape.gradient(loss, x).shape),
    choices=((3,), (3, 1), (3, 4)),
)
predict(
    "the gradient of x[0, 0]",
    yours=None,
    answer=lambda: tape.gradient(loss, x)[0, 0],
    why="It was multiplied by all of y, and the four contributions add up.",
)
predict(
    "the gradient of y[0]",
    yours=None,
    answer=lambda: tape.gradient(loss, y)[0],
    why="It met all three numbers of x.",
)

# %%
print("x:", tape.gradient(loss, x).numpy().ravel(), "y:", tape.gradient(loss, y).numpy())
assert tape.gradient(loss, x).numpy().tolist() == [[100], [100], [100]]
assert tape.gradient(loss, y).numpy().tolist() == [6, 6, 6, 6]

# %% [markdown]
# ## Sums and means
#
# A sum is the same picture seen from behind. Forward, many numbers become one. Raise any of them by
# 0.1, and the sum grows by 0.1: each slope is 1. So backward, the one number that arrives is
# **copied** to all that were added.
#
# Take `x` = [[1, 2, 3], [4, 5, 6]] and its two row sums. What arrives at them is 10 and 20. Then
# the same with the two row means:

# %%
x = tf.constant([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
arriving = tf.constant([10.0, 20.0])
with tf.GradientTape(persistent=True) as tape:
    tape.watch(x)
    sum_loss = tf.reduce_sum(arriving * tf.reduce_sum(x, axis=1))
    mean_loss = tf.reduce_sum(arriving * tf.reduce_mean(x, axis=1))

predict(
    "with row sums: the gradient of the 6",
    yours=None,
    answer=lambda: tape.gradient(sum_loss, x)[1, 2],
    why="It lies in the second row. Its own value does not matter.",
)
predict(
    "with row means: the gradient of the 1",
    yours=None,
    answer=lambda: str(round(float(tape.gradient(mean_loss, x)[0, 0]), 2)),
    choices=("10", "3.33", "1.67"),
    why="A mean of three is a sum divided by 3. So is its gradient.",
)

# %%
print("with row sums:", tape.gradient(sum_loss, x).numpy(), sep="\n")
print("with row means:", tape.gradient(mean_loss, x).numpy().round(2), sep="\n")
assert tape.gradient(sum_loss, x).numpy().tolist() == [[10] * 3, [20] * 3]
assert np.allclose(tape.gradient(mean_loss, x), tape.gradient(sum_loss, x) / 3)

# %% [markdown]
# The row of 10s and the row of 20s are `[10, 20]`, copied along axis 1, the axis that the sum
# removed. So put this axis back first, with size 1; then broadcasting does the rest: (2,) becomes
# (2, 1), and (2, 1) becomes (2, 3). A mean divides by 3 forward, so its rule divides by 3 as well,
# and each number of a row gets a third.
#
# ### Break it: a square hides the mistake
#
# What if you forget to put the axis back? With a (2, 3) NumPy complains; the message is printed
# first. And with a (2, 2)? The right gradient of its row sums is `[[10, 10], [20, 20]]`. What does
# the forgetful rule say at `[0, 1]`?

# %% key="square_hides"
try:
    np.broadcast_to([10.0, 20.0], (2, 3))
except ValueError as error:
    print(textwrap.fill(str(error), 88))

forgetful = np.broadcast_to([10.0, 20.0], (2, 2))
repaired = np.broadcast_to(np.expand_dims([10.0, 20.0], axis=1), (2, 2))

predict(
    "at [0, 1], where 10 is right",
    yours=None,
    answer=lambda: forgetful[0, 1],
    why="(2,) is aligned at the last axis: it was copied down the columns.",
)

# %%
print("forgetful:", forgetful.tolist())
print("repaired: ", repaired.tolist())
assert forgetful.tolist() == [[10, 20], [10, 20]] and repaired.tolist() == [[10, 10], [20, 20]]

# %% [markdown]
# Right shape, wrong numbers, no message. So never test with squares: choose sizes that are all
# different, such as 2, 3 and 4.
#
# ### Break it: sum or mean in the loss, what does it matter?
#
# Both have their minimum in the same place. So does it make a difference? Take a batch of n equal
# examples, x = 1 with target 3, the loss $(w \cdot x - 3)^2$, w = 0, and a learning rate of 0.1.
# With the mean the gradient is −6, for every n.

# %% key="sum_or_mean"
def train(reduction, examples, steps, learning_rate=0.1):
    """w after some steps towards 3."""
    inputs, targets, w = tf.ones(examples), 3.0 * tf.ones(examples), tf.Variable(0.0)
    for _ in range(steps):
        with tf.GradientTape() as tape:
            loss = reduction(tf.square(w * inputs - targets))
        w.assign_sub(learning_rate * tape.gradient(loss, w))
    return float(w)


predict(
    "n = 64: the gradient with the sum is how many times as large",
    yours=None,
    answer=lambda: train(tf.reduce_sum, 64, 1) / train(tf.reduce_mean, 64, 1),
    tolerance=1e-4,
)
predict(
    "n = 64: w after one step with the sum (it should go to 3)",
    yours=None,
    answer=lambda: train(tf.reduce_sum, 64, 1),
    tolerance=1e-4,
    why="Far beyond 3, and the next step leads back even further.",
)

# %%
for examples in (4, 64):
    for name, reduction in (("mean", tf.reduce_mean), ("sum", tf.reduce_sum)):
        steps = [f"{train(reduction, examples, k):>10.2f}" for k in (1, 2, 5)]
        print(f"batch of {examples:>2}, {name:<4} w after 1, 2, 5 steps: {' '.join(steps)}")

assert round(train(tf.reduce_sum, 64, 1), 1) == 38.4
assert abs(train(tf.reduce_sum, 64, 5)) > 600_000
assert abs(train(tf.reduce_mean, 4, 5) - train(tf.reduce_mean, 64, 5)) < 1e-4

# %% [markdown]
# With the mean, the batch size does not matter. With the sum, the gradient is 64 times as large,
# and the learning rate that was fine for 4 examples explodes at 64. A learning rate belongs to a
# reduction. Mend: take the mean, or divide the learning rate by the size of the batch.
#
# ## The maximum
#
# Raise the largest number a little, and the maximum rises as much: slope 1. Raise any other, and
# nothing happens: slope 0. So the winner takes the whole gradient.
#
# What if two are equally large? There the maximum has a kink, as |x| at 0 has. Somebody had to
# choose.

# %% key="ties"
def gradient_of(function, values):
    x = tf.constant(values)
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = function(x)
    return tape.gradient(y, x).numpy().tolist()


predict(
    "[3, 1, 2]: the gradient of the 3",
    yours=None,
    answer=lambda: gradient_of(tf.reduce_max, [3.0, 1.0, 2.0])[0],
)
predict(
    "[1, 1, 0]: the gradient of the first 1",
    yours=None,
    answer=lambda: gradient_of(tf.reduce_max, [1.0, 1.0, 0.0])[0],
    choices=(0, 0.5, 1),
    why="No place goes before the other. PyTorch 2.13 and JAX 0.10 see it the same way.",
)

# %%
print("no tie:", gradient_of(tf.reduce_max, [3.0, 1.0, 2.0]))
print("a tie: ", gradient_of(tf.reduce_max, [1.0, 1.0, 0.0]))
print("tf.maximum(x, 1.0):", gradient_of(lambda x: tf.maximum(x, 1.0), [1.0, 1.0, 0.0]))
print("tf.maximum(1.0, x):", gradient_of(lambda x: tf.maximum(1.0, x), [1.0, 1.0, 0.0]))

assert gradient_of(tf.reduce_max, [1.0, 1.0, 0.0]) == [0.5, 0.5, 0]
assert gradient_of(lambda x: tf.maximum(x, 1.0), [1.0, 1.0, 0.0]) == [1, 1, 0]
assert gradient_of(lambda x: tf.maximum(1.0, x), [1.0, 1.0, 0.0]) == [0, 0, 0]

# %% [markdown]
# The last two lines are another operation. `tf.maximum` compares two arrays, element by element,
# and in a tie TensorFlow 2.21 gives everything to the **first** argument. PyTorch 2.13 and JAX 0.10
# give half to each. These are conventions; no theorem stands behind them.
#
# ## "The gradient of a vector"
#
# Everything above ended in a single number, a loss. What if the target is a vector? Ask for the
# gradient of $x^2$, element by element, at (1, 2, 3): the tape says (2, 4, 6). That looks as if it
# returned the derivative of each element.
#
# Now two outputs that share an input: $f(x) = (x_0 x_1,\ x_1 x_2)$. There are two outputs and three
# inputs, so six derivatives. But the tape returns three numbers. What is the one in the middle?

# %% key="vector_target"
def pairs(x):
    return tf.stack([x[0] * x[1], x[1] * x[2]])


predict(
    "the middle number of the gradient, at (1, 2, 3)",
    yours=None,
    answer=lambda: gradient_of(pairs, [1.0, 2.0, 3.0])[1],
    why="x₁ stands in both products; by x₁, the slope of each is its other factor. They add up.",
)

# %% [markdown]
# All six derivatives form a table, the **Jacobian**: a row per output, a column per input. The
# painter fills it row by row, and each row costs a walk back. Press R for the next row.

# %% key="painter"
tf.viz.JacobianPainter(pairs, tf.constant([1.0, 2.0, 3.0]))

# %%
x = tf.constant([1.0, 2.0, 3.0])
with tf.GradientTape(persistent=True) as tape:
    tape.watch(x)
    y = pairs(x)
    total = tf.reduce_sum(y)

print("Jacobian                ", tape.jacobian(y, x).numpy().tolist())
print("its rows added up       ", tape.jacobian(y, x).numpy().sum(axis=0).tolist())
print("gradient of the vector  ", tape.gradient(y, x).numpy().tolist())
print("gradient of its sum     ", tape.gradient(total, x).numpy().tolist())
assert tape.gradient(y, x).numpy().tolist() == tape.gradient(total, x).numpy().tolist() == [2, 4, 2]
assert tape.jacobian(y, x).numpy().tolist() == [[2, 1, 0], [0, 3, 2]]

# %% [markdown]
# So: **the gradient of a vector is the gradient of its sum.** The walk back starts with a 1 at
# every element, and what arrives adds up. For $x^2$ you could not see it, because each output
# depends on one input only; each column of the Jacobian has one number that is not 0.
#
# PyTorch 2.13 and JAX 0.10 refuse and raise an error when the target is not a single number.
# TensorFlow adds without a word. If you want the sum, write the sum. If you want the table, ask
# `tape.jacobian`.
#
# ## The matrix product
#
# Two by two, by hand. $z = x \cdot y$, in Python `x @ y`, with
#
# $$
# x = \begin{pmatrix} 1 & 2 \\ 3 & 4 \end{pmatrix} \quad
# y = \begin{pmatrix} 5 & 6 \\ 7 & 8 \end{pmatrix} \quad
# z = \begin{pmatrix} 19 & 22 \\ 43 & 50 \end{pmatrix}
# $$
#
# The 22 in the upper right corner is a row of `x` times a column of `y`:
# $z_{01} = x_{00}\,y_{01} + x_{01}\,y_{11} = 1 \cdot 6 + 2 \cdot 8$. Suppose a 1 arrives there, and
# 0 everywhere else. Four numbers took part; each receives the factor it was multiplied by.

# %%
x = tf.constant([[1.0, 2.0], [3.0, 4.0]])
y = tf.constant([[5.0, 6.0], [7.0, 8.0]])
with tf.GradientTape(persistent=True) as tape:
    tape.watch([x, y])
    z = tf.matmul(x, y)
    corner = z[0, 1]

predict("the gradient of x[0, 0]", yours=None, answer=lambda: tape.gradient(corner, x)[0, 0])
predict("the gradient of x[0, 1]", yours=None, answer=lambda: tape.gradient(corner, x)[0, 1])
predict("the gradient of y[1, 1]", yours=None, answer=lambda: tape.gradient(corner, y)[1, 1])
predict(
    "the gradient of y[0, 0]",
    yours=None,
    answer=lambda: tape.gradient(corner, y)[0, 0],
    why="Ask whether it took part in the 22.",
)

# %% [markdown]
# As matrices, with $u$ for what comes from upstream:
#
# $$
# u = \begin{pmatrix} 0 & 1 \\ 0 & 0 \end{pmatrix} \qquad
# \underbrace{\begin{pmatrix} 6 & 8 \\ 0 & 0 \end{pmatrix}}_{\text{gradient of } x} = u\,y^T \qquad
# \underbrace{\begin{pmatrix} 0 & 1 \\ 0 & 2 \end{pmatrix}}_{\text{gradient of } y} = x^T u
# $$
#
# The row (6, 8) is column 1 of `y`, laid down: that is what the transpose does. Every other place
# of $u$ works in the same way, and contributions add up, as matrix products do. So the formulas
# hold for any $u$.

# %%
u = np.array([[0.0, 1.0], [0.0, 0.0]])
print("u @ y.T ", (u @ y.numpy().T).tolist(), " tape", tape.gradient(corner, x).numpy().tolist())
print("x.T @ u ", (x.numpy().T @ u).tolist(), " tape", tape.gradient(corner, y).numpy().tolist())
assert z.numpy().tolist() == [[19, 22], [43, 50]]
assert (u @ y.numpy().T).tolist() == tape.gradient(corner, x).numpy().tolist() == [[6, 8], [0, 0]]
assert (x.numpy().T @ u).tolist() == tape.gradient(corner, y).numpy().tolist() == [[0, 1], [0, 2]]

# %% [markdown]
# ### Shapes find the formula
#
# You need not remember it. Take sizes that are all different: `x` is (2, 3), `y` is (3, 4), so `z`
# and `u` are (2, 4). The gradient of `x` must be a (2, 3), made of `u` and `y`:
#
# $$
# (2, 4) \cdot (4, 3) = (2, 3): \quad u\,y^T
# \qquad\qquad
# (3, 2) \cdot (2, 4) = (3, 4): \quad x^T u
# $$
#
# There is no other way to fit them together. Now with a layer of a real network: 64 pictures of 784
# pixels, and 128 units. Write down the two shapes in `pictures.T @ upstream`. One size meets itself
# in the middle and disappears; along it the contributions are added up. Which one?

# %%
pictures, weights = tf.ones((64, 784)), tf.ones((784, 128))
with tf.GradientTape() as tape:
    tape.watch(weights)
    units = tf.matmul(pictures, weights)

predict("the shape of upstream", yours=None, answer=lambda: tuple(units.shape))
predict(
    "the size that disappears",
    yours=None,
    answer=lambda: pictures.shape[0],
    choices=(64, 128, 784),
    why="It stands at the end of the first shape and at the beginning of the second.",
)
assert tape.gradient(units, weights).shape == (784, 128)

# %% [markdown]
# ### Break it: with squares everything fits
#
# Shapes find the formula only if they differ. With the 2 × 2 matrices from above, $y^T u$ has the
# right shape too. And this time the upstream gradient is `[[1, 2], [3, 4]]`:

# %% key="square_matrices"
u = np.array([[1.0, 2.0], [3.0, 4.0]])


def weighted_sum(x01):
    """The sum of u * (x @ y), for any number at x[0, 1]."""
    moved = np.array([[1.0, x01], [3.0, 4.0]])
    return np.sum(u * (moved @ y.numpy()))


candidates = {"u @ y.T": (u @ y.numpy().T)[0, 1], "y.T @ u": (y.numpy().T @ u)[0, 1]}
slope = (weighted_sum(2.00001) - weighted_sum(1.99999)) / 0.00002

predict(
    "the one that is right at [0, 1]",
    yours=None,
    answer=lambda: min(candidates, key=lambda name: abs(candidates[name] - slope)),
    choices=tuple(candidates),
)

# %%
for name, number in candidates.items():
    print(f"{name}      {number:.1f}")
print(f"difference   {slope:.1f}")
assert candidates == {"u @ y.T": 23, "y.T @ u": 38} and abs(slope - 23) < 1e-6

# %% [markdown]
# ### "The gradients of a linear layer do not depend on its weights"
#
# A popular article shows a layer with weights `W`, drawn at random, and one input row (1, 2). It
# prints the gradients of `W` and of the bias: the same numbers, whatever `W` was. Can that be?

# %% key="linear_layer"
def linear_gradients(seed, after=tf.identity):
    """Gradients of W, bias and input; the target is `after` the layer."""
    tf.random.set_seed(seed)
    W, offset = tf.Variable(tf.random.normal((2, 2))), tf.Variable([0.0, 0.0])
    row = tf.constant([[1.0, 2.0]])
    with tf.GradientTape() as tape:
        tape.watch(row)
        target = after(tf.matmul(row, W) + offset)
    found = tape.gradient(target, [W, offset, row])
    return [gradient.numpy().astype(float).round(2).tolist() for gradient in found]


predict(
    "the gradient of W, for two different W",
    yours=None,
    answer=lambda: "the same" if linear_gradients(1)[0] == linear_gradients(2)[0] else "different",
    choices=("the same", "different"),
    why="It is xᵀ @ upstream. Is there a W in it?",
)

# %%
print("seed   gradient of W              of the bias   of the input")
for seed in (1, 2):
    W_gradient, offset_gradient, row_gradient = linear_gradients(seed)
    print(f"{seed:>4}   {W_gradient!s:<26} {offset_gradient!s:<13} {row_gradient}")
print("with a square behind the layer:")
for seed in (1, 2):
    print(f"{seed:>4}   {linear_gradients(seed, tf.square)[0]}")

assert linear_gradients(1)[:2] == linear_gradients(2)[:2] == [[[1, 1], [2, 2]], [1, 1]]
assert linear_gradients(1)[2] != linear_gradients(2)[2]
assert linear_gradients(1, tf.square)[0] != linear_gradients(2, tf.square)[0]

# %% [markdown]
# The article is right. $x^T u$ is the input, (1, 2) as a column, times upstream; and upstream is
# (1, 1), since the target is a vector and the tape takes its sum. Two things it does not say: the
# gradient of the **input**, $u\,W^T$, does depend on `W`. And as soon as something bent comes
# behind the layer, a square or any loss worth its name, upstream depends on `W`, and then so does
# everything.
#
# ### A batch of matrices
#
# `tf.matmul` multiplies the last two axes. Axes in front are a batch, and they broadcast. So in
# (5, 2, 3) @ (3, 4) five matrices meet the same `y`. Which shape does the gradient of `y` have?

# %%
stack, y = tf.random.normal((5, 2, 3)), tf.Variable(tf.random.normal((3, 4)))
with tf.GradientTape() as tape:
    products = tf.matmul(stack, y)
found = tape.gradient(products, y)

predict(
    "the shape of the gradient of y",
    yours=None,
    answer=lambda: tuple(found.shape),
    choices=((5, 3, 4), (3, 4), (3,)),
    why="Copied forward, added up backward.",
)

each = np.swapaxes(stack.numpy(), -1, -2) @ np.ones((5, 2, 4), np.float32)
assert np.allclose(each.sum(axis=0), found.numpy(), atol=1e-5)

# %% [markdown]
# ## Moving numbers
#
# Some operations compute nothing; they move numbers. Their rules move gradients back to where the
# numbers came from.
#
# | forward | backward |
# | --- | --- |
# | reshape (2, 3) to (6,) | reshape (6,) to (2, 3) |
# | transpose | transpose, so that each axis is back in its old place |
# | a slice | zeros everywhere, and the gradient written into the slice |
# | gather: pick rows by number | zeros, and each gradient **added** to its row |
#
# Pick the rows 0, 2 and 0 out of a table of four. A 1 arrives at each picked number. What is the
# gradient in row 0, and what in row 1?

# %% key="gather"
table = tf.Variable([[1.0], [2.0], [3.0], [4.0]])
with tf.GradientTape() as tape:
    picked = tf.gather(table, [0, 2, 0])
sparse = tape.gradient(picked, table)

predict(
    "in row 0",
    yours=None,
    answer=lambda: tf.convert_to_tensor(sparse)[0, 0],
    why="One part for each use.",
)
predict("in row 1", yours=None, answer=lambda: tf.convert_to_tensor(sparse)[1, 0])

# %%
print(type(sparse).__name__)
print("rows   ", sparse.indices.numpy())
print("numbers", sparse.values.numpy().ravel())
print("dense  ", tf.convert_to_tensor(sparse).numpy().ravel())
assert type(sparse).__name__ == "IndexedSlices" and len(sparse.values) == 3
assert tf.convert_to_tensor(sparse).numpy().ravel().tolist() == [2, 0, 1, 0]
assert 50_000 - 10 == 49_990  # the example below

# %% [markdown]
# The gradient of a gather is not an array full of zeros. It is an `IndexedSlices`: the numbers of
# the rows, and a gradient for each, with row 0 twice. For a table of 50,000 words of which a
# sentence uses ten, that saves 49,990 rows of zeros. Optimizers understand it. For everything else
# `tf.convert_to_tensor` makes it dense, and adds up what belongs together.
#
# ### Break it: a `+=` that does not add
#
# You will write that rule in NumPy. The obvious line is wrong. Three ones are added, two of them to
# place 0:

# %% key="plus_equals"
rows = np.array([0, 2, 0])
gradient = np.zeros(4)
gradient[rows] += 1.0

predict(
    "gradient[0]",
    yours=None,
    answer=lambda: gradient[0],
    why="NumPy reads all places first, adds, then writes. The last to write to a place wins.",
)

# %%
added = np.zeros(4)
np.add.at(added, rows, 1.0)
print("gradient[rows] += 1.0    ", gradient)
print("np.add.at(added, rows, 1)", added)
assert gradient.tolist() == [1, 0, 1, 0] and added.tolist() == [2, 0, 1, 0]

# %% [markdown]
# It is the `=` and `+=` of chapter 02 once more, hidden in an array. `np.add.at` adds one after the
# other.
#
# ## Break it: dtypes do not mix
#
# A gradient has the shape of its source, and the **dtype** as well. That is not a detail, because
# TensorFlow does not convert between dtypes by itself. NumPy does, and many expect the same. Read
# both messages aloud:

# %% key="dtypes"
single, double = tf.constant(1.0), tf.constant(2.0, tf.float64)
try:
    single * double
except tf.errors.InvalidArgumentError as error:
    print(textwrap.fill(str(error), 88))

try:
    tf.constant(2) * 1.5
except TypeError as error:
    print("\n" + textwrap.fill(str(error), 88))

with tf.GradientTape() as tape:
    tape.watch(single)
    product = tf.cast(single, tf.float64) * double
found = tape.gradient(product, single)
print(f"\nmended: product {product.dtype.name}, gradient {found.dtype.name}")
print("np.ones(2) * a float32 array:", (np.ones(2) * np.ones(2, np.float32)).dtype)
assert (product.dtype, found.dtype) == (tf.float64, tf.float32)

# %% [markdown]
# Mend: say which one you want, with `tf.cast`. The gradient comes back as float32, the dtype of its
# source. And note where float64 comes from: from NumPy. A rule that writes `np.ones(x.shape)` or
# `np.zeros(x.shape)` makes float64 out of a float32 model; `np.ones_like(x)` and `np.zeros_like(x)`
# keep the dtype.
#
# ## Your turn, with help
#
# A whole layer with its loss. Four examples of three numbers, two units; weights and bias start at
# 0. The loss is the mean of the squared errors:
#
# ```
# error = inputs @ w + b - targets       shapes: inputs (4, 3), w (3, 2), b (2,)
# loss  = mean(error²)
# ```
#
# Everything is 0 but the inputs and targets, so `error` is minus the targets. Go back from the
# loss. At one element of `error` arrives 2 · error, divided by the number of elements. Then the
# bias: added up over the examples. Then the weights: $x^T u$.

# %%
inputs = tf.constant([[1.0, 0, 0], [0, 1, 0], [0, 0, 1], [1, 1, 1]])
targets = tf.constant([[4.0, 0], [8, 0], [0, 4], [0, 0]])
w, b = tf.Variable(tf.zeros((3, 2))), tf.Variable(tf.zeros(2))
with tf.GradientTape(persistent=True) as tape:
    error = tf.matmul(inputs, w) + b - targets
    loss = tf.reduce_mean(tf.square(error))

predict("elements of error", yours=None, answer=lambda: tf.size(error))
predict(
    "the gradient at error[0, 0], which is -4",
    yours=None,
    answer=lambda: tape.gradient(loss, error)[0, 0],
    why="2 · error, divided by the number of elements.",
)
predict(
    "the gradient of b[0]",
    yours=None,
    answer=lambda: tape.gradient(loss, b)[0],
    why="The first column of what arrives at error, added up.",
)
predict(
    "the gradient of w[1, 0]",
    yours=None,
    answer=lambda: tape.gradient(loss, w)[1, 0],
    why="Column 1 of the inputs times column 0 of what arrives at error, added up.",
)

# %%
at_error = tape.gradient(loss, error).numpy()
print("at error:", at_error.tolist())
print("b:       ", tape.gradient(loss, b).numpy().tolist())
print("w:       ", tape.gradient(loss, w).numpy().tolist())
assert at_error.tolist() == [[-1, 0], [-2, 0], [0, -1], [0, 0]]
assert tape.gradient(loss, b).numpy().tolist() == at_error.sum(axis=0).tolist() == [-3, -1]
assert tape.gradient(loss, w).numpy().tolist() == (inputs.numpy().T @ at_error).tolist()
assert tape.gradient(loss, w).numpy().tolist() == [[-1, 0], [-2, 0], [0, -1]]

# %% [markdown]
# ## Exercises
#
# Five tasks: undo broadcasting, then the rules of the matrix product, of sum and mean, of the
# maximum, and of the four that move numbers. They become part of your engine, and chapter 13 trains
# on MNIST with them. Open [the exercises of this chapter](../exercises/06_arrays.ipynb).
#
# ## In short
#
# - A gradient has the shape and the dtype of its source.
# - Copied forward, added up backward. Added up forward, copied backward.
# - A mean divides both ways. The winner of a maximum takes all; a tie shares.
# - The gradient of a vector is the gradient of its sum.
# - Matrix product: $u\,y^T$ and $x^T u$. Shapes find it, if all sizes differ.
# - Moved numbers: the gradient moves back. Where a number was used twice, it adds up.

# %% [markdown]
# ## Say why, in one sentence
#
# Why is the gradient of a bias *summed* over the batch, and not averaged? Write one sentence, on
# paper or in this cell (double-click it). Then compare.
#
# Your sentence:
#
# <details>
# <summary>A possible answer</summary>
#
# One bias is used by every example, so a change of it changes the loss through all of them at once
# and these effects add up; if an average is wanted, the loss takes the mean, and then each
# contribution has been divided already when it arrives.
#
# </details>

# %% [markdown]
# ## Further reading
#
# - NumPy manual, *Broadcasting*: <https://numpy.org/doc/stable/user/basics.broadcasting.html>. The
#   rule for shapes, with pictures.
# - C. R. Harris and others, *Array programming with NumPy*, Nature 585, 357-362, 2020.
# - M. B. Giles, *Collected matrix derivative results for forward and reverse mode algorithmic
#   differentiation*, in: Advances in Automatic Differentiation, Springer, 35-44, 2008. The matrix
#   product, the inverse and more, both ways.
# - T. Parr, J. Howard, *The matrix calculus you need for deep learning*, 2018:
#   <https://arxiv.org/abs/1802.01528>.
# - TensorFlow guide, *Introduction to gradients and automatic differentiation*, the section on
#   targets that are not scalar: <https://www.tensorflow.org/guide/autodiff>.
#
# ## Next
#
# [11 Optimizers](11_optimizers.ipynb): what to do with all these gradients.
