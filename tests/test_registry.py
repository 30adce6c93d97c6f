"""The table of operations."""

import pickle

import numpy as np
import pytest

from minitf import registry


@pytest.fixture
def name():
    yield "TestOnly"
    registry.OPS.pop("TestOnly", None)


def test_define_find_and_gradient(name):
    op = registry.define(name, np.square, text="{0}²", partials=("2 × {0}",))

    @registry.gradient(name)
    def rule(call, upstream):
        return (upstream,)

    assert registry.find(name) is op and op.gradient is rule and op.kernel is np.square
    assert repr(op) == "<Op TestOnly>" and op.differentiable and not op.same_dtype


def test_a_name_is_taken_once(name):
    registry.define(name, np.square)
    with pytest.raises(ValueError, match="'TestOnly' is defined twice"):
        registry.define(name, np.square)


def test_unknown_names():
    with pytest.raises(LookupError, match="no operation 'Colour'"):
        registry.find("Colour")
    with pytest.raises(LookupError, match="'Colour'"):
        registry.gradient("Colour")(lambda call, upstream: ())


def test_an_op_is_pickled_by_name():
    op = registry.find("Mul")
    assert pickle.loads(pickle.dumps(op)) is op


def test_every_op_says_how_gradients_pass_it():
    import minitf  # noqa: F401 - defines them

    assert len(registry.OPS) > 50
    for op in registry.OPS.values():
        assert op.differentiable or op.gradient is None, f"{op} has a rule that is never used"
        for template in (op.text or "", *op.partials):
            template.format("x", "w", "b", "c", y="result")  # raises if it cannot be filled
