# %% [markdown]
# # 04 The tape
#
# **80 minutes**: about 35 for this lesson, 45 for the exercises.
#
# You need chapter 02: the graph and the walk back. Chapter 03 helps: why a node has to wait.
#
# After this chapter you can
#
# - say what a tape writes down, when, and what it leaves out;
# - read a tape backwards, with one small rule per operation;
# - write a tape of your own, as a block with a beginning and an end;
# - say what a tape keeps in memory, and why it serves one call.

# %% tags=["setup"]
import math
import textwrap
import weakref

import minitf as tf
from minitf.course import predict, sealed
from minitf.course.workbench import TAPES, Value

# %% [markdown]
# ## Three questions first
#
# Put your answers in place of `None`. Stored outputs give answers away: first choose *Edit*, *Clear
# Outputs of All Cells*.
#
# 1. Chapter 02: $\text{product} = x \cdot w$ with x = 2 and w = 3. A gradient of 4 arrives at the
#    product. What does `w` receive?
# 2. Chapter 03: `x = x + x`, twenty times. How many arrows does the walk back use?
# 3. Chapter 03: `u` is used by `v` and by `y`, and `v` is used by `y`. Which of the two may send
#    first on the way back, `u` or `v`?

# %%
users = {"u": ["v", "y"], "v": ["y"]}

predict("1. what w receives", yours=None, answer=sealed("OA=="), why="Upstream times x.")
predict("2. arrows used", yours=None, answer=sealed("NDA="), why="Two per line.")
predict(
    "3. who sends first",
    yours=None,
    answer=lambda: min(users, key=lambda name: len(users[name])),
    choices=("u", "v"),
    why="Each waits for all that use it, and somebody has to be first.",
)

# %% [markdown]
# ## The walk needs a list
#
# To walk back you have to know what ran: which operations, on what, in which order. You could draw
# the graph by hand, as in chapter 02. But then a program would need a drawing as well as its code,
# and the two would soon differ.
#
# So let somebody sit beside the program and take notes. That is the **tape**. This is the loss of
# chapter 02 again:

# %%
def loss_of(x, w, b, y_true):
    y_pred = x * w + b
    return tf.abs(y_true - y_pred)


x, y_true = tf.Variable(2.0), tf.Variable(4.0)
w, b = tf.Variable(3.0), tf.Variable(1.0)
with tf.GradientTape(persistent=True) as tape:
    loss = loss_of(x, w, b, y_true)

# Reading a variable is noted as well; here only the operations that compute something.
computed = [row.op for row in tf.inspect.rows(tape) if row.op != "ReadVariableOp"]

predict("how many operations compute something", yours=None, answer=lambda: len(computed))
predict(
    "the one written down first",
    yours=None,
    answer=lambda: computed[0],
    choices=("Abs", "AddV2", "Mul", "Sub"),
    why="Python works from the inside out: the numbers of an operation have to be there first.",
)
predict(
    "the one read first on the way back",
    yours=None,
    answer=lambda: computed[-1],
    choices=("Abs", "AddV2", "Mul", "Sub"),
    why="The last one written: nothing came after it, so nobody makes it wait.",
)

# %% [markdown]
# Now watch it being written. Your code is on the left, the tape on the right. Press the right arrow
# key: one line after another runs, and the tape grows. Then it asks you two things, and
# reads the tape from its last row to its first, with the numbers put into each rule. The bar shows
# how many bytes the rows keep alive. Left goes back, Space plays.

# %% key="hook"
tf.viz.TapeView(loss_of, 2.0, 3.0, 1.0, 4.0)

# %%
assert computed == ["Mul", "AddV2", "Sub", "Abs"]
gradients = tape.gradient(loss, [x, w, b, y_true])
assert [float(gradient) for gradient in gradients] == [3, 2, 1, -1]
print("by x, w, b, y_true:", *(f"{gradient.numpy():+g}" for gradient in gradients))

# %% [markdown]
# Three things make a tape: it **listens** while a block of code runs; it has **one rule per
# operation**; it **reads itself backwards**. The rest of this lesson takes them one at a time, and
# in the exercises you write all three.
#
# ## Listening
#
# Here is a small workbench, the one you will build on. A `Value` holds a number or a NumPy array.
# Every operation on Values goes through one function, `apply`: it computes, and then tells
# everybody in the list `TAPES` what it did. It knows no derivative.
#
# Anything with a method `record` can listen. This one talks:

# %%
class Narrator:
    """Says what it hears, and forgets it."""

    def record(self, entry):
        given = ", ".join(f"{value.data:g}" for value in entry.inputs)
        print(f"{entry.op}({given}) = {entry.output.data:g}")


narrator = Narrator()
x, w = Value(2.0), Value(3.0)

TAPES.append(narrator)
y = abs(4.0 - (x * w + 1.0))
TAPES.remove(narrator)
z = y * 100.0

# %% [markdown]
# It heard four operations, and not the fifth, which ran after it had left. What it hears is called
# an **entry**. An entry has the name of the operation, `op`; its `inputs` and its `output`, as
# Values; and `attrs`, a dict of further arguments, such as the axis of a sum.
#
# The tape is the list of entries. Nothing else: there is no drawing behind it.
#
# ## A block with a beginning and an end
#
# There is a weak point in the cell above. Suppose the line in the middle raises an error. Then the
# last two lines never run, and the narrator listens for the rest of the day.
#
# Python has a form for things that must be undone. An object with the methods `__enter__` and
# `__exit__` can stand in a `with` line, and is then called a **context manager**. `__enter__` runs
# at the beginning of the block, and what it returns is what comes after `as`. `__exit__` runs at
# the end, however the block ends. A lamp:

# %%
class Lamp:
    def __init__(self):
        self.is_on = False

    def __enter__(self):
        self.is_on = True
        return self

    def __exit__(self, kind, error, traceback):
        # The three are None if all went well. Return nothing, and an error goes on.
        self.is_on = False


seen, caught = [], "nothing"
try:
    with Lamp() as lamp:
        seen.append(lamp.is_on)
        1 / 0
        seen.append("after the division")
except ZeroDivisionError:
    caught = "the error"

predict("how many things are in the list `seen`", yours=None, answer=lambda: len(seen))
predict(
    "the lamp after the error",
    yours=None,
    answer=lambda: "on" if lamp.is_on else "off",
    choices=("on", "off"),
    why="__exit__ runs at the end of the block, however the block ends.",
)
predict(
    "what arrived outside the block",
    yours=None,
    answer=lambda: caught,
    choices=("nothing", "the error"),
    why="Look at what __exit__ returns. The comment in it says what that means.",
)

# %%
assert (seen, lamp.is_on, caught) == ([True], False, "the error")

# %% [markdown]
# `tf.GradientTape` is such an object. You may read that it is a function. Look:

# %% key="a_class"
print("a class:", isinstance(tf.GradientTape, type))
print("with a beginning:", hasattr(tf.GradientTape, "__enter__"))
print("with an end:", hasattr(tf.GradientTape, "__exit__"))

try:
    with tf.GradientTape() as tape:
        1 / 0
except ZeroDivisionError:
    pass
v = tf.Variable(3.0)
square = v * v
print("entries after the error:", len(tf.inspect.rows(tape)))
assert isinstance(tf.GradientTape, type) and len(tf.inspect.rows(tape)) == 0

# %% [markdown]
# The word matters, because a tape is a thing with a life: it is opened, it fills, it closes, it is
# asked, it lets go. A function would have answered at once.
#
# ## One rule per operation
#
# Chapter 02 had a number on each arrow, the local derivative. A tape does not store these numbers.
# For each operation it has a small function, its **gradient rule**. The rule is handed the upstream
# gradient, the inputs and the output, and returns what each input receives: upstream times local
# derivative. For the product:

# %%
def vjp_mul(upstream, inputs, output):
    x, y = inputs
    return upstream * y, upstream * x


print(vjp_mul(4.0, (2.0, 3.0), 6.0))
assert vjp_mul(4.0, (2.0, 3.0), 6.0) == (12, 8)

# %% [markdown]
# The 8 is question 1 from above. Such a rule is called a **VJP**, for *vector-Jacobian product*.
# The name is about arrays (you meet the Jacobian in chapter 06). For single numbers it is upstream
# times slope.
#
# Why not return the local derivatives, and let somebody else multiply? Take arrays of 1,000
# numbers. The table of all local derivatives has a field for each result and each element of `x`:
# 1,000 · 1,000 fields. Each result depends on one element of `x`, so nearly all fields are 0. The
# rule multiplies 1,000 pairs and never makes that table:

# %%
ones = tf.ones(1000).numpy()
for_x, for_y = vjp_mul(ones, (2.0 * ones, 3.0 * ones), 6.0 * ones)
print("shapes:", for_x.shape, for_y.shape, "  numbers in the table:", f"{ones.size * ones.size:,}")
assert for_x.shape == (1000,) and ones.size * ones.size == 1_000_000

# %% [markdown]
# A rule is as local as the local derivative was. `vjp_mul` does not know what came before the
# product, nor what came after. Everything it has to know about the rest of the program is in one
# number: `upstream`.
#
# ## Reading backwards
#
# Now a whole tape, by hand. Here are three operations, at x = 2 and w = 3:
#
# | entry | computes | value |
# | --- | --- | --- |
# | 0 | u = mul(x, w) | 6 |
# | 1 | v = add(u, x) | 8 |
# | 2 | y = mul(u, v) | 48 |
#
# On the way back you keep a dict: what has arrived at each value so far. It starts with 1 at `y`.
# Then you take the entries from the last to the first. Each hands out shares to its inputs, and
# what arrives is added to what is there.

# %%
x, w = 2.0, 3.0
u = x * w
v = u + x
y = u * v

arrived = {"y": 1.0}

# entry 2: y = mul(u, v)
arrived["u"] = arrived["y"] * v
arrived["v"] = arrived["y"] * u
print("after entry 2:", arrived)

# entry 1: v = add(u, x)
arrived["u"] += arrived["v"]
arrived["x"] = arrived["v"]
print("after entry 1:", arrived)

# entry 0: u = mul(x, w)
arrived["x"] += arrived["u"] * w
arrived["w"] = arrived["u"] * x
print("after entry 0:", arrived)

assert arrived == {"y": 1, "u": 14, "v": 6, "x": 48, "w": 28}

# %% [markdown]
# `u` had 8 after entry 2. Entry 1 added 6. Only then came entry 0, which made `u`, and it found 14:
# everything that uses `u` stands further down on the tape, so it has been read already. This is the
# order chapter 03 searched for, and here nobody searched.
#
# Check with calculus: $y = xw\,(xw + x)$, so $\partial y/\partial x = 2xw^2 + 2xw = 36 + 12$.
#
# ## Your turn, with help
#
# Another tape, at x = 2. The first column of numbers is the way forward.
#
# | entry | computes | value | the rule hands out |
# | --- | --- | --- | --- |
# | 0 | p = mul(x, x) | 4 | upstream · x, twice |
# | 1 | q = div(p, x) | 2 | upstream / x to `p`, −upstream · p / x² to `x` |
# | 2 | y = sub(q, p) | −2 | upstream to `q`, −upstream to `p` |
#
# Entry 2 is done: `q` has 1, `p` has −1. Fill in the rest. Take a pencil.

# %%
x = tf.constant(2.0)
with tf.GradientTape(persistent=True) as tape:
    tape.watch(x)  # x is a constant: without this the tape would not follow it
    p = x * x
    q = p / x
    y = q - p


def share_of_x_from_entry_1():
    upstream = tape.gradient(y, q)
    return -upstream * p / (x * x)


predict(
    "what p has after entry 1",
    yours=None,
    answer=lambda: tape.gradient(y, p),
    why="What was there, and upstream / x from entry 1.",
)
predict(
    "what entry 1 hands to x",
    yours=None,
    answer=share_of_x_from_entry_1,
    why="-upstream · p / x².",
)
predict(
    "what x has in the end",
    yours=None,
    answer=lambda: tape.gradient(y, x),
    why="What entry 1 handed over, and twice upstream · x from entry 0.",
)

# %%
assert float(tape.gradient(y, p)) == -0.5 and float(share_of_x_from_entry_1()) == -1
assert float(tape.gradient(y, x)) == -3 == 1 - 2 * 2
for row in reversed(tf.inspect.rows(tape)):
    print(row)

# %% [markdown]
# These are the entries as `tf.GradientTape` wrote them, in the order of the way back. The names are
# TensorFlow's: `RealDiv` is the division of real numbers. `p` had −1, and 1/2 arrived: −0.5. `x`
# received −1 from entry 1, and twice (−0.5) · 2 from entry 0: −3. Calculus agrees: $y = x - x^2$
# has slope $1 - 2x$.
#
# That is all a tape does. If you want to write your own now, go to [the
# exercises](../exercises/04_the_tape.ipynb) and come back: what follows is about what a tape is
# **not**. Much that is written about `GradientTape` is half true. We judge some of it, each time by
# running something.
#
# ## "The tape is a graph that is built before the program runs"
#
# In TensorFlow 1 you first built a graph, and then ran it in a session. A tape is different: it has
# what ran, after it ran. The shortest proof is a loop whose number of rounds depends on its data:

# %% key="what_ran"
def halve(x):
    while x > 1.0:
        x = x * 0.5
    return x


def rows_and_slope(number):
    x = tf.constant(number)
    with tf.GradientTape(persistent=True) as tape:
        tape.watch(x)
        y = halve(x)
    return [row.op for row in tf.inspect.rows(tape)], float(tape.gradient(y, x))


predict("rows on the tape for x = 3", yours=None, answer=lambda: len(rows_and_slope(3.0)[0]))
predict(
    "rows on the tape for x = 20",
    yours=None,
    answer=lambda: len(rows_and_slope(20.0)[0]),
    why="It is halved until it is no longer above 1: one product each time.",
)

# %%
for number in (0.5, 3.0, 20.0):
    ops, slope = rows_and_slope(number)
    print(f"x = {number:>4}: {len(ops)} rows, slope {slope:g}")
assert [len(rows_and_slope(number)[0]) for number in (0.5, 3.0, 20.0)] == [0, 2, 5]

# %% [markdown]
# One function, three tapes of different lengths. Nobody could have written them beforehand. (For
# x = 0.5 nothing runs: `y` *is* `x`, and the slope is 1.) The comparison `x > 1.0` is not among the
# rows: it gives True or False, and that has no slope.
#
# So when you read "the tape records a graph", take it as a picture. You can draw a graph from the
# list, and the viewer in chapter 02 does. The tape itself is the list.
#
# A graph that exists before it runs: TensorFlow 2 has that too, if you ask for it with
# `tf.function`. The difference in one cell:

# %% key="graph_or_list"
@tf.function
def traced(x):
    return x * x + 1.0


def eager(x):
    return x * x + 1.0


graph = traced.get_concrete_function(tf.TensorSpec([], tf.float32)).graph
print("the traced function, before any number came:", [op.type for op in graph.get_operations()])

x = tf.constant(3.0)
with tf.GradientTape() as tape:
    tape.watch(x)
    print("the tape, before the line ran:             ", len(tf.inspect.rows(tape)), "rows")
    y = eager(x)
    print("the tape, after the line ran:              ", len(tf.inspect.rows(tape)), "rows")
assert len(tf.inspect.rows(tape)) == 2

# %% [markdown]
# So "differentiation works on a graph of operations and tensors" is true of a traced function.
# Everywhere else it works on a list.
#
# ## "The tape writes down everything"
#
# Two operations run in the next block. How many rows will the tape have?

# %% key="only_watched"
v = tf.Variable(3.0)
with tf.GradientTape(persistent=True) as tape:
    constants_only = tf.constant(2.0) * tf.constant(5.0)
    with_variable = v * constants_only

computed = [row for row in tf.inspect.rows(tape) if row.op != "ReadVariableOp"]

predict(
    "rows that compute something",
    yours=None,
    answer=lambda: len(computed),
    choices=(0, 1, 2),
    why="Ask of each product whether anything watched leads into it.",
)

# %%
print(tf.inspect.rows(tape))
print("variables watched:", len(tape.watched_variables()))
assert len(computed) == 1 and len(tape.watched_variables()) == 1

# %% [markdown]
# TensorFlow's tape keeps an operation if at least one of its inputs is **watched**, and then
# watches the output. Variables are watched by themselves, constants if you say `tape.watch`.
# Chapter 05 is about this. The tape you write in the exercises keeps everything it hears. That is
# simpler. It wastes memory on operations that lead nowhere, and it answers for constants too, where
# TensorFlow says None. For variables both give the same.
#
# ## "Every tensor knows how it was computed"
#
# In PyTorch it does: a tensor has a field `grad_fn`, which leads to the operation that made it. In
# TensorFlow a tensor holds its values, and the history is on the tape, for as long as the tape
# keeps it. Ask a tensor:

# %% key="history"
v = tf.Variable(3.0)
with tf.GradientTape() as tape:
    y = v * v

print("has a grad_fn:", hasattr(y, "grad_fn"))
with tf.GradientTape() as another_tape:
    pass
print("asked on the tape that listened:", tape.gradient(y, v).numpy())
print("asked on another tape:          ", another_tape.gradient(y, v))
assert not hasattr(y, "grad_fn")

# %% [markdown]
# The same tensor `y` both times. The second tape heard nothing of it, and `y` cannot tell.
#
# ## "The tape generates gradient code"
#
# Nothing is generated. `gradient` walks over the rows and calls rules, and the rules run operations
# as your own code does. You can catch them at it. Put a second tape around the first: it hears what
# the walk back computes.

# %% key="no_code"
x = tf.constant(3.0)
with tf.GradientTape() as outer:
    outer.watch(x)
    with tf.GradientTape() as inner:
        inner.watch(x)
        y = tf.sin(x)
    rows_before = len(tf.inspect.rows(outer))
    slope = inner.gradient(y, x)

print("rows of the outer tape:")
print(tf.inspect.rows(outer))
added = [row.op for row in tf.inspect.rows(outer)][rows_before:]
print("added by the walk back:", added)
assert added == ["Cos", "Mul"] and abs(float(slope) - math.cos(3.0)) < 1e-6

# %% [markdown]
# Row 0 is your line, the sine. You never wrote a cosine: that is the rule of the sine at work, and
# the product is its multiplication by upstream, which is 1 here. They ran, one after the other, and
# left numbers, no code. Inside a `tf.function` it is different: there the rules add operations to
# the graph, and if you like you may call these gradient code:

# %%
@tf.function
def slope_of_sine(x):
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = tf.sin(x)
    return tape.gradient(y, x)


graph = slope_of_sine.get_concrete_function(tf.TensorSpec([], tf.float32)).graph
print([op.type for op in graph.get_operations()])
assert "Cos" in [op.type for op in graph.get_operations()]

# %% [markdown]
# ## Break it: a loss outside the block
#
# Two beliefs, which pull in opposite directions. One: "the variables belong into the block". The
# other: "if the model ran inside, the loss may be computed afterwards". Which of these three gives
# a gradient?

# %% key="inside"
def all_in_the_block():
    with tf.GradientTape() as tape:
        v = tf.Variable(3.0)
        y = v * v
        loss = y - 1.0
    return tape, loss, v


def variable_before_the_block():
    v = tf.Variable(3.0)
    with tf.GradientTape() as tape:
        y = v * v
        loss = y - 1.0
    return tape, loss, v


def loss_after_the_block():
    v = tf.Variable(3.0)
    with tf.GradientTape() as tape:
        y = v * v
    loss = y - 1.0
    return tape, loss, v


def answer_of(program):
    tape, loss, v = program()
    gradient = tape.gradient(loss, v)
    return "None" if gradient is None else f"{gradient.numpy():g}"


predict(
    "all in the block",
    yours=None,
    answer=lambda: answer_of(all_in_the_block),
    choices=("6", "None"),
)
predict(
    "the variable is made before the block",
    yours=None,
    answer=lambda: answer_of(variable_before_the_block),
    choices=("6", "None"),
    why="A variable is a thing, not an operation. What counts is where it is used.",
)
predict(
    "the loss is computed after the block",
    yours=None,
    answer=lambda: answer_of(loss_after_the_block),
    choices=("6", "None"),
    why="Which operation did the tape not see? Every way from the loss to v goes through it.",
)

# %% key="loss_outside"
for program in (all_in_the_block, variable_before_the_block, loss_after_the_block):
    print(f"{program.__name__:<26}", answer_of(program))

tape, loss, v = loss_after_the_block()
print(textwrap.fill(str(tape.explain(loss, v)), 88))
assert [answer_of(program) for program in (variable_before_the_block, loss_after_the_block)] == [
    "6", "None",
]  # fmt: skip

# %% [markdown]
# Read the explanation aloud: *the target was computed outside the tape's block*. It names the
# repair as well: indent the line with the loss. Make variables before the block, once: in a
# training loop you want the same variable in each round. The operations belong inside, all of them,
# up to the loss.
#
# ## Break it: a number is not a tensor
#
# The tape hears of operations on tensors. A plain Python number is not a tensor, and
# `float(...)` turns a tensor into a plain number. Two mistakes, two messages:

# %% key="not_a_tensor"
x = tf.constant(3.0)
with tf.GradientTape() as tape:
    try:
        tape.watch(3.0)
    except ValueError as error:
        print(textwrap.fill(f"ValueError: {error}", 88))

    tape.watch(x)
    loss = float(x * x)

try:
    tape.gradient(loss, x)
except AttributeError as error:
    print(textwrap.fill(f"AttributeError: {error}", 88))

# %% [markdown]
# Both name the thing they were given: a `float`. The repair: `tf.constant(3.0)` before you watch
# it, and no `float(...)` between the input and the loss. To print a number, convert a copy *after*
# you asked for the gradient.

# %%
x = tf.constant(3.0)
with tf.GradientTape() as tape:
    tape.watch(x)
    loss = x * x
print("gradient", tape.gradient(loss, x).numpy(), "  loss", float(loss))

# %% [markdown]
# ## What a tape keeps alive
#
# A rule needs numbers from the way forward. `vjp_mul` needs both factors. So a tape has to keep the
# tensors of its rows, and memory is what reverse mode costs.
#
# The next cell takes a variable of 1000 · 1000 numbers, 4 MB in float32, and ten sines in a row. It
# counts how many of the ten results are still in memory, with weak references: they point to an
# object without keeping it. Without a tape, Python frees each result as soon as the next one is
# there.

# %% key="memory"
def ten_sines(x):
    """The last result, and weak references to all ten."""
    results = []
    for _ in range(10):
        x = tf.sin(x)
        results.append(weakref.ref(x))
    return x, results


def alive(results):
    return [result() for result in results if result() is not None]


v = tf.Variable(tf.ones([1000, 1000]))
y, results = ten_sines(v)
without_tape = len(alive(results))

with tf.GradientTape() as tape:
    y, results = ten_sines(v)
with_tape = len(alive(results))
megabytes = sum(result.numpy().nbytes for result in alive(results)) / 1e6

gradient = tape.gradient(y, v)
after_gradient = len(alive(results))

predict("results alive without a tape", yours=None, answer=without_tape, why="Only y has a name.")
predict("results alive with a tape", yours=None, answer=with_tape, why="A rule may need any.")
predict(
    "results alive after tape.gradient",
    yours=None,
    answer=after_gradient,
    why="The tape was asked, and let go of its rows. What is left is what your own names hold.",
)

# %%
print(f"without a tape {without_tape}, with a tape {with_tape} ({megabytes:g} MB), "
      f"after the gradient {after_gradient}")  # fmt: skip
assert (without_tape, with_tape, megabytes, after_gradient) == (1, 10, 40, 1)

# %% [markdown]
# That is why an ordinary tape serves **one** call of `gradient`. It lets go of its rows at the
# first moment it can, and in a training loop one call is all you need. The second call has nothing
# to read, and says so. Read it aloud: your own tape will have to say it as well.

# %%
try:
    tape.gradient(y, v)
except RuntimeError as error:
    print(textwrap.fill(f"RuntimeError: {error}", 88))

# %% [markdown]
# ## "A persistent tape adds up its answers"
#
# With `persistent=True` a tape keeps its rows, and you may ask as often as you like. In PyTorch
# gradients are added to a field `.grad`, so that a second call gives a larger number. Does a
# persistent tape do that?

# %% key="asked_twice"
v = tf.Variable(2.0)
with tf.GradientTape(persistent=True) as tape:
    y = v * v

answers = [float(tape.gradient(y, v)) for _ in range(3)]

predict("the first answer", yours=None, answer=answers[0])
predict(
    "the third answer",
    yours=None,
    answer=answers[2],
    choices=(4, 8, 12),
    why="Each call starts with an empty dict, as in chapter 03.",
)

# %%
print(answers)
assert answers == [4, 4, 4]

# %% [markdown]
# Three times 4, the slope of v² at 2. Nothing is added up.
#
# ## "You must delete a persistent tape with del"
#
# A persistent tape keeps its tensors while it lives. How long is that? Here is the same tape once
# in a function, and once here in the notebook:

# %% key="del_tape"
def slope_in_a_function():
    v = tf.Variable(2.0)
    with tf.GradientTape(persistent=True) as tape:
        middle = v * v
        y = middle * middle
    return tape.gradient(y, v), weakref.ref(middle)


slope, in_function = slope_in_a_function()

v = tf.Variable(2.0)
with tf.GradientTape(persistent=True) as long_lived:
    middle = v * v
    y = middle * middle
in_notebook = weakref.ref(middle)
del middle  # our own name for it

predict(
    "in memory when the function has returned: the middle value",
    yours=None,
    answer=lambda: "no" if in_function() is None else "yes",
    choices=("yes", "no"),
    why="A tape lives as long as a name holds it. Which names end with the function?",
)
predict(
    "in memory in the notebook: the middle value",
    yours=None,
    answer=lambda: "no" if in_notebook() is None else "yes",
    choices=("yes", "no"),
    why="The tape holds its rows, and the name long_lived holds the tape.",
)

# %%
print("after the function:", in_function() is not None)
print("in the notebook:   ", in_notebook() is not None)
long_lived = None  # the name lets go of the tape, as `del long_lived` would
print("after letting go:  ", in_notebook() is not None)
assert in_function() is None and in_notebook() is None

# %% [markdown]
# So it is half true. In a function, `del tape` changes nothing: the tape ends with its name. In a
# notebook names live for hours, and there `del` (or the next tape of the same name) frees the
# memory.
#
# ## Exercises
#
# Four tasks: a recorder, eight rules, the sweep, and the tape made of them. At the end your own
# tape learns a line. Open [the exercises of this chapter](../exercises/04_the_tape.ipynb).
#
# ## In short
#
# - A tape is a list of the operations that ran in a block, in the order in which they ran.
# - Each operation has one rule (VJP). It gets the upstream gradient, the inputs and the output, and
#   returns one gradient per input.
# - Reading the list backwards is a good order: everything that uses a value comes after it.
# - TensorFlow's tape keeps only what depends on something watched. The operations have to be inside
#   the block, up to the loss; variables are made outside.
# - The rows keep their tensors alive. An ordinary tape lets go of them after one call; a persistent
#   one when it ends. Neither adds answers up.

# %% [markdown]
# ## Say why, in one sentence
#
# Why does a tape have to keep tensors from the way forward, although you ask it only for gradients?
# Write one sentence, on paper or in this cell (double-click it). Then compare.
#
# Your sentence:
#
# <details>
# <summary>A possible answer</summary>
#
# A rule multiplies what comes from upstream by a local derivative, and the local derivative depends
# on the numbers that the operation saw on the way forward.
#
# </details>

# %% [markdown]
# ## Further reading
#
# - S. Linnainmaa, *Taylor expansion of the accumulated rounding error*, BIT Numerical Mathematics
#   16, 146-160, 1976. Reverse mode over a list of operations, from his thesis of 1970.
# - A. Griewank, A. Walther, *Evaluating Derivatives*, 2nd edition, SIAM, 2008. Chapter 4 is about
#   tapes and the memory they take.
# - A. Agrawal and others, *TensorFlow Eager: a multi-stage, Python-embedded DSL for machine
#   learning*, 2019: <https://arxiv.org/abs/1903.01855>. Why TensorFlow 2 has a tape.
# - T. Chen, B. Xu, C. Zhang, C. Guestrin, *Training deep nets with sublinear memory cost*, 2016:
#   <https://arxiv.org/abs/1604.06174>. Keep fewer tensors, and compute the others again.
# - *Introduction to gradients and automatic differentiation*, the TensorFlow guide:
#   <https://www.tensorflow.org/guide/autodiff>
# - G. van Rossum, A. Coghlan, *PEP 343: The "with" statement*, 2005:
#   <https://peps.python.org/pep-0343/>
#
# ## Next
#
# [05 What the tape watches](05_watching.ipynb): the ways to get a None, and the way out of
# each.
