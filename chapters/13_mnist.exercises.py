# %% [markdown]
# # 13 MNIST with your engine: exercises
#
# Six tasks, about 50 minutes. They belong to the lesson
# [13_mnist](../notebooks/13_mnist.ipynb). The first five supply what an engine needs for pictures,
# the last one trains it.
#
# A rule has the form it had in chapters 04 and 06: `vjp_op(upstream, inputs, output)` returns a
# tuple with one gradient per input. All are NumPy arrays. The check compares yours with central
# differences in float64.
#
# Each answer is checked by the cell below it. Stuck? Run `hint("ch13.vjp_relu")`, with the id of
# your task, in an empty cell.

# %% tags=["setup"]
import numpy as np

import minitf as tf
from minitf.course import check, hint, my_engine, progress, provenance, reset, solution
from minitf.course.workbench import KERNELS, Value, apply, assemble, cut_windows, paste_windows

# %% [markdown] exercise="ch13.glorot_uniform"
# Random numbers to start from: uniform between −limit and limit, with
#
# $$\text{limit} = \sqrt{\frac{6}{\text{fan\_in} + \text{fan\_out}}}$$
#
# `shape` ends with inputs and outputs. A dense kernel has shape `(inputs, outputs)`, and these are
# the fans. A convolution's kernel has shape `(height, width, inputs, outputs)`, and both fans count
# every pixel of the window: `(3, 3, 1, 8)` has fan_in 9 and fan_out 72.
#
# Take the numbers from `rng`, a `numpy.random.Generator`, and return float32.

# %% answer="ch13.glorot_uniform"
def glorot_uniform(shape, rng):
    """Return random float32 numbers of the given shape, within Glorot's limit."""
    ### BEGIN SOLUTION
    area = np.prod(shape[:-2])
    limit = np.sqrt(6 / (area * shape[-2] + area * shape[-1]))
    return rng.uniform(-limit, limit, shape).astype("float32")
    ### END SOLUTION

# %% [markdown]
# Ten layers of 256 units with your numbers. The signal keeps its order of magnitude:

# %% needs="ch13.glorot_uniform"
rng = np.random.default_rng(0)
signal = rng.normal(size=(100, 256)).astype("float32")
for layer in range(1, 11):
    signal = signal @ glorot_uniform((256, 256), rng)
    if layer in (1, 5, 10):
        print(f"after layer {layer:>2}: standard deviation {signal.std():.1f}")

# %% [markdown] exercise="ch13.vjp_relu"
# The rule of `relu(x) = max(x, 0)`, element by element. `inputs` is `(x,)`. Pass the upstream on
# where `x` is positive, and 0 elsewhere. At exactly 0 TensorFlow passes 0.
#
# Example: x = [−2, 0.5], upstream [10, −20]. The gradient is [0, −20].

# %% answer="ch13.vjp_relu"
def vjp_relu(upstream, inputs, output):
    """Return (gradient of x,) for output = max(x, 0)."""
    ### BEGIN SOLUTION
    (x,) = inputs
    return (upstream * (x > 0),)
    ### END SOLUTION

# %% needs="ch13.vjp_relu"
x = np.array([-2.0, 0.5, 0.0, 3.0])
(gradient,) = vjp_relu(np.array([10.0, -20.0, 30.0, 40.0]), (x,), KERNELS["relu"](x))
print("x       ", x)
print("gradient", gradient)

# %% [markdown] exercise="ch13.vjp_softmax_xent"
# Softmax and cross-entropy as one operation. `inputs` is `(logits, labels)`: logits of shape
# `(batch, classes)`, labels integers of shape `(batch,)`. `output` holds one loss per picture, so
# `upstream` has shape `(batch,)` too.
#
# The lesson's rule for one row is *probability minus truth*. Logits [2, 1, 0] have the
# probabilities [0.665, 0.245, 0.090]. With label 0 the row is [−0.335, 0.245, 0.090]. Each row is
# multiplied by its own upstream.
#
# Logits of 1000 must not break it: take the largest logit of each row off first. That changes no
# probability. For the labels, integers, return `None`.

# %% answer="ch13.vjp_softmax_xent"
def vjp_softmax_xent(upstream, inputs, output):
    """Return (gradient of logits, None) for output = -log softmax(logits)[label]."""
    logits, labels = inputs
    ### BEGIN SOLUTION
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    gradient = powers / powers.sum(axis=1, keepdims=True)
    gradient[np.arange(len(labels)), labels] -= 1
    return upstream[:, None] * gradient, None
    ### END SOLUTION

# %% [markdown]
# The three rows that break other losses in the lesson, with upstream 1:

# %% needs="ch13.vjp_softmax_xent"
for row, label in (([2.0, 1.0, 0.0], 0), ([1000.0, 0.0], 1), ([2.0, -1.0, 0.5], 0)):
    logits, labels = np.array([row]), np.array([label])
    loss = KERNELS["softmax_xent"](logits, labels)
    gradient, _ = vjp_softmax_xent(np.ones(1), (logits, labels), loss)
    shown = ", ".join(f"{number:.3f}" for number in gradient[0])
    print(f"logits {row}, label {label}: loss {loss[0]:.3f}, gradient [{shown}]")

# %% [markdown] exercise="ch13.vjp_conv2d"
# A convolution with stride 1. `inputs` is `(x, kernel)`: pictures of shape
# `(batch, height, width, channels)`, a kernel of shape `(size, size, channels, filters)`. Forward
# it does this, where `A` has one window per row:
#
# ```
# A = cut_windows(x, size, padding)           (batch, rows, columns, size * size * channels)
# B = kernel.reshape(-1, filters)             (size * size * channels, filters)
# output = A @ B                              (batch, rows, columns, filters)
# ```
#
# Walk back: the product first (you know its rule from chapter 06), then the cutting.
# `paste_windows(windows, x.shape, size, padding)` takes a gradient in the form of `A` back to the
# pictures. It adds where windows overlap. Return the gradients of `x` and of `kernel`, each in the
# shape of its input.
#
# `padding` is "SAME" or "VALID". You only pass it on.

# %% answer="ch13.vjp_conv2d"
def vjp_conv2d(upstream, inputs, output, padding="SAME"):
    """Return (gradient of x, gradient of kernel) for a convolution with stride 1."""
    x, kernel = inputs
    size, _, _, filters = kernel.shape
    ### BEGIN SOLUTION
    flat_kernel = kernel.reshape(-1, filters)
    windows = cut_windows(x, size, padding).reshape(-1, len(flat_kernel))
    to_kernel = windows.T @ upstream.reshape(-1, filters)
    to_windows = upstream @ flat_kernel.T
    return paste_windows(to_windows, x.shape, size, padding), to_kernel.reshape(kernel.shape)
    ### END SOLUTION

# %% [markdown]
# Your rule and minitf's tape, on a real digit and eight random kernels:

# %% needs="ch13.vjp_conv2d"
(images, labels), _ = tf.keras.datasets.mnist.load_subset()
digit = (images[:1, :, :, None] / 255).astype("float32")
kernel = np.random.default_rng(0).normal(size=(3, 3, 1, 8)).astype("float32")
sources = [tf.Variable(digit), tf.Variable(kernel)]
with tf.GradientTape() as tape:
    output = tf.nn.conv2d(*sources, strides=1, padding="SAME")
    loss = tf.reduce_sum(output**2)
theirs = tape.gradient(loss, sources)
mine = vjp_conv2d(2 * output.numpy(), (digit, kernel), output.numpy())
for name, one, other in zip(("picture", "kernel"), mine, theirs, strict=True):
    agree = np.allclose(one, other, rtol=1e-4, atol=1e-4)
    print(f"gradient of the {name}, shape {one.shape}: agrees {agree}")
    assert agree

# %% [markdown] exercise="ch13.vjp_maxpool"
# The largest of each block of 2 × 2 pixels, channel by channel. `inputs` is `(x,)` with shape
# `(batch, height, width, channels)`; `output` has half the height and width. A last odd row or
# column is in no block.
#
# The upstream of a block goes to the pixel that was largest. If several are equal, it goes to the
# **first** of them, read line by line, as in TensorFlow. All other pixels get 0.
#
# Two roads: go through the four corners of all blocks at once, with slices such as
# `x[:, 0:2*rows:2, 1:2*columns:2]`. Or bring each block's four numbers side by side and use
# `argmax`, which finds the first. The lines above the hole are given.

# %% answer="ch13.vjp_maxpool"
def vjp_maxpool(upstream, inputs, output):
    """Return (gradient of x,) for the maximum of each 2 × 2 block; the first maximum wins."""
    (x,) = inputs
    rows, columns = output.shape[1:3]
    gradient = np.zeros_like(x)
    ### BEGIN SOLUTION
    taken = np.zeros(output.shape, bool)
    for i in (0, 1):
        for j in (0, 1):
            corner = slice(None), slice(i, 2 * rows, 2), slice(j, 2 * columns, 2)
            wins = (x[corner] == output) & ~taken
            gradient[corner] = upstream * wins
            taken |= wins
    return (gradient,)
    ### END SOLUTION

# %% [markdown]
# Two blocks side by side, the right one all zeros: its first pixel gets everything.

# %% needs="ch13.vjp_maxpool"
x = np.array([[1.0, 5.0, 0.0, 0.0], [5.0, 2.0, 0.0, 0.0]])[None, :, :, None]
upstream = np.array([3.0, 4.0]).reshape(1, 1, 2, 1)
(gradient,) = vjp_maxpool(upstream, (x,), KERNELS["maxpool"](x))
print(gradient[0, :, :, 0])

# %% [markdown] exercise="ch13.train"
# Two functions. `train` takes one step per batch:
#
# 1. Record: within `with bench.tape() as tape:` compute `loss = loss_of(*batch)`. A batch is a
#    tuple, such as (images, labels). The loss is a `Value` of shape ().
# 2. `tape.gradient(loss, parameters)` gives one array per parameter. The parameters are `Value`s.
# 3. `optimizer.update(arrays, gradients)` takes two lists of arrays and returns a list of new
#    arrays. It changes nothing itself: give each parameter its new array, `parameter.data = ...`.
# 4. If `after_step` is given, call `after_step(step, loss, gradients)`, with the loss as a plain
#    number. Steps count from 0.
#
# Return all losses, as a list of plain numbers.
#
# `overfit_one_batch` trains on one and the same batch, step by step. It returns True as soon as a
# loss is below `goal`, and False when none was in `steps` steps.

# %% answer="ch13.train"
def train(bench, loss_of, parameters, optimizer, batches, after_step=None):
    """Take one training step per batch; return the losses as plain numbers."""
    ### BEGIN SOLUTION
    losses = []
    for step, batch in enumerate(batches):
        with bench.tape() as tape:
            loss = loss_of(*batch)
        gradients = tape.gradient(loss, parameters)
        news = optimizer.update([parameter.data for parameter in parameters], gradients)
        for parameter, data in zip(parameters, news, strict=True):
            parameter.data = data
        losses.append(float(loss.data))
        if after_step is not None:
            after_step(step, losses[-1], gradients)
    return losses
    ### END SOLUTION


def overfit_one_batch(bench, loss_of, parameters, optimizer, batch, steps=200, goal=0.01):
    """Train on one batch; return True as soon as a loss is below the goal, else False."""
    ### BEGIN SOLUTION
    for _ in range(steps):
        losses = train(bench, loss_of, parameters, optimizer, [batch])
        if losses[0] < goal:
            return True
    return False
    ### END SOLUTION

# %% [markdown]
# ## Done
#
# Your engine is complete. Which of its names are yours?

# %% needs="ch13.train" tags=["nbval-ignore-output"]
provenance(13)

# %% [markdown]
# Now go back to the lesson, [Your engine on MNIST](../notebooks/13_mnist.ipynb): restart its kernel
# and run it again. What was borrowed the first time is yours this time.

# %% needs="ch13.train"
progress(13)
