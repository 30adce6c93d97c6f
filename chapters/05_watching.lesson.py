# %% [markdown]
# # 05 What the tape watches
#
# **85 minutes**: about 35 for this lesson, 50 for the exercises.
#
# You need chapter 04: a tape writes down operations and reads them backwards. The mathematics
# is not new.
#
# After this chapter you can
#
# - say which operations a tape writes down, and which it lets pass;
# - find out why a gradient is `None`, with a checklist of eight questions;
# - ask for many gradients at once, in a list or a dict, and for several from one tape;
# - choose between `None` and 0 for a source that has no influence.

# %% tags=["setup"]
import textwrap
import warnings

import numpy as np

import minitf as tf
from minitf.course import predict, sealed

# %% [markdown]
# ## Three questions first
#
# Put your answers in place of `None`, words in quotes. Stored outputs give answers away: first
# choose *Edit*, *Clear Outputs of All Cells*.
#
# 1. Chapter 03: the slope of $y = x \cdot x + x$ at x = 3? Add up what arrives at `x`.
# 2. Chapter 04: a tape holds five entries. In which order does `gradient` read them?
# 3. Chapter 04: a line stands after the `with` block. Does the tape write its operation down?

# %%
predict("1. the slope", yours=None, answer=sealed("Nw=="), why="One part for each time x is used.")
predict(
    "2. the order",
    yours=None,
    answer=sealed("J2xhc3QgdG8gZmlyc3Qn"),
    choices=("first to last", "last to first"),
)
predict(
    "3. written down",
    yours=None,
    answer=sealed("J25vJw=="),
    choices=("yes", "no"),
    why="A tape records from __enter__ to __exit__.",
)

# %% [markdown]
# ## Three patients
#
# The commonest question about gradients is not "how large?" but "why is it None?". None means: the
# tape found no way from the target back to the source. It is no error. The line runs, and the
# trouble shows later, somewhere else.
#
# Below are three short programs. Each ends with a gradient that is None. Read the code, choose a
# cause, press *Check*, and see where the way is cut. The arrow buttons bring the next program. You
# have not learned the causes yet: guess.

# %% key="hook"
tf.viz.NoneDoctor(
    {
        "first": """
            w = tf.Variable(3.0)
            with tf.GradientTape() as tape:
                y = tf.sin(2.0 * float(w))
            gradient = tape.gradient(y, w)
        """,
        "second": """
            w = tf.Variable(3.0)
            w = w - 0.1 * 2.0
            with tf.GradientTape() as tape:
                y = w * w
            gradient = tape.gradient(y, w)
        """,
        "third": """
            x = tf.constant(3.0)
            with tf.GradientTape() as tape:
                y = x * x
                tape.watch(x)
            gradient = tape.gradient(y, x)
        """,
    }
)

# %% [markdown]
# In this chapter you learn the one rule behind all of them, and then meet everything that breaks
# it.
#
# ## One rule
#
# A tape does not write down everything that runs in its block. Most of it does not matter: labels,
# counters, images. The tape keeps a set of values that it **watches**, and for each operation it
# asks two questions:
#
# 1. Is one of the inputs watched?
# 2. Is the output a float, and does the operation have a derivative?
#
# Twice yes: the operation is written down, **and its output is watched from now on**. Otherwise it
# is forgotten. That is all.
#
# In the next cell `x` is a variable, and variables are watched without being asked. `c` is a
# constant, and nobody watches it. Four operations run. Go through them with the two questions
# before you run the cell: which of `a`, `b`, `d`, `e` get an entry?

# %% key="spread"
x = tf.Variable(3.0)
c = tf.constant(2.0)
with tf.GradientTape(persistent=True) as tape:
    a = c * c
    b = x * c
    d = b + a
    e = a - 1.0

written = " ".join(row.output for row in tf.inspect.rows(tape) if row.output in "abde")
predict(
    "the names that get an entry",
    yours=None,
    answer=lambda: written,
    choices=("a b d e", "b d", "b d e"),
    why="A line is written if one of its inputs is watched. Then its result is watched, too.",
)

# %%
for row in tf.inspect.rows(tape):
    print(row)
assert written == "b d"

# %% [markdown]
# The first row is the reading of the variable: it hands its value to the block. Then `b` and `d`.
# Nothing else was written down.
#
# So watching spreads like colour in water, from the sources along the operations. The gradient
# flows back along the same ways. Where the colour does not get to, there is no way back:

# %%
print("d by x:", tape.gradient(d, x))
print("e by x:", tape.gradient(e, x))
print(textwrap.fill(str(tape.explain(e, x)), 88))
assert float(tape.gradient(d, x)) == 2 and tape.gradient(e, x) is None

# %% [markdown]
# `tape.explain(target, source)` is a help that minitf has and TensorFlow has not. It says why a
# gradient is None, and what to do. In this chapter you learn to do without.
#
# ## Your turn, with help
#
# The rule as a program: `watched` is a set of names, `lines` the operations of a block in their
# order. Two places are blank. Put `and` or `or` in place of the first `None`, and a name
# (`"inputs"` or `"output"`) in place of the second, then run the cell.

# %% key="faded"
joined_by = None  # how question 1 and question 2 are joined: "and" or "or"?
added = None  # what joins the set: the "inputs" of the line or its "output"?

lines = [
    ("a", ("c", "c"), "float32"),
    ("b", ("x", "c"), "float32"),
    ("n", ("b",), "int32"),  # a cast to integers
    ("m", ("n",), "float32"),  # and back to floats
    ("d", ("b", "a"), "float32"),
]


def spread(watched, lines, joined_by, added):
    watched = set(watched)
    for output, inputs, dtype in lines:
        answers = [any(name in watched for name in inputs), dtype.startswith("float")]
        write_down = all(answers) if joined_by == "and" else any(answers)
        if write_down:
            watched |= {output} if added == "output" else set(inputs)
    return "".join(sorted(watched))


if joined_by and added:
    print("watched with your blanks:", spread("x", lines, joined_by, added))
predict(
    "watched after these lines, by alphabet",
    yours=None,
    answer=lambda: spread("x", lines, "and", "output"),
    choices=("bdmx", "bdx", "abdmnx", "cx"),
    why="n is an integer, so m has no watched input: the colour stops there. And nobody watches c.",
)

# %%
for blanks in (("and", "output"), ("or", "output"), ("and", "inputs")):
    print(*blanks, "->", spread("x", lines, *blanks))
assert spread("x", lines, "and", "output") == "bdx"

# %% [markdown]
# ## Which sources are watched
#
# | source | watched? |
# | --- | --- |
# | a variable | by itself, when the block reads it |
# | a variable with `trainable=False` | after `tape.watch(v)` |
# | what a written line computed | by itself |
# | any other tensor, such as a constant | after `tape.watch(x)` |
# | integers | never |
#
# With `tf.GradientTape(watch_accessed_variables=False)` the first row falls away: then every source
# needs `tape.watch`.
#
# From here on you judge small programs. Each returns a tape, a target and a source, and is then
# asked for `tape.gradient(target, source)`. Predict the answer: a number, `"None"` in quotes, or
# the name of an error. Everything happens at 3, and the slope of $x^2$ at 3 is 6.


# %%
def ask(program):
    """What a program ends with, and why: a number, "None", or the name of its error."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            tape, target, source = program()
            why = str(tape.explain(target, source))
            gradient = tape.gradient(target, source)
        except Exception as error:
            return type(error).__name__, str(error)
    return ("None", why) if gradient is None else (float(gradient), "")


def answer_of(program):
    return ask(program)[0]


def report(*programs):
    for program in programs:
        answer, why = ask(program)
        print(f"{program.__name__}: {answer}")
        if why:
            print(textwrap.indent(textwrap.fill(why, 84), "    "))


# %%
def constant():
    x = tf.constant(3.0)
    with tf.GradientTape() as tape:
        y = x * x
    return tape, y, x


def watched_constant():
    x = tf.constant(3.0)
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = x * x
    return tape, y, x


def watched_late():
    x = tf.constant(3.0)
    with tf.GradientTape() as tape:
        square = x * x
        tape.watch(x)
        y = square + x
    return tape, y, x


def not_trainable():
    v = tf.Variable(3.0, trainable=False)
    with tf.GradientTape() as tape:
        y = v * v
    return tape, y, v


def only_what_i_say():
    w = tf.Variable(3.0)
    with tf.GradientTape(watch_accessed_variables=False) as tape:
        y = w * w
    return tape, y, w


def said():
    v = tf.Variable(3.0, trainable=False)
    with tf.GradientTape(watch_accessed_variables=False) as tape:
        tape.watch(v)
        y = v * v
    return tape, y, v


def whole_number():
    x = tf.Variable(3)
    with tf.GradientTape() as tape:
        y = x * x
    return tape, y, x


predict("constant", yours=None, answer=lambda: answer_of(constant))
predict("watched_constant", yours=None, answer=lambda: answer_of(watched_constant))
predict("watched_late", yours=None, answer=lambda: answer_of(watched_late))
predict("not_trainable", yours=None, answer=lambda: answer_of(not_trainable))
predict("only_what_i_say", yours=None, answer=lambda: answer_of(only_what_i_say))
predict("said", yours=None, answer=lambda: answer_of(said))
predict("whole_number", yours=None, answer=lambda: answer_of(whole_number))

# %% key="sources"
report(constant, watched_constant, watched_late, not_trainable, only_what_i_say, said, whole_number)

assert answer_of(constant) == answer_of(not_trainable) == answer_of(only_what_i_say) == "None"
assert answer_of(watched_constant) == answer_of(said) == 6 and answer_of(watched_late) == 1
assert answer_of(whole_number) == "None"

# %% [markdown]
# The third one is the most dangerous. No None, no error, but a **wrong number**: 1 in place of 7.
# Only the addition saw a watched `x`; the product had run before. So `tape.watch` is always the
# first line of a block.
#
# `whole_number` gave a warning as well, which the helper above kept back. Here it is. Read it
# aloud:

# %% key="integers"
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    tape, target, source = whole_number()
    assert tape.gradient(target, source) is None
print(textwrap.fill(str(caught[0].message), 88))

# %% [markdown]
# It says which dtype it got and which it needs. An integer cannot move by 0.001, so "how fast does
# y change" has no meaning. The mend is a decimal point: `tf.Variable(3.0)`. (PyTorch 2.13 and JAX
# 0.10 stop with an error here; TensorFlow 2.21 warns, as minitf does.)
#
# And a word of caution. People say "watch the variable x" of a constant. It is none: `watch`
# changes what the tape does, and nothing about the value.

# %% key="kinds"
x = tf.constant(3.0)
v = tf.Variable(3.0)
with tf.GradientTape(persistent=True) as tape:
    tape.watch(x)
    square = x * x
    y = square * v

print("is a watched constant a variable?", isinstance(x, tf.Variable))
print("is a variable a tf.Tensor?       ", isinstance(v, tf.Tensor))
print("what does tf.is_tensor say of it?", tf.is_tensor(v))
print("v + 1.0 is a                     ", type(v + 1.0).__name__)
print("variables the tape has seen      ", len(tape.watched_variables()))
print("y by v, x and square             ", [float(g) for g in tape.gradient(y, [v, x, square])])

assert not isinstance(x, tf.Variable) and not isinstance(v, tf.Tensor) and tf.is_tensor(v)
assert [float(g) for g in tape.gradient(y, [v, x, square])] == [9, 18, 3]

# %% [markdown]
# So a variable is no tensor, but may stand wherever tf wants one; what you compute with it is a
# tensor. And the last line shows that a source need not be a variable: `square` is a value from
# the middle of the computation. It is watched, so you may ask for it.
#
# ## What breaks the way
#
# Now the source is watched, and still the answer may be None: somewhere the colour stops. Five
# programs, `w` is 3:


# %%
def through_integers():
    w = tf.Variable(3.0)
    with tf.GradientTape() as tape:
        whole = tf.cast(w, tf.int32)
        y = tf.cast(whole, tf.float32) * 2.0
    return tape, y, w


def through_numpy():
    w = tf.Variable(3.0)
    with tf.GradientTape() as tape:
        y = tf.constant(np.square(w)) + 1.0
    return tape, y, w


def through_if():
    w = tf.Variable(3.0)
    with tf.GradientTape() as tape:
        y = w * w if w > 2.0 else 10.0 * w
    return tape, y, w


def through_condition():
    w = tf.Variable(3.0)
    with tf.GradientTape() as tape:
        y = tf.cast(w > 2.0, tf.float32) * 5.0
    return tape, y, w


def without_a_rule():
    image = tf.Variable([[[[3.0, 1.0, 2.0]]]])
    with tf.GradientTape() as tape:
        y = tf.image.adjust_contrast(image, 2.0)  # colours go away from their mean, twice as far
    return tape, y, image


predict("through_integers", yours=None, answer=lambda: answer_of(through_integers))
predict("through_numpy", yours=None, answer=lambda: answer_of(through_numpy))
predict("through_if", yours=None, answer=lambda: answer_of(through_if))
predict("through_condition", yours=None, answer=lambda: answer_of(through_condition))
predict(
    "without_a_rule",
    yours=None,
    answer=lambda: answer_of(without_a_rule),
    choices=("None", "0", "LookupError"),
)

# %% key="paths"
paths = (through_integers, through_numpy, through_if, through_condition, without_a_rule)
report(*paths)

assert [answer_of(one) for one in paths] == ["None", "None", 6, "None", "LookupError"]

# %% [markdown]
# - **Integers on the way** cut it, even if the next line goes back to floats.
# - **NumPy** cuts it. `np.square` takes the number out of the variable and computes with that. The
#   tape hears nothing of it. `.numpy()` and `float(w)` do the same. Stay with `tf.square`.
# - **An `if`** is not written down. Python looked at the condition, took the first branch, and the
#   tape saw `w * w`: slope 6. The other branch never ran.
# - **The condition itself** is a jump from 0 to 1. It has no slope to offer.
# - **An operation without a rule** is no None at all. It is a `LookupError`. None means "there is
#   no way", this means "there is a way, and I do not know it".
#
# So "write the forward pass, the rest is automatic" is true for what is made of tf operations with
# floats. The last program can be mended by a rule of your own. `watch` is for values,
# `tf.custom_gradient` is for rules:


# %% key="own_rule"
@tf.custom_gradient
def more_contrast(image):
    """Twice as far from the mean. One pixel alone is its own mean: it stays, with slope 1."""

    def rule(upstream):
        return upstream

    return tf.image.adjust_contrast(image, 2.0), rule


image = tf.Variable([[[[3.0, 1.0, 2.0]]]])
with tf.GradientTape() as tape:
    y = more_contrast(image)
gradient = tape.gradient(y, image)
print(gradient.numpy())
assert gradient.numpy().tolist() == [[[[1, 1, 1]]]]

# %% [markdown]
# Such rules, and how to find out that one is wrong, get a chapter of their own: 10, in preparation.
#
# ## Variables that change
#
# A variable can get a new value. That is what training does, and it is a rich source of None. Four
# programs again, and a fifth that asks for an element:


# %%
def new_name():
    w = tf.Variable(3.0)
    for _ in range(2):
        with tf.GradientTape() as tape:
            y = w * w
        source = w
        w = w - 0.1 * 6.0
    return tape, y, source


def minus_equals():
    w = tf.Variable(3.0)
    with tf.GradientTape() as tape:
        y = w * w
    w -= 0.1 * 6.0
    return tape, y, w


def through_assign():
    w, store = tf.Variable(3.0), tf.Variable(0.0, name="store")
    with tf.GradientTape() as tape:
        store.assign(w * w)
        y = store + 1.0
    return tape, y, w


def read_twice():
    w = tf.Variable(3.0)
    with tf.GradientTape() as tape:
        y = w * w
        w.assign(10.0)
        y = y + w * w
    return tape, y, w


def element():
    x = tf.Variable([3.0, 4.0])
    with tf.GradientTape() as tape:
        y = x[0] * x[0]
    return tape, y, x[0]


predict("new_name", yours=None, answer=lambda: answer_of(new_name))
predict(
    "minus_equals",
    yours=None,
    answer=lambda: answer_of(minus_equals),
    choices=("None", 6, "RuntimeError"),
)
predict("through_assign", yours=None, answer=lambda: answer_of(through_assign))
predict("read_twice", yours=None, answer=lambda: answer_of(read_twice))
predict("element", yours=None, answer=lambda: answer_of(element))

# %% key="variables"
changing = (new_name, minus_equals, through_assign, read_twice, element)
report(*changing)

assert [answer_of(one) for one in changing] == ["None", "RuntimeError", "None", 26, "None"]

# %% [markdown]
# `new_name` is the most famous one. `w - 0.6` computes a new **tensor**, and `w =` gives the old
# name to it. In the second round nobody watches it. `new_name` and `minus_equals` want the same
# mend:
#
# ```
# w.assign_sub(0.1 * gradient)
# ```
#
# Old blog posts say that `w -= ...` does the damage in silence. Today it stops. Read the message:

# %% key="minus_equals" tags=["raises-exception"]
w = tf.Variable(3.0)
w -= 0.1 * 6.0

# %% [markdown]
# And the other three:
#
# - `assign` stores a number and forgets where it came from. Compute with the tensor `w * w` itself.
# - A variable that changes inside of the block is written down at each reading, with the value it
#   had: 2 · 3 + 2 · 10 = 26.
# - `x[0]` makes a new tensor each time you write it. The one you asked for is not the one that was
#   used. Ask for `x`, and take the element of the gradient:

# %% key="repaired"
w = tf.Variable(3.0)
for _ in range(2):
    with tf.GradientTape() as tape:
        y = w * w
    w.assign_sub(0.1 * tape.gradient(y, w))
print(f"after two steps w is {w.numpy():.2f}, and still a {type(w).__name__}")

x = tf.Variable([3.0, 4.0])
with tf.GradientTape() as tape:
    y = x[0] * x[0]
print("by the first element:", tape.gradient(y, x)[0].numpy())
assert abs(float(w) - 1.92) < 1e-6

# %% [markdown]
# ## None or 0?
#
# `b` has no influence on `y`. Is its slope not simply 0? A mathematician says so. What does the
# tape say?

# %% key="unused"
w, b = tf.Variable(3.0), tf.Variable([1.0, 2.0])
with tf.GradientTape(persistent=True) as tape:
    y = w * w

predict(
    "the gradient by b",
    yours=None,
    answer=lambda: str(tape.gradient(y, b)),
    choices=("None", "0", "error"),
    why="Look for a way from y back to b.",
)

# %% key="zeros"
none = tape.gradient(y, b)
zeros = tape.gradient(y, b, unconnected_gradients=tf.UnconnectedGradients.ZERO)
print(none, "or", zeros.numpy())
assert none is None and zeros.numpy().tolist() == [0, 0]

# %% [markdown]
# None is the better default: it tells "no way" from "a way with slope 0", and most of the time "no
# way" is a mistake. Where zeros are what you want, say so as above; the zeros have the shape of the
# source.
#
# Others decided otherwise. In this situation `jax.grad` gives 0 (JAX 0.10), and
# `torch.autograd.grad` raises an error unless `allow_unused=True` (PyTorch 2.13).
#
# One more, which surprises many. The slope of $y = 2x$ is 2 everywhere, so the slope of the slope
# is 0. A tape inside a tape computes it:


# %% key="linear_twice"
def slope_of_slope():
    x = tf.Variable(3.0)
    with tf.GradientTape() as outer:
        with tf.GradientTape() as inner:
            y = 2.0 * x
        slope = inner.gradient(y, x)
    return outer, slope, x


predict(
    "the second derivative of 2x",
    yours=None,
    answer=lambda: answer_of(slope_of_slope),
    choices=("0", "2", "None"),
    why="Ask what the slope was computed from, and whether x had a part in it.",
)

# %%
report(slope_of_slope)
assert answer_of(slope_of_slope) == "None"

# %% [markdown]
# The slope that the inner tape finds is the plain number 2. `x` had no part in it, so the outer
# tape finds no way from it to `x`. Here 0 would have been right: whoever takes slopes of slopes
# passes `unconnected_gradients="zero"`, a short form of the setting above.
#
# ## Many sources at once
#
# A model has many variables. You need not ask for each. Give `gradient` a list, a tuple, a dict, or
# any mixture of these. The answer has **the same structure**, with a gradient in place of each
# source:

# %% key="structure"
model = {"kernel": tf.Variable(2.0), "biases": [tf.Variable(3.0), tf.Variable(5.0)]}
with tf.GradientTape() as tape:
    loss = model["kernel"] ** 3 + model["biases"][0] ** 2
gradients = tape.gradient(loss, model)

predict("gradients['kernel']", yours=None, answer=lambda: gradients["kernel"], why="Cubed: 3x².")
predict(
    "gradients['biases']",
    yours=None,
    answer=lambda: str([g if g is None else int(g) for g in gradients["biases"]]),
    choices=("6", "[6, 0]", "[6, None]"),
    why="The answer has the form of what you asked for. Which of the biases does loss use?",
)

# %%
print(tf.nest.map_structure(lambda g: None if g is None else float(g), gradients))
assert (float(gradients["kernel"]), float(gradients["biases"][0])) == (12, 6)

# %% [markdown]
# `tape.watch` takes structures too. Two constants, watched by one call:

# %% key="two_constants"
x, y = tf.constant(3.0), tf.constant(4.0)
with tf.GradientTape() as tape:
    tape.watch([x, y])
    z = x**2 + y**3
slopes = [float(g) for g in tape.gradient(z, [x, y])]
print(slopes)
assert slopes == [2 * 3, 3 * 4**2]

# %% [markdown]
# One walk back found both. That matters for the next question.
#
# ## Asking twice
#
# What happens if you ask the same tape again?

# %% key="second_call" tags=["raises-exception"]
w, b = tf.Variable(3.0), tf.Variable(1.0)
with tf.GradientTape() as tape:
    loss = (2.0 * w + b) ** 2

print("by w:", tape.gradient(loss, w).numpy())
print("by b:", tape.gradient(loss, b).numpy())

# %% [markdown]
# Read the message aloud. It names two mends:
#
# - ask for all sources in one call, `tape.gradient(loss, [w, b])`. That is the right one here;
# - or create the tape with `persistent=True`.
#
# A tape throws its entries away after the first answer, because the values in them take memory. A
# persistent tape keeps them for as long as it lives. You need one in only one situation: for
# **different targets**. Several targets in one call do not help, since they are added up:

# %% key="persistent"
x = tf.constant(3.0)
with tf.GradientTape(persistent=True) as tape:
    tape.watch(x)
    y = x**2
    z = y**2

predict("dy/dx, first call", yours=None, answer=lambda: tape.gradient(y, x))
predict("dz/dx", yours=None, answer=lambda: tape.gradient(z, x), why="z is x⁴, with slope 4x³.")
predict(
    "dy/dx, second call",
    yours=None,
    answer=lambda: tape.gradient(y, x),
    choices=(0, 6, 12),
    why="Every call starts from nothing.",
)
predict(
    "tape.gradient([y, z], x)",
    yours=None,
    answer=lambda: tape.gradient([y, z], x),
    why="One number: the two are added up.",
)

# %% key="no_accumulation"
print("three times dy/dx:", [float(tape.gradient(y, x)) for _ in range(3)])
print("both at once:     ", float(tape.gradient([y, z], x)))
assert [float(tape.gradient(y, x)) for _ in range(3)] == [6, 6, 6]
assert float(tape.gradient(z, x)) == 108 and float(tape.gradient([y, z], x)) == 114

# %% [markdown]
# Some articles say that gradients **accumulate** from call to call, and that `persistent=True` is
# there to prevent it. Both are wrong: 6, 6, 6. It is PyTorch that adds to `.grad` at every
# `backward()`. A tape keeps no gradients at all.
#
# A persistent tape keeps its entries as long as it has a name. `del tape` frees them; in a function
# you do not need that, since the name goes at the end. Nor is a persistent tape something
# "advanced". It is the same tape, with a better memory.
#
# ## Frozen layers
#
# To keep a layer of a network as it is, people **freeze** it: `layer.trainable = False`. Then it
# has no trainable variables, and no gradients. So its part of the tape, and of the walk back, costs
# nothing. True?
#
# Three layers, each with a matrix product. The one in the middle is frozen. How many of the three
# products does the tape write down?


# %% key="frozen"
def products_on_tape(frozen):
    layers = [tf.keras.layers.Dense(4) for _ in range(3)]
    layers[frozen].trainable = False
    assert layers[frozen].trainable_variables == []
    with tf.GradientTape() as tape:
        h = tf.ones((1, 4))
        for layer in layers:
            h = layer(h)
        loss = tf.reduce_sum(h)
    rows = tf.inspect.rows(tape)
    trainable = [variable for layer in layers for variable in layer.trainable_variables]
    assert len(tape.watched_variables()) == 6  # three layers, a matrix and a bias each
    gradients = tape.gradient(loss, trainable)
    assert len(gradients) == 4 and None not in gradients
    return sum(row.op == "MatMul" for row in rows)


predict(
    "products on the tape, the middle layer frozen",
    yours=None,
    answer=lambda: products_on_tape(frozen=1),
    choices=(2, 3),
    why="The first layer learns, and its gradient can only come through the middle one.",
)

# %%
print("the middle layer frozen:", products_on_tape(frozen=1))
assert products_on_tape(frozen=1) == 3

# %% [markdown]
# All three. The gradient of the first layer has to pass the frozen one. And the tape goes on
# watching all six variables, the two frozen ones as well (TensorFlow 2.21 does the same). Freezing
# empties the list `layer.trainable_variables`, no more: you do not ask for these gradients, and the
# optimizer never hears of them.
#
# ## The checklist
#
# Your gradient is None. Ask these questions, in this order:
#
# | | question | mend |
# | --- | --- | --- |
# | 1 | Is the source a float? | `3.0` instead of `3`, or `tf.cast` before the tape |
# | 2 | Is it watched: a trainable variable, or `tape.watch(x)` as the first line? | watch it |
# | 3 | Is it the thing that was used, not `x[0]` or a new `w = w - ...`? | name `x`; `assign_sub` |
# | 4 | Is the target computed inside of the block? | indent the line |
# | 5 | Is all between them made by tf, without NumPy and `float()`? | `tf.` for `np.` |
# | 6 | Floats all the way, no cast, comparison, rounding? | take the smooth thing |
# | 7 | No `assign` and no `tf.stop_gradient` between them? | compute with the tensor |
# | 8 | Does the target depend on the source at all? | `unconnected_gradients`, or it is a bug |
#
# And now the whole ward: a patient for every cause of this chapter, and a few that are new to you.
# Take the checklist along. You need not see all of them today.

# %% key="ward"
tf.viz.NoneDoctor()

# %% [markdown]
# ## Exercises
#
# Six tasks: mend six broken functions, choose what a tape watches, ask it for several targets,
# train a model in a dict, and write a doctor of your own. Open [the exercises of this
# chapter](../exercises/05_watching.ipynb).
#
# ## In short
#
# - A tape writes an operation down if an input is watched, the output is a float, and there is a
#   derivative. Then the output is watched as well.
# - Trainable variables are watched by themselves when the block reads them; everything else needs
#   `tape.watch`, as the first line.
# - None means: no way back. Integers, NumPy, jumps, `assign` and a new tensor under an old name cut
#   the way.
# - The answer has the structure of the sources. One call finds the gradients of all sources.
# - A tape answers once; a persistent one as often as you like, and never adds up answers.

# %% [markdown]
# ## Say why, in one sentence
#
# Why is a `tape.watch(x)` in the middle of a block worse than no `tape.watch(x)` at all? Write one
# sentence, on paper or in this cell (double-click it). Then compare.
#
# Your sentence:
#
# <details>
# <summary>A possible answer</summary>
#
# Without it the gradient is None, and you notice; with it, operations that follow are recorded
# while earlier ones are not, so you may get a number that is wrong and looks right.
#
# </details>

# %% [markdown]
# ## Further reading
#
# - TensorFlow team, *Introduction to gradients and automatic differentiation*:
#   <https://www.tensorflow.org/guide/autodiff>. Its section "Getting a gradient of None" has four
#   causes; you know more by now.
# - A. Agrawal et al., *TensorFlow Eager: a multi-stage, Python-embedded DSL for machine learning*,
#   Proceedings of MLSys 2019: <https://arxiv.org/abs/1903.01855>. Where the tape, and the watching,
#   come from.
# - A. Paszke et al., *Automatic differentiation in PyTorch*, NIPS 2017 Autodiff Workshop:
#   <https://openreview.net/forum?id=BJJsrmfCZ>. The other design: values know their history, and
#   gradients are added to `.grad`.
#
# ## Next
#
# [06 Broadcasting, reductions, matmul](06_arrays.ipynb): the values become
# arrays, and the rules get shapes.
