# %% [markdown]
# # 02 The computation graph: exercises
#
# Five tasks, about 35 minutes. They belong to the lesson
# [02_computation_graph](../notebooks/02_computation_graph.ipynb), and they use its graph:
#
# $$\text{loss} = |\,\text{y\_true} - (x \cdot w + b)\,|$$
#
# You work on plain Python numbers here, without a framework. What you write is the beginning of
# your own engine. Chapters 03 and 04 build on it.
#
# Each answer is checked by the cell below it. Stuck? Run `hint("ch02.trace_forward")`, with the id
# of your task, in an empty cell.

# %% tags=["setup"]
import minitf as tf
from minitf.course import check, hint, progress, provenance, reset, solution

# %% [markdown] exercise="ch02.trace_forward"
# Do what a tape does on the way forward: compute, and write one record per operation.
#
# A record is a tuple `(name, op, inputs, value)`. Read it as `name = op(inputs) = value`. `inputs`
# holds *names*, so that the way back can be found later. For x = 2, w = 3, b = 1, y_true = 4 the
# first record is
#
# ```
# ("product", "mul", ("x", "w"), 6.0)
# ```
#
# Three more follow: `"y_pred"` by `"add"`, `"error"` by `"sub"`, `"loss"` by `"abs"`. An operation
# with one input still has a tuple: `("error",)`, with the comma.

# %% answer="ch02.trace_forward"
def trace_forward(x, w, b, y_true):
    """Return the four records of loss = |y_true - (x * w + b)|, in the order they are computed."""
    ### BEGIN SOLUTION
    product = x * w
    y_pred = product + b
    error = y_true - y_pred
    loss = abs(error)
    return [
        ("product", "mul", ("x", "w"), product),
        ("y_pred", "add", ("product", "b"), y_pred),
        ("error", "sub", ("y_true", "y_pred"), error),
        ("loss", "abs", ("error",), loss),
    ]
    ### END SOLUTION

# %% [markdown]
# Your records, one per line. The lesson's tape wrote the same four operations.

# %% needs="ch02.trace_forward"
for name, op, inputs, value in trace_forward(x=2.0, w=3.0, b=1.0, y_true=4.0):
    print(f"{name} = {op}({', '.join(inputs)}) = {value:g}")

# %% [markdown] exercise="ch02.local_derivs"
# The number on an arrow: how fast does the output of *one* operation change when one of its inputs
# changes?
#
# You get the name of the operation, the values of its inputs, and its output. Return a tuple with
# one number per input. Examples: `local_derivs("mul", (2.0, 3.0), 6.0)` is `(3.0, 2.0)`, and
# `local_derivs("neg", (5.0,), -5.0)` is `(-1.0,)`.
#
# Five operations are needed: `"add"`, `"sub"`, `"mul"`, `"neg"` and `"abs"`. The absolute value has
# no slope at 0. Return 0 there, as TensorFlow does. The last line is given: a name you do not know
# is an error, not a silent `None`.

# %% answer="ch02.local_derivs"
def local_derivs(op, inputs, output):
    """Return d(output)/d(input) for each input of one operation, as a tuple."""
    ### BEGIN SOLUTION
    if op == "add":
        return (1.0, 1.0)
    if op == "sub":
        return (1.0, -1.0)
    if op == "mul":
        left, right = inputs
        return (right, left)
    if op == "neg":
        return (-1.0,)
    if op == "abs":
        (a,) = inputs
        if a > 0:
            return (1.0,)
        if a < 0:
            return (-1.0,)
        return (0.0,)
    ### END SOLUTION
    raise ValueError(f"no local derivative known for {op!r}")

# %% [markdown]
# The four local derivatives of the lesson's graph, from your function:

# %% needs="ch02.local_derivs"
print("product = x * w         ", local_derivs("mul", (2.0, 3.0), 6.0))
print("y_pred = product + b    ", local_derivs("add", (6.0, 1.0), 7.0))
print("error = y_true - y_pred ", local_derivs("sub", (4.0, 7.0), -3.0))
print("loss = |error|          ", local_derivs("abs", (-3.0,), 3.0))

# %% [markdown] exercise="ch02.order_lines"
# Here are six lines of a way back, shuffled. `d_w` stands for $\partial\text{loss}/\partial w$, and
# so on; `sign_of_error` is the local derivative of the absolute value. Put the lines in an order in
# which Python could run them. Each letter once.
#
# ```
# A   d_product = d_y_pred * 1
# B   d_w = d_product * x
# C   d_loss = 1.0
# D   d_error = d_loss * sign_of_error
# E   d_y_pred = d_error * -1
# F   d_b = d_y_pred * 1
# ```
#
# Write your order as a list, like `["A", "B", "C", "D", "E", "F"]` (which is not right). There is
# more than one right order, and every one of them is accepted.

# %% answer="ch02.order_lines"
### BEGIN SOLUTION
backward_order = ["C", "D", "E", "F", "A", "B"]
### END SOLUTION

# %% [markdown]
# Run the lines in your order. `d_w` is 2 and `d_b` is 1, as in the lesson.

# %% needs="ch02.order_lines"
LINES = {
    "A": "d_product = d_y_pred * 1",
    "B": "d_w = d_product * x",
    "C": "d_loss = 1.0",
    "D": "d_error = d_loss * sign_of_error",
    "E": "d_y_pred = d_error * -1",
    "F": "d_b = d_y_pred * 1",
}
known = {"x": 2.0, "sign_of_error": -1.0}
for letter in backward_order:
    exec(LINES[letter], known)
    variable = LINES[letter].split()[0]
    print(f"{letter}   {LINES[letter]:<34} {variable} is {known[variable]:g}")

assert (known["d_w"], known["d_b"]) == (2.0, 1.0)

# %% [markdown] exercise="ch02.reverse_pass"
# Now let a loop do it, for *any* list of records.
#
# `leaves` is a dict with the numbers that no record computes, where the graph begins:
# `{"x": 2.0, "w": 3.0, "b": 1.0, "y_true": 4.0}`. `records` is a list like yours from
# `trace_forward`. Return a dict of gradients:
#
# 1. The last record is the loss. Its gradient is 1.
# 2. Walk through the records backwards.
# 3. Each input of a record receives: the gradient of the record's output, times the local
#    derivative. Call your `local_derivs` for that. An input that was used twice receives twice:
#    add.
# 4. A name that no gradient reaches stays out of the dict. A record whose own name is not in the
#    dict has nothing to send: skip it.
#
# For the lesson's graph the dict holds `x: 3, w: 2, b: 1, y_true: -1`, and the gradients of
# `product`, `y_pred`, `error` and `loss` as well. The first line is given: the value of every name.

# %% answer="ch02.reverse_pass"
def reverse_pass(leaves, records):
    """Return {name: d(loss)/d(name)} for every name that a gradient reaches."""
    values = {**leaves, **{name: value for name, op, inputs, value in records}}
    ### BEGIN SOLUTION
    loss = records[-1][0]
    grads = {loss: 1.0}
    for name, op, inputs, value in reversed(records):
        if name not in grads:
            continue
        partials = local_derivs(op, tuple(values[i] for i in inputs), value)
        for i, partial in zip(inputs, partials, strict=True):
            grads[i] = grads.get(i, 0.0) + grads[name] * partial
    return grads
    ### END SOLUTION

# %% [markdown]
# Your pass on the lesson's numbers, beside minitf's tape:

# %% needs=["ch02.trace_forward", "ch02.local_derivs", "ch02.reverse_pass"]
leaves = {"x": 2.0, "w": 3.0, "b": 1.0, "y_true": 4.0}
mine = reverse_pass(leaves, trace_forward(**leaves))

tensors = {name: tf.constant(value) for name, value in leaves.items()}
with tf.GradientTape() as tape:
    tape.watch(tensors)
    loss = tf.abs(tensors["y_true"] - (tensors["x"] * tensors["w"] + tensors["b"]))
theirs = tape.gradient(loss, tensors)

for name in leaves:
    print(f"{name:<7} mine {mine[name]:>2g}   minitf {theirs[name].numpy():>2g}")
    assert mine[name] == theirs[name].numpy()

# %% [markdown] exercise="ch02.move_w"
# What is a gradient good for? It predicts. Move `w` by a small `step`: the loss changes by about
# $\partial\text{loss}/\partial w \cdot \text{step}$.
#
# Return a tuple of two numbers: the change that the gradient predicts, and the change that really
# happens when you compute the loss again at `w + step`. A change is new minus old. Use your
# `trace_forward` and `reverse_pass`.
#
# Before you write: at w = 3 the gradient is 2 and the loss is 3. What do you expect for a step of
# -0.25, and what for a step of -2? The cell after the check shows both.

# %% answer="ch02.move_w"
def move_w(x, w, b, y_true, step):
    """Return (predicted change, actual change) of the loss when w moves by step."""
    ### BEGIN SOLUTION
    leaves = {"x": x, "w": w, "b": b, "y_true": y_true}
    before = trace_forward(**leaves)
    after = trace_forward(x, w + step, b, y_true)
    predicted = reverse_pass(leaves, before)["w"] * step
    actual = after[-1][3] - before[-1][3]
    return predicted, actual
    ### END SOLUTION

# %% needs="ch02.move_w"
for step in (-0.25, 0.25, -1.0, -2.0, -3.0):
    predicted, actual = move_w(x=2.0, w=3.0, b=1.0, y_true=4.0, step=step)
    print(f"step {step:>5}   predicted {predicted:>5}   actual {actual:>5}")

# %% [markdown]
# Up to a step of -1.5 both columns agree to the last digit: the loss is a straight line there. A
# step of -2 takes `w` to 1, past the kink at `w` = 1.5. The slope changed on the way, and the
# gradient at `w` = 3 could not know. It promised a loss of 3 - 4 = -1; the real one is 1. This is
# why training takes small steps.

# %% needs="ch02.move_w"
promised = 3.0 + move_w(2.0, 3.0, 1.0, 4.0, step=-2.0)[0]
real = 3.0 + move_w(2.0, 3.0, 1.0, 4.0, step=-2.0)[1]
print(f"promised {promised:g}, real {real:g}")
assert (promised, real) == (-1.0, 1.0)
assert move_w(2.0, 3.0, 1.0, 4.0, step=-1.5) == (-3.0, -3.0)

# %% [markdown]
# ## Done
#
# `progress(2)` shows this chapter, `provenance(2)` your engine so far.

# %% needs="ch02.move_w"
progress(2)

# %% needs="ch02.move_w"
provenance(2)
