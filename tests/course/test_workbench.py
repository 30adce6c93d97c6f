"""The workbench: values, tapes that hear of operations, and an engine put together."""

from types import SimpleNamespace

import numpy as np
import pytest

import minitf as tf
from minitf.course.workbench import (
    KERNELS,
    TAPES,
    Entry,
    Value,
    apply,
    assemble,
    cut_windows,
    paste_windows,
)


class Listener:
    def __init__(self, rules=None):
        self.entries, self.rules = [], rules

    def record(self, entry):
        self.entries.append(entry)


@pytest.fixture
def listener():
    tape = Listener()
    TAPES.append(tape)
    yield tape
    TAPES.remove(tape)


def test_numbers_are_float32_and_arrays_keep_their_dtype():
    assert Value(2.0).data.dtype == np.float32
    assert Value(np.ones(2)).data.dtype == np.float64
    assert (Value(np.ones(2)) * 2.0).data.dtype == np.float64


def test_operators_and_what_tapes_hear(listener):
    x, w = Value(2.0, "x"), Value(3.0, "w")
    y = abs(4.0 - (x * w + 1.0))
    assert float(y.data) == 3.0
    assert [entry.op for entry in listener.entries] == ["mul", "add", "sub", "abs"]
    first = listener.entries[0]
    assert isinstance(first, Entry) and first.inputs == (x, w) and first.output.data == 6.0
    assert listener.entries[-1].output is y
    assert repr(x) == "Value(x: 2)"
    assert repr(Value(np.ones((2, 3)))) == "Value(shape (2, 3))"


def test_attributes_are_recorded(listener):
    apply("sum", Value(np.ones((2, 3))), axis=0)
    assert listener.entries[0].attrs == {"axis": 0}


def test_an_unknown_operation_names_those_that_are_known():
    with pytest.raises(KeyError, match="matmul"):
        apply("mull", Value(1.0), Value(2.0))


@pytest.mark.parametrize("padding", ["SAME", "VALID"])
@pytest.mark.parametrize("size", [1, 2, 3])
def test_windows_and_convolution_are_those_of_minitf(padding, size):
    rng = np.random.default_rng(0)
    x, kernel = rng.normal(size=(2, 5, 4, 3)), rng.normal(size=(size, size, 3, 6))
    want = tf.nn.conv2d(tf.constant(x), tf.constant(kernel), 1, padding)
    got = KERNELS["conv2d"](x, kernel, padding=padding)
    np.testing.assert_allclose(got, want, rtol=1e-12)
    windows = cut_windows(x, size, padding)
    back = rng.normal(size=windows.shape)
    pasted = paste_windows(back, x.shape, size, padding)
    assert pasted.shape == x.shape
    np.testing.assert_allclose((windows * back).sum(), (x * pasted).sum())  # adjoint to each other


def test_pooling_and_loss_are_those_of_minitf():
    rng = np.random.default_rng(1)
    x = rng.normal(size=(2, 5, 4, 3))
    want = tf.nn.max_pool2d(tf.constant(x), 2, 2, "VALID")
    np.testing.assert_array_equal(KERNELS["maxpool"](x), want)
    logits, labels = rng.normal(size=(4, 10)) * 50, np.array([0, 3, 9, 1])
    want = tf.nn.sparse_softmax_cross_entropy_with_logits(labels, tf.constant(logits))
    np.testing.assert_allclose(KERNELS["softmax_xent"](logits, labels), want, rtol=1e-12)


def test_assembled_rules_fit_their_inputs():
    def vjp_matmul(upstream, inputs, output):
        a, b = inputs
        return upstream @ b.T, a.T @ upstream

    def add(upstream, inputs, output):
        return upstream, upstream

    def unbroadcast(gradient, shape):
        return gradient.sum(axis=0) if gradient.shape != shape else gradient

    engine = SimpleNamespace(
        SCALAR_RULES={"add": add}, vjp_matmul=vjp_matmul, unbroadcast=unbroadcast, Tape=Listener
    )
    bench = assemble(engine)
    a, b = np.ones((3, 2)), np.ones(2)
    grad_a, grad_b = bench.rules["add"](np.ones((3, 2)), (a, b), a + b)
    assert grad_a.shape == (3, 2) and grad_b.tolist() == [3.0, 3.0]
    assert sorted(bench.rules) == ["add", "matmul"] == sorted(bench.tape().rules)
    assert repr(bench) == "Bench(rules for add, matmul)"
