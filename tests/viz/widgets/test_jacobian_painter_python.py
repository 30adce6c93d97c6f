"""JacobianPainter's passes: rows, columns and the tape's Jacobian agree."""

import numpy as np
import pytest

import minitf as tf
from minitf.viz.widgets.jacobian_painter import JacobianPainter


def three_of_four(x):
    return tf.stack([x[0] * x[1], tf.sin(x[2]) + x[3], tf.reduce_sum(x * x)])


def matrix(x):
    return tf.matmul(x, [[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])


@pytest.mark.parametrize(
    ("function", "x"),
    [
        (three_of_four, [1.0, 2.0, 3.0, -4.0]),
        (matrix, [[1.0, 2.0], [3.0, 4.0]]),
        (tf.reduce_prod, [2.0, 3.0, 4.0]),
        (tf.exp, 1.0),
        (lambda x: tf.constant([1.0, 2.0]), [1.0, 2.0, 3.0]),
    ],
    ids=["vector", "matrix", "scalar result", "scalar", "constant"],
)
def test_rows_columns_and_the_tape_agree(function, x):
    painter = JacobianPainter(function, x)
    m, n = len(painter._data["outputs"]), len(painter._data["inputs"])
    rows = np.array([painter.answer_row({"index": i})["numbers"] for i in range(m)])
    columns = np.array([painter.answer_column({"index": j})["numbers"] for j in range(n)])
    full = painter.answer_check({})["jacobian"]
    assert rows.shape == (m, n)
    np.testing.assert_allclose(rows, full, rtol=1e-5)
    np.testing.assert_allclose(columns.T, full, rtol=1e-5)


def test_each_pass_calls_the_function_once():
    calls = []

    def counted(x):
        calls.append(1)
        return x * x

    painter = JacobianPainter(counted, [1.0, 2.0])
    calls.clear()
    painter.answer_row({"index": 0})
    assert len(calls) == 1
    painter.answer_column({"index": 1})
    assert len(calls) == 2


def test_elements_are_named_by_their_place():
    painter = JacobianPainter(matrix, [[1.0, 2.0]])
    assert painter._data["inputs"] == ["x[0, 0]", "x[0, 1]"]
    assert JacobianPainter(tf.sin, 1.0)._data["outputs"] == ["y"]
    assert "∂y[0, 2]/∂x = 3, 6" in painter.describe()


@pytest.mark.parametrize(
    ("function", "x", "error", "message"),
    [
        (tf.constant([1.0]), [1.0], TypeError, "takes the function first"),
        (lambda x: (x, x), [1.0], TypeError, "returned tuple. Join several results"),
        (lambda x: tf.argmax(x), [1.0], TypeError, "one tensor of floats"),
        (tf.sin, tf.constant([1, 2]), TypeError, "int32, which has no derivatives"),
        (tf.sin, np.ones(33), ValueError, "33 inputs"),
        (lambda x: x[:, None] * x, np.ones(6), ValueError, r"36 outputs \(shape \(6, 6\)\)"),
    ],
)
def test_what_cannot_be_painted_is_refused(function, x, error, message):
    with pytest.raises(error, match=message):
        JacobianPainter(function, x)
