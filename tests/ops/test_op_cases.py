"""Each row of the table: value, dtype, gradients of two orders; and: is every operation there?"""

import cases_array  # noqa: F401 - each adds its rows to CASES
import cases_math  # noqa: F401
import cases_nn  # noqa: F401
import numpy as np
import pytest
from op_cases import CASES

import minitf as tf
from minitf.gradcheck import gradcheck
from minitf.registry import OPS
from minitf.state import listening

ROWS = pytest.mark.parametrize("case", CASES.values(), ids=list(CASES))


@ROWS
def test_value(case):
    if case.reference is None:
        pytest.skip("only the gradient is checked")
    got = case.function(*[tf.constant(a) for a in case.args])
    want = case.reference(*case.args)
    assert got.shape == np.shape(want)
    np.testing.assert_allclose(got, want, rtol=1e-12, atol=1e-12)


@ROWS
def test_gradient_against_central_differences(case):
    if case.order:
        gradcheck(case.function, case.args, order=case.order, tolerance=1e-5)


@ROWS
def test_float32_stays_float32(case):
    args = [tf.constant(a.astype(np.float32)) for a in case.args]
    with tf.GradientTape() as tape:
        tape.watch(args)
        y = case.function(*args)
    assert y.dtype == tf.float32
    for grad, x in zip(tape.gradient(y, args), args, strict=True):
        if case.order == 0:
            assert grad is None
        elif grad is not None:
            grad = tf.convert_to_tensor(grad)
            assert (grad.dtype, grad.shape) == (tf.float32, x.shape)


@ROWS
def test_scalars_are_numpy_scalars(case):
    """A 0-d array computes five times slower; none may slip in."""
    y = case.function(*[tf.constant(a) for a in case.args])
    if y.shape == ():
        assert isinstance(y._value, np.generic)


class Names:
    """Notes the names of the operations that run."""

    def __init__(self):
        self.seen = set()

    def _record(self, op, inputs, attrs, output):
        self.seen.add(op.name)

    def _record_read(self, variable, snapshot):
        pass

    def _note_numpy(self, tensor):
        pass


def test_every_operation_with_a_gradient_has_a_case():
    log = Names()
    with listening(log):
        for case in CASES.values():
            if case.order == 2:
                gradcheck(case.function, case.args, order=2, tolerance=1e-4)
    rules = {n for n, op in OPS.items() if op.gradient and _is_ours(op)}
    assert rules - log.seen == set()


WITHOUT_GRADIENT = {
    *("Equal", "NotEqual", "Less", "LessEqual", "Greater", "GreaterEqual"),
    *("LogicalAnd", "LogicalOr", "LogicalNot", "IsNan", "IsInf", "IsFinite", "Where"),
    *("Any", "All", "ArgMax", "ArgMin", "ArgSort", "OneHot"),
    *("BitwiseAnd", "BitwiseOr", "BitwiseXor", "Invert", "DenseBincount", "Unique"),
}


def test_operations_without_a_rule_give_integers_or_say_so():
    without = {n for n, op in OPS.items() if op.gradient is None and op.differentiable}
    elsewhere = ("minitf.graph", "minitf.kernels")  # fused kernels run where no tape records
    ours = {
        n for n in without
        if OPS[n].kernel and not OPS[n].kernel.__module__.startswith(elsewhere)
    }  # fmt: skip
    assert ours == WITHOUT_GRADIENT


def _is_ours(op):
    return op.gradient.__module__.startswith("minitf.ops.")
