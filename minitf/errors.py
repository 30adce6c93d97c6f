"""TensorFlow's exception classes, each also the Python exception a reader would expect.

    try:
        tf.matmul(a, b)
    except tf.errors.InvalidArgumentError as error:   # `except ValueError` works as well
        print(error.message)

A message names the op, the shapes or dtypes involved, the likely cause and the fix.
"""


class OpError(Exception):
    """Base class of the errors an operation raises.

    Args:
        message: what happened, why it usually happens, and how to mend it.
        op: name of the operation, such as "MatMul", or None.
    """

    def __init__(self, message: str, op: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.op = op


class InvalidArgumentError(OpError, ValueError):
    """An operation was given values, shapes or dtypes it cannot work with."""


class WrongTypeError(InvalidArgumentError, TypeError):
    """A value of the wrong kind, such as 2.5 for a size.

    TensorFlow raises InvalidArgumentError in some places and TypeError in others; this is both.
    """


class NotATensorError(TypeError, AttributeError):
    """A number, an array or None where a tensor or a variable must stand.

    TensorFlow looks for an attribute that only tensors have, and reports that it is missing.
    """


class FailedPreconditionError(OpError, RuntimeError):
    """Something was used before it was set up."""


class OutOfRangeError(OpError, IndexError):
    """An iterator or index went past the end."""


class NotFoundError(OpError, OSError):
    """A file or entry does not exist."""


class UnimplementedError(OpError, NotImplementedError):
    """TensorFlow has this behaviour; minitf does not."""


class OperatorNotAllowedInGraphError(TypeError):
    """A symbolic tensor was used where Python needs a number."""
