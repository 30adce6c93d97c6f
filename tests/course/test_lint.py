"""Forbidden shortcuts are found under every spelling."""

import pytest

from minitf.course.lint import forbidden_use


@pytest.mark.parametrize(
    "source",
    [
        "def f(x):\n    return np.gradient(x)",
        "import numpy\nnumpy.gradient(1)",
        "from numpy import gradient",
    ],
)
def test_found(source):
    assert forbidden_use(source, ("np.gradient",)) == "np.gradient"


@pytest.mark.parametrize(
    "source",
    ["from minitf.course import my_engine", "import solutions", "solution('ch01.x', show=True)"],
)
def test_the_reference_is_always_forbidden(source):
    assert forbidden_use(source, ())


def test_innocent_code_passes():
    assert forbidden_use("def f(x):\n    return np.sum(x) + gradient", ("np.gradient", "sum")) == ""
