# %% [markdown]
# # 06 Broadcasting, reductions, matmul: exercises
#
# Five tasks, about 50 minutes. They belong to the lesson [06_arrays](../notebooks/06_arrays.ipynb).
#
# You write rules for your engine, in the form of chapter 04, now for arrays:
#
# ```
# def vjp_op(upstream, inputs, output, **attrs):
#     ...
#     return gradient_of_first_input, gradient_of_second_input
# ```
#
# `upstream` has the shape of `output`. `inputs` is a tuple of NumPy arrays, `output` an array, and
# attributes such as `axis` follow by name. Return a **tuple**, one array per input, also if there
# is only one: `(gradient,)`. Each gradient has its input's shape and its input's dtype. Write into
# none of the arrays you are given.
#
# The checks compare with central differences in float64, and they look at shapes first. Chapter 13
# trains on MNIST with what you write here. So let NumPy do the loops.
#
# The next cell holds two helpers that put your rules on minitf's tape. You need not read them.

# %% tags=["setup"]
from functools import partial

import numpy as np

import minitf as tf
from minitf.course import check, hint, my_engine, progress, provenance, reset, solution
from minitf.course.workbench import KERNELS, Value, apply, assemble


def with_rule(op, rule, **attrs):
    """An operation of the workbench as a function of tensors; its gradient is your `rule`."""

    @tf.custom_gradient
    def run(*tensors):
        inputs = tuple([np.asarray(tensor) for tensor in tensors])
        output = np.asarray(KERNELS[op](*inputs, **attrs))

        def backward(upstream):
            return rule(upstream.numpy(), inputs, output, **attrs)

        return tf.constant(output), backward

    return run


def gradients(function, *sources, arriving=None):
    """What a tape finds for a function of tensors: one array per source.

    `arriving` is the gradient that arrives at the result; without it, ones.
    """
    with tf.GradientTape() as tape:
        tape.watch(sources)
        result = function(*sources)
    found = tape.gradient(result, sources, output_gradients=arriving)
    return [tf.convert_to_tensor(gradient).numpy() for gradient in found]

# %% [markdown] exercise="ch06.unbroadcast"
# Start with the function that undoes broadcasting. An array of the given `shape` was copied to the
# shape of `gradient`; now `gradient` comes back. Add up what belongs to the same number, and return
# an array of the given `shape`.
#
# | `gradient.shape` | `shape` | what to do |
# | --- | --- | --- |
# | (3, 2) | (2,) | add up axis 0; it disappears |
# | (4, 3) | (4, 1) | add up axis 1; it stays, with size 1 |
# | (2, 3, 4) | (3, 1) | both: axis 0 disappears, the last one stays |
# | (2, 3) | (2, 3) | nothing |
#
# Shapes are aligned at the **last** axis, as always in broadcasting.

# %% answer="ch06.unbroadcast"
def unbroadcast(gradient, shape):
    """Return gradient, added up over all copies that broadcasting made of an array of `shape`."""
    ### BEGIN SOLUTION
    if gradient.shape == shape:
        return gradient
    extra = gradient.ndim - len(shape)
    gradient = gradient.sum(axis=tuple(range(extra)))
    stretched = tuple(axis for axis, size in enumerate(shape) if size == 1)
    return gradient.sum(axis=stretched, keepdims=True)
    ### END SOLUTION

# %% [markdown]
# Your function at work in the rule of a product. For single numbers the rule is one line; for
# arrays it needs yours. The last column is the tape's shape.

# %% needs="ch06.unbroadcast"
def mul_rule(upstream, inputs, output):
    x, y = inputs
    return unbroadcast(upstream * y, x.shape), unbroadcast(upstream * x, y.shape)


x, y = tf.constant([[1.0], [2.0], [3.0]]), tf.constant([10.0, 20.0, 30.0, 40.0])
mine = gradients(with_rule("mul", mul_rule), x, y)
theirs = gradients(tf.multiply, x, y)
for name, one, other in zip("xy", mine, theirs, strict=True):
    print(f"gradient of {name}: {one.ravel()}, shape {one.shape}, the tape's {other.shape}")
    assert np.array_equal(one, other)

# %% [markdown] exercise="ch06.vjp_matmul"
# The rule of the matrix product: `inputs` are `x` and `y`, `output` is `x @ y`. There are no
# attributes.
#
# First for plain matrices, (2, 3) @ (3, 4). Then for batches: NumPy and TensorFlow multiply the
# **last two** axes, and everything in front broadcasts. So (4, 2, 3) @ (3, 2) is four products with
# one and the same right matrix. Its gradient has the shape (3, 2) again. You have a function for
# that.
#
# Both inputs have two axes or more, as TensorFlow demands.

# %% answer="ch06.vjp_matmul"
def vjp_matmul(upstream, inputs, output):
    """Return the gradients of both factors of x @ y."""
    x, y = inputs
    ### BEGIN SOLUTION
    grad_x = upstream @ np.swapaxes(y, -1, -2)
    grad_y = np.swapaxes(x, -1, -2) @ upstream
    return unbroadcast(grad_x, x.shape), unbroadcast(grad_y, y.shape)
    ### END SOLUTION

# %% [markdown]
# A layer and a batch of matrices, your rule beside the tape's:

# %% needs=["ch06.unbroadcast", "ch06.vjp_matmul"]
rng = np.random.default_rng(6)
for left, right in (((2, 3), (3, 4)), ((4, 2, 3), (3, 2))):
    x, y = (tf.constant(rng.normal(size=shape), tf.float32) for shape in (left, right))
    mine = gradients(with_rule("matmul", vjp_matmul), x, y)
    theirs = gradients(tf.matmul, x, y)
    agree = all(np.allclose(a, b, atol=1e-5) for a, b in zip(mine, theirs, strict=True))
    print(f"{left} @ {right}: gradients {mine[0].shape} and {mine[1].shape}, agree: {agree}")
    assert agree

# %% [markdown] exercise="ch06.vjp_reductions"
# Two rules: `vjp_sum` and `vjp_mean`. The attributes are those of NumPy:
#
# - `axis`: `None` (all numbers), a number such as `1` or `-1`, or a tuple such as `(0, 2)`;
# - `keepdims`: with `True`, the axes that were added up stay in the output, with size 1.
#
# By hand: x has shape (2, 3), `axis=1`, and `upstream` is `[10, 20]`. Then `vjp_sum` returns one
# array, `[[10, 10, 10], [20, 20, 20]]`, in a tuple. `vjp_mean` returns a third of that.
#
# `vjp_mean` may call `vjp_sum`.

# %% answer="ch06.vjp_reductions"
def vjp_sum(upstream, inputs, output, axis=None, keepdims=False):
    """Return the gradient of x, where output is the sum of x over axis."""
    (x,) = inputs
    ### BEGIN SOLUTION
    if axis is not None and not keepdims:
        upstream = np.expand_dims(upstream, axis)
    return (np.broadcast_to(upstream, x.shape),)
    ### END SOLUTION


def vjp_mean(upstream, inputs, output, axis=None, keepdims=False):
    """Return the gradient of x, where output is the mean of x over axis."""
    (x,) = inputs
    ### BEGIN SOLUTION
    count = x.size // output.size
    return vjp_sum(upstream / count, inputs, output, axis, keepdims)
    ### END SOLUTION

# %% needs="ch06.vjp_reductions"
x = tf.constant(np.arange(24.0).reshape(2, 3, 4), tf.float32)
pairs = (("sum", vjp_sum, tf.reduce_sum), ("mean", vjp_mean, tf.reduce_mean))
for op, rule, reduction in pairs:
    for axis in (None, 1, (0, 2)):
        weights = tf.sin(reduction(x, axis))  # something that is different for each output
        mine_op = with_rule(op, rule, axis=axis)
        (mine,) = gradients(mine_op, x, arriving=weights)
        (theirs,) = gradients(partial(reduction, axis=axis), x, arriving=weights)
        agree = np.allclose(mine, theirs)
        print(f"{op:<5} axis={axis!s:<7} first number: {mine[0, 0, 0]:.3f}, agree: {agree}")
        assert agree

# %% [markdown] exercise="ch06.vjp_max"
# The maximum has the same attributes. The largest number of each group takes the gradient, all
# others get 0. If several are equally large, they **share**: TensorFlow divides among them, so
# `[1, 1, 0]` with upstream 1 gives `[0.5, 0.5, 0]`.

# %% answer="ch06.vjp_max"
def vjp_max(upstream, inputs, output, axis=None, keepdims=False):
    """Return the gradient of x, where output is the maximum of x over axis; ties share."""
    (x,) = inputs
    ### BEGIN SOLUTION
    if axis is not None and not keepdims:
        upstream = np.expand_dims(upstream, axis)
        output = np.expand_dims(output, axis)
    winners = (x == output).astype(upstream.dtype)
    return (upstream * winners / winners.sum(axis=axis, keepdims=True),)
    ### END SOLUTION

# %% needs="ch06.vjp_max"
x = tf.constant([[2.0, 2.0, 2.0], [7.0, 1.0, 7.0]])
(mine,) = gradients(with_rule("max", vjp_max, axis=1), x)
(theirs,) = gradients(partial(tf.reduce_max, axis=1), x)
print(mine.round(3))
assert np.allclose(mine, theirs)

# %% [markdown] exercise="ch06.vjp_moving"
# Four operations that compute nothing: they move numbers. Their rules move gradients back.
#
# | rule | attribute | way forward |
# | --- | --- | --- |
# | `vjp_reshape` | `shape` | `x.reshape(shape)`; `shape` may hold a −1 |
# | `vjp_transpose` | `axes` | `x.transpose(axes)`; `None` turns all axes round |
# | `vjp_slice` | `index` | `x[index]`, with whole numbers and slices |
# | `vjp_gather` | | `table[rows]`; two inputs, `rows` holds whole numbers |
#
# `axes=(1, 2, 0)` means: axis 0 of the output is axis 1 of `x`, and so on. The way home is another
# order of axes: `np.argsort(axes)` is a short way to find it.
#
# `rows` may have any shape, and a row may appear more than once. Then its gradients add up. Whole
# numbers have no slope, so the gradient of `rows` is `None`.

# %% answer="ch06.vjp_moving"
def vjp_reshape(upstream, inputs, output, shape):
    """Return the gradient of x, where output is x.reshape(shape)."""
    (x,) = inputs
    ### BEGIN SOLUTION
    return (upstream.reshape(x.shape),)
    ### END SOLUTION


def vjp_transpose(upstream, inputs, output, axes=None):
    """Return the gradient of x, where output is x.transpose(axes)."""
    ### BEGIN SOLUTION
    home = None if axes is None else np.argsort(axes)
    return (upstream.transpose(home),)
    ### END SOLUTION


def vjp_slice(upstream, inputs, output, index):
    """Return the gradient of x, where output is x[index]."""
    (x,) = inputs
    ### BEGIN SOLUTION
    gradient = np.zeros_like(x)
    gradient[index] = upstream
    return (gradient,)
    ### END SOLUTION


def vjp_gather(upstream, inputs, output):
    """Return the gradient of table, where output is table[rows]; and None for rows."""
    table, rows = inputs
    ### BEGIN SOLUTION
    gradient = np.zeros_like(table)
    np.add.at(gradient, rows, upstream)
    return gradient, None
    ### END SOLUTION

# %% [markdown]
# Words as numbers: a table with a row for each word, and the sentence "to be or not to be". Words 0
# and 1 are used twice.

# %% needs="ch06.vjp_moving"
words = ["to", "be", "or", "not"]
sentence = np.array([words.index(word) for word in "to be or not to be".split()])
table = tf.constant(np.random.default_rng(4).normal(size=(4, 2)), tf.float32)
mine_gather = with_rule("gather", vjp_gather)
(mine,) = gradients(lambda table: mine_gather(table, tf.constant(sentence)), table)
(theirs,) = gradients(lambda table: tf.gather(table, sentence), table)
for word, row in zip(words, mine, strict=True):
    print(f"{word:<4} gradient {row}")
assert np.array_equal(mine, theirs)

# %% [markdown]
# ## All together
#
# 64 points on a plane, $y = 2x_0 - 3x_1 + 1$, and a layer that does not know the plane yet. No
# tape of minitf this time. `assemble` takes your tape of chapter 04 and all rules you have so far
# (gaps are borrowed), and calls your `unbroadcast` after each rule. So `+` takes a bias now, though
# its rule was written for single numbers. 50 steps downhill:

# %% needs=["ch06.unbroadcast", "ch06.vjp_matmul", "ch06.vjp_reductions", "ch06.vjp_moving"]
bench = assemble(my_engine(6))
rng = np.random.default_rng(64)
points = Value(rng.normal(size=(64, 2)).astype(np.float32))
targets = Value(points.data @ np.float32([2, -3]) + np.float32(1))
w, b = Value([[0.0], [0.0]]), Value([0.0])

for step in range(51):
    with bench.tape() as tape:
        predicted = apply("reshape", points @ w + b, shape=(-1,))
        error = predicted - targets
        loss = apply("mean", error * error)
    grad_w, grad_b = tape.gradient(loss, [w, b])
    if step % 10 == 0:
        print(f"step {step:>3}: loss {loss.data:.6f}")
    w.data = w.data - np.float32(0.2) * grad_w
    b.data = b.data - np.float32(0.2) * grad_b
print(f"w {w.data.ravel().round(3)}, b {b.data.round(3)}, {w.data.dtype}")
assert np.allclose(w.data.ravel(), [2, -3], atol=0.001) and w.data.dtype == np.float32

# %% [markdown]
# ## Done
#
# Your engine knows arrays. `provenance()`, in a cell of its own, shows what it is made of.

# %% needs="ch06.vjp_moving"
progress(6)
