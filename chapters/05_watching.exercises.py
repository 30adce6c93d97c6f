# %% [markdown]
# # 05 What the tape watches: exercises
#
# Six tasks, about 50 minutes. They belong to the lesson
# [05_watching](../notebooks/05_watching.ipynb).
#
# In this chapter you work with `minitf` itself. What you write in the first five tasks would run on
# TensorFlow as well.

# %% tags=["setup"]
import warnings

import numpy as np

import minitf as tf
from minitf.course import check, hint, progress, provenance, reset, solution

# %% [markdown]
# ## Three broken functions
#
# The first two return a value and its gradient, and the gradient is None. The third is a training
# loop that stops with an error. Run the cell. Which questions of the checklist do they fail?


# %% key="patients_one"
def broken_slope_of_square(number):
    """x², and its slope."""
    x = tf.constant(number)
    with tf.GradientTape() as tape:
        y = x * x
    return y, tape.gradient(y, x)


def broken_slope_of_bill(pieces):
    """The price of some pieces, and how fast it grows with them; pieces is an integer."""
    x = tf.Variable(pieces)
    with tf.GradientTape() as tape:
        number = tf.cast(x, tf.float32)
        y = 2.5 * number + 0.5 * number * number
    return y, tape.gradient(y, x)


def broken_move_to_five(w, steps):
    """Move the variable w towards 5, by gradient descent on (w - 5)²."""
    for _ in range(steps):
        with tf.GradientTape() as tape:
            loss = (w - 5.0) ** 2
        w = w - 0.1 * tape.gradient(loss, w)


print("square:", broken_slope_of_square(3.0)[1])
with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # you read it in the lesson
    print("bill:  ", broken_slope_of_bill(4)[1])
try:
    broken_move_to_five(tf.Variable(3.0), steps=2)
except TypeError as error:
    print("five:  ", error)

# %% [markdown] exercise="ch05.fix_the_none"
# Write the three functions anew, so that the gradients arrive. Copy the lines from above and mend
# them, all three before you check. The values must stay what they are:
#
# - `slope_of_square(3.0)` is 9 with slope 6;
# - `slope_of_bill(4)` is 18 with slope 6.5;
# - `move_to_five(w, 2)` moves the variable it was given from 3 to 3.72. It returns nothing.


# %% answer="ch05.fix_the_none"
def slope_of_square(number):
    """Return x² and its slope at x = number."""
    ### BEGIN SOLUTION
    x = tf.constant(number)
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = x * x
    return y, tape.gradient(y, x)
    ### END SOLUTION


def slope_of_bill(pieces):
    """Return the price of some pieces and its slope; pieces is an integer."""
    ### BEGIN SOLUTION
    number = tf.Variable(float(pieces))
    with tf.GradientTape() as tape:
        y = 2.5 * number + 0.5 * number * number
    return y, tape.gradient(y, number)
    ### END SOLUTION


def move_to_five(w, steps):
    """Move the variable w towards 5, by gradient descent on (w - 5)², rate 0.1."""
    ### BEGIN SOLUTION
    for _ in range(steps):
        with tf.GradientTape() as tape:
            loss = (w - 5.0) ** 2
        w.assign_sub(0.1 * tape.gradient(loss, w))
    ### END SOLUTION


# %% [markdown]
# Your loop, watched for 20 steps:

# %% needs="ch05.fix_the_none"
w = tf.Variable(3.0)
for k in range(4):
    move_to_five(w, steps=5)
    print(f"after {5 * (k + 1):>2} steps w = {w.numpy():.4f}")

# %% [markdown]
# ## Three more
#
# In the first two the source is watched, but the way is cut somewhere. In the third the question is
# wrong.


# %% key="patients_two"
def broken_slope_of_error(w, x, target):
    """The mean squared error of w * x, and its gradient by w; x and target are NumPy arrays."""
    w = tf.Variable(w)
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(np.square(w * x - target))
    return loss, tape.gradient(loss, w)


def broken_slope_of_total(w):
    """The root of w² + 2w² + 3w², and its slope."""
    w = tf.Variable(w)
    total = tf.Variable(0.0)
    with tf.GradientTape() as tape:
        for k in (1.0, 2.0, 3.0):
            total.assign_add(k * w * w)
        y = tf.sqrt(total)
    return y, tape.gradient(y, w)


def broken_slope_of_first(values):
    """The product of two numbers, and its slope by the first."""
    x = tf.Variable(values)
    with tf.GradientTape() as tape:
        y = x[0] * x[1]
    return y, tape.gradient(y, x[0])


x, target = np.array([1.0, 2.0], "float32"), np.array([2.0, 2.0], "float32")
print("error:", broken_slope_of_error(3.0, x, target)[1])
print("total:", broken_slope_of_total(3.0)[1])
print("first:", broken_slope_of_first([3.0, 4.0])[1])

# %% [markdown] exercise="ch05.fix_the_path"
# Mend these three as well. The values stay:
#
# - `slope_of_error(3.0, x, target)` with the arrays above is 8.5 with slope 9;
# - `slope_of_total(3.0)` is $3\sqrt6 \approx 7.348$ with slope $\sqrt6 \approx 2.449$;
# - `slope_of_first([3.0, 4.0])` is 12 with slope 4: a single number.


# %% answer="ch05.fix_the_path"
def slope_of_error(w, x, target):
    """Return the mean squared error of w * x, and its gradient by w."""
    ### BEGIN SOLUTION
    w = tf.Variable(w)
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(tf.square(w * x - target))
    return loss, tape.gradient(loss, w)
    ### END SOLUTION


def slope_of_total(w):
    """Return the root of w² + 2w² + 3w², and its slope."""
    ### BEGIN SOLUTION
    w = tf.Variable(w)
    with tf.GradientTape() as tape:
        total = 0.0
        for k in (1.0, 2.0, 3.0):
            total = total + k * w * w
        y = tf.sqrt(total)
    return y, tape.gradient(y, w)
    ### END SOLUTION


def slope_of_first(values):
    """Return the product of two numbers, and its slope by the first."""
    ### BEGIN SOLUTION
    x = tf.Variable(values)
    with tf.GradientTape() as tape:
        y = x[0] * x[1]
    return y, tape.gradient(y, x)[0]
    ### END SOLUTION


# %% [markdown]
# Each of yours with its value and its slope:

# %% needs="ch05.fix_the_path"
for name, (value, slope) in {
    "error": slope_of_error(3.0, x, target),
    "total": slope_of_total(3.0),
    "first": slope_of_first([3.0, 4.0]),
}.items():
    print(f"{name}: value {value.numpy():.3f}, slope {slope.numpy():.3f}")

# %% [markdown] exercise="ch05.watching"
# You want to know how a result depends on a few chosen values, and on nothing else. `chosen` is a
# list of tensors and variables. Some of the variables may not be trainable. `compute` is a function
# without arguments that uses them, and others.
#
# Run `compute()` **once**, on a tape that watches exactly the chosen values. Return the tape and
# the result.


# %% answer="ch05.watching"
def record_only(compute, chosen):
    """Return (tape, compute()), with a tape that watches the values in chosen and no others."""
    ### BEGIN SOLUTION
    with tf.GradientTape(watch_accessed_variables=False) as tape:
        tape.watch(chosen)
        result = compute()
    return tape, result
    ### END SOLUTION


# %% [markdown]
# A line with two variables and an input. Only `b` and `x` are chosen:

# %% needs="ch05.watching"
w, b, x = tf.Variable(2.0), tf.Variable(1.0), tf.constant(3.0)
tape, y = record_only(lambda: w * x + b, [b, x])
for row in tf.inspect.rows(tape):
    print(row)
print([None if g is None else float(g) for g in tape.gradient(y, [w, b, x])])

# %% [markdown] exercise="ch05.persistent"
# `f(x)` returns a list of numbers (scalar tensors). You want the gradient of **each** of them by
# `x`, in a list. `x` is a tensor that nobody watches yet.
#
# `f` is expensive: call it once. A number that does not depend on `x` has gradient zero, of the
# shape of `x`, and not None.


# %% answer="ch05.persistent"
def gradient_of_each(f, x):
    """Return a list with the gradient of each number in f(x) by x; zeros where there is no way."""
    ### BEGIN SOLUTION
    with tf.GradientTape(persistent=True) as tape:
        tape.watch(x)
        numbers = f(x)
    zero = tf.UnconnectedGradients.ZERO
    return [tape.gradient(one, x, unconnected_gradients=zero) for one in numbers]
    ### END SOLUTION


# %% [markdown]
# The question of the lesson, $x^2$ and its square at 3, with one call of your function:

# %% needs="ch05.persistent"
print([float(g) for g in gradient_of_each(lambda x: [x**2, (x**2) ** 2], tf.constant(3.0))])

# %% [markdown] exercise="ch05.gradient_structure"
# One step of training for any model. `model` is a structure of variables: a dict, a list, a dict of
# lists, a tuple in a list, or a single variable. `loss_of(model)` computes the loss, a scalar
# tensor.
#
# Move every variable against its gradient, by `rate` times the gradient. A variable that the loss
# does not use stays where it is. Return the gradients, in the structure of the model, with None for
# variables that are not used.
#
# `tf.nest.flatten(structure)` lists the leaves of any structure, always in the same order.


# %% answer="ch05.gradient_structure"
def descend(loss_of, model, rate):
    """Move the variables of the model one step downhill; return the gradients, structured alike."""
    ### BEGIN SOLUTION
    with tf.GradientTape() as tape:
        loss = loss_of(model)
    gradients = tape.gradient(loss, model)
    for variable, gradient in zip(tf.nest.flatten(model), tf.nest.flatten(gradients), strict=True):
        if gradient is not None:
            variable.assign_sub(rate * gradient)
    return gradients
    ### END SOLUTION


# %% [markdown]
# Twenty steps of your training, for a line through the points (1, 3) and (2, 5):

# %% needs="ch05.gradient_structure"
line = {"slope": tf.Variable(0.0), "rest": [tf.Variable(0.0), tf.Variable(7.0)]}


def loss_of_line(line):
    y_pred = line["slope"] * tf.constant([1.0, 2.0]) + line["rest"][0]
    return tf.reduce_mean((y_pred - tf.constant([3.0, 5.0])) ** 2)


for k in range(1, 21):
    descend(loss_of_line, line, rate=0.2)
    if k % 5 == 0:
        print(f"after {k:>2} steps the loss is {loss_of_line(line).numpy():.5f}")
print(tf.nest.map_structure(lambda v: round(float(v), 3), line))
assert float(line["rest"][1]) == 7.0

# %% [markdown]
# The line through both points has slope 2 and begins at 1; it is on its way. The 7 belongs to a
# variable that the loss does not use. It stood still.
#
# ## Programs as data
#
# A program is a dict of three lists here: what ran `"before"` the `with` block, `"inside"` of it,
# and `"after"` it. Each line is a record `(name, op, inputs, dtype)`, as in chapter 02, with the
# type in place of the value. This is `x` watched after its use:

# %%
LATE = {
    "before": [("x", "Constant", (), "float32")],
    "inside": [
        ("square", "Mul", ("x", "x"), "float32"),
        ("", "Watch", ("x",), ""),
        ("y", "Sin", ("square",), "float32"),
    ],
    "after": [],
}

# %% [markdown] exercise="ch05.explain_none"
# Say why the gradient of `target` by `source` is None, with one of these words:
#
# | word | when |
# | --- | --- |
# | `"integer_source"` | the source is no float |
# | `"not_watched"` | the source is no variable, and nobody watches it |
# | `"watched_late"` | the target comes from a use of the source before its `Watch` |
# | `"numpy"` | the way leads through the op `"NumPy"` |
# | `"not_differentiable"` | the way leads through `"Round"` or `"Floor"` |
# | `"integer"` | the way leads through a value that is no float |
# | `"outside"` | the way is whole, but its end lies `"after"` the block |
# | `"no_path"` | no way leads from the source to the target |
# | `"connected"` | the gradient is not None: at least one way is whole |
#
# The sources stand in `"before"`, made by `"Variable"` (trainable) or `"Constant"`. Any op that is
# not named above, such as `"Mul"` or `"Cast"`, has a derivative.
#
# Three rules for doubtful cases:
#
# - one way that is cut twice: name the first cut;
# - several ways, each cut by itself: the word of any of them is accepted;
# - one line that fits two words (a `"Round"` to integers): the upper one in the table.
#
# A plan. Answer the first two words at once, from the record of the source. For the others go
# through `"inside"` line by line with a dict `reached`: for each name that the source has an
# influence on, the word for what has become of it. At first the source itself: `"connected"` for a
# variable, and for a constant `"watched_late"`, until its `Watch` comes.


# %% answer="ch05.explain_none"
def explain_none(program, target, source):
    """Return the word for why the gradient of target by source is None, or "connected"."""
    ### BEGIN SOLUTION
    made = {name: (op, dtype) for name, op, inputs, dtype in program["before"]}
    watched = [inputs[0] for name, op, inputs, dtype in program["inside"] if op == "Watch"]
    source_op, source_dtype = made[source]
    if not source_dtype.startswith("float"):
        return "integer_source"
    if source_op != "Variable" and source not in watched:
        return "not_watched"

    def influence(inputs):
        words = [reached[name] for name in inputs if name in reached]
        return "connected" if "connected" in words else "".join(words[:1])

    reached = {source: "connected" if source_op == "Variable" else "watched_late"}
    for name, op, inputs, dtype in program["inside"]:
        word = influence(inputs)
        if op == "Watch":
            if source in inputs:
                reached[source] = "connected"
        elif word == "connected" and op == "NumPy":
            reached[name] = "numpy"
        elif word == "connected" and op in ("Round", "Floor"):
            reached[name] = "not_differentiable"
        elif word == "connected" and not dtype.startswith("float"):
            reached[name] = "integer"
        elif word:
            reached[name] = word
    for name, _, inputs, _ in program["after"]:
        word = influence(inputs)
        if word:
            reached[name] = "outside" if word == "connected" else word
    return reached.get(target, "no_path")
    ### END SOLUTION


# %% [markdown]
# What your doctor says about the program above:

# %% needs="ch05.explain_none"
print(explain_none(LATE, target="y", source="x"))

# %% [markdown]
# Your doctor against minitf's own. Each program is run for real, line by line, on a tape of minitf,
# and `tape.explain` is asked:

# %% needs="ch05.explain_none"
from minitf.course.checks.watching.real_tape import PATIENTS, cause_on_a_real_tape

print(f"{'yours':<20}{'tape.explain':<20}program")
for label, (program, target, source) in PATIENTS.items():
    mine = explain_none(program, target, source)
    theirs = cause_on_a_real_tape(program, target, source)
    print(f"{mine:<20}{theirs:<20}{label}")

# %% needs="ch05.explain_none"
progress(5)
