"""GradientTape: write down what runs, then read it backwards.

    x = tf.Variable(3.0)
    with tf.GradientTape() as tape:
        y = x * x
    tape.gradient(y, x)          # 6.0

While a tape records, `execute` offers it every operation. It keeps those with a watched input and
watches their outputs. backward.py reads the records from the last to the first.
"""

from __future__ import annotations

import contextlib
import warnings
from bisect import bisect
from collections.abc import Iterator
from typing import Any

from minitf import nest
from minitf.backward import READ_VARIABLE, Record, backpropagate
from minitf.backward_on_arrays import backpropagate_on_arrays
from minitf.explain import Explanation, explain
from minitf.gradient_arguments import (
    UnconnectedGradients,
    checked,
    checked_sources,
    differentiable,
    filled,
    policy_of,
    seeds_of,
)
from minitf.jacobian import batch_jacobian, jacobian
from minitf.registry import Op
from minitf.state import state, unobserved
from minitf.tape_notes import Link, TapeNotes, links_of
from minitf.tensor import Tensor, next_id
from minitf.variable import Variable

_VALUES = (Tensor, Variable)


class GradientTape:
    """Records operations for reverse-mode differentiation.

    Args:
        persistent: True allows several `gradient` calls; the records live as long as the tape.
        watch_accessed_variables: False watches nothing unless `watch` is called.
    """

    _complex: bool  # complex numbers on the tape: their rules need conjugates
    _written_notes: TapeNotes | None  # made when there is something to note

    def __init__(self, persistent: bool = False, watch_accessed_variables: bool = True) -> None:
        self._persistent = persistent
        self._watch_accessed = watch_accessed_variables
        self._recording = False
        self._opened = False
        self._clear()

    def __enter__(self) -> GradientTape:
        if self._recording:
            raise ValueError("Tape is still recording: this tape's `with` block is already open.")
        if self._used:
            self._clear()  # a tape that was used up starts afresh
        self._opened = True
        self._start()
        return self

    def __exit__(self, *exception: Any) -> None:
        if self._recording:
            self._stop()

    def watch(self, tensor: Any) -> None:
        """Watches a tensor or variable (or a structure of them) from here on.

        Operations that ran before the call stay unrecorded. Integer tensors cannot be watched:
        a warning says so.

        Raises:
            AttributeError: the tape's `with` block was never opened.
            ValueError: something that is neither a tensor nor a variable.
        """
        if not self._opened:
            where = "call tape.watch(x) as the first line inside `with tf.GradientTape() as tape:`."
            raise AttributeError(f"This tape does not record yet, so it cannot watch: {where}")
        for x in nest.flatten(tensor):
            if not isinstance(x, _VALUES):
                raise ValueError(
                    f"Passed in object {x!r} of type {type(x).__name__!r}, not tf.Tensor or "
                    "tf.Variable. Wrap it first: x = tf.constant(3.0); tape.watch(x)."
                )
            if not differentiable(x):
                warnings.warn(
                    f"The dtype of the watched tensor must be floating (e.g. tf.float32), got "
                    f"{x.dtype!r}. Its gradient will be None: use tf.cast(x, tf.float32) first, "
                    "or write the number with a decimal point.",
                    stacklevel=2,
                )
                continue
            if x.id in self._notes.seen_unwatched or self._used_unwatched(x):
                self._notes.watched_late.add(x.id)
            self._watched.add(x.id)
            if isinstance(x, Variable):
                self._variables[x.id] = x

    def watched_variables(self) -> tuple[Variable, ...]:
        """The variables this tape watches, in the order they were made."""
        return tuple([self._variables[key] for key in sorted(self._variables)])

    def gradient(
        self,
        target: Any,
        sources: Any,
        output_gradients: Any = None,
        unconnected_gradients: UnconnectedGradients | str = UnconnectedGradients.NONE,
    ) -> Any:
        """Gradient of the target with respect to each source.

        A target with several elements, or several targets, are added up: the answer is the
        gradient of the sum of all their elements, weighted by `output_gradients` if given.

        Args:
            target: tensor, or structure of tensors.
            sources: tensor or variable, or a structure of them.
            output_gradients: one tensor per target, of its shape: the upstream to start from.
            unconnected_gradients: what stands for "no path": None, or zeros.

        Returns:
            The structure of `sources`, each source replaced by a tensor of its shape and dtype,
            or None if the target does not depend on it.

        Raises:
            RuntimeError: a second call on a tape that is not persistent.
            LookupError: the path meets an operation that has no gradient rule.
            ValueError: an unknown `unconnected_gradients`, or upstreams that do not fit.
            TypeError: a source or target that is neither tensor nor variable.
        """
        policy = policy_of(unconnected_gradients)
        targets = checked(nest.flatten(target), "target")
        flat_sources = checked_sources(sources)
        records, found = self._take_records(), None
        tracer, first_id = state.tracer, 0
        if tracer is not None:  # sizes not known yet: the gradient waits for the run
            first_id = next_id()
            found = tracer.gradients_later(self._records, targets, output_gradients, flat_sources)
        if found is None:
            seeds = seeds_of(targets, output_gradients)
            found = self._backpropagate(records, targets, seeds, flat_sources)
        if tracer is not None:
            tracer.note_backward(first_id)
        self._finish(found, flat_sources)
        return nest.pack_like(sources, filled(found, flat_sources, policy))

    def jacobian(
        self,
        target: Any,
        sources: Any,
        unconnected_gradients: UnconnectedGradients | str = UnconnectedGradients.NONE,
        parallel_iterations: int | None = None,
        experimental_use_pfor: bool = True,
    ) -> Any:
        """Derivative of every element of the target by every element of each source.

        One backward sweep per element of the target: its row of the Jacobian.

        Returns:
            The structure of `sources`; each Jacobian has shape target.shape + source.shape, or is
            None if the target does not depend on that source.

        Raises:
            RuntimeError: no persistent tape at a second call, or with experimental_use_pfor=False.
        """
        if not (experimental_use_pfor or self._persistent or state.tracer is not None):
            raise RuntimeError(
                "GradientTape must be created with persistent=True to compute the jacobian with "
                "eager execution enabled and with experimental_use_pfor set to False."
            )
        policy = policy_of(unconnected_gradients)
        (target,) = checked([target], "target")
        flat_sources = checked_sources(sources)
        found = jacobian(self._backpropagate, self._take_records(), target, flat_sources)
        self._finish(found, flat_sources)

        def shape(source: Any) -> tuple:
            return (*target.shape, *source.shape)

        return nest.pack_like(sources, filled(found, flat_sources, policy, shape))

    def batch_jacobian(
        self,
        target: Tensor,
        source: Tensor,
        unconnected_gradients: UnconnectedGradients | str = UnconnectedGradients.NONE,
        parallel_iterations: int | None = None,
        experimental_use_pfor: bool = True,
    ) -> Any:
        """One Jacobian per example: target[b] by source[b], of shape (b, *target[0], *source[0]).

        Valid only if target[b] depends on source[b] alone. One sweep per element of target[0].

        Raises:
            ValueError: rank below 2, or different batch sizes.
            RuntimeError: a second call on a tape that is not persistent.
        """
        target, wrt = checked([target, source], "target and source")
        if target.ndim < 2 or wrt.ndim < 2 or target.shape[0] != wrt.shape[0]:
            raise ValueError(
                "batch_jacobian needs target and source of rank 2 or more with the same first "
                f"axis (the batch); got shapes {target.shape} and {wrt.shape}. For anything else "
                "use tape.jacobian."
            )
        policy_of(unconnected_gradients)  # refuses what is neither
        found = [batch_jacobian(self._backpropagate, self._take_records(), target, wrt)]
        self._finish(found, [wrt])

        def shape(source: Any) -> tuple:
            return (*target.shape, *source.shape[1:])

        # None would say more, but TensorFlow answers with zeros here whatever the policy
        return filled(found, [wrt], UnconnectedGradients.ZERO, shape)[0]

    @contextlib.contextmanager
    def stop_recording(self) -> Iterator[None]:
        """Inside this block nothing is recorded on this tape.

        Raises:
            RuntimeError: the tape is not recording.
        """
        self._check_recording("stop_recording")
        self._stop()
        try:
            yield
        finally:
            self._start()

    def reset(self) -> None:
        """Forgets everything recorded and watched so far, as if the block started here.

        Raises:
            ValueError: the tape is not recording.
        """
        self._check_recording("reset")
        self._clear()

    def explain(self, target: Any, source: Any) -> Explanation:
        """Says in words why `gradient(target, source)` is None, or that it is not."""
        return explain(self, target, source)

    # Called by execute and by variables while this tape records.

    def _record(self, op: Op, inputs: tuple, attrs: dict, output: Any) -> None:
        watched = self._watched
        if len(inputs) == 2:  # one or two inputs are nearly all calls
            x, y = inputs
            wanted: tuple = (x.id in watched, y.id in watched)
        elif len(inputs) == 1:
            wanted = (inputs[0].id in watched,)
        else:
            wanted = _flags(inputs, watched)
        if True not in wanted:
            self._notes.unwatched(inputs, output)
        elif not op.differentiable:
            self._notes.sever(watched, inputs, output, ("op", op.name))
        elif type(output) is not tuple and output._value.dtype.kind == "f":
            watched.add(output.id)
            self._rows.append((op, inputs, attrs, output, wanted))
        elif self._watch_outputs(output):
            self._rows.append((op, inputs, attrs, output, wanted))
        else:
            reason = ("integer", (op.name, output.dtype.name))
            self._notes.sever(watched, inputs, output, reason)

    def _watch_outputs(self, output: Any) -> bool:
        """Watches those that can be differentiated; False if it is one that cannot."""
        for x in output if type(output) is tuple else (output,):
            if differentiable(x):
                self._watched.add(x.id)
                self._complex = self._complex or x._value.dtype.kind == "c"
        return type(output) is tuple or differentiable(output)

    def _record_read(self, variable: Variable, snapshot: Tensor) -> None:
        watched = self._watched
        if snapshot.id in watched:
            return  # this value of the variable is on the tape already
        if self._written_notes is not None:
            self._written_notes.hand_on(variable, snapshot)
        kind = snapshot._value.dtype.kind
        if variable.id not in watched:
            if not (self._watch_accessed and variable._auto_watched and kind in "fc"):
                self._notes.seen_unwatched.add(variable.id)
                return
            watched.add(variable.id)
        self._variables.setdefault(variable.id, variable)
        watched.add(snapshot.id)
        if kind == "c":
            self._complex = True
        self._rows.append((READ_VARIABLE, (variable,), {}, snapshot, (True,)))

    def _note_numpy(self, tensor: Tensor) -> None:
        if tensor.id in self._watched:
            self._notes.left_for_numpy.add(tensor.id)

    def _note_assign(self, variable: Variable, value: Any) -> None:
        if isinstance(value, _VALUES):
            reason = ("assign", variable.name.removesuffix(":0"))
            self._notes.sever(self._watched, (value,), variable, reason)

    # How it works inside.

    def _backpropagate(self, records: list[tuple], *arguments: Any) -> list[Any]:
        """The backward pass; on bare arrays if nobody could see the difference."""
        if state.tapes or state.tracer is not None or self._complex:
            return backpropagate(records, *arguments)
        return backpropagate_on_arrays(records, *arguments)

    def _used_unwatched(self, x: Any) -> bool:
        if x.id in self._watched:
            return False
        return any(x is given for record in self._records for given in record.inputs)

    @property
    def _notes(self) -> TapeNotes:
        if self._written_notes is None:
            self._written_notes = TapeNotes()
        return self._written_notes

    @property
    def _records(self) -> list[Record]:
        return [Record._make(row) for row in self._rows]

    def _start(self) -> None:
        self._recording = True
        self._switches.append(next_id())
        state.tapes = (*state.tapes, self)

    def _stop(self) -> None:
        self._recording = False
        self._switches.append(next_id())
        tapes = state.tapes
        if tapes[-1] is self:
            state.tapes = tapes[:-1]
        else:  # closed before a tape that was opened later
            state.tapes = tuple([tape for tape in tapes if tape is not self])

    def _check_recording(self, what: str) -> None:
        if not self._recording:
            kind = ValueError if what == "reset" else RuntimeError  # as in TensorFlow
            raise kind(
                f"Tape is not recording: {what}() is for use inside the tape's own `with` block."
            )

    def _clear(self) -> None:
        self._used = False
        self._rows: list[tuple] = []  # one per operation: what a Record holds
        self._watched: set[int] = set()
        self._variables: dict[int, Variable] = {}
        self._complex = False
        self._switches = [next_id()] if self._recording else []
        self._written_notes = None

    def _take_records(self) -> list[tuple]:
        """The records, for one sweep; refuses a second time unless persistent."""
        if self._used:
            raise RuntimeError(
                "A non-persistent GradientTape can only be used to compute one set of gradients "
                "(or jacobians). Ask for all sources in one call, tape.gradient(loss, [w, b]), or "
                "create the tape with tf.GradientTape(persistent=True)."
            )
        if not self._persistent and self._recording:
            self._stop()
        return self._rows

    def _finish(self, found: list[Any], sources: list[Any]) -> None:
        """Frees what the forward pass saved; keeps bare ids where a None may need explaining."""
        if not self._persistent:
            self._used = True  # only now: after an error the tape can still be asked
            for grad, x in zip(found, sources):  # noqa: B905 - of one length, and strict costs time
                if grad is None:
                    self._notes.without_gradient.add(x.id)
                    self._notes.kept_links = self._notes.kept_links or links_of(self._records)
            self._rows = []

    def _was_recording(self, tensor_id: int) -> bool:  # when the tensor was made: ids grow
        return bisect(self._switches, tensor_id) % 2 == 1

    def _links(self) -> list[Link] | None:  # None: freed, and nothing is left to explain
        return self._notes.kept_links if self._used else links_of(self._records)

    def _answered_none(self, target: Any, source: Any) -> bool:
        """True if a rule on the way from source to target gives no gradient."""
        if self._used:
            return source.id in self._notes.without_gradient
        with unobserved():
            seeds = seeds_of([target], None)
            return backpropagate(self._rows, [target], seeds, [source]) == [None]


def _flags(inputs: tuple, watched: set[int]) -> tuple:
    return tuple([x.id in watched for x in inputs])
