"""tf.gradients: derivatives of values of a graph, without a tape.

    @tf.function
    def slope(x):
        y = x * x
        return tf.gradients(y, x)[0]       # 6.0 for x = 3.0

Inside a traced function the graph already knows how `y` came from `x`: its nodes are read backwards
as a tape's records are. Eagerly nothing is remembered, so only a GradientTape can help.
"""

from __future__ import annotations

from typing import Any

from minitf import nest
from minitf.backward import backpropagate
from minitf.execute import convert_to_tensor
from minitf.gradient_arguments import seeds_of
from minitf.ops import array
from minitf.state import state
from minitf.tape import Record
from minitf.tensor import Tensor
from minitf.variable import Variable


def gradients(
    ys: Any,
    xs: Any,
    grad_ys: Any = None,
    name: str | None = None,
    gate_gradients: bool = False,
    aggregation_method: Any = None,
    stop_gradients: Any = None,
    unconnected_gradients: Any = "none",
) -> list[Any]:
    """Gradients of the sum of `ys` with respect to each of `xs`, inside a traced function.

    Args:
        ys, xs: tensor, or list of tensors; `xs` may hold variables.
        grad_ys: upstream gradients to start from; ones if None.
        stop_gradients: tensors to treat as constants.
        unconnected_gradients: "none" or "zero".

    Raises:
        RuntimeError: called eagerly.
    """
    if state.tracer is None:
        raise RuntimeError(
            "tf.gradients is not supported when eager execution is enabled. Use tf.GradientTape "
            "instead: `with tf.GradientTape() as tape: ...`, then tape.gradient(y, x)."
        )
    targets = [convert_to_tensor(y) for y in nest.flatten(ys)]
    sources = [x._read() if isinstance(x, Variable) else x for x in nest.flatten(xs)]
    stopped = {x.id for x in nest.flatten([] if stop_gradients is None else stop_gradients)}
    records = _records(sources, stopped)
    found = state.tracer.gradients_later(records, targets, grad_ys, sources)
    if found is None:
        found = backpropagate(records, targets, seeds_of(targets, grad_ys), sources)
    if getattr(unconnected_gradients, "value", unconnected_gradients) == "zero":
        return [
            array.zeros_like(x) if g is None else g for g, x in zip(found, sources, strict=True)
        ]
    return found


def hessians(
    ys: Any,
    xs: Any,
    gate_gradients: bool = False,
    aggregation_method: Any = None,
    name: str | None = None,
) -> list[Tensor]:
    """Second derivatives of the sum of `ys` by each of `xs`, of shape x.shape + x.shape.

    Raises:
        RuntimeError: called eagerly; there use tape.jacobian of tape.gradient.
        ValueError: a shape that is not known while the function is traced.
    """
    found = []
    for x in nest.flatten(xs):
        (slope,) = gradients(ys, x)
        count = x.shape.num_elements()
        if count is None:
            raise ValueError(f"tf.hessians needs a fully known shape, got {x.shape}.")
        entries = array.unstack(array.reshape(slope, [count]))
        rows = [gradients(entry, x, unconnected_gradients="zero")[0] for entry in entries]
        found.append(array.reshape(array.stack(rows), [*x.shape, *x.shape]))
    return found


def _records(sources: list[Tensor], stopped: set[int]) -> list[Record]:
    """The nodes between the sources and now, as a tape that watched them would have them."""
    watched = {x.id for x in sources}
    records = []
    for node in state.tracer.nodes:
        wanted = tuple([x.id in watched for x in node.inputs])
        if True not in wanted or not node.op.differentiable or not node.outputs:
            continue
        if any(x.id in stopped for x in node.outputs):
            continue  # nothing flows on to what it was computed from
        watched.update([x.id for x in node.outputs if x._value.dtype.kind in "fc"])
        output = node.outputs if len(node.outputs) > 1 else node.outputs[0]
        records.append(Record(node.op, node.inputs, node.attrs, output, wanted))
    return records
