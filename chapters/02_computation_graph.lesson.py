# %% [markdown]
# # 02 The computation graph, forward and reversed
#
# **60 minutes**: about 25 for this lesson, 35 for the exercises.
#
# You need Python, and the school idea of a slope. Chapter 00 helps: there you saw a tape.
#
# After this chapter you can
#
# - draw the graph of a small loss and fill in its values, forward;
# - write the local derivative on each arrow;
# - walk the graph backwards and read off all gradients in one go;
# - say what happens where a value is used twice, and where a function has a kink.

# %% tags=["setup"]
import matplotlib.pyplot as plt

import minitf as tf
from minitf.course import predict, sealed

# %% [markdown]
# ## Three questions first
#
# Getting something back out of your memory makes it stay. Put your answers in place of `None`,
# words in quotes (`"down"`), and run the cell. A wrong answer costs nothing. The stored outputs
# below give answers away: to predict honestly, first choose *Edit*, *Clear Outputs of All Cells*.
# An answer that no line computes is `sealed(...)`, so that you do not read it by accident.
#
# 1. A secant is a line through two points of a curve. Take $f(w) = w^2$ at $w = 3$ and at $w = 4$.
#    What is the slope of the secant?
# 2. In chapter 00 the slope of the loss was 12 at `w` = 3. Which way do you move `w` to make the
#    loss smaller?
# 3. A tape writes down the operations that run. How many additions, subtractions, multiplications
#    and squares does it find in `tf.square(w * x + b - y_true)`?

# %%
def chapter_00_loss(w):
    return (w * 2.0 + 1.0 - 4.0) ** 2


def count_operations():
    w, x, b, y_true = tf.Variable(3.0), tf.constant(2.0), tf.Variable(1.0), tf.constant(4.0)
    with tf.GradientTape() as tape:
        tf.square(w * x + b - y_true)
    # Reading a variable is also written down, but computes nothing.
    return sum(row.op != "ReadVariableOp" for row in tf.inspect.rows(tape))


predict(
    "1. the slope of the secant",
    yours=None,
    answer=sealed("Nw=="),
    why="Rise over run. At 3 itself the slope is 6: a secant is only near it.",
)
predict(
    "2. the way to move w",
    yours=None,
    answer=lambda: min(("up", 3.1), ("down", 2.9), key=lambda way: chapter_00_loss(way[1]))[0],
    choices=("up", "down"),
    why="The slope says which way the loss grows. You want it to shrink.",
)
predict(
    "3. the number of operations",
    yours=None,
    answer=count_operations,
    why="Python runs one operation at a time, from the inside out.",
)

# %% [markdown]
# ## Four numbers, one loss
#
# Here is the example of this chapter. You have an input `x` and a *target* `y_true`, the number you
# would like to get for it. The *weight* `w` and the *bias* `b` are the two numbers to learn. The
# prediction is $x \cdot w + b$. The loss is how far it lies from the target:
#
# $$\text{loss} = |\,\text{y\_true} - (x \cdot w + b)\,|$$

# %%
def loss_of(x, w, b, y_true):
    return abs(y_true - (x * w + b))


numbers = {"x": 2.0, "w": 3.0, "b": 1.0, "y_true": 4.0}
print("loss =", loss_of(**numbers))

# %% [markdown]
# Suppose you may raise **one** of the four numbers by 0.1. Which one changes the loss most? Decide
# before you read on.

# %% key="hook"
def change_of_loss(name, nudge=0.1):
    nudged = {**numbers, name: numbers[name] + nudge}
    return loss_of(**nudged) - loss_of(**numbers)


predict(
    "the number that changes the loss most",
    yours=None,
    answer=lambda: max(numbers, key=lambda name: abs(change_of_loss(name))),
    choices=("x", "w", "b", "y_true"),
    why="The next cell nudges all four and shows what happens.",
)

# %% [markdown]
# Did you decide? Then look:

# %%
for name in numbers:
    change = change_of_loss(name)
    per_unit = change / 0.1
    print(f"{name:<6} + 0.1   changes the loss by {change:+.2f}, that is {per_unit:+.0f} per unit")

assert [round(change_of_loss(name) / 0.1) for name in ("x", "w", "b", "y_true")] == [3, 2, 1, -1]
assert 784 * 128 + 128 + 128 * 10 + 10 == 101_770  # the network of chapter 00

# %% [markdown]
# The last column is the gradient: 3, 2, 1 and -1. So nudging works. What it costs is one new
# computation per number. Four are nothing; the network in chapter 00 has 101,770 numbers, and would
# need 101,770 computations for a single step of training.
#
# There is a way that needs **one** walk, however many numbers there are. It needs a drawing.
#
# ## Forward: fill in the values
#
# Python computes the loss in four small operations. Write them one below the other, and give each
# result a name:
#
# $$
# \begin{aligned}
# \text{product} &= x \cdot w \\
# \text{y\_pred} &= \text{product} + b \\
# \text{error} &= \text{y\_true} - \text{y\_pred} \\
# \text{loss} &= |\text{error}|
# \end{aligned}
# $$
#
# The next cell computes them on a tape, and keeps the results to itself for now. `w` and `b` are
# variables, which a tape watches by itself. `x` and `y_true` are constants: data. You want their
# gradients as well, so you ask the tape to watch them. `persistent=True` lets you use the tape more
# than once.

# %%
x, y_true = tf.constant(2.0), tf.constant(4.0)
w, b = tf.Variable(3.0), tf.Variable(1.0)

with tf.GradientTape(persistent=True) as tape:
    tape.watch([x, y_true])
    product = x * w
    y_pred = product + b
    error = y_true - y_pred
    loss = tf.abs(error)

viewer = tf.viz.show(tape, loss)

# %% [markdown]
# With x = 2, w = 3, b = 1 and y_true = 4: which values do `product`, `y_pred`, `error` and `loss`
# get? Fill in all four.

# %%
node = {node.name: node for node in viewer.spec.nodes}

predict("product", yours=None, answer=lambda: node["product"].value)
predict("y_pred", yours=None, answer=lambda: node["y_pred"].value)
predict("error", yours=None, answer=lambda: node["error"].value, why="Target minus prediction.")
predict("loss", yours=None, answer=lambda: node["loss"].value)

# %% [markdown]
# Now look at what the tape wrote down:

# %%
tf.inspect.rows(tape)

# %% [markdown]
# A line says which operation ran, on what, and what came out.
# (`ReadVariableOp` and `AddV2` are TensorFlow's names for reading a variable and for adding.)
#
# Now turn the lines into a drawing. Every value becomes a **node**. Every use of a value becomes an
# **arrow** (many books say *edge*), from the value to the operation that uses it. This is the
# **computation graph**:

# %%
assert [node[name].value for name in ("product", "y_pred", "error", "loss")] == [6, 7, -3, 3]
viewer.static(step=4)

# %% [markdown]
# Rounded boxes are inputs. Boxes with a thick bar are parameters, the numbers to learn. Ovals are
# operations. The double oval is the loss. Blue arrows carry values to the right: 6, 7, -3, 3.
#
# Each node also says "no gradient yet". That is not the same as a gradient of 0. Zero would be an
# answer: *the slope is flat here*. So far nobody has asked.
#
# ## A number on every arrow
#
# Look at one operation alone, and forget the rest of the graph. `product = x * w` is 6. Raise `w`
# by 1, to 4, and keep `x` = 2. The product becomes 8. It grew by 2, and that 2 is `x`.
#
# This is a **local derivative**: how fast one operation's output changes with one of its inputs.
# Each arrow has one, and you need only the operation and its inputs to know it.
#
# | operation | local derivatives | here |
# | --- | --- | --- |
# | product = x · w | w (for x) and x (for w) | 3 and 2 |
# | y_pred = product + b | 1 and 1 | 1 and 1 |
# | error = y_true − y_pred | 1 and −1 | 1 and −1 |
# | loss = \|error\| | the sign of error | ? |
#
# The absolute value is a V. Right of 0 it rises with slope 1, left of 0 it falls with slope −1.
# Which number belongs in place of the question mark?

# %%
arrow = {edge.symbol: edge.partial for edge in viewer.spec.edges}

predict(
    "the local derivative of loss = |error|",
    yours=None,
    answer=lambda: arrow["∂loss/∂error"],
    choices=("-1", "0", "1"),
    why="The error is -3. Which arm of the V is that?",
)

assert (arrow["∂product/∂x"], arrow["∂product/∂w"]) == (3, 2)
assert (arrow["∂y_pred/∂product"], arrow["∂y_pred/∂b"]) == (1, 1)
assert (arrow["∂error/∂y_true"], arrow["∂error/∂y_pred"]) == (1, -1)

# %% [markdown]
# ## Reversed: turn the arrows round
#
# Now ask at every node: *how fast does the loss change with this value?* That number is the node's
# gradient. At the loss itself the answer is easy. The loss changes as fast as itself:
# $\partial\text{loss}/\partial\text{loss} = 1$. This 1 is called the **seed**.
#
# Go back from there. The rule for each arrow is a multiplication:
#
# $$
# \text{what goes back along an arrow}
# = \text{gradient where the arrow points} \times \text{its local derivative}
# $$
#
# The gradient where the arrow points has its own name, the **upstream** gradient. Watch the first
# step: the seed 1 goes back along the arrow from `error` to `loss`, whose number is −1. So `error`
# receives 1 · (−1) = −1.

# %%
viewer.static(step=6)

# %% [markdown]
# Dashed arrows have been walked backwards. Try to see the −1 in words: raise the error by 0.1, from
# −3 to −2.9, and the loss falls from 3 to 2.9.
#
# Now you. The next node is `y_pred`. Its upstream gradient is −1. Its arrow's number is −1 too.

# %%
predict(
    "dloss/dy_pred",
    yours=None,
    answer=lambda: node["y_pred"].adjoint,
    why="The prediction 7 is above the target 4. Raise it, and it moves away from the target.",
)

# %% [markdown]
# Here is the whole way back. Step with the buttons, or click it and use the arrow keys. Before a
# gradient of `x`, `w`, `b` or `y_true` appears, the viewer asks you for it: multiply what has
# arrived by the number on the arrow.
#
# Other keys: Space plays, Home and End jump, T shows a table, P shows the paths of one input after
# another, and Esc closes them.

# %% key="viewer"
tf.viz.show(tape, loss)

# %% [markdown]
# Two things to remember from the way back. An addition passes the gradient on as it is: `product`
# and `b` both get 1 · 1 = 1. And a multiplication swaps: `x` gets 1 · `w` = 3, `w` gets 1 · `x` =
# 2. The end of the walk:

# %%
viewer.static(step=-1)

# %% [markdown]
# Compare with the four nudges at the start: 3, 2, 1, -1. The same numbers, but one walk found all
# four. `tape.gradient` takes the same walk:

# %% key="walk"
gradients = tape.gradient(loss, {"x": x, "w": w, "b": b, "y_true": y_true})
for name, gradient in gradients.items():
    nudged = change_of_loss(name) / 0.1
    print(f"dloss/d{name:<7} walk {gradient.numpy():+.0f}   nudge {nudged:+.0f}")

assert {name: float(g) for name, g in gradients.items()} == {"x": 3, "w": 2, "b": 1, "y_true": -1}

# %% [markdown]
# All this works for many numbers at once. Take $y = 2x + 3$ for a variable of shape (2, 2), which
# holds four numbers. `tape.gradient` answers with an array of the same shape. What stands in each
# of its places?

# %%
four = tf.Variable([[1.0, 2.0], [3.0, 4.0]])
with tf.GradientTape() as four_tape:
    line = 2.0 * four + 3.0
four_slopes = four_tape.gradient(line, four)

predict(
    "each number of the gradient",
    yours=None,
    answer=lambda: four_slopes.numpy().mean(),
    why="Four separate lines, one per number. The 3 shifts them and tilts nothing.",
)

# %% key="four_lines"
print(four_slopes.numpy())
assert four_slopes.shape == (2, 2) and (four_slopes.numpy() == 2.0).all()

# %% [markdown]
# Why may you multiply along the way? Because slopes in a row multiply. If `product` grows 2 times
# as fast as `w`, and `y_pred` grows 1 times as fast as `product`, then `y_pred` grows 2 · 1 times
# as fast as `w`. From `w` to the loss there are four arrows in a row:
#
# $$
# \frac{\partial\,\text{loss}}{\partial w}
# = \underbrace{\frac{\partial\,\text{loss}}{\partial\,\text{error}}}_{-1}
# \cdot \underbrace{\frac{\partial\,\text{error}}{\partial\,\text{y\_pred}}}_{-1}
# \cdot \underbrace{\frac{\partial\,\text{y\_pred}}{\partial\,\text{product}}}_{1}
# \cdot \underbrace{\frac{\partial\,\text{product}}{\partial w}}_{x\,=\,2}
# = 2
# $$
#
# You know this as the **chain rule**. And you see why walking back saves work: the first three
# factors belong to `x` as well. The walk multiplies them once, keeps the result at `product`, and
# uses it twice.

# %%
for view in viewer.spec.paths:
    name, path = viewer.spec.node(view.source).name, view.paths[0]
    factors = " · ".join(f"({text})" if text.startswith("-") else text for text in path.factors)
    print(f"from {name:<7} to the loss: {factors} = {path.product_text}")

# %% [markdown]
# ## Your turn, with help
#
# Same graph, one number changed: `w` = 0.5. Take a pencil and draw it. Then fill in the blanks. The
# first value is given: `product` is 2 · 0.5 = 1. (The function at the top runs the tape from
# before, for any four numbers.)

# %%
def values_and_gradients(x, w, b, y_true):
    """Run the graph on a tape; return its description, and all its numbers in a dict."""
    sources = {"x": tf.constant(x), "w": tf.Variable(w), "b": tf.Variable(b)}
    sources["y_true"] = tf.constant(y_true)
    with tf.GradientTape(persistent=True) as tape:
        tape.watch(sources)
        product = sources["x"] * sources["w"]
        y_pred = product + sources["b"]
        error = sources["y_true"] - y_pred
        loss = tf.abs(error)
    named = {"product": product, "y_pred": y_pred, "error": error, "loss": loss}
    numbers = {name: value.numpy() for name, value in named.items()}
    for name, gradient in tape.gradient(loss, {**sources, **named}).items():
        numbers["d_" + name] = gradient.numpy() + 0.0  # turns -0.0 into 0.0
    return tf.inspect.graph(tape, loss, names={**sources, **named}), numbers


half, half_numbers = values_and_gradients(x=2.0, w=0.5, b=1.0, y_true=4.0)

predict("y_pred = 1 + 1", yours=None, answer=lambda: half_numbers["y_pred"])
predict("error = 4 - y_pred", yours=None, answer=lambda: half_numbers["error"])
predict("loss = |error|", yours=None, answer=lambda: half_numbers["loss"])

# %% [markdown]
# Now back. `d_error` is short for ∂loss/∂error, and so on. The seed, `d_loss`, is 1. Which side of
# the V are you on this time? (Between `y_pred` and `product` stands an addition, so `d_product` is
# the same as `d_y_pred`.)

# %%
predict("d_error = 1 · (sign of error)", yours=None, answer=lambda: half_numbers["d_error"])
predict("d_y_pred = d_error · (-1)", yours=None, answer=lambda: half_numbers["d_y_pred"])
predict("d_w = d_product · x", yours=None, answer=lambda: half_numbers["d_w"])
predict(
    "d_x = d_product · w",
    yours=None,
    answer=lambda: half_numbers["d_x"],
    why="Compare with w = 3: the prediction is on the other side of the target now.",
)

# %%
assert [half_numbers[name] for name in ("product", "y_pred", "error", "loss")] == [1, 2, 2, 2]
assert [half_numbers[name] for name in ("d_error", "d_y_pred", "d_w", "d_x")] == [1, -1, -2, -0.5]
tf.viz.static_picture(half, step=-1)

# %% [markdown]
# ## When a value is used more than once
#
# So far each value had one arrow leaving it. Take $y = a \cdot a + a$ at $a = 3$. Here `a` is used
# three times: twice by the product, once by the sum. Three arrows leave it. This is a **fan-out**.
#
# Nudge `a`, and the change travels down all three arrows at once. In `y` the three effects add up.
# So on the way back, three contributions arrive at `a`, and you **add** them.
#
# Which three? One of them comes straight from the sum, whose local derivative is 1.

# %%
a = tf.Variable(3.0)
with tf.GradientTape(persistent=True) as fan_tape:
    square = a * a
    y = square + a

predict(
    "dy/da at a = 3",
    yours=None,
    answer=lambda: fan_tape.gradient(y, a),
    why="One contribution per use of a. Check it with calculus: y is a² + a.",
)

# %%
fan_out = tf.viz.show(fan_tape, y)
fan_out

# %% [markdown]
# Step through it, and watch the sum at `a` grow: 1, then 1 + 3, then 1 + 3 + 3 = 7. On an arrow,
# ∂y/∂a means the slope of that one use only; the gradient at the node is the sum over all uses.
# Halfway, with two of three contributions, the picture is this:

# %%
sums = [step.adjoints[fan_out.spec.nodes[0].id] for step in fan_out.spec.steps[5:8]]
assert sums == ["1", "4", "7"]
assert float(fan_tape.gradient(y, a)) == 2 * 3 + 1 == 7
fan_out.static(step=6)

# %% [markdown]
# ## Exercises
#
# Now write it yourself: the way forward, the local derivatives, the way back. Open
# [the exercises of this chapter](../exercises/02_computation_graph.ipynb). They take about 35
# minutes. Then come back here and break something.
#
# ## Break it: `=` in place of `+=`
#
# Here is a way back written by hand, one line per arrow, with `=` everywhere. On the first graph it
# is right:

# %%
def all_with_equals(x, w):
    """The way back for a prediction that is too large, as at w = 3."""
    d_loss = 1.0
    d_error = d_loss * -1
    d_y_true = d_error * 1
    d_y_pred = d_error * -1
    d_product = d_y_pred * 1
    d_b = d_y_pred * 1
    d_x = d_product * w
    d_w = d_product * x
    return d_x, d_w, d_b, d_y_true


print(all_with_equals(x=2.0, w=3.0))
assert all_with_equals(x=2.0, w=3.0) == (3, 2, 1, -1)

# %% [markdown]
# A test with this graph would be green. Now the same style for $y = a \cdot a + a$ at $a = 3$. Read
# the lines in the next cell, and say which number they end with.

# %%
def d_a_with_equals(a):
    d_y = 1.0
    d_square = d_y * 1  # y = square + a, first input
    d_a = d_y * 1  # y = square + a, second input
    d_a = d_square * a  # square = a * a, first input
    d_a = d_square * a  # square = a * a, second input
    return d_a


predict(
    "what the lines with = return for a = 3",
    yours=None,
    answer=lambda: d_a_with_equals(3.0),
    why="Each line throws away what arrived before it.",
)

# %% key="plus_equals"
def d_a_with_plus_equals(a):
    d_y, d_a = 1.0, 0.0
    d_square = d_y * 1
    d_a += d_y * 1
    d_a += d_square * a
    d_a += d_square * a
    return d_a


nudge = ((3.001**2 + 3.001) - (2.999**2 + 2.999)) / 0.002
print(f"with =    {d_a_with_equals(3.0):g}")
print(f"with +=   {d_a_with_plus_equals(3.0):g}")
print(f"nudge     {nudge:g}")
assert (d_a_with_equals(3.0), d_a_with_plus_equals(3.0)) == (3, 7)

# %% [markdown]
# Nobody raised an error: there is no message to read, and that is what makes this mistake
# dangerous. 3 is a plausible number, and a network may even learn something with it. Two habits
# help: write `+=` wherever something arrives, and test with a graph in which a value is used more
# than once.
#
# ## Break it: the point of the V
#
# With `w` = 1.5 the prediction is 2 · 1.5 + 1 = 4, and that is the target. The error is 0, and
# |error| stands on the point of its V. Left of it the slope is −1, right of it 1. What will the
# tape say?

# %%
kink, kink_numbers = values_and_gradients(x=2.0, w=1.5, b=1.0, y_true=4.0)

predict(
    "dloss/dw at w = 1.5",
    yours=None,
    answer=lambda: kink_numbers["d_w"],
    choices=("-2", "0", "2", "an error"),
    why="Somebody had to choose. Read on.",
)

# %% key="kink"
weights = [index / 20 for index in range(0, 81)]
figure, axis = plt.subplots(figsize=(5, 2.8))
axis.plot(weights, [loss_of(2.0, weight, 1.0, 4.0) for weight in weights], color="#0072B2")
for weight in (0.5, 1.5, 3.0):
    _, at = values_and_gradients(x=2.0, w=weight, b=1.0, y_true=4.0)
    axis.plot(weight, at["loss"], "o", color="#D55E00")
    slope = f"slope {at['d_w']:g}"
    axis.annotate(slope, (weight, at["loss"]), (10, -2), textcoords="offset points")
    print(f"w = {weight}: loss {at['loss']:g}, dloss/dw {at['d_w']:g}")
axis.set(xlabel="w", ylabel="loss", ylim=(-0.4, 5.4))
axis.spines[["top", "right"]].set_visible(False)
plt.show()

# %% [markdown]
# At the point itself there is no single slope. Any number from −2 to 2 gives a line that touches
# the V there and stays below it. Somebody has to choose, and nobody raises an error. The frameworks
# do not agree: for the slope of the absolute value at 0, TensorFlow 2.21 and PyTorch 2.13 take 0,
# JAX 0.10 takes 1. It is a convention, not a fact of calculus. minitf follows TensorFlow: the arrow
# from `error` to `loss` carries 0, and 0 times anything is 0, all the way back. `relu` is max(x,
# 0), another V with one arm laid flat; networks are full of it. Its slope at 0 is 0 in all three.

# %% key="kink_at_zero"
corner = tf.Variable(0.0)
with tf.GradientTape(persistent=True) as corner_tape:
    kinked = {"abs": tf.abs(corner), "relu": tf.nn.relu(corner)}
for name, value in kinked.items():
    print(f"slope of {name} at 0: {corner_tape.gradient(value, corner).numpy():g}")

assert kink_numbers["error"] == 0.0
assert all(corner_tape.gradient(value, corner) == 0.0 for value in kinked.values())
assert all(kink_numbers[f"d_{name}"] == 0.0 for name in ("x", "w", "b", "y_true", "error"))
tf.viz.static_picture(kink, step=-1)

# %% [markdown]
# ## 0, None, and not yet
#
# You have met two answers that look alike: *no gradient yet*, and 0. There is a third. What does
# the tape answer for a constant, if you forget `tape.watch`?

# %%
data, weight = tf.constant(2.0), tf.Variable(3.0)

with tf.GradientTape(persistent=True) as forgetful:
    miss = tf.abs(4.0 - (data * weight + 1.0))

predict(
    "the gradient of the constant, without watch",
    yours=None,
    answer=lambda: str(forgetful.gradient(miss, data)),
    choices=("0", "3", "None"),
    why="The next cell lets the tape explain it.",
)

# %%
print(forgetful.explain(miss, data))
assert forgetful.gradient(miss, data) is None

# %% [markdown]
# Read that aloud. It names the cause (a plain tensor that nobody watched), the rule (only trainable
# variables are watched by themselves) and the fix (its `x` is your tensor, here `data`). So there
# are three different things:
#
# - **not yet**: the walk back has not reached this node;
# - **0**: it has, and the slope here is 0, or a convention at a kink says so;
# - **None**: there is no path that the tape knows of.
#
# A 0 in place of a None would hide a mistake. Whenever you see None, ask `tape.explain`.
#
# ## In short
#
# - A computation graph has a node for each value and an arrow for each use of a value.
# - Forward, values flow along the arrows. Each arrow has a local derivative, which depends on its
#   operation and that operation's inputs, on nothing else.
# - Backwards, you start with 1 at the loss. Each arrow multiplies what comes from upstream by its
#   local derivative.
# - Where several arrows leave a value, what comes back adds up: `+=`.
# - One walk gives the gradients of all inputs. At a kink the framework follows a convention.

# %% [markdown]
# ## Say why, in one sentence
#
# Why does one walk backwards give the gradients of *all* inputs, while nudging needs a new
# computation for each? Write one sentence, on paper or in this cell (double-click it). Then
# compare.
#
# Your sentence:
#
# <details>
# <summary>A possible answer</summary>
#
# Every gradient is made of the same factors near the loss, and the walk computes each node's
# gradient once and shares it with everything behind that node; a nudge shares nothing.
#
# </details>

# %% [markdown]
# ## Further reading
#
# - A. G. Baydin, B. A. Pearlmutter, A. A. Radul, J. M. Siskind, *Automatic differentiation in
#   machine learning: a survey*, Journal of Machine Learning Research 18 (153), 2018. Section 3 does
#   a small example in both directions, in tables like your records.
# - A. Griewank, A. Walther, *Evaluating Derivatives*, 2nd edition, SIAM, 2008. The standard book.
# - D. E. Rumelhart, G. E. Hinton, R. J. Williams, *Learning representations by back-propagating
#   errors*, Nature 323, 533-536, 1986. Four pages, and the walk back for a network.
# - TensorFlow guide, *Introduction to gradients and automatic differentiation*:
#   <https://www.tensorflow.org/guide/autodiff>.
#
# ## Next
#
# If you have not done them yet: [the exercises](../exercises/02_computation_graph.ipynb). After
# them, `reverse_pass` in your own engine does what this chapter did by hand. Chapter 03 goes on
# with graphs in which many paths lead to the loss, and asks in which order to walk them.
