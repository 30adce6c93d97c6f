"""The backward pass on bare NumPy values: the walk of backward.py for when nobody listens to it.

    backpropagate_on_arrays(tape._records, [loss], [tf.ones_like(loss)], [w, b])

Gradient rules are written with tensor operations so that another tape can record them. If no tape
listens, a Tensor around each intermediate result is wasted work: a rule such as `upstream * y`
computes the same on NumPy values. Rules that do are marked `@gradient(name, on_arrays=True)`; the
operations they call then run their kernels and nothing else (see `execute`). All other rules get
tensors as always. tests/test_backward_on_arrays.py holds both walks to the same results.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from minitf.backward import READ_VARIABLE, Record, no_rule, upstream_of_several
from minitf.indexed_slices import IndexedSlices, add_gradients
from minitf.state import state
from minitf.tensor import Tensor

_READY = (Tensor, IndexedSlices)


class ArrayCall:
    """What a rule reads of a Record, in NumPy values. One object serves all rules in turn."""

    __slots__ = ("inputs", "output", "attrs", "wanted")
    inputs: tuple
    output: Any
    attrs: dict
    wanted: tuple


def backpropagate_on_arrays(
    records: Sequence[tuple], targets: list[Any], seeds: list[Any], sources: list[Any]
) -> list[Any]:
    """One gradient (or None) per source, as `backpropagate` returns them; for real numbers only.

    `gradients` maps the id of a value to the gradient that has flowed back to it so far: a NumPy
    value, or an IndexedSlices.
    """
    gradients: dict[int, Any] = {}
    for target, seed in zip(targets, seeds):  # noqa: B905 - of one length
        have = gradients.get(target.id)  # the same target may be named twice
        gradients[target.id] = seed._value if have is None else have + seed._value
    keep = {x.id for x in sources}
    sums: set[int] = set()  # keys of sums made here: nobody else holds them, so they may grow
    call, on_arrays = ArrayCall(), False
    try:
        for op, inputs, attrs, output, wanted in reversed(records):
            if type(output) is tuple:
                upstream = _upstream_of_several(gradients, output, keep)
                if upstream is None:
                    continue
            else:
                key = output.id
                upstream = gradients.pop(key, None)  # complete: used here and freed
                if upstream is None:
                    continue  # nothing flows back to this value
                if key in keep:
                    gradients[key] = upstream
            if op.on_arrays:
                if not on_arrays:
                    state.on_arrays = on_arrays = True
                if len(inputs) == 2:  # one or two inputs are nearly all calls: no list for them
                    x, y = inputs
                    call.inputs = (x._value, y._value)
                elif len(inputs) == 1:
                    call.inputs = (inputs[0]._value,)
                else:
                    call.inputs = tuple([x._value for x in inputs])
                call.output, call.attrs, call.wanted = output._value, attrs, wanted
                if type(upstream) is IndexedSlices:
                    upstream = upstream.to_dense()._value
                downstream = op.gradient(call, upstream)
            elif op is READ_VARIABLE:
                downstream = (upstream,)  # sparse or not
            else:
                if on_arrays:
                    state.on_arrays = on_arrays = False
                downstream = _with_tensors(Record(op, inputs, attrs, output, wanted), upstream)
            for x, wants, grad in zip(inputs, wanted, downstream):  # noqa: B905 - costs time
                if wants and grad is not None:
                    if type(grad) is Tensor:
                        grad = grad._value
                    key = x.id
                    have = gradients.get(key)
                    if have is None:
                        gradients[key] = grad
                    elif type(have) is IndexedSlices or type(grad) is IndexedSlices:
                        gradients[key] = _bare(add_gradients(_as_tensor(have), _as_tensor(grad)))
                    elif key in sums:
                        have += grad  # in place for an array, a new number for a scalar
                        gradients[key] = have
                    else:
                        gradients[key] = have + grad
                        sums.add(key)
    finally:
        state.on_arrays = False
    found = []  # a loop: a comprehension would make every access to `gradients` slower
    for x in sources:
        grad = gradients.get(x.id)
        found.append(grad if grad is None or type(grad) is IndexedSlices else Tensor(grad))
    return found


def _with_tensors(record: Record, upstream: Any) -> tuple:
    """A rule that must have tensors."""
    if record.op.gradient is None:
        raise LookupError(no_rule(record.op))
    if type(upstream) is IndexedSlices:
        upstream = upstream.to_dense()
    elif type(upstream) is not list:
        upstream = Tensor(upstream)
    return record.op.gradient(record, upstream)


def _upstream_of_several(gradients: dict[int, Any], outputs: tuple, keep: set[int]) -> Any:
    """One tensor per output of an operation with several, or None if nothing flows back to any."""
    for x in outputs:
        if x.id in gradients:
            gradients[x.id] = _as_tensor(gradients[x.id])
    return upstream_of_several(gradients, outputs, keep)


def _bare(grad: Any) -> Any:
    return grad._value if type(grad) is Tensor else grad


def _as_tensor(grad: Any) -> Any:
    return grad if grad is None or type(grad) in _READY else Tensor(grad)
