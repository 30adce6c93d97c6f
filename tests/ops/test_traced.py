"""Inside tf.function every row of the table gives the value and the gradients it gives outside."""

import cases_array  # noqa: F401 - each adds its rows to CASES
import cases_math  # noqa: F401
import cases_nn  # noqa: F401
import numpy as np
import pytest
from op_cases import CASES

import minitf as tf

# Shapes are found by running kernels on stand-ins, and a random matrix has no Cholesky factor.
ROWS = [case for name, case in CASES.items() if name != "cholesky"]


@pytest.mark.parametrize("case", ROWS, ids=[case.name for case in ROWS])
def test_traced_equals_eager(case):
    def value_and_gradients(*args):
        with tf.GradientTape() as tape:
            tape.watch(args)
            y = case.function(*args)
        grads = tape.gradient(y, args)
        return [y, *(tf.convert_to_tensor(g) for g in grads if g is not None)]

    args = [tf.constant(a) for a in case.args]
    eager, traced = value_and_gradients(*args), tf.function(value_and_gradients)(*args)
    for a, b in zip(eager, traced, strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-12)
