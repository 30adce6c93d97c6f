# %% [markdown]
# # 01 Four ways to a derivative
#
# **60 minutes**: about 25 for this lesson, 35 for the exercises.
#
# You need Python and the school idea of a slope: rise over run. Chapter 00 helps.
#
# After this chapter you can
#
# - find a slope by hand, from its definition;
# - compute one with two function calls, and choose a step that is neither too large nor too small;
# - let a program derive a formula, and see why the formula explodes;
# - say what *automatic* differentiation is, and what it is not.

# %% tags=["setup"]
import matplotlib.pyplot as plt
import numpy as np

import minitf as tf
from minitf.course import predict, sealed

# %% [markdown]
# ## Three questions first
#
# Put your answers in place of `None`, words in quotes, and run the cell. A wrong answer costs
# nothing. Stored outputs give answers away: first choose *Edit*, *Clear Outputs of All Cells*. An
# answer that no line computes is `sealed(...)` here, so that you do not read it by accident.
#
# 1. Chapter 00, one step of gradient descent: `w` = 3, gradient 12, learning rate 0.1. What is `w`
#    after the step?
# 2. A line goes through the points (2, 8) and (3, 27). What is its slope?
# 3. In chapter 00 the loss was 9 at `w` = 3, and a tape found the gradient 12 there. About how
#    large is the loss at `w` = 3.01?

# %%
def chapter_00_loss(w):
    return (w * 2.0 + 1.0 - 4.0) ** 2


predict("1. w after the step", yours=None, answer=sealed("MS44"))
predict(
    "2. the slope of the line",
    yours=None,
    answer=sealed("MTk="),
    why="Rise over run. Both points lie on the curve y = x³.",
)
predict(
    "3. the loss at 3.01, to two decimals",
    yours=None,
    answer=lambda: round(chapter_00_loss(3.01), 2),
    why="The loss grows 12 times as fast as w. The tape found that without a formula from you.",
)

# %% [markdown]
# ## How small should a step be?
#
# A slope at one point is a riddle: rise over run needs two points. Take two points close to it, one
# on each side, and draw the line through them, a **secant**. The closer they are, the more the
# secant looks like the **tangent**, the line that touches the curve in one point.
#
# So the smaller the step, the better the slope? Below is $f(x) = x^3$ at $x = 2$, where the slope
# is 12. Move the slider. The step shrinks from 1 to 1e-14, that is $10^{-14}$. Watch the secant,
# then answer the question under the picture: which step gives the best slope in float32? That is
# the number type TensorFlow takes by default; it keeps about seven digits. Python's own numbers are
# float64, with about sixteen.

# %% key="hook"
lens = tf.viz.SecantLens(lambda x: x**3, x=2.0)
lens

# %% [markdown]
# Keep the picture in mind. You will know by the end of this lesson why both error curves, that of
# float32 and that of float64, are V-shaped.
#
# There are four ways to a derivative. We take them one after the other, all with the same function.
#
# ## Way 1: by hand
#
# Write down rise over run from 2 to 2 + h, and multiply out:
#
# $$
# \frac{(2+h)^3 - 2^3}{h} = \frac{8 + 12h + 6h^2 + h^3 - 8}{h} = 12 + 6h + h^2
# $$
#
# As `h` shrinks to 0, what stays is 12. That number is the **derivative** of $x^3$ at 2. Done for
# any $x$ instead of 2, it gives $3x^2$.
#
# For h = 1 the formula on the right says 12 + 6 + 1 = 19: the secant of question 2. What does it
# say for h = 0.1?

# %%
def rise_over_run(f, x, h):
    return (f(x + h) - f(x)) / h


def cube(x):
    return x**3


predict(
    "rise over run from 2 to 2.1",
    yours=None,
    answer=lambda: rise_over_run(cube, 2.0, 0.1),
    why="Put h = 0.1 into 12 + 6h + h². What is too much is the price of a step that is not 0.",
)

# %% [markdown]
# ### A function with a corner
#
# Not every function is smooth. Take the loss $|4 - (2w + 1)|$. The bars mean: drop the sign. To
# find its slope by hand, remove the bars, and ask which sign the inside has:
#
# - where $2w + 1 < 4$, the inside is positive, and the loss is $4 - (2w + 1) = 3 - 2w$. Slope −2.
# - where $2w + 1 > 4$, the inside is negative, and the loss is $(2w + 1) - 4 = 2w - 3$. Slope +2.
#
# At $w = 1.5$ both meet in a corner. There is no single slope there; chapter 02 comes back to it.

# %%
def corner_loss(w):
    return abs(4 - (2 * w + 1))


weights = np.linspace(0, 3, 61)
figure, axis = plt.subplots(figsize=(5, 2.6))
axis.plot(weights, [corner_loss(w) for w in weights], color="#0072B2")
axis.annotate("slope −2", (0.5, corner_loss(0.5)), (12, 2), textcoords="offset points")
axis.annotate("slope +2", (2.5, corner_loss(2.5)), (-62, 2), textcoords="offset points")
axis.set(xlabel="w", ylabel="loss", ylim=0)
axis.spines[["top", "right"]].set_visible(False)
plt.show()
print("slope left of the corner: ", rise_over_run(corner_loss, 0.5, 0.5))
print("slope right of the corner:", rise_over_run(corner_loss, 2.0, 0.5))
assert (rise_over_run(corner_loss, 0.5, 0.5), rise_over_run(corner_loss, 2.0, 0.5)) == (-2, 2)

# %% [markdown]
# By hand means: exact, with understanding, and only for functions small enough. The network of
# chapter 00 has 101,770 weights. Nobody does that by hand.
#
# ## Way 2: with numbers
#
# A computer can evaluate `f` wherever you like. So let it do rise over run with a small `h`. This
# is **numerical differentiation**, and the fraction is a **difference quotient**. There are two
# popular ones:
#
# $$
# \underbrace{\frac{f(x+h) - f(x)}{h}}_{\text{forward difference}}
# \qquad
# \underbrace{\frac{f(x+h) - f(x-h)}{2h}}_{\text{central difference}}
# $$
#
# For $x^3$ at 2 you know the forward one: $12 + 6h + h^2$. Multiply out the central one in the same
# way, and the $6h$ disappears. What is left is $12 + h^2$.
#
# So with a step ten times smaller, the error of the forward difference becomes ten times smaller.
# And the error of the central difference?

# %%
def central_error(h):
    return abs((cube(2 + h) - cube(2 - h)) / (2 * h) - 12)


predict(
    "how many times smaller, for h = 0.01 instead of 0.1",
    yours=None,
    answer=lambda: central_error(0.1) / central_error(0.01),
    tolerance=0.01,
    why="The error of the central difference is what stands beside the 12: h².",
)

# %%
print("     h   forward error   central error")
for h in (1.0, 0.1, 0.01, 0.001):
    forward_error = abs(rise_over_run(cube, 2.0, h) - 12)
    print(f"{h:6g} {forward_error:15.6f} {central_error(h):15.9f}")

assert round(central_error(0.1), 9) == 0.01 and round(central_error(0.01), 9) == 0.0001
assert abs(abs(rise_over_run(cube, 2.0, 0.01) - 12) - 0.0601) < 1e-9

# %% [markdown]
# Two function calls each, and the central one is far better. That is why everybody uses it.
#
# ### Break it: the tiniest step
#
# If smaller is better, take the tiniest step there is! Here is the central difference in float32,
# with smaller and smaller steps. The slope is still 12. What comes out for h = 1e-7?

# %% key="tiny_step"
def central_float32(h):
    x, h = np.float32(2), np.float32(h)
    return ((x + h) ** 3 - (x - h) ** 3) / (2 * h)


predict(
    "the slope with h = 1e-7",
    yours=None,
    answer=lambda: str(round(float(central_float32(1e-7)), 2)),
    choices=("12.0", "11.99", "7.15"),
    why="Read on: the digits that would make the difference are not there.",
)

# %%
for h in (1e-1, 1e-2, 1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8):
    print(f"h = {h:.0e}   slope {central_float32(h):.4f}")

assert [round(float(central_float32(h)), 2) for h in (1e-2, 1e-6, 1e-7)] == [12.0, 11.44, 7.15]
assert central_float32(1e-8) == 0.0

# %% [markdown]
# At 1e-6 the slope is 11.44, at 1e-7 it is 7.15, and at 1e-8 it is 0. No error message.
#
# A float32 number has about seven digits. So it has *neighbours*, the next number above and the
# next below, and nothing fits between. A result that falls there is rounded to one of the two. That
# happens to your two points:

# %% key="rounded_points"
two = np.float32(2)
gap_above = float(np.spacing(two))
gap_below = float(two - np.nextafter(two, np.float32(0)))
print(f"the neighbours of 2: 2 - {gap_below:.2e} and 2 + {gap_above:.2e}")

for h in (1e-6, 1e-7, 1e-8):
    left, right = float(two - np.float32(h)), float(two + np.float32(h))
    print(f"h = {h:.0e}   points 2 - {2 - left:.2e} and 2 + {right - 2:.2e}")

assert two + np.float32(1e-7) == two and two - np.float32(1e-7) == two - np.float32(gap_below)
assert round(12 * gap_below / 2e-7, 2) == 7.15 and f"{gap_below:.2e}" == "1.19e-07"

# %% [markdown]
# With h = 1e-7, 2 + h is rounded to 2 itself, and 2 − h to its left neighbour. The points are
# 1.19e-7 apart. Yet you divide by 2h = 2e-7, and 12 · 1.19e-7 / 2e-7 is 7.15. With h = 1e-8 both
# points are 2, and the rise is 0.
#
# You could divide by the distance that is really there. That helps here, and not in general: the
# values are rounded as well. The slope is 12, so values of x³ at points 2e-7 apart should differ by
# 12 · 2e-7 = 24e-7. Both lie near 8, and from 8 to the next number is a gap of 9.5e-7. That makes
# two or three gaps. If each value is wrong by half a gap, hardly one digit of the difference is
# right. Dividing by a tiny step makes that large:

# %%
gap_at_8 = float(np.spacing(np.float32(8)))
print(f"next float32 after 8: 8 + {gap_at_8:.2e}")
print(f"rise for h = 1e-7, in gaps: {24e-7 / gap_at_8:.1f}")
assert f"{gap_at_8:.2e}" == "9.54e-07" and 2 < 24e-7 / gap_at_8 < 3

# %% [markdown]
# So two errors pull in opposite directions. A large step sees the curve bend; that error shrinks
# with h². A small step sees rounding; that error grows with 1/h. The best step is where they meet:
# for float32 near 6e-3 in the picture above, for float64, which has sixteen digits, near 6e-6. That
# is the V of both curves.

# %%
from_picture = lens.best_step
print(f"best step in float32, from the picture: {from_picture:.1g}")
assert 1e-3 < from_picture < 2e-2

# %% [markdown]
# Way 2 costs **two** evaluations of `f` for **one** input. A network with 101,770 weights would
# need 203,540 evaluations for a single step of training.

# %%
assert 2 * 101_770 == 203_540

# %% [markdown]
# It is still worth having, as a judge. If somebody gives you a gradient, compare it with a central
# difference in float64: two roads that have nothing in common should arrive at the same number.
# `tf.test.compute_gradient` does that. Here it meets a gradient that is wrong by a factor of 2.
# (`tf.custom_gradient` lets you write a rule of your own. Chapter 02 says what `upstream` is; here
# it is 1.)

# %% key="judge"
@tf.custom_gradient
def square_with_a_wrong_rule(x):
    def rule(upstream):
        return upstream * x  # should be upstream * 2 * x

    return x * x, rule


for name, function in (("tf.square", tf.square), ("wrong rule", square_with_a_wrong_rule)):
    (claimed,), (measured,) = tf.test.compute_gradient(
        function, [tf.constant(3.0, tf.float64)], delta=1e-5
    )
    print(f"{name:<11} claims {claimed.item():.4f}   differences say {measured.item():.4f}")

assert (round(claimed.item(), 4), round(measured.item(), 4)) == (3, 6)

# %% [markdown]
# The wrong rule claims 3; differences say 6. The grader of this course judges many of your answers
# like that. How far can you trust the judge? Here it measures a slope that is known, the one of
# $\sin x$ at 1:

# %% key="how_sure"
def relative_error(number, h):
    x, h = number(1), number(h)
    return abs(float((np.sin(x + h) - np.sin(x - h)) / (2 * h)) / np.cos(1.0) - 1)


for number, h in ((np.float64, 1e-5), (np.float32, 1e-3)):
    print(f"{number.__name__}, h = {h:g}: wrong by {relative_error(number, h):.0e} of the slope")

assert relative_error(np.float64, 1e-5) < 1e-9 < 1e-6 < relative_error(np.float32, 1e-3) < 1e-3

# %% [markdown]
# Ten digits in float64, three or four in float32.
#
# ## Way 3: with formulas
#
# You know rules: the derivative of a sum is the sum of the derivatives, and $(uv)' = u'v + uv'$. A
# program can apply them to a formula and return a new formula. This is **symbolic
# differentiation**.
#
# To a program a formula is a **tree**. $x \cdot x + 3$ is an addition; its branches are a product
# and a number:
#
# ```
#       +
#      / \
#     ×   3
#    / \
#   x   x
# ```
#
# This tree has 5 nodes: two operations, two times `x`, one number. In the exercises you write the
# rules, and a tree goes in and a tree comes out. It works, it is exact, and you get a formula that
# holds for every `x`.
#
# The trouble starts with size. The product rule needs `u` and `v` twice: once as they are, once
# differentiated. So let the same thing be squared again and again: $y_1 = x \cdot x$,
# $y_2 = y_1 \cdot y_1$, and so on. With n squarings that is $x$ to the power $2^n$, and each
# squaring is one line of code. A tree has to write out `y` in both branches, though.
#
# Count the nodes of $x \cdot x$: 3. Its derivative by the product rule is $1 \cdot x + x \cdot 1$:
# a sum of two products, 7 nodes. In general, let `u` have `s` nodes and its derivative `d`. Then
# $u \cdot u$ has $2s + 1$ nodes, and $u'u + uu'$ has two products of $s + d + 1$ nodes and one sum.
# After 10 squarings: is the derivative's tree closer to 200, to 2,000 or to 20,000 nodes?

# %% key="swell"
def tree_sizes(squarings):
    """Nodes in the tree of y, and in the tree of its derivative, after so many squarings."""
    size, derivative = 1, 1  # y = x is one node; its derivative is the number 1
    for _ in range(squarings):
        size, derivative = 2 * size + 1, 2 * (size + derivative + 1) + 1
    return size, derivative


predict(
    "nodes of the derivative after 10 squarings",
    yours=None,
    answer=lambda: min((200, 2000, 20000), key=lambda n: abs(n - tree_sizes(10)[1])),
    choices=(200, 2000, 20000),
    why="The next cell counts.",
)

# %%
print("squarings   nodes of y   nodes of dy/dx")
for squarings in (1, 2, 3, 5, 10, 20):
    size, derivative = tree_sizes(squarings)
    print(f"{squarings:>9} {size:>12,} {derivative:>16,}")

assert tree_sizes(1) == (3, 7) and tree_sizes(10) == (2047, 22527)
assert tree_sizes(20)[1] == 44_040_191

# %% [markdown]
# 22,527 nodes after 10 squarings, and 44 million after 20, for a computation of 20
# lines. This is called **expression swell**. Good systems for formulas simplify and share parts,
# which helps; but a program with loops and branches is not one formula to begin with.
#
# ## Way 4: automatically
#
# You did not ask for a formula. You asked for a number: the slope at *this* x. And you did not give
# a formula either; you gave a program. So let the program run, and write down each operation it
# executes. A list of 20 squarings has 20 entries, however large the power. Then apply the rule of
# each entry to the **numbers** that were there.
#
# That is **automatic differentiation**. In TensorFlow the list is kept by a `tf.GradientTape`. In
# the next cell it sees 10 squarings. `tape.watch(x)` says that you will ask how fast the
# result changes with this `x`; `persistent=True` keeps the list after you asked. `tf.inspect.rows`
# (only in minitf) shows the list. How many entries has it?

# %% key="tape_of_squarings"
def squared_again_and_again(x, squarings):
    y = x
    for _ in range(squarings):
        y = y * y
    return y


x = tf.constant(1.001, tf.float64)
with tf.GradientTape(persistent=True) as tape:
    tape.watch(x)
    y = squared_again_and_again(x, 10)

predict(
    "entries on the tape",
    yours=None,
    answer=lambda: len(tf.inspect.rows(tape)),
    why="One per operation that ran, however often a value is used.",
)

# %%
exact = 1024 * 1.001**1023  # y is x to the power 1024
automatic = float(tape.gradient(y, x))
h = 1e-5
above, below = squared_again_and_again(1.001 + h, 10), squared_again_and_again(1.001 - h, 10)
numerical = (above - below) / (2 * h)

print(f"by hand       {exact:.12f}")
print(f"automatic     {automatic:.12f}")
print(f"numerical     {numerical:.12f}")
print(f"entries       {len(tf.inspect.rows(tape))}")
assert len(tf.inspect.rows(tape)) == 10
assert abs(automatic / exact - 1) < 1e-12 < 1e-8 < abs(numerical / exact - 1)

# %% [markdown]
# Ten entries, and the result agrees with the formula to twelve digits or more. The
# numerical one, with a step that was fine for x³, agrees to four or five: this curve bends much
# more. In way 4 there was no step `h`, so there was no bend to cut off and no tiny rise to round.
#
# ### "So it is symbolic differentiation"? "So it is finite differences"?
#
# You will read both. Neither is true, and you have the evidence on this page:
#
# - It is **not symbolic**: no formula was made, so there was none to swell. It gives the slope at
#   one `x` only. Ask again at another `x`, and the program runs again. And the program may contain
#   `if` and `while`.
# - It is **not numerical**: there is no step, and the result is exact but for the last digit of
#   each operation.
# - It uses from way 1 and 3 the rules for single operations, and from way 2 the idea to work with
#   numbers.
#
# A program with a loop whose length depends on the input has no formula that you could write down
# beforehand. The tape does not mind:

# %% key="not_symbolic"
def doubled_until_large(x):
    """Double until the number exceeds 100: how often depends on x."""
    while x < 100.0:
        x = x * 2.0
    return x


for start in (3.0, 60.0):
    x = tf.constant(start)
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = doubled_until_large(x)
    slope = tape.gradient(y, x).numpy()
    print(f"from {start:g}: y = {y.numpy():g}, slope {slope:g}")
    assert slope == {3.0: 64, 60.0: 2}[start]

# %% [markdown]
# From 3 it doubled six times, and $2^6 = 64$. From 60 it doubled once.
#
# ## Your turn, with help
#
# One function, four ways: $f(x) = x \sin x$ at $x = 1$. The product rule gives
# $f'(x) = \sin x + x \cos x$. Fill in the blanks; round to three digits.

# %%
calls = []


def wave(x):
    calls.append(x)
    return x * np.sin(x)


by_differences = (wave(1 + 1e-5) - wave(1 - 1e-5)) / 2e-5
tree = ("mul", "x", ("sin", "x"))

x = tf.constant(1.0, tf.float64)
with tf.GradientTape(persistent=True) as tape:
    tape.watch(x)
    y = x * tf.sin(x)

predict(
    "way 1: sin(1) + 1 · cos(1)",
    yours=None,
    answer=lambda: np.sin(1) + np.cos(1),
    tolerance=0.002,
)
predict(
    "way 2: evaluations of f for one central difference",
    yours=None,
    answer=lambda: len(calls),
    why="One to the right of x, one to the left.",
)
predict(
    "way 3: nodes in the tree of x · sin(x)",
    yours=None,
    answer=lambda: str(tree).count("'") // 2,  # each node is one word in quotes
    why="A product; its branches are x, and a sine that has one branch, x.",
)
predict(
    "way 4: entries on the tape for x * tf.sin(x)",
    yours=None,
    answer=lambda: len(tf.inspect.rows(tape)),
    why="One for the sine and one for the product.",
)

# %%
by_hand = np.sin(1) + np.cos(1)
print(f"by hand {by_hand:.10f}, differences {by_differences:.10f}")
print(f"tape    {tape.gradient(y, x).numpy():.10f}, from {len(tf.inspect.rows(tape))} entries")
assert len(calls) == len(tf.inspect.rows(tape)) == 2
assert abs(float(tape.gradient(y, x)) - by_hand) < 1e-14

# %% [markdown]
# ## Exercises
#
# Five tasks: a slope by hand, the central difference, a step that fits, the rules for formulas, and
# the swell. Open [the exercises of this chapter](../exercises/01_four_ways.ipynb).
#
# ## In short
#
# | way | you give | you get | exact? | cost |
# | --- | --- | --- | --- | --- |
# | by hand | a formula | a formula | yes | your time |
# | numerical | a program | a number | no: bending and rounding | 2 runs per input |
# | symbolic | a formula | a formula | yes | the formula swells |
# | automatic | a program | a number | to the last digits | a few runs, for all inputs |
#
# The last entry, "for all inputs", is the promise that chapters 02 to 04 keep.

# %% [markdown]
# ## Say why, in one sentence
#
# Why does a *smaller* step make a difference quotient *worse*, below a certain size? Write one
# sentence, on paper or in this cell (double-click it). Then compare.
#
# Your sentence:
#
# <details>
# <summary>A possible answer</summary>
#
# The two function values agree in almost all of their digits, so their difference consists mostly
# of rounding errors, and dividing by a tiny step makes those large.
#
# </details>

# %% [markdown]
# ## Further reading
#
# - A. G. Baydin, B. A. Pearlmutter, A. A. Radul, J. M. Siskind, *Automatic differentiation in
#   machine learning: a survey*, Journal of Machine Learning Research 18 (153), 2018. Section 2 says
#   what automatic differentiation is not: <https://jmlr.org/papers/v18/17-468.html>.
# - W. H. Press, S. A. Teukolsky, W. T. Vetterling, B. P. Flannery, *Numerical Recipes*, 3rd
#   edition, Cambridge University Press, 2007. Section 5.7 on the best step.
# - D. Goldberg, *What every computer scientist should know about floating-point arithmetic*, ACM
#   Computing Surveys 23 (1), 1991.
# - R. E. Wengert, *A simple automatic derivative evaluation program*, Communications of the ACM 7
#   (8), 1964. Two pages, and the idea is there.
#
# ## Next
#
# [02 The computation graph](02_computation_graph.ipynb): the list of operations becomes a drawing,
# and one walk through it backwards gives all slopes at once.
