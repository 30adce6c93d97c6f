"""Random programs over operations, for the tests of laws that every program obeys.

    program = Program(shapes=((2, 3), ()), steps=((0, 0, 1), (5, 2, 0)))
    program(*program.inputs())             # a scalar, float64
    program.last_value(*program.inputs())  # before it is summed up

A step (operation, i, j) applies an operation to two of the values there are so far. All shapes are
parts of (2, 3), with 1 for some sizes, so that any two broadcast. Numbers stay near 1, and kinks
are met with probability 0 (the inputs are no round numbers).
"""

from dataclasses import dataclass

import numpy as np
from hypothesis import strategies as st

import minitf as tf

SHAPES = [(), (3,), (1, 3), (2, 1), (2, 3)]


def add(x, y):
    return x + y


def subtract(x, y):
    return x - 0.5 * y


def multiply(x, y):
    return tf.sin(x) * y


def divide(x, y):
    return x / (1.0 + y * y)


def power(x, y):
    return (1.0 + tf.sin(x) ** 2) ** tf.sin(y)


def larger(x, y):
    return tf.maximum(x, y)


def chosen(x, y):
    return tf.where(x > y, tf.sin(x), x * tf.tanh(y))


def bell(x, _):
    return tf.exp(-x * x)


def wave(x, y):
    return tf.tanh(x) - tf.cos(y)


def root(x, y):
    return tf.sqrt(1.0 + x * x) * tf.sigmoid(y)


def log(x, _):
    return tf.math.log(1.5 + tf.sin(x))


def summed(x, _):
    return tf.sin(tf.reduce_sum(x, axis=-1, keepdims=True)) if x.shape.rank else x


def mean(x, _):
    return tf.reduce_mean(x, axis=0, keepdims=True) if x.shape.rank else x


def first(x, _):
    return x[0] if x.shape.rank == 2 else x


def column(x, _):
    return x[..., :1] if x.shape.rank == 2 else x


def softmax(x, _):
    return tf.nn.softmax(x) if x.shape.rank else tf.sigmoid(x)


def attention(x, _):
    if x.shape.rank != 2:
        return x
    scores = tf.matmul(x, x, transpose_b=True)
    return tf.matmul(tf.nn.softmax(scores), x)


def turned(x, y):
    if x.shape.rank != 2:
        return x
    return tf.transpose(tf.tanh(tf.transpose(x)) + tf.reduce_mean(y))


def reshaped(x, _):
    return tf.reshape(tf.cumsum(tf.reshape(x, [-1])), tf.shape(x)) * 0.3


def gathered(x, _):
    return tf.gather(x, tf.range(tf.shape(x)[0]) // 2) if x.shape.rank else x


def stacked(x, y):
    return tf.reduce_sum(tf.stack([x, tf.sin(x) * tf.reduce_mean(y)]), axis=0)


def joined(x, _):
    if not x.shape.rank:
        return x
    rows = tf.shape(x)[0]
    return tf.concat([x, tf.cos(x)], axis=0)[:rows] + tf.concat([x, tf.sin(x)], axis=0)[rows:]


def branch(x, y):
    if tf.reduce_sum(x) > tf.reduce_sum(y):  # AutoGraph's work in a traced function
        z = tf.sin(x) * y
    else:
        z = x - tf.sin(y)
    return z


def cond(x, y):
    return tf.cond(tf.reduce_mean(x) > 0.3, lambda: tf.sin(x + y), lambda: tf.cos(x) * y)


def loop(x, y):
    step = tf.reduce_mean(y)
    for _ in tf.range(3):
        x = tf.tanh(x + 0.5 * step)
    return x


def while_loop(x, y):
    step = tf.reduce_mean(y)
    found = tf.while_loop(
        lambda i, _: i < 2, lambda i, z: (i + 1, tf.sin(z) + step), (tf.constant(0), x)
    )
    return found[1]


OPERATIONS = [
    add, subtract, multiply, divide, power, larger, chosen, bell, wave, root, log, summed, mean,
    first, column, softmax, attention, turned, reshaped, gathered, stacked, joined, branch, cond,
    loop, while_loop,
]  # fmt: skip


@dataclass(frozen=True)
class Program:
    """A function of several tensors, as data."""

    shapes: tuple[tuple[int, ...], ...]
    steps: tuple[tuple[int, int, int], ...]
    seed: int = 0

    def inputs(self):
        """Tensors for the arguments, the same each time."""
        rng = np.random.default_rng(self.seed)
        return [tf.constant(rng.normal(size=shape)) for shape in self.shapes]

    def directions(self):
        """One tensor for each argument: where to move it."""
        rng = np.random.default_rng(self.seed + 1)
        return [tf.constant(rng.normal(size=shape)) for shape in self.shapes]

    def last_value(self, *inputs):
        """What the last step computes."""
        values = list(inputs)
        for operation, i, j in self.steps:
            values.append(OPERATIONS[operation](values[i % len(values)], values[j % len(values)]))
        return values[-1]

    def __call__(self, *inputs):
        """The sum of the last value."""
        return tf.reduce_sum(self.last_value(*inputs))

    def __str__(self):
        names = [f"{OPERATIONS[k].__name__}({i}, {j})" for k, i, j in self.steps]
        return f"{self.shapes} -> {', '.join(names)}"


def programs():
    """Strategy for programs. Later steps prefer recent values, so that little is left unused."""
    step = st.tuples(
        st.integers(0, len(OPERATIONS) - 1), st.sampled_from([-1, -1, -2, 0]), st.integers(-3, 2)
    )
    shapes = st.lists(st.sampled_from(SHAPES), min_size=1, max_size=3).map(tuple)
    steps = st.lists(step, min_size=2, max_size=8).map(tuple)
    return st.builds(Program, shapes, steps, st.integers(0, 3))
