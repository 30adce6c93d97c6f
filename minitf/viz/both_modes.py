"""One function in both modes: its graph, all forward passes and all reverse passes.

    both = both_modes(f, [x, w])
    both.forward[0]["n3"]       # tangent of node n3 when the first input moves by 1
    both.reverse[0]["n3"]       # cotangent of node n3 when the first output is seeded with 1

Neither is derived from the other: each forward pass runs the function under a ForwardAccumulator,
each reverse pass asks a GradientTape. Node ids are those of the graph.
"""

from __future__ import annotations

import inspect as signatures
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

import minitf as tf
from minitf import inspect, nest
from minitf.backward import Record
from minitf.graph_names import outputs_of
from minitf.graph_spec import GraphSpec
from minitf.origins import origins

MOST = 12  # inputs or outputs: each needs a pass
MOST_NODES = 40
_ZERO = tf.UnconnectedGradients.ZERO
_PER_NODE = dict[str, np.ndarray]


@dataclass(frozen=True)
class BothModes:
    """What both modes find.

    Attributes:
        spec: the graph; its outputs are nodes of kind "loss".
        inputs, outputs: names of the single numbers, such as "x" or "h[2]".
        output_nodes: for each output, its node's id.
        forward: per input, the tangent of every node that depends on an input.
        reverse: per output, the cotangent of every node that depends on an input.
        columns: per input, the derivatives of all outputs, by the forward passes.
        rows: per output, the derivatives by all inputs, by the reverse passes.
    """

    spec: GraphSpec
    inputs: list[str]
    outputs: list[str]
    output_nodes: list[str]
    forward: list[_PER_NODE]
    reverse: list[_PER_NODE]
    columns: np.ndarray
    rows: np.ndarray


@dataclass
class _Run:
    """One call of the function on a tape: its results, and the operations that lead to them."""

    tape: tf.GradientTape
    results: list[tf.Tensor]
    target: tf.Tensor  # one tensor that depends on all results
    records: list[Record]


def both_modes(function: Callable[..., Any], inputs: Sequence[Any]) -> BothModes:
    """Runs n + 1 times forward and m times backward.

    Args:
        function: takes the inputs, returns one tensor, or several scalars.
        inputs: scalars or small arrays of floats.

    Raises:
        TypeError: no function, inputs that are no floats, results that are not as above.
        ValueError: more than 12 inputs or outputs, more than 40 nodes, a result that does not
            depend on the inputs, or a function that does something else on its second call.
    """
    names = _parameter_names(function, len(inputs))
    primals = [_input(name, x) for name, x in zip(names, inputs, strict=True)]
    _check_count("inputs", primals)
    with origins():
        run = _run(function, primals)
        named = dict(zip(names, primals, strict=True))
        spec = inspect.graph(run.tape, run.target, names=named, max_nodes=MOST_NODES)
    _check_count("outputs", run.results)
    leaves = {node.name: node.id for node in spec.nodes if node.kind == "input"}
    operations = [node.id for node in spec.nodes if node.op]

    def node_of(run: _Run) -> dict[str, tf.Tensor]:
        """Node id -> its tensor in that run. Operations come in the order of the records."""
        found = {leaves[name]: x for name, x in named.items() if name in leaves}
        for node, record in zip(operations, run.records, strict=True):
            found[node] = outputs_of(record)[0]
        return found

    tensors = node_of(run)
    output_nodes = [_node_with(y, tensors, k) for k, y in enumerate(run.results)]
    if len(run.results) > 1:
        spec = _without(spec, spec.target)  # the stack of all results is not the learner's
    forward, columns = _forward_passes(function, primals, run, node_of)
    reverse, rows = _reverse_passes(primals, run, tensors)
    return BothModes(
        spec=_with_outputs(spec, output_nodes, getattr(function, "__name__", "function")),
        inputs=_labels(names, primals),
        outputs=_labels([spec.node(node).name for node in output_nodes], run.results),
        output_nodes=[
            node
            for node, y in zip(output_nodes, run.results, strict=True)
            for _ in range(math.prod(y.shape))
        ],
        forward=forward,
        reverse=reverse,
        columns=columns,
        rows=rows,
    )


def _run(function: Callable[..., Any], inputs: list[tf.Tensor]) -> _Run:
    with tf.GradientTape(persistent=True, watch_accessed_variables=False) as tape:
        tape.watch(inputs)
        results = nest.flatten(function(*inputs))
        for y in results:
            if not isinstance(y, tf.Tensor) or not y.dtype.is_floating:
                raise TypeError(
                    f"The function must return tensors of floats; got {type(y).__name__}: {y!r}."
                )
        if len(results) > 1 and any(y.shape for y in results):
            raise TypeError(
                "The function may return one tensor, or several scalars; it returned shapes "
                f"{', '.join(str(y.shape) for y in results)}. Join them with tf.concat."
            )
        target = results[0] if len(results) == 1 else tf.stack(results)
    return _Run(tape, results, target, inspect.records_of(tape, target))


def _forward_passes(
    function: Callable[..., Any],
    inputs: list[tf.Tensor],
    first: _Run,
    node_of: Callable[[_Run], dict[str, tf.Tensor]],
) -> tuple[list[_PER_NODE], np.ndarray]:
    """One run per number of the inputs, under a ForwardAccumulator."""
    tangents, columns = [], []
    for seeds in _one_at_a_time(inputs):
        with tf.autodiff.ForwardAccumulator(inputs, seeds) as accumulator:
            run = _run(function, inputs)
        if [r.op.name for r in run.records] != [r.op.name for r in first.records]:
            raise ValueError(
                "The function did other operations on its second call. To compare passes it must "
                "do the same each time: take random choices and counters out of it."
            )
        moved = {node: accumulator.jvp(x, _ZERO).numpy() for node, x in node_of(run).items()}
        tangents.append(moved)
        columns.append(_side_by_side(accumulator.jvp(run.results, _ZERO)))
    return tangents, np.array(columns)


def _reverse_passes(
    inputs: list[tf.Tensor], run: _Run, tensors: dict[str, tf.Tensor]
) -> tuple[list[_PER_NODE], np.ndarray]:
    """One backward pass of the tape per number of the results."""
    cotangents, rows = [], []
    for seeds in _one_at_a_time(run.results):
        values = [*tensors.values(), *inputs]
        found = run.tape.gradient(run.results, values, seeds, _ZERO)
        arrived = [g.numpy() for g in found]
        cotangents.append(dict(zip(tensors, arrived, strict=False)))
        rows.append(_side_by_side(found[len(tensors) :]))
    return cotangents, np.array(rows)


def _one_at_a_time(tensors: list[tf.Tensor]) -> Iterator[list[tf.Tensor]]:
    """Zeros of the same shapes with a single 1, for each number in turn."""
    for k, x in enumerate(tensors):
        for i in range(math.prod(x.shape)):
            seeds: list[np.ndarray]
            seeds = [np.zeros(math.prod(y.shape), y.dtype.as_numpy_dtype) for y in tensors]
            seeds[k][i] = 1
            shaped = zip(seeds, tensors, strict=True)
            yield [tf.constant(seed.reshape(tuple(y.shape))) for seed, y in shaped]


def _side_by_side(tensors: list[tf.Tensor]) -> np.ndarray:
    return np.concatenate([x.numpy().ravel() for x in tensors])


# -- the graph


def _node_with(result: tf.Tensor, tensors: dict[str, tf.Tensor], k: int) -> str:
    for node, x in tensors.items():
        if x.id == result.id:
            return node
    raise ValueError(
        f"Result {k} does not depend on the inputs: all its derivatives are 0, and it has no place "
        "in the graph. Leave it out."
    )


def _without(spec: GraphSpec, node_id: str) -> GraphSpec:
    return replace(
        spec,
        nodes=tuple(node for node in spec.nodes if node.id != node_id),
        edges=tuple(edge for edge in spec.edges if node_id not in (edge.src, edge.dst)),
    )


def _with_outputs(spec: GraphSpec, outputs: list[str], name: str) -> GraphSpec:
    """The graph without frames, its outputs marked as results."""
    return replace(
        spec,
        title=f"{name}: forward and reverse mode",
        target=outputs[0],
        nodes=tuple(
            replace(node, kind="loss") if node.id in outputs and node.op else node
            for node in spec.nodes
        ),
        steps=(),
        paths=(),
        summary="",
    )


# -- arguments


def _parameter_names(function: Callable[..., Any], count: int) -> list[str]:
    if not callable(function):
        raise TypeError(
            f"The function comes first, then its inputs; got {type(function).__name__}. Give the "
            "function itself, without brackets."
        )
    try:
        names = list(signatures.signature(function).parameters)[:count]
    except ValueError:  # written in C
        names = []
    if len(names) == count and not any(name in ("args", "kwargs") for name in names):
        return names
    return [f"x{k}" for k in range(count)]


def _input(name: str, x: Any) -> tf.Tensor:
    if isinstance(x, tf.Tensor | tf.Variable):
        tensor = tf.identity(x)
    else:
        tensor = tf.constant(x, tf.float32)
    if not tensor.dtype.is_floating:
        raise TypeError(
            f"{name} holds {tensor.dtype.name}, which has no derivatives. Write its numbers with a "
            "point, or use tf.cast(x, tf.float32)."
        )
    return tensor


def _check_count(what: str, tensors: list[tf.Tensor]) -> None:
    count = sum(math.prod(x.shape) for x in tensors)
    if not 1 <= count <= MOST:
        raise ValueError(
            f"There are {count} {what}; 1 to {MOST} can be shown pass by pass. JacobianPainter "
            "shows more."
        )


def _labels(names: list[str], tensors: list[tf.Tensor]) -> list[str]:
    """ "x" for a scalar, "x[0, 1]" for each element of an array."""
    labels = []
    for name, x in zip(names, tensors, strict=True):
        places = list(np.ndindex(*x.shape))
        labels += [f"{name}[{', '.join(map(str, place))}]" if place else name for place in places]
    return labels
