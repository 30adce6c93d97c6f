"""execute: the one place every operation passes through.

    y = execute(MUL, (x, 2.0))

It turns the inputs into tensors, runs the NumPy kernel, and offers the call to every tape that is
recording in this thread. No tape, no cost.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from minitf import dtypes
from minitf.conversion import fits, to_numpy
from minitf.errors import InvalidArgumentError, OpError
from minitf.registry import Op, find
from minitf.state import state
from minitf.tensor import Tensor
from minitf.variable import Variable, tensor_within

NO_ATTRS: dict[str, Any] = {}
_VALUES = (Tensor, Variable)
# Here and on tapes no comprehension sits in the functions that run for every operation: it would
# turn the variables it uses into cells, which are slower to read.


def execute(op: Op, inputs: tuple[Any, ...], attrs: dict[str, Any] = NO_ATTRS) -> Any:
    """Runs `op` on `inputs` and returns its output tensor (a tuple if it has several).

    Args:
        op: the operation, from the registry.
        inputs: tensors, variables, numbers, lists or arrays, one per input of the op.
        attrs: the op's attributes (an axis, a padding ...): plain Python values.

    Raises:
        InvalidArgumentError: the kernel refuses the shapes or dtypes.
        TypeError: a value cannot become a tensor of the dtype the other input has.
    """
    for x in inputs:
        if type(x) is not Tensor:
            if type(x) is not Variable and state.on_arrays:  # a gradient rule on bare values
                if len(inputs) == 1 and not attrs:
                    return op.kernel(x)
                return _run_on_arrays(op, inputs, attrs)
            inputs = _as_tensors(op, inputs)
            if _any_symbolic(inputs):
                return _trace(op, inputs, attrs)
            break
    if op.stateful and state.tracer is not None:
        return _trace(op, inputs, attrs)
    try:
        if len(inputs) == 2:  # one or two inputs are nearly all calls: no list for them
            x, y = inputs
            a, b = x._value, y._value
            if op.same_dtype and a.dtype is not b.dtype:
                _check_same_dtype(op, [a, b])
            result = op.kernel(a, b, **attrs) if attrs else op.kernel(a, b)
        elif len(inputs) == 1:
            a = inputs[0]._value
            result = op.kernel(a, **attrs) if attrs else op.kernel(a)
        else:
            values = [x._value for x in inputs]
            if op.same_dtype:
                _check_same_dtype(op, values)
            result = op.kernel(*values, **attrs)
    except OpError:
        raise
    except (ValueError, TypeError, IndexError) as error:
        raise _explained(op, [x._value for x in inputs], error) from None
    output: Any = Tensor(result, op) if type(result) is not tuple else _tensors(result, op)
    for tape in state.tapes:
        tape._record(op, inputs, attrs, output)
    return output


def _trace(op: Op, inputs: tuple[Tensor, ...], attrs: dict[str, Any]) -> Any:
    """Adds the call to the graph being traced; tapes opened inside the function record it too."""
    if state.tracer is None:
        raise leaked(next(x for x in inputs if type(x) is not Tensor))
    for x in inputs:
        state.tracer.own(x)  # complains about a tensor of another function
    if op.same_dtype:
        try:
            _check_same_dtype(op, [x._value for x in inputs])
        except InvalidArgumentError as error:  # TensorFlow's class while a function is traced
            raise TypeError(error.message) from None
    try:
        output = state.tracer.add(op, inputs, attrs)
    except OpError:
        raise
    except (ValueError, TypeError, IndexError) as error:
        raise _explained(op, [x._value for x in inputs], error) from None
    for tape in state.tapes:
        tape._record(op, inputs, attrs, output)
    return output


def convert_to_tensor(
    value: Any, dtype: Any = None, dtype_hint: Any = None, name: str | None = None
) -> Tensor:
    """`value` as a tensor: a variable is read, a list of tensors is stacked.

    Args:
        value: tensor, variable, number, (nested) list or array.
        dtype: the dtype it must have.
        dtype_hint: the dtype to take if the value fits it.
        name: ignored; TensorFlow's signature.

    Raises:
        ValueError: a tensor of another dtype than `dtype`, or a ragged list.
        TypeError: the value does not fit `dtype`.
    """
    if dtype is not None:
        dtype = dtypes.as_dtype(dtype)
    if isinstance(value, Variable):
        value = value.read_value()
    elif hasattr(value, "__tf_tensor__"):
        value = value.__tf_tensor__()
    if isinstance(value, Tensor):
        if dtype is not None and value.dtype is not dtype:
            raise ValueError(
                f"Tensor conversion requested dtype {dtype.name} for Tensor with dtype "
                f"{value.dtype.name}: {value!r}. Use tf.cast(x, tf.{dtype.name}) to convert it."
            )
        return value
    wanted = dtype.dtype if dtype is not None else None
    if tensor_within(value) is not None:
        packed = execute(find("Pack"), tuple(_same_dtype_parts(value, wanted)), {"axis": 0})
        if wanted is None or packed._value.dtype == wanted:
            return packed
        return execute(find("Cast"), (packed,), {"dtype": wanted})
    if wanted is None and dtype_hint is not None:
        return Tensor(_to_numpy_hinted(value, dtypes.as_dtype(dtype_hint).dtype))
    return Tensor(to_numpy(value, wanted))


def leaked(x: Any) -> TypeError:
    """The error for a symbolic tensor that is used outside of the function it was traced in."""
    return TypeError(
        f"{x!r} is out of scope and cannot be used here. It was made while a tf.function was "
        f"traced (graph {x.graph.name!r}) and has no value outside of that trace: a list, a global "
        "or an attribute carried it out. Use return values, explicit Python locals or a "
        "tf.Variable to hand a result on."
    )


def _as_tensors(op: Op, inputs: tuple[Any, ...]) -> tuple[Tensor, ...]:
    """Reads variables; anything else becomes a tensor that fits the tensors beside it."""
    tensors: list[Tensor] = []
    for x in inputs:
        if type(x) is not Tensor:
            if isinstance(x, Variable):
                x = x._read()
            elif not isinstance(x, Tensor):
                among = _dtype_among(inputs) or _dtype_among(tensors) if op.same_dtype else None
                x = _as_tensor(x, among)
        tensors.append(x)
    return tuple(tensors)


def _as_tensor(x: Any, hint: np.dtype | None) -> Tensor:
    if hint is None:
        return convert_to_tensor(x)
    if type(x) is float and hint.kind == "f":
        return Tensor(hint.type(x))  # the common `x * 2.0`
    return convert_to_tensor(x, dtype_hint=dtypes.as_dtype(hint))


def _tensors(values: tuple[Any, ...], op: Op) -> tuple[Tensor, ...]:
    return tuple([Tensor(value, op) for value in values])


def _any_symbolic(inputs: tuple[Tensor, ...]) -> bool:
    for x in inputs:  # a plain loop: any() with a generator takes four times as long
        if type(x) is not Tensor:
            return True
    return False


def _run_on_arrays(op: Op, inputs: tuple[Any, ...], attrs: dict[str, Any]) -> Any:
    return op.kernel(*[x._value if type(x) is Tensor else x for x in inputs], **attrs)


def _dtype_among(values: Sequence[Any]) -> np.dtype | None:
    for x in values:
        if isinstance(x, _VALUES):
            return x._value.dtype
    return None


def _to_numpy_hinted(value: Any, hint: np.dtype | None) -> np.ndarray | np.generic:
    """Takes the hinted dtype where the value fits; a Python number must fit."""
    if hint is None:
        return to_numpy(value)
    if isinstance(value, np.ndarray | np.generic) and not fits(value.dtype, hint):
        return to_numpy(value)  # NumPy values keep their dtype; the op then names the mismatch
    return to_numpy(value, hint)


def _same_dtype_parts(parts: Sequence[Any], wanted: np.dtype | None) -> list[Tensor]:
    """Tensors for the elements of a list; numbers adopt the dtype of the tensors among them."""
    known = tensor_within(parts)
    hint = wanted if known is None else known._value.dtype
    return [convert_to_tensor(x, dtype_hint=hint) for x in parts]


def _check_same_dtype(op: Op, values: list[Any]) -> None:
    first = values[0].dtype
    for i, value in enumerate(values):
        if value.dtype != first:
            want, have = dtypes.of(values[0]).name, dtypes.of(value).name
            raise InvalidArgumentError(
                f"cannot compute {op.name} as input #{i}(zero-based) was expected to be a {want} "
                f"tensor but is a {have} tensor [Op:{op.name}]\n"
                f"TensorFlow never converts tensors by itself. Use tf.cast(x, tf.{want}), or "
                "create both with one dtype (NumPy's default is float64, TensorFlow's float32).",
                op.name,
            )


def _explained(op: Op, values: list[Any], error: Exception) -> InvalidArgumentError:
    """The kernel's complaint with the op and the shapes, and the usual cause for its kind."""
    shapes = " and ".join(f"{tuple(v.shape)} {dtypes.of(v).name}" for v in values)
    broadcast = "broadcast" in str(error)
    cause = (
        "Shapes are compared from the last axis backwards: sizes must be equal, or one of them 1. "
        "Insert an axis with x[:, None] or tf.reshape."
        if broadcast
        else "Check the shapes above against what the operation needs."
    )
    what = "Incompatible shapes" if broadcast else str(error)
    unfit = [name for name in ("string", "bool") if any(dtypes.of(v).name == name for v in values)]
    if unfit and isinstance(error, TypeError):
        what = f"{op.name} does not work on {unfit[0]}"
        cause = "Numbers in quotes are strings. True and False become numbers with tf.cast."
    return InvalidArgumentError(f"{what}: {shapes} [Op:{op.name}]\n{cause}", op.name)
