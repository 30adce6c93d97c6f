# %% [markdown]
# # 03 Many paths, one order: exercises
#
# Five tasks, about 45 minutes. They belong to the lesson
# [03_paths_and_order](../notebooks/03_paths_and_order.ipynb).
#
# A graph is a list of arrows here. An arrow is a tuple `(source, target, slope)`: two names, and
# the number on the arrow. This is $f = (x + 2)(x + 3)$ at $x = 4$:
#
# ```
# [("x", "a", 1.0), ("x", "b", 1.0), ("a", "f", 7.0), ("b", "f", 6.0)]
# ```
#
# Two arrows may join the same two names: in $x \cdot x$ they do. No path leads in a circle.

# %% tags=["setup"]
import minitf as tf
from minitf.course import check, hint, my_engine, progress, provenance, reset, solution

TWO_ROADS = [("x", "a", 1.0), ("x", "b", 1.0), ("a", "f", 7.0), ("b", "f", 6.0)]

# %% [markdown] exercise="ch03.all_paths"
# List every path from `start` to `end`. A path is a list of arrows, in the order in which you walk
# them. In the example there are two paths from `"x"` to `"f"`:
#
# ```
# [[("x", "a", 1.0), ("a", "f", 7.0)],
#  [("x", "b", 1.0), ("b", "f", 6.0)]]
# ```
#
# Any order of the paths is accepted. From a name to itself there is one path, without arrows: `[]`.
# The result is then `[[]]`. If no path exists, return `[]`.


# %% answer="ch03.all_paths"
def all_paths(arrows, start, end):
    """Return every path from start to end, each a list of arrows."""
    ### BEGIN SOLUTION
    if start == end:
        return [[]]
    paths = []
    for arrow in arrows:
        source, target, _ = arrow
        if source == start:
            for rest in all_paths(arrows, target, end):
                paths.append([arrow, *rest])
    return paths
    ### END SOLUTION


# %% [markdown]
# Your paths in the example:

# %% needs="ch03.all_paths"
for path in all_paths(TWO_ROADS, "x", "f"):
    print(" then ".join(f"{source} → {target}" for source, target, _ in path))

# %% [markdown] exercise="ch03.path_sum"
# Now the gradient of `end` by `start`: multiply along each path, and add over all paths. You may
# use your `all_paths`. No path: the sum is 0.


# %% answer="ch03.path_sum"
def path_sum(arrows, start, end):
    """Return the sum over all paths from start to end of the products of their slopes."""
    ### BEGIN SOLUTION
    total = 0.0
    for path in all_paths(arrows, start, end):
        product = 1.0
        for _, _, slope in path:
            product *= slope
        total += product
    return total
    ### END SOLUTION


# %% needs=["ch03.all_paths", "ch03.path_sum"]
print("df/dx =", path_sum(TWO_ROADS, "x", "f"))

# %% [markdown] exercise="ch03.topo_order"
# Find an order for the walk back. Return a list of names:
#
# - `end` comes first;
# - all names from which a path leads to `end` are in it, once each, and no others;
# - every name comes after all names of the list that its arrows lead to.
#
# In the example `["f", "a", "b", "x"]` and `["f", "b", "a", "x"]` are both right.


# %% answer="ch03.topo_order"
def topo_order(arrows, end):
    """Return the names that lead to end, each after all names its arrows lead to."""
    ### BEGIN SOLUTION
    finished, order = set(), []

    def visit(name):
        if name in finished:
            return
        finished.add(name)
        for source, target, _ in arrows:
            if target == name:
                visit(source)
        order.append(name)  # after everything it was computed from

    visit(end)
    return order[::-1]
    ### END SOLUTION


# %% needs="ch03.topo_order"
print(topo_order(TWO_ROADS, "f"))

# %% [markdown] exercise="ch03.accumulate"
# The smallest task, and the one that is forgotten most often. `gradients` is a dict. An `amount`
# arrives at `name`: put it into the dict, added to what is there already. The first time there is
# nothing there. The function changes the dict and returns nothing.


# %% answer="ch03.accumulate"
def accumulate(gradients, name, amount):
    """Add amount to gradients[name], which may not exist yet."""
    ### BEGIN SOLUTION
    gradients[name] = gradients.get(name, 0.0) + amount
    ### END SOLUTION


# %% needs="ch03.accumulate"
arrived = {}
for amount in (1.0, 3.0, 3.0):
    accumulate(arrived, "a", amount)
print(arrived)

# %% [markdown] exercise="ch03.backward"
# Put it together: the gradients of `end` by every name that leads to it, as a dict. Start with 1 at
# `end`. Walk in a good order. At each name, send along each arrow that ends there: its `source`
# receives the gradient of the `target` times the `slope`.
#
# In the example: `{"f": 1.0, "a": 7.0, "b": 6.0, "x": 13.0}`.
#
# Use your `topo_order` and `accumulate`. Call it twice, and it must give the same twice.


# %% answer="ch03.backward"
def backward(arrows, end):
    """Return the gradients of end by every name that leads to it, in a dict."""
    ### BEGIN SOLUTION
    gradients = {end: 1.0}
    for name in topo_order(arrows, end):
        for source, target, slope in arrows:
            if target == name:
                accumulate(gradients, source, gradients[name] * slope)
    return gradients
    ### END SOLUTION


# %% [markdown]
# Your walk back on a graph of a real tape. `tf.inspect.graph` knows its arrows; the numbers on them
# are the tape's. Compare with `tape.gradient`.

# %% needs=["ch03.topo_order", "ch03.accumulate", "ch03.backward"]
x, w = tf.constant(2.0), tf.Variable(3.0)
with tf.GradientTape(persistent=True) as tape:
    tape.watch(x)
    u = x * w
    v = u * u + tf.sin(x)
    y = v * u - w

graph = tf.inspect.graph(tape, y)
name_of = {node.id: node.name for node in graph.nodes}
arrows = [
    (name_of[edge.src], name_of[edge.dst], edge.partial)
    for edge in graph.edges
    if edge.partial is not None
]
mine = backward(arrows, "y")
for name, source in (("x", x), ("w", w)):
    print(f"dy/d{name}: yours {mine[name]:.4f}, the tape's {tape.gradient(y, source).numpy():.4f}")

# %% [markdown]
# And on the chain with 1024 paths. The sum over paths has to walk them all; your walk back uses 20
# arrows.

# %% needs=["ch03.all_paths", "ch03.path_sum", "ch03.backward"]
chain = []
for k in range(10):
    chain += [(f"v{k}", f"v{k + 1}", 1.0)] * 2
print("paths", len(all_paths(chain, "v0", "v10")), "sum", path_sum(chain, "v0", "v10"))
print("walk back", backward(chain, "v10")["v0"], "with", len(chain), "arrows")
progress(3)
