"""execute: conversion of inputs, dtype and shape errors, who hears of a call."""

import numpy as np
import pytest

import minitf as tf
from minitf.execute import execute
from minitf.ops import math
from minitf.registry import Op
from minitf.state import listening, state, unobserved


class Listener:
    """Notes what it is offered."""

    def __init__(self):
        self.calls, self.reads = [], []

    def _record(self, op, inputs, attrs, output):
        self.calls.append((op.name, [x.numpy().tolist() for x in inputs], attrs, output))

    def _record_read(self, variable, snapshot):
        self.reads.append((variable, snapshot))

    def _note_numpy(self, tensor):
        pass

    def _note_assign(self, variable, value):
        pass


def test_every_listener_is_offered_every_call():
    with listening(Listener()) as _, listening(Listener()) as _:
        outer, inner = state.tapes
        y = execute(math.MUL, (tf.constant(2.0), 3.0))
    assert outer.calls == inner.calls
    ((name, inputs, attrs, output),) = inner.calls
    assert (name, inputs, attrs) == ("Mul", [2.0, 3.0], {}) and output is y


def test_reading_a_variable_is_offered():
    v = tf.Variable(2.0)
    with listening(Listener()):
        (listener,) = state.tapes
        v * 3.0
        v.read_value()
    assert [variable is v for variable, _ in listener.reads] == [True, True]


def test_listeners_leave_after_an_error():
    with pytest.raises(ZeroDivisionError), listening(Listener()):
        raise ZeroDivisionError
    assert state.tapes == ()


def test_unobserved():
    x = tf.Variable(3.0)
    with tf.GradientTape() as tape:
        with unobserved():
            x * x
        y = x + 1.0
    assert [r.op.name for r in tape._records] == ["ReadVariableOp", "AddV2"]
    assert tape.gradient(y, x).numpy() == 1.0


def test_an_op_with_several_results():
    both = Op("Both", lambda x: (x + 1, x - 1), False, True, None, ())
    up, down = execute(both, (tf.constant(1.0),))
    assert (up.numpy(), down.numpy()) == (2.0, 0.0) and up.origin is both


def test_attributes_reach_the_kernel():
    power = Op("Power", lambda x, exponent: x**exponent, False, True, None, ())
    assert execute(power, (tf.constant(3.0),), {"exponent": 2}).numpy() == 9.0


def test_three_inputs_of_one_dtype():
    total = Op("Total", lambda a, b, c: a + b + c, True, True, None, ())
    assert execute(total, (1.0, tf.constant(2.0, tf.float64), 3)).dtype == tf.float64
    with pytest.raises(tf.errors.InvalidArgumentError, match="input #2.*Total"):
        execute(total, (1.0, tf.constant(2.0), tf.constant(3.0, tf.float64)))


def test_different_dtypes_are_refused_with_tensorflows_words():
    with pytest.raises(tf.errors.InvalidArgumentError) as caught:
        tf.constant(1.0) * tf.constant(1.0, tf.float64)
    message = str(caught.value)
    assert message.startswith(
        "cannot compute Mul as input #1(zero-based) was expected to be a float32 tensor "
        "but is a float64 tensor [Op:Mul]"
    )
    assert "tf.cast" in message


@pytest.mark.parametrize("exception", [ValueError, TypeError, IndexError])
def test_a_kernel_that_fails_names_op_and_shapes(exception):
    def kernel(x):
        raise exception("the kernel's words")

    op = Op("Odd", kernel, False, True, None, ())
    with pytest.raises(tf.errors.InvalidArgumentError) as caught:
        execute(op, (tf.ones([2, 3]),))
    assert "the kernel's words: (2, 3) float32 [Op:Odd]" in str(caught.value)


def test_shapes_that_do_not_broadcast():
    with pytest.raises(ValueError, match=r"Incompatible shapes: \(2,\) float32 and \(3,\)") as c:
        tf.ones([2]) * tf.ones([3])
    assert "from the last axis backwards" in str(c.value)


def test_a_failed_call_is_not_recorded():
    x = tf.Variable([1.0, 2.0])
    with tf.GradientTape() as tape:
        with pytest.raises(ValueError):
            x * [1.0, 2.0, 3.0]
        y = x * 2.0
    assert [r.op.name for r in tape._records] == ["ReadVariableOp", "Mul"]
    assert tape.gradient(y, x).numpy().tolist() == [2.0, 2.0]


def test_subclasses_of_variable_are_read_once():
    class Named(tf.Variable):
        pass

    v = Named(3.0)
    with tf.GradientTape(persistent=True) as tape:
        y = v * v
    assert tape.gradient(y, v).numpy() == 6.0
    assert [r.op.name for r in tape._records] == ["ReadVariableOp", "Mul"]


def test_scalars_stay_numpy_scalars():
    """NumPy computes with scalars five times faster than with 0-d arrays."""
    for x in (tf.constant(2.0), tf.constant(2.0) * 3.0, tf.Variable(1.0) + 1.0):
        assert isinstance(x._value, np.generic)
