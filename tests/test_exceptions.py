"""TensorFlow's exceptions, each also a Python exception a reader would expect."""

import pytest

import minitf as tf
from minitf import errors


@pytest.mark.parametrize(
    ("cls", "builtin"),
    [
        (errors.InvalidArgumentError, ValueError),
        (errors.FailedPreconditionError, RuntimeError),
        (errors.OutOfRangeError, IndexError),
        (errors.NotFoundError, OSError),
        (errors.UnimplementedError, NotImplementedError),
    ],
)
def test_each_is_also_a_builtin_exception(cls, builtin):
    error = cls("what happened", "MatMul")
    assert isinstance(error, builtin) and isinstance(error, errors.OpError)
    assert str(error) == error.message == "what happened" and error.op == "MatMul"


def test_operator_not_allowed_in_graph_is_a_type_error():
    assert issubclass(errors.OperatorNotAllowedInGraphError, TypeError)


def test_a_kernel_error_names_op_and_shapes():
    with pytest.raises(tf.errors.InvalidArgumentError) as caught:
        tf.constant([1.0, 2.0]) + tf.constant([1.0, 2.0, 3.0])
    message = caught.value.message
    assert "(2,) float32 and (3,) float32" in message and "[Op:AddV2]" in message
    assert caught.value.op == "AddV2"
    assert caught.value.__cause__ is None  # NumPy's own words would only confuse
