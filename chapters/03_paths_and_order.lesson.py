# %% [markdown]
# # 03 Many paths, one order
#
# **75 minutes**: about 30 for this lesson, 45 for the exercises.
#
# You need chapter 02: the graph, local derivatives, the walk back.
#
# After this chapter you can
#
# - find a gradient as a sum over paths, each path a product;
# - say why the walk back is so much cheaper than that sum;
# - tell a good order of nodes from a bad one, and find a good one;
# - write the walk back for any graph of single numbers.

# %% tags=["setup"]
import minitf as tf
from minitf.course import predict, sealed

# %% [markdown]
# ## Three questions first
#
# Put your answers in place of `None`. Stored outputs give answers away: first choose *Edit*, *Clear
# Outputs of All Cells*.
#
# 1. Chapter 02: $\text{product} = x \cdot w$ with x = 2 and w = 3. What is the local derivative of
#    the product by `w`?
# 2. Chapter 02: three contributions, 1, 3 and 3, arrive at one node. What is its gradient?
# 3. Chapter 01: how many evaluations does a central difference take for 1,000 inputs?

# %%
predict("1. d(product)/dw", yours=None, answer=sealed("Mg=="), why="It is the other factor.")
predict("2. the gradient at the node", yours=None, answer=sealed("Nw=="), why="1 + 3 + 3.")
predict(
    "3. evaluations for 1,000 inputs",
    yours=None,
    answer=sealed("MjAwMA=="),
    why="Two for each input: one a small step above it, one a small step below.",
)

# %% [markdown]
# ## Two roads to the same place
#
# Take $f(x) = (x + 2)(x + 3)$ at $x = 4$. It is computed in three steps: $a = x + 2$, $b = x + 3$,
# $f = a \cdot b$. Two arrows leave `x`, and both lead to `f` in the end.

# %% key="two_paths"
x = tf.constant(4.0)
with tf.GradientTape(persistent=True) as tape:
    tape.watch(x)
    a = x + 2.0
    b = x + 3.0
    f = a * b

predict(
    "df/dx at x = 4",
    yours=None,
    answer=lambda: tape.gradient(f, x),
    why="Written out, f is x² + 5x + 6, and its slope is 2x + 5.",
)

# %% [markdown]
# Now look at the roads. Click the picture and press P, or choose `x` under *Look at*: every path
# from `x` to `f` lights up, with the numbers on its arrows. The list below the picture has a line
# per path; point at one to see it alone. The products stay hidden until you have stepped to the
# gradient of `x` and predicted it.

# %% key="hook"
viewer = tf.viz.show(tape, f)
viewer


# %%
def print_roads(graph):
    """A line for each path from the first input to the end: its nodes, numbers and product."""
    name_of = {node.id: node.name for node in graph.nodes}
    arrow_of = {edge.id: edge for edge in graph.edges}
    for path in graph.paths[0].paths:
        arrows = [arrow_of[one] for one in path.edges]
        names = [name_of[arrows[0].src], *(name_of[arrow.dst] for arrow in arrows)]
        print(" → ".join(names) + ":", " · ".join(path.factors), "=", path.product_text)
    print("sum:", graph.paths[0].total_text)


print_roads(viewer.spec)

assert [path.product for path in viewer.spec.paths[0].paths] == [7, 6]
assert float(tape.gradient(f, x)) == 13 == 2 * 4 + 5

# %% [markdown]
# The road through `a` carries 1 · 7: its first arrow is the 1 of an addition, its second is the
# other factor, b = 7. The road through `b` carries 1 · 6. Together 13.
#
# That is the whole chain rule for graphs:
#
# > Along a path, multiply. Over all paths, add.
#
# Why add? Nudge `x` by 0.001. The nudge travels along both roads at once. Along the first it
# arrives at `f` as 0.007, along the second as 0.006, and `f` feels both: 0.013.

# %% [markdown]
# ## Your turn, with help
#
# One more node. $u = x \cdot x$, $v = u + x$, $y = u \cdot v$, at x = 2. Draw it: two arrows from
# `x` to `u` (it is used twice there), one from `x` to `v`, one from `u` to `v`, and one each from
# `u` and `v` to `y`. The values: u = 4, v = 6, y = 24. The numbers on the arrows:
#
# | arrow | number |
# | --- | --- |
# | x → u (twice) | 2 each |
# | x → v, u → v | 1 each |
# | u → y | v = 6 |
# | v → y | u = 4 |
#
# How many paths lead from `x` to `y`? Count arrows of the same pair separately. Then add up their
# products.

# %%
x = tf.constant(2.0)
with tf.GradientTape(persistent=True) as tape:
    tape.watch(x)
    u = x * x
    v = u + x
    y = u * v

graph = tf.inspect.graph(tape, y)
paths = graph.paths[0]

predict(
    "number of paths from x to y",
    yours=None,
    answer=lambda: paths.count,
    why="A path that goes through u can take either of the two arrows to it, and counts twice.",
)
predict(
    "dy/dx",
    yours=None,
    answer=lambda: tape.gradient(y, x),
    why="Multiply along each of the paths, and add. Or: y = x⁴ + x³, with slope 4x³ + 3x².",
)

# %%
print_roads(graph)
assert paths.count == 5 and paths.total_text == "44"
assert float(tape.gradient(y, x)) == 44 == 4 * 2**3 + 3 * 2**2

# %% [markdown]
# ## Break it: paths, paths, paths
#
# Take one line, `x = x + x`, ten times. The last value is 1024 times the first, so its slope is
# 1024. The graph is a chain: the start, and ten nodes behind it, each with two arrows from the node
# before. 20 arrows.
#
# How many paths lead from the start to the end?

# %%
start = tf.constant(1.0)
with tf.GradientTape(persistent=True) as tape:
    tape.watch(start)
    end = start
    for _ in range(10):
        end = end + end

chain = tf.inspect.graph(tape, end, names={"start": start, "end": end})

predict(
    "number of paths",
    yours=None,
    answer=lambda: chain.paths[0].count,
    why="To each of the ten nodes a path can take one arrow or the other. Multiply the choices.",
)

# %% [markdown]
# The rule "over all paths, add" is right here as well: 1024 paths, each with the product 1. But a
# program that follows every path takes a long time. Here it is, on chains of several depths, beside
# the walk back of chapter 02. Both find the slope, and both count the arrows they use. Every path
# is followed from the end to the start. Paths that go the same way at first share these arrows: at
# depth 10 that makes 2 + 4 + 8 + ... + 1024.


# %% key="visits"
def follow_every_path(depth):
    """The slope, and how many arrows were used; an arrow counts each time it is followed."""
    if depth == 0:
        return 1, 0
    slope, used = 0, 0
    for _ in ("one arrow", "the other"):
        slope_of_the_rest, used_by_the_rest = follow_every_path(depth - 1)
        slope += 1 * slope_of_the_rest
        used += 1 + used_by_the_rest
    return slope, used


def walk_back(depth):
    """The same by adding up at each node before going on to the next."""
    gradient, used = 1, 0
    for _ in range(depth):
        arrived = 0
        for _ in ("one arrow", "the other"):
            arrived += 1 * gradient
            used += 1
        gradient = arrived
    return gradient, used


print("depth      slope   every path   walk back")
for depth in (1, 2, 5, 10, 18):
    slope, used = follow_every_path(depth)
    assert walk_back(depth)[0] == slope == 2**depth
    print(f"{depth:>5} {slope:>10,} {used:>12,} {walk_back(depth)[1]:>11}")

assert follow_every_path(10) == (1024, 2046) and walk_back(10) == (1024, 20)
assert follow_every_path(18)[1] == 524_286 and walk_back(18)[1] == 36
assert chain.paths[0].count == 1024 and len(chain.edges) == 20

# %% [markdown]
# 2046 arrows against 20, at a depth of 10. At a depth of 18 it is half a million against 36, and a
# network may be hundreds of operations deep.
#
# The walk back is cheap because it adds up **before** it goes on. At each node it first collects
# everything that arrives, and then sends one number along each arrow. The sum at a node stands for
# all paths that lead on from there. This number has a name: the **adjoint** of the node, another
# word for its gradient.
#
# But this works only if everything has arrived when a node sends. And that is a question of order.
#
# ## Break it: the walk without an order
#
# Here is a program that many people write at first. Each node adds what arrives, and passes it on
# at once, by calling itself:


# %% key="no_order"
class Node:
    """A value that knows what it was computed from; every local derivative is 1 here."""

    def __init__(self, inputs=()):
        self.inputs, self.gradient = inputs, 0.0


def push(node):
    """Hand the gradient on to the inputs, and let each of them do the same."""
    for source in node.inputs:
        source.gradient += node.gradient
        push(source)


def gradient_of_chain(depth):
    first = last = Node()
    for _ in range(depth):
        last = Node((last, last))
    last.gradient = 1.0
    push(last)
    return first.gradient


predict(
    "what it finds for depth 1, where 2 is right",
    yours=None,
    answer=lambda: gradient_of_chain(1),
    why="Two arrows, and each brings 1. There is no node in the middle yet.",
)
predict(
    "what it finds for depth 2, where 4 is right",
    yours=None,
    answer=lambda: gradient_of_chain(2),
    why="The node in the middle passes on what the first arrow brought, and then both together.",
)

# %%
for depth in (1, 2, 3, 5, 10):
    print(f"depth {depth:>2}: finds {gradient_of_chain(depth):.3g}, right is {2**depth}")

assert [gradient_of_chain(depth) for depth in (1, 2, 3)] == [2, 6, 26]
assert f"{gradient_of_chain(10):.1e}" == "3.1e+11"

# %% [markdown]
# At depth 10 it answers 310 billion instead of 1024, and never complains. On depth 1 it is right:
# a small test would have been green.
#
# What happened at depth 2? The middle node receives 1 along its first arrow and at once passes it
# on. Then 1 more arrives; now it holds 2, and passes on 2. So 3 went on in place of 2, and on two
# arrows: 6.
#
# ## A good order
#
# The mend: **a node may send only after all nodes that use it have sent.** Written as a list: the
# end comes first, and every node comes after all nodes its arrows lead to. Such a list is a
# **topological order** (here from the end to the start).
#
# Take the example from above: `u`, `v` and `x`, with `y` at the end. The arrows are x → u, x → v,
# u → v, u → y, v → y. Which of these orders may the walk back take?
#
# - A: `y`, `u`, `v`, `x`
# - B: `y`, `v`, `u`, `x`
# - C: `y`, `v`, `x`, `u`

# %%
arrows = [("x", "u"), ("x", "v"), ("u", "v"), ("u", "y"), ("v", "y")]


def is_good(order):
    """Does every name come after all names that its arrows lead to?"""
    place = {name: k for k, name in enumerate(order)}
    return all(place[target] < place[source] for source, target in arrows)


orders = {"A": "y u v x", "B": "y v u x", "C": "y v x u"}

predict(
    "the good order",
    yours=None,
    answer=lambda: next(name for name, text in orders.items() if is_good(text.split())),
    choices=tuple(orders),
    why="A name has to wait for all names its arrows lead to. Look at the arrow u → v.",
)

# %% [markdown]
# Where do you get such an order from? You could search the graph for one, and in the exercises you
# do. But a tape has one already. It wrote the operations down **while they ran**, and an operation
# can only run when its inputs are there. So every entry stands behind the entries it depends on.
# Read the tape from the last line to the first, and you have a good order, for free:

# %%
x = tf.constant(2.0)
with tf.GradientTape(persistent=True) as tape:
    tape.watch(x)
    u = x * x
    v = u + x
    y = u * v

for row in reversed(tf.inspect.rows(tape)):
    print(row)

assert [row.output for row in tf.inspect.rows(tape)] == ["u", "v", "y"]

# %% [markdown]
# That is why `tape.gradient` needs no search and no recursion. It works for 100,000 operations in a
# row as well as for three:

# %%
x = tf.constant(1.0)
with tf.GradientTape() as tape:
    tape.watch(x)
    y = x
    for _ in range(100_000):
        y = y + 0.00001
print("slope after 100,000 additions:", tape.gradient(y, x).numpy())

# %% [markdown]
# The recursive `push` from above stops long before. A chain of 100,000 nodes, with one arrow each,
# so that the order does not matter:

# %% key="too_deep"
last = Node()
for _ in range(100_000):
    last = Node((last,))
last.gradient = 1.0

try:
    push(last)
    stopped = ""
except RecursionError as error:
    stopped = str(error)[:32]  # some versions of Python say more
print("RecursionError:", stopped)
assert "recursion" in stopped

# %% [markdown]
# Each call waits for the one inside it, and Python allows only a few thousand to wait. A
# search for the order can be written without recursion; a tape needs no search.
#
# ## Break it: asking twice
#
# One more trap. Suppose each node keeps its gradient, as above, and the walk adds to it. The order
# is right this time. Then ask twice, as one does in a loop:


# %% key="asked_twice"
def walk_with_memory(nodes):
    """Walk back over nodes in a good order, the end first; each node keeps its gradient."""
    nodes[0].gradient = 1.0
    for node in nodes:
        for source in node.inputs:
            source.gradient += node.gradient


first = Node()
middle = Node((first,))
last = Node((middle,))

walk_with_memory([last, middle, first])
once = first.gradient
walk_with_memory([last, middle, first])
twice = first.gradient

predict("after asking once, where 1 is right", yours=None, answer=lambda: once)
predict(
    "after asking twice",
    yours=None,
    answer=lambda: twice,
    choices=(1, 2, 3),
    why="The middle node still held what arrived in the first walk, and sends it once more.",
)

# %%
print(f"once {once:g}, twice {twice:g}")
assert (once, twice) == (1, 3)

# %% [markdown]
# In the second walk the middle node holds 1 from the first, receives 1, and sends 2. `first` held 1
# and has 3 now. Even somebody who expects the two answers to be added up expects 2, not 3. The
# small engine *micrograd* (see Further reading) keeps gradients on the nodes too, and its
# `backward()`, called twice on such a chain, gives 1 and then 3.
#
# The mend: keep no gradient on the nodes. Each walk starts with an empty dict. Then asking twice
# gives the same answer twice, as it does here with a tape that may be asked more than once:

# %%
x = tf.constant(4.0)
with tf.GradientTape(persistent=True) as tape:
    tape.watch(x)
    f = (x + 2.0) * (x + 3.0)
answers = [float(tape.gradient(f, x)) for _ in range(2)]
print(answers)
assert answers == [13, 13]

# %% [markdown]
# ## Exercises
#
# Five tasks: all paths, their sum, a good order, the `+=`, and then the walk back for any graph.
# Open [the exercises of this chapter](../exercises/03_paths_and_order.ipynb).
#
# ## In short
#
# - The gradient of one value by another is a sum over all paths between them; a path contributes
#   the product of its local derivatives.
# - The number of paths can double with every node. The number of arrows does not.
# - The walk back uses each arrow once, because it adds up at each node before it goes on.
# - So a node may send only when everything has arrived: a topological order. A tape, read
#   backwards, is one.
# - Gradients belong to a walk, not to the nodes.

# %% [markdown]
# ## Say why, in one sentence
#
# Why must a node wait until all nodes that use it have sent? Write one sentence, on paper or in
# this cell (double-click it). Then compare.
#
# Your sentence:
#
# <details>
# <summary>A possible answer</summary>
#
# It sends one number that has to stand for all paths behind it, and before everything has arrived
# that number is only a part of the sum.
#
# </details>

# %% [markdown]
# ## Further reading
#
# - L. V. Kantorovich showed computations as graphs as early as 1957; A. Griewank tells the story of
#   who discovered the walk back: *Who invented the reverse mode of differentiation?*, Documenta
#   Mathematica, extra volume ISMP, 389-400, 2012.
# - A. B. Kahn, *Topological sorting of large networks*, Communications of the ACM 5 (11), 558-562,
#   1962. The order, by counting arrows.
# - C. Olah, *Calculus on computational graphs: backpropagation*, 2015:
#   <https://colah.github.io/posts/2015-08-Backprop/>. Paths and their sums, with good pictures.
# - A. Karpathy, *micrograd*: <https://github.com/karpathy/micrograd>. A whole engine for single
#   numbers in a hundred lines, with the order found by a search.
#
# ## Next
#
# [04 The tape](04_the_tape.ipynb): you write the thing that notes down what runs.
