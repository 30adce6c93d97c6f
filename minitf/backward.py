"""The backward pass: records, read from the last to the first.

    gradients = backpropagate(tape._records, [loss], [tf.ones_like(loss)], [w, b])

A tape is in the order of computation already. Reading it in reverse visits each operation after
everything that used its result: no graph search, no recursion, one visit per record.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from minitf.indexed_slices import IndexedSlices, add_gradients
from minitf.ops import array
from minitf.ops.conjugate import conj
from minitf.registry import Op, define, gradient

READ_VARIABLE = define("ReadVariableOp", None, text="{0}", partials=("1",))


@gradient("ReadVariableOp")
def _read_variable_grad(call: Record, upstream: Any) -> tuple[Any]:
    # reading changes nothing: d(read)/d(variable) = 1
    return (upstream,)


class Record(NamedTuple):
    """One line of a tape. (A tape keeps bare tuples of these five, which are made faster.)

    Attributes:
        op: the operation that ran.
        inputs: the tensors it was given (one Variable for ReadVariableOp).
        attrs: its attributes.
        output: its result, a tensor, or a tuple of them for ops with several results.
        wanted: one flag per input: is it watched, so that its gradient is worth computing?
    """

    op: Op
    inputs: tuple
    attrs: dict
    output: Any
    wanted: tuple

    def __repr__(self) -> str:
        return f"<Record {self.op.name} of {len(self.inputs)} inputs>"


def backpropagate(
    records: Sequence[tuple],
    targets: list[Any],
    seeds: list[Any],
    sources: list[Any],
    observe: Callable[[Record, Any, tuple], None] | None = None,
) -> list[Any]:
    """Walks the records backwards and returns one gradient (or None) per source.

    `gradients` maps the id of a value to the sum of what has flowed back to it so far. When the
    walk reaches the record that produced a value, all its uses lie behind: the sum is complete.
    """
    gradients: dict[int, Any] = {}
    for target, seed in zip(targets, seeds, strict=True):
        have = gradients.get(target.id)
        gradients[target.id] = seed if have is None else add_gradients(have, seed)
    keep = {x.id for x in sources}
    for row in reversed(records):
        record = row if type(row) is Record else Record._make(row)
        output = record.output
        if type(output) is not tuple:
            upstream = gradients.get(output.id)
            if upstream is None:
                continue  # nothing flows back to this value
            if output.id not in keep:
                del gradients[output.id]  # complete and used: free it
            if type(upstream) is IndexedSlices and record.op is not READ_VARIABLE:
                upstream = upstream.to_dense()
        else:
            upstream = upstream_of_several(gradients, output, keep)
            if upstream is None:
                continue
        rule = record.op.gradient
        if rule is None:
            raise LookupError(no_rule(record.op))
        if type(output) is not tuple and output._value.dtype.kind == "c" and record.op.kernel:
            downstream = _complex_rule(record, upstream)  # a user's own rule is taken as it is
        else:
            downstream = rule(record, upstream)
        for x, wanted, grad in zip(record.inputs, record.wanted, downstream, strict=True):
            if wanted and grad is not None:
                have = gradients.get(x.id)
                gradients[x.id] = grad if have is None else add_gradients(have, grad)
        if observe is not None:
            observe(record, upstream, downstream)
    return [gradients.get(x.id) for x in sources]


def _complex_rule(record: Record, upstream: Any) -> tuple:
    """A rule written for real numbers, used on complex ones: see ops/conjugate.py."""
    found = record.op.gradient(record, conj(upstream))
    return tuple([None if grad is None else conj(dense(grad)) for grad in found])


def dense(grad: Any) -> Any:
    """A sparse gradient as a tensor; anything else as it is."""
    return grad.to_dense() if isinstance(grad, IndexedSlices) else grad


def no_rule(op: Op) -> str:
    """What LookupError says."""
    return (
        f"gradient registry has no entry for: {op.name}. The path from the target to a source goes "
        "through this operation, but no gradient rule is known for it. Write one with "
        "tf.custom_gradient, or keep the operation off the path with tf.stop_gradient."
    )


def upstream_of_several(gradients: dict[int, Any], outputs: tuple, keep: set[int]) -> Any:
    """One upstream per output, zeros where nothing flows back; None if nothing does at all."""
    found = [gradients.get(x.id) if x.id in keep else gradients.pop(x.id, None) for x in outputs]
    if all(grad is None for grad in found):
        return None
    pairs = zip(found, outputs, strict=True)
    return [array.zeros_like(x) if grad is None else dense(grad) for grad, x in pairs]
