"""Calls that wait for the run: Python functions as nodes of a graph.

    call_later(zeros, (n, tf.float32), TensorSpec([None]))     # tf.zeros(n), once n is known

While a function is traced, such a call becomes a node `Call`, which holds the function and its
arguments. tf.print and tf.py_function are made of it, and an optimizer's step; and minitf's own
operations, where Python needs a value that is not there yet: tf.range(n), tf.zeros(tf.shape(x)).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from minitf import nest
from minitf.composite import gradient_of, record
from minitf.execute import convert_to_tensor
from minitf.graph import RUNNERS
from minitf.indexed_slices import IndexedSlices
from minitf.registry import Op, define
from minitf.state import state
from minitf.symbolic import Abstract
from minitf.tensor import Tensor
from minitf.variable import Variable

CALL = define("Call", None)
CALL.gradient = gradient_of


class Hole:
    """Stands for a tensor among the arguments kept in a node: input number `index`."""

    __slots__ = ("index",)

    def __init__(self, index: int) -> None:
        self.index = index


def call_later(
    function: Callable[..., Any],
    args: tuple,
    returns: Any = (),
    kwargs: dict[str, Any] | None = None,
    effect: bool = False,
    waits: bool = False,
) -> Any:
    """Adds a call of `function` to the graph being traced.

    Args:
        function: called with the values at each run. To be picklable, it must be importable.
        args, kwargs: its arguments; the tensors in them become the node's inputs.
        returns: structure of TensorSpecs for what it returns.
        effect: True if the call is needed even if nobody uses its results.
        waits: True for one of minitf's own functions, which waits for sizes to be known: once the
            graph is traced again with them, the function itself is traced.

    Returns:
        The structure of `returns`, of symbolic tensors.
    """
    tensors: list[Any] = []
    attrs = {
        "function": function,
        "arguments": _with_holes((args, kwargs or {}), tensors),
        "results": tuple([Abstract(s.shape, s.dtype.dtype) for s in nest.flatten(returns)]),
        "effect": effect,
        "waits": waits,
    }
    outputs = state.tracer.add_node(CALL, tuple(tensors), attrs, attrs["results"], effect)
    record(CALL, tuple(tensors), attrs, outputs)
    return nest.pack_like(returns, list(outputs))


def no_op(name: str | None = None) -> None:
    """Does nothing. What a traced function does, it does in the order it is written."""


def group(*inputs: Any, name: str | None = None) -> None:
    """Does nothing more than its inputs did: a traced function runs all its side effects."""


def _run_call(op: Op, inputs: tuple, attrs: dict) -> tuple:
    if state.tracer is not None and not attrs["waits"]:  # called while another one is traced
        outputs = state.tracer.add_node(op, inputs, attrs, attrs["results"], attrs["effect"])
        record(op, inputs, attrs, outputs)
        return outputs
    args, kwargs = _filled(attrs["arguments"], inputs)
    answer = attrs["function"](*args, **kwargs)
    if not attrs["results"]:
        return ()
    return tuple([convert_to_tensor(x) for x in nest.flatten(answer)])


RUNNERS[CALL] = _run_call


def _with_holes(value: Any, tensors: list[Any]) -> Any:
    if isinstance(value, Tensor | Variable):
        tensors.append(value)
        return Hole(len(tensors) - 1)
    if isinstance(value, IndexedSlices):
        parts = (_with_holes(value.values, tensors), _with_holes(value.indices, tensors))
        return IndexedSlices(*parts, value.dense_shape)
    if isinstance(value, slice):
        bounds = [_with_holes(x, tensors) for x in (value.start, value.stop, value.step)]
        return slice(*bounds)
    if isinstance(value, dict):
        return {key: _with_holes(part, tensors) for key, part in value.items()}
    if type(value) in (list, tuple):
        return type(value)([_with_holes(part, tensors) for part in value])
    return value


def _filled(value: Any, inputs: tuple) -> Any:
    if isinstance(value, Hole):
        return inputs[value.index]
    if isinstance(value, IndexedSlices):
        parts = (_filled(value.values, inputs), _filled(value.indices, inputs))
        return IndexedSlices(*parts, value.dense_shape)
    if isinstance(value, slice):
        return slice(*[_filled(x, inputs) for x in (value.start, value.stop, value.step)])
    if isinstance(value, dict):
        return {key: _filled(part, inputs) for key, part in value.items()}
    if type(value) in (list, tuple):
        return type(value)([_filled(part, inputs) for part in value])
    return value
