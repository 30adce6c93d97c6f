"""ForwardAccumulator: derivatives that travel with the values, from inputs to outputs.

    x = tf.constant(3.0)
    with tf.autodiff.ForwardAccumulator(primals=x, tangents=tf.constant(1.0)) as acc:
        y = x * x
    acc.jvp(y)                   # 6.0: how y moves when x moves by the tangent

No operation needs a second rule. A gradient rule computes g = Jᵀu for an upstream u, and is linear
in u. Differentiating <g, tangent> by u therefore gives J·tangent: the transposed rule, transposed
once more (J. Townsend, "A new trick for calculating Jacobian vector products", 2017).
"""

from __future__ import annotations

from typing import Any

from minitf import nest
from minitf.backward import Record, no_rule
from minitf.errors import NotATensorError
from minitf.execute import convert_to_tensor
from minitf.indexed_slices import IndexedSlices
from minitf.ops import array
from minitf.registry import Op
from minitf.state import state
from minitf.tape import GradientTape, UnconnectedGradients
from minitf.tensor import Tensor
from minitf.variable import Variable


class ForwardAccumulator:
    """Carries Jacobian-vector products along while the block runs.

    Args:
        primals: tensor or variable, or a structure of them: what is moved.
        tangents: the same structure of tensors with the primals' shapes: how it is moved.

    Raises:
        ValueError: a tangent of another shape, a primal twice, or different structures.
    """

    def __init__(self, primals: Any, tangents: Any) -> None:
        self._tangents: dict[int, Tensor] = {}
        self._recording = False
        flat, given = nest.flatten(primals), nest.flatten(tangents)
        if len(flat) != len(given):
            raise ValueError(
                f"ForwardAccumulator got {len(flat)} primals and {len(given)} tangents: give one "
                "tangent per primal."
            )
        for primal, tangent in zip(flat, given, strict=True):
            self._watch(primal, tangent)

    def __enter__(self) -> ForwardAccumulator:
        if self._recording:
            raise ValueError("This accumulator's `with` block is already open.")
        self._recording = True
        state.tapes = (*state.tapes, self)
        return self

    def __exit__(self, *exception: Any) -> None:
        self._recording = False
        state.tapes = tuple([tape for tape in state.tapes if tape is not self])

    def jvp(
        self,
        primals: Any,
        unconnected_gradients: UnconnectedGradients | str = UnconnectedGradients.NONE,
    ) -> Any:
        """How each of `primals` (usually results) moves along the tangents.

        Returns:
            The structure of `primals`, each of the same shape; None (or zeros) where a result
            does not depend on what is moved.
        """
        unconnected = UnconnectedGradients(unconnected_gradients)
        return nest.map_structure(lambda x: self._jvp(x, unconnected), primals)

    def _jvp(self, x: Any, unconnected: UnconnectedGradients) -> Tensor | None:
        found = self._tangents.get(x.id)
        if found is None and unconnected is UnconnectedGradients.ZERO:
            return array.zeros_like(x)
        return found

    def _watch(self, primal: Any, tangent: Any) -> None:
        if not isinstance(primal, (Tensor, Variable)):
            raise NotATensorError(
                f"A primal must be a tensor or variable, not {type(primal).__name__}: wrap it with "
                "tf.constant first."
            )
        tangent = convert_to_tensor(tangent, dtype=primal.dtype)
        if tangent.shape != primal.shape:
            raise ValueError(
                f"A tangent of shape {tangent.shape} for a primal of shape {primal.shape}: a "
                "tangent says how each element moves, so the shapes must agree."
            )
        if primal.id in self._tangents:
            raise ValueError(
                "The same primal was given twice. Add the two tangents and give it once: "
                "derivatives are linear in the tangent."
            )
        self._tangents[primal.id] = tangent

    # Called by execute and by variables while this accumulator is active.

    def _record(self, op: Op, inputs: tuple, attrs: dict, output: Any) -> None:
        moved = [x.id in self._tangents for x in inputs]
        if True not in moved or not op.differentiable:
            return
        outputs = output if type(output) is tuple else (output,)
        if not any(x._value.dtype.kind in "fc" for x in outputs):
            return  # a comparison, say: booleans and integers do not move
        if op.gradient is None:
            raise LookupError(no_rule(op))
        record = Record(op, inputs, attrs, output, tuple(moved))
        tangents = [self._tangents.get(x.id) for x in inputs]
        all_listeners = state.tapes
        state.tapes = all_listeners[: all_listeners.index(self)]  # outer ones see what follows
        try:
            found = _push_forward(record, tangents)
        finally:
            state.tapes = all_listeners
        for x, tangent in zip(outputs, found, strict=True):
            if tangent is not None:
                self._tangents[x.id] = tangent

    def _record_read(self, variable: Variable, snapshot: Tensor) -> None:
        if variable.id in self._tangents:
            self._tangents[snapshot.id] = self._tangents[variable.id]

    def _note_numpy(self, tensor: Tensor) -> None:
        pass

    def _note_assign(self, variable: Variable, value: Any) -> None:
        pass


def _push_forward(record: Record, tangents: list[Tensor | None]) -> list[Tensor | None]:
    """J·tangent for each output, from the gradient rule alone."""
    several = type(record.output) is tuple
    outputs = record.output if several else (record.output,)
    upstream = [array.ones_like(x) for x in outputs]  # any value: the rule is linear in it
    movable = [u for u in upstream if u._value.dtype.kind in "fc"]
    with GradientTape(watch_accessed_variables=False) as tape:
        tape.watch(movable)
        pulled = record.op.gradient(record, upstream if several else upstream[0])
        pulled = [g.to_dense() if isinstance(g, IndexedSlices) else g for g in pulled]
    pairs = [
        (g, t) for g, t in zip(pulled, tangents, strict=True) if g is not None and t is not None
    ]
    if not pairs:
        return [None] * len(outputs)
    targets, weights = zip(*pairs, strict=True)
    moves = tape.gradient(list(targets), movable, output_gradients=list(weights))
    found = iter([m.to_dense() if isinstance(m, IndexedSlices) else m for m in moves])
    return [next(found) if u._value.dtype.kind in "fc" else None for u in upstream]
