# %% [markdown]
# # 01 Four ways to a derivative: exercises
#
# Five tasks, about 35 minutes. They belong to the lesson
# [01_four_ways](../notebooks/01_four_ways.ipynb).
#
# Each answer is checked by the cell below it. Stuck? Run `hint("ch01.hand_derivative")`, with the
# id of your task, in an empty cell.

# %% tags=["setup"]
import math

import numpy as np

import minitf as tf
from minitf.course import check, hint, progress, provenance, reset, solution

# %% [markdown] exercise="ch01.hand_derivative"
# The loss of the lesson, with a corner: $\text{loss}(w) = |4 - (2w + 1)|$. Find its slope by hand,
# and write a function that returns the slope at `w`.
#
# Two examples: `hand_derivative(0.5)` is −2, `hand_derivative(3.0)` is 2. At the corner, $w = 1.5$,
# return 0, as TensorFlow does.

# %% answer="ch01.hand_derivative"
def hand_derivative(w):
    """Return the slope of |4 - (2w + 1)| at w."""
    ### BEGIN SOLUTION
    inside = 4 - (2 * w + 1)
    if inside > 0:
        return -2.0
    if inside < 0:
        return 2.0
    return 0.0
    ### END SOLUTION

# %% [markdown]
# Your slope in use: ten steps downhill from w = 3, each 0.1 times the slope. They do not end in the
# corner: its slope of ±2 never shrinks, so the last steps jump across it, from 1.6 to 1.4 and back.

# %% needs="ch01.hand_derivative"
w = 3.0
for _ in range(10):
    w = w - 0.1 * hand_derivative(w)
print(f"after ten steps: w = {w:.2f}, loss {abs(4 - (2 * w + 1)):.2f}")
assert round(w, 9) == 1.4 and round(w - 0.1 * hand_derivative(w), 9) == 1.6

# %% [markdown] exercise="ch01.central_difference"
# The slope of any function, from two calls: one step to the right of `x`, one to the left.
#
# $$\frac{f(x+h) - f(x-h)}{2h}$$
#
# Example: `central_difference(lambda x: x**2, 3.0, 0.5)` is 6.

# %% answer="ch01.central_difference"
def central_difference(f, x, h):
    """Return the central difference quotient of f at x with step h."""
    ### BEGIN SOLUTION
    return (f(x + h) - f(x - h)) / (2 * h)
    ### END SOLUTION

# %% [markdown]
# The error of your function for $e^x$ at 1, where the slope is $e$. Ten times smaller steps, a
# hundred times smaller errors:

# %% needs="ch01.central_difference"
for h in (0.1, 0.01, 0.001):
    print(f"h = {h:<6g} error {abs(central_difference(math.exp, 1.0, h) - math.e):.1e}")

# %% [markdown] exercise="ch01.pick_eps"
# Choose the step. Return one that makes the central difference of an ordinary function, near
# ordinary numbers, as good as it gets in that number type. `dtype` is `"float32"` or `"float64"`.
#
# The check computes the slopes of $\sin x$ at 1, $e^x$ at 1 and $x^3$ at 2 with your step. No error
# may be more than 30 times that of the best step.

# %% answer="ch01.pick_eps"
def pick_eps(dtype):
    """Return a good step for central differences in "float32" or "float64"."""
    ### BEGIN SOLUTION
    return 5e-3 if dtype == "float32" else 5e-6
    ### END SOLUTION

# %% [markdown]
# Where such numbers come from: the two errors of a central difference are about $h^2$ and
# $\varepsilon / h$, where $\varepsilon$ is the gap between neighbouring numbers near 1. They are
# equal where $h$ is the cube root of $\varepsilon$:

# %% needs="ch01.pick_eps"
for dtype in ("float32", "float64"):
    gap = np.finfo(dtype).eps
    root, yours = gap ** (1 / 3), pick_eps(dtype)
    print(f"{dtype}: cube root of {gap:.1e} is {root:.1e}; yours is {yours:.1e}")

# %% [markdown] exercise="ch01.sym_diff"
# Rules for formulas. A formula is a number, the letter `"x"`, or a tuple with an operation and two
# formulas:
#
# ```
# 3.0                                    the number 3
# "x"                                    x
# ("add", ("mul", "x", "x"), 3.0)        x · x + 3
# ```
#
# Return the formula of the derivative, in the same form. Four rules are enough: for a
# number, for `"x"`, for `"add"` and for `"mul"`. You need not simplify: $0 \cdot x$ may stay. Any
# formula with the right values is accepted.
#
# The function will call itself, for the parts.

# %% answer="ch01.sym_diff"
def sym_diff(formula):
    """Return the derivative of a formula, as a formula."""
    ### BEGIN SOLUTION
    if formula == "x":
        return 1.0
    if not isinstance(formula, tuple):
        return 0.0
    op, u, v = formula
    if op == "add":
        return ("add", sym_diff(u), sym_diff(v))
    return ("add", ("mul", sym_diff(u), v), ("mul", u, sym_diff(v)))
    ### END SOLUTION

# %% [markdown]
# The derivative of $x \cdot x + 3$ as your rules write it:

# %% needs="ch01.sym_diff"
def written(formula):
    """A formula as people write it."""
    if not isinstance(formula, tuple):
        return str(formula)
    op, u, v = formula
    return f"({written(u)} {'+' if op == 'add' else '·'} {written(v)})"


print(written(sym_diff(("add", ("mul", "x", "x"), 3.0))))

# %% [markdown] exercise="ch01.expression_swell"
# How large is a formula? Count the nodes of its tree: every operation, every `"x"` and every number
# counts one. `count_nodes(("add", ("mul", "x", "x"), 3.0))` is 5.

# %% answer="ch01.expression_swell"
def count_nodes(formula):
    """Return the number of nodes of a formula's tree."""
    ### BEGIN SOLUTION
    if not isinstance(formula, tuple):
        return 1
    _, u, v = formula
    return 1 + count_nodes(u) + count_nodes(v)
    ### END SOLUTION

# %% [markdown]
# Now count what the lesson promised: squarings on the tape, and the same squarings as a formula
# with its derivative by your rules:

# %% needs=["ch01.sym_diff", "ch01.expression_swell"]
print("squarings   entries on the tape   nodes of the derivative")
for squarings in (1, 2, 4, 8):
    formula = "x"
    x = tf.constant(1.5)
    with tf.GradientTape(persistent=True) as tape:
        tape.watch(x)
        y = x
        for _ in range(squarings):
            formula = ("mul", formula, formula)
            y = y * y
    nodes = count_nodes(sym_diff(formula))
    print(f"{squarings:>9} {len(tf.inspect.rows(tape)):>21} {nodes:>25,}")

# %% [markdown]
# ## Done
#
# `central_difference` stays with you: it will judge every gradient rule you write from now on.

# %% needs="ch01.expression_swell"
progress(1)
