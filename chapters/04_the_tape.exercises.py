# %% [markdown]
# # 04 The tape: exercises
#
# Four tasks, about 45 minutes. They belong to the lesson
# [04_the_tape](../notebooks/04_the_tape.ipynb). At the end you have a tape of your own; chapters
# 06, 11 and 13 build on it.
#
# You work with the course's workbench. It computes, and knows no derivative:
#
# - `Value(2.0)` holds a NumPy array or number, in `.data`;
# - `x * w` or `apply("mul", x, w)` runs one operation and makes a new Value;
# - `TAPES` is the list of all who listen. After each operation, `apply` calls `record(entry)` on
#   each of them;
# - an `Entry` has four fields: `op` (a name such as `"mul"`), `inputs` (a tuple of Values),
#   `output` (a Value) and `attrs` (a dict of further arguments, mostly empty).
#
# If a block of yours breaks halfway, `TAPES.clear()` closes whatever is still open.

# %% tags=["setup"]
import numpy as np

import minitf as tf
from minitf.course import check, hint, my_engine, progress, provenance, reset, solution
from minitf.course.workbench import TAPES, Entry, Value, apply

# %% [markdown] exercise="ch04.recorder"
# First the part that listens. It is used like this:
#
# ```
# with Recorder() as tape:
#     y = x * w
# tape.entries        # one entry
# ```
#
# - `record(entry)` puts the entry behind those that are there. `apply` calls it, not you.
# - When the block begins, the recorder joins `TAPES`. When it ends, it leaves, also if the block
#   ended with an error. The error itself goes on to whoever catches it.
# - Blocks may stand inside each other. The outer recorder hears of everything in the inner block.

# %% answer="ch04.recorder"
class Recorder:
    """Writes down every operation of its `with` block, in the order in which they run."""

    def __init__(self):
        self.entries = []

    def record(self, entry):
        """Keep one entry."""
        ### BEGIN SOLUTION
        self.entries.append(entry)
        ### END SOLUTION

    def __enter__(self):
        """The block begins: listen."""
        ### BEGIN SOLUTION
        TAPES.append(self)
        return self
        ### END SOLUTION

    def __exit__(self, kind, error, traceback):
        """The block ends, with an error or without (then all three are None): stop listening."""
        ### BEGIN SOLUTION
        TAPES.remove(self)
        ### END SOLUTION

# %% [markdown]
# Your recorder at work on the loss of chapter 02. Note the 4 and the 1: plain numbers became
# Values, and yours writes them down like everything else. TensorFlow's tape would keep an operation
# only if one of its inputs is watched.

# %% needs="ch04.recorder"
TAPES.clear()
x, w = Value(2.0, "x"), Value(3.0, "w")
with Recorder() as tape:
    loss = abs(4.0 - (x * w + 1.0))

for entry in tape.entries:
    given = ", ".join(f"{value.data:g}" for value in entry.inputs)
    print(f"{entry.op}({given}) = {entry.output.data:g}")
print("still listening:", len(TAPES))

# %% [markdown] exercise="ch04.scalar_rules"
# Now one rule for each of eight operations. A rule is a function
#
# ```
# rule(upstream, inputs, output)
# ```
#
# It gets what has arrived at the output, a tuple of its inputs, and the output: NumPy arrays, or
# single numbers. It returns a tuple with one gradient per input: **upstream times the local
# derivative**. With one input that is a tuple of one: `(something,)`.
#
# `mul` is done. At a kink follow TensorFlow: the slope of the absolute value at 0 is 0. A rule has
# to work for a whole array as well, element by element; so use `np.sin`, not `math.sin`.

# %% answer="ch04.scalar_rules"
def vjp_mul(upstream, inputs, output):
    """x · y"""
    x, y = inputs
    return upstream * y, upstream * x


def vjp_add(upstream, inputs, output):
    """x + y"""
    ### BEGIN SOLUTION
    return upstream, upstream
    ### END SOLUTION


def vjp_sub(upstream, inputs, output):
    """x - y"""
    ### BEGIN SOLUTION
    return upstream, -upstream
    ### END SOLUTION


def vjp_div(upstream, inputs, output):
    """x / y"""
    ### BEGIN SOLUTION
    x, y = inputs
    return upstream / y, -upstream * x / (y * y)
    ### END SOLUTION


def vjp_neg(upstream, inputs, output):
    """-x"""
    ### BEGIN SOLUTION
    return (-upstream,)
    ### END SOLUTION


def vjp_abs(upstream, inputs, output):
    """|x|"""
    ### BEGIN SOLUTION
    return (upstream * np.sign(inputs[0]),)
    ### END SOLUTION


def vjp_exp(upstream, inputs, output):
    """e to the power x"""
    ### BEGIN SOLUTION
    return (upstream * output,)
    ### END SOLUTION


def vjp_sin(upstream, inputs, output):
    """the sine of x"""
    ### BEGIN SOLUTION
    return (upstream * np.cos(inputs[0]),)
    ### END SOLUTION


SCALAR_RULES = {
    "add": vjp_add, "sub": vjp_sub, "mul": vjp_mul, "div": vjp_div,
    "neg": vjp_neg, "abs": vjp_abs, "exp": vjp_exp, "sin": vjp_sin,
}  # fmt: skip

# %% [markdown]
# Rules are plain functions, so you can ask them anything. 5 arrives at x · y with x = 3, y = 2; and
# 5 arrives at |x| with x = -3:

# %% needs="ch04.scalar_rules"
three, two = np.array(3.0), np.array(2.0)
print("mul", *(f"{g:g}" for g in SCALAR_RULES["mul"](5.0, (three, two), three * two)))
print("div", *(f"{g:g}" for g in SCALAR_RULES["div"](5.0, (three, two), three / two)))
print("abs", *(f"{g:g}" for g in SCALAR_RULES["abs"](5.0, (-three,), three)))

# %% [markdown] exercise="ch04.sweep"
# The heart. `sweep` reads entries from the last to the first and hands back the gradients of
# `target` by each of the `sources`: a list of NumPy values, in the order of the sources.
#
# - At the target the sweep starts with 1, in the target's shape: `np.ones_like(target.data)`.
# - An entry at whose output nothing has arrived does not lead to the target. Skip it.
# - For any other entry ask its rule:
#   `rules[entry.op](upstream, inputs, output, **entry.attrs)`. The inputs and the output are
#   NumPy arrays here, the `.data` of the Values.
# - What the rule gives is added to what has arrived at each input so far. A `None` in it means that
#   there is nothing to add.
# - A source that nothing arrived at gets `None`.
#
# Two Values may hold the same number. Tell them apart by identity: `id(value)` is a number that
# belongs to one object alone, as long as it lives, and makes a good key for a dict.

# %% answer="ch04.sweep"
def sweep(entries, target, sources, rules):
    """Return the gradients of target by each source, None where no path leads to the target."""
    ### BEGIN SOLUTION
    gradients = {id(target): np.ones_like(target.data)}
    for entry in reversed(entries):
        upstream = gradients.get(id(entry.output))
        if upstream is None:
            continue
        inputs = tuple([x.data for x in entry.inputs])
        found = rules[entry.op](upstream, inputs, entry.output.data, **entry.attrs)
        for x, gradient in zip(entry.inputs, found, strict=True):
            if gradient is not None:
                arrived = gradients.get(id(x))
                gradients[id(x)] = gradient if arrived is None else arrived + gradient
    return [gradients.get(id(source)) for source in sources]
    ### END SOLUTION

# %% [markdown]
# The example of the lesson, $u = x w$, $v = u + x$, $y = u v$ at (2, 3). You found 48 and 28 there:

# %% needs=["ch04.recorder", "ch04.scalar_rules", "ch04.sweep"]
x, w = Value(2.0), Value(3.0)
with Recorder() as tape:
    u = x * w
    v = u + x
    y = u * v

print("dy/dx, dy/dw:", *(f"{g:g}" for g in sweep(tape.entries, y, [x, w], SCALAR_RULES)))
print("du/dx, du/dv:", *sweep(tape.entries, u, [x, v], SCALAR_RULES))

# %% [markdown] exercise="ch04.tape"
# Put it together. `Tape(rules)` is a `Recorder` that can be asked:
#
# - `gradient(target, sources)` uses your `sweep` and its own `rules`. For a list of sources it
#   gives a list, for a single Value a single gradient.
# - After the answer it lets go of its entries, so that the arrays in them can be freed.
# - A second call raises `RuntimeError`. Its message says why, and what to do instead; somebody will
#   read it who has no idea. (At least six words.)

# %% answer="ch04.tape"
class Tape(Recorder):
    """A recorder that gives gradients, once.

    with Tape(rules) as tape:
        y = x * w
    tape.gradient(y, [x, w])
    """

    def __init__(self, rules):
        super().__init__()
        self.rules = rules
        self.used = False

    def gradient(self, target, sources):
        """Return the gradient of target by a Value, or by each Value of a list."""
        ### BEGIN SOLUTION
        if self.used:
            raise RuntimeError(
                "this tape was asked before and has released its entries. Ask for all sources in "
                "one call, tape.gradient(y, [x, w]), or record again on a new tape."
            )
        single = isinstance(sources, Value)
        found = sweep(self.entries, target, [sources] if single else sources, self.rules)
        self.used = True
        self.entries = []
        return found[0] if single else found
        ### END SOLUTION

# %% [markdown]
# Your message, as a user of your tape sees it:

# %% needs=["ch04.recorder", "ch04.scalar_rules", "ch04.sweep", "ch04.tape"]
x = Value(3.0)
with Tape(SCALAR_RULES) as tape:
    y = x * x
print("dy/dx:", tape.gradient(y, x))
try:
    tape.gradient(y, x)
except RuntimeError as error:
    print("RuntimeError:", error)

# %% [markdown]
# ## Your tape beside TensorFlow's
#
# The same function, once with Values on your tape, once with variables on a `tf.GradientTape`:

# %% needs=["ch04.recorder", "ch04.scalar_rules", "ch04.sweep", "ch04.tape"]
def wild(x, w):
    for _ in range(20):
        x = abs(x * w - x / (w + 2.0)) + 0.1
    return x - w


x, w = Value(0.9), Value(1.3)
with Tape(SCALAR_RULES) as mine:
    y = wild(x, w)

tf_x, tf_w = tf.Variable(0.9), tf.Variable(1.3)
with tf.GradientTape() as theirs:
    tf_y = wild(tf_x, tf_w)

print("yours        ", *(f"{g:.5g}" for g in mine.gradient(y, [x, w])))
print("GradientTape ", *(f"{g.numpy():.5g}" for g in theirs.gradient(tf_y, [tf_x, tf_w])))

# %% [markdown]
# ## Your tape learns a line
#
# Four points lie on $y = 2x + 1$. Start at w = 0, b = 0. In each round: record, ask, step downhill.
# One new tape per round, because each serves one call.

# %% needs=["ch04.recorder", "ch04.scalar_rules", "ch04.sweep", "ch04.tape"]
points = [(0.0, 1.0), (1.0, 3.0), (2.0, 5.0), (3.0, 7.0)]
w, b = Value(0.0), Value(0.0)
for step in range(51):
    with Tape(SCALAR_RULES) as tape:
        loss = Value(0.0)
        for x, y in points:
            error = w * x + b - y
            loss = loss + error * error
    dw, db = tape.gradient(loss, [w, b])
    if step % 10 == 0:
        print(f"step {step:>2}: loss {loss.data:8.4f}   w {w.data:.3f}   b {b.data:.3f}")
    w.data, b.data = w.data - 0.02 * dw, b.data - 0.02 * db

# %% [markdown]
# A rule, a list, and a loop over it backwards. Everything that follows in this course, MNIST
# included, is more rules.

# %% needs=["ch04.recorder", "ch04.scalar_rules", "ch04.sweep", "ch04.tape"]
progress(4)
