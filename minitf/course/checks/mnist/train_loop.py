"""Exercise ch13.train: the loop that turns gradients into a trained network."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from minitf.course.registry import Exercise, Mutant, Probe
from minitf.course.workbench import Value


def probe_train(rng: np.random.Generator) -> Iterator[Probe]:
    """A bowl with two parameters, on an engine whose steps a hand can follow."""
    batches = [(np.array([4.0]), np.array([0])), (np.array([8.0]), np.array([1]))]
    # Start at 0 and 2. Batch 1 has its bottom at 4: loss 16 + 4, slopes -8 and -4, rate 0.25.
    by_hand = ([20.0, 61.0], [5.0, 5.5])
    yield Probe("train: two batches, by hand", (batches,), by_hand, call=_train)
    bottoms = rng.uniform(1.0, 3.0, 5).round(1)
    many, expected = [(np.array([b]), np.array([0])) for b in bottoms], _expected(bottoms)
    yield Probe("train: five batches", (many,), expected, call=_train)
    yield Probe("train: batches from a generator", (many,), expected, call=_train_generator)
    calls = [(0, 20.0, [-8.0, -4.0]), (1, 61.0, [-12.0, -10.0])]
    yield Probe("train: calls of after_step", (batches,), calls, call=_calls)
    yield Probe("train: no batch at all", ([],), ([], [0.0, 2.0]), call=_train, edge=True)
    # The loss after n steps is 20 / 4 ** n: below 0.01 after 6 steps, as the 7th one sees.
    for steps, answer in ((20, (True, 7)), (7, (True, 7)), (6, (False, 6))):
        label = f"overfit_one_batch with {steps} steps allowed: (answer, steps taken)"
        yield Probe(label, (batches[0], steps), answer, call=_overfit, edge=steps < 20)


class TapeReleased(RuntimeError):
    """A tape was asked twice."""


class GradientMissing(RuntimeError):
    """The optimizer got None for a gradient."""


class BatchNotUnpacked(TypeError):
    """The loss got something else than pictures and labels."""


class _Tape:
    """A tape for sums of squares, which says what went wrong when it is misused."""

    def __init__(self, bench: _Bench) -> None:
        self._bench, self._bottom = bench, 0.0
        self._loss: Value | None = None
        self._released = False

    def __enter__(self) -> _Tape:
        self._bench.open.append(self)
        return self

    def __exit__(self, *error: Any) -> None:
        self._bench.open.remove(self)

    def gradient(self, target: Any, sources: Any) -> list[Any]:
        if self._released:
            raise TapeReleased("this tape has been used and was released")
        self._released = True
        if not isinstance(target, Value):
            raise TypeError(f"the target is no Value of a tape but {type(target).__name__}")
        if target is not self._loss:
            return [None] * len(list(sources))
        return [2 * (source.data - self._bottom) for source in sources]


class _Bench:
    """Stands in for the assembled engine. The loss is the squared distance from the batch."""

    def __init__(self) -> None:
        self.open: list[_Tape] = []
        self.parameters = [Value(_read_only(0.0)), Value(_read_only(2.0))]
        self.evaluations = 0

    def tape(self) -> _Tape:
        return _Tape(self)

    def loss_of(self, *batch: Any) -> Value:
        if len(batch) != 2:
            raise BatchNotUnpacked(f"loss_of takes pictures and labels, but got {len(batch)} thing")
        self.evaluations += 1
        bottom = float(batch[0][0])
        squares = sum(float(p.data - bottom) ** 2 for p in self.parameters)
        loss = Value(np.array(squares))
        for tape in self.open:
            tape._loss, tape._bottom = loss, bottom
        return loss


class _Downhill:
    """Gradient descent with rate 0.25, in the form of chapter 11."""

    def update(self, values: Any, gradients: Any) -> list[np.ndarray]:
        values, gradients = list(values), list(gradients)
        if any(isinstance(value, Value) for value in values):
            raise TypeError("update takes arrays, not Values: pass parameter.data")
        if any(gradient is None for gradient in gradients):
            raise GradientMissing("a gradient is None: the tape knows no path to the loss")
        pairs = zip(values, gradients, strict=True)
        return [_read_only(v - 0.25 * g) for v, g in pairs]


def _read_only(number: float) -> np.ndarray:
    """An array that nobody may write into."""
    array = np.array(number)
    array.flags.writeable = False
    return array


def _run(names: Any, batches: Any, **options: Any) -> tuple[Any, list[float]]:
    bench = _Bench()
    parameters = list(bench.parameters)
    losses = names.train(bench, bench.loss_of, parameters, _Downhill(), batches, **options)
    if isinstance(losses, list):  # compared by what it is, not by its number alone
        losses = [_as_told(loss) for loss in losses]
    return losses, [float(p.data) for p in bench.parameters]


def _as_told(loss: Any) -> Any:
    if isinstance(loss, Value):
        return "a Value, not a number"
    return "an array, not a number" if isinstance(loss, np.ndarray) else loss


def _train(names: Any, batches: list) -> tuple[Any, list[float]]:
    return _run(names, batches)


def _train_generator(names: Any, batches: list) -> tuple[Any, list[float]]:
    return _run(names, (batch for batch in batches))


def _calls(names: Any, batches: list) -> list[tuple]:
    calls: list[tuple] = []

    def after_step(step: int, loss: Any, gradients: Any) -> None:
        calls.append((step, _as_told(loss), [float(g) for g in gradients]))

    _run(names, batches, after_step=after_step)
    return calls


def _overfit(names: Any, batch: tuple, steps: int) -> tuple[Any, int]:
    bench = _Bench()
    parameters = list(bench.parameters)
    loss_of: Callable = bench.loss_of
    found = names.overfit_one_batch(bench, loss_of, parameters, _Downhill(), batch, steps=steps)
    found = bool(found) if isinstance(found, np.bool_) else found  # `loss < goal` may be either
    return found, bench.evaluations


def _expected(bottoms: np.ndarray) -> tuple[list[float], list[float]]:
    """Closed form: a step of 0.25 times the slope halves the distance to the bottom."""
    at, losses = np.array([0.0, 2.0]), []
    for bottom in bottoms:
        losses.append(float(np.sum((at - bottom) ** 2)))
        at = (at + bottom) / 2
    return losses, at.tolist()


TRAIN = """
def train(bench, loss_of, parameters, optimizer, batches, after_step=None):
    losses = []
    for step, batch in enumerate(batches):
        with bench.tape() as tape:
            loss = loss_of(*batch)
        gradients = tape.gradient(loss, parameters)
        arrays = [p.data for p in parameters]
        for p, data in zip(parameters, optimizer.update(arrays, gradients)):
            p.data = data
        losses.append(float(loss.data))
        if after_step is not None:
            after_step(step, losses[-1], gradients)
    return losses
"""

OVERFIT = """
def overfit_one_batch(bench, loss_of, parameters, optimizer, batch, steps=200, goal=0.01):
    for _ in range(steps):
        if train(bench, loss_of, parameters, optimizer, [batch])[0] < goal:
            return True
    return False
"""


def _changed(*edits: tuple[str, str]) -> str:
    """The right answer with some of its lines exchanged."""
    text = TRAIN + OVERFIT
    for before, after in edits:
        if before not in text:
            raise ValueError(f"no such line: {before!r}")
        text = text.replace(before, after)
    return text


_LOSS_OUTSIDE = _changed(
    ("with bench.tape() as tape:\n            loss = loss_of(*batch)",
     "loss = loss_of(*batch)\n        with bench.tape() as tape:\n            pass")
)  # fmt: skip
_ONE_TAPE = _changed(
    ("    losses = []\n", "    losses = []\n    tape = bench.tape()\n"),
    ("with bench.tape() as tape:", "with tape:"),
)
_CALL = """        if after_step is not None:
            after_step(step, losses[-1], gradients)
"""
_GIVES_UP = """            return True
        return False
"""
_WHILE_STYLE = """
def train(bench, loss_of, parameters, optimizer, batches, after_step=None):
    found = []
    for images, labels in batches:
        with bench.tape() as tape:
            loss = loss_of(images, labels)
            gradients = tape.gradient(loss, parameters)
        news = optimizer.update([p.data for p in parameters], gradients)
        for index in range(len(parameters)):
            parameters[index].data = news[index]
        if after_step:
            after_step(len(found), loss.data.item(), gradients)
        found += [loss.data.item()]
    return found


def overfit_one_batch(bench, loss_of, parameters, optimizer, batch, steps=200, goal=0.01):
    loss = goal
    while steps > 0 and loss >= goal:
        (loss,) = train(bench, loss_of, parameters, optimizer, [batch])
        steps -= 1
    return bool(loss < goal)
"""

TRAIN_LOOP = Exercise(
    id="ch13.train",
    title="The training loop and its test",
    names=("train", "overfit_one_batch"),
    points=3,
    minutes=10,
    difficulty=3,
    importance=5,
    probes=probe_train,
    hints=(
        "One step: record, gradient, update, put the new arrays back. Which of these belongs into "
        "the `with` block? Which into the loop?",
        "A new tape per batch. optimizer.update gets a list of arrays (p.data for each parameter) "
        "and returns a list of new arrays. overfit_one_batch calls train with a list of one batch.",
        "with bench.tape() as tape: loss = loss_of(*batch). Then gradients = tape.gradient(loss, "
        "parameters), news = optimizer.update([p.data for p in parameters], gradients), and "
        "p.data = data for each pair of zip(parameters, news).",
    ),
    mutants=(
        Mutant(
            "loss_outside",
            _LOSS_OUTSIDE,
            "the loss was computed while the tape was shut: every gradient is None.",
        ),
        Mutant(
            "one_tape",
            _ONE_TAPE,
            "one tape serves one gradient: write `with bench.tape()` inside the loop.",
        ),
        Mutant(
            "rebinds_name",
            _changed(("p.data = data", "p = data")),
            "the parameters keep their old arrays: update changes nothing itself, and `p = data` "
            "only renames. Set p.data.",
        ),
        Mutant(
            "batch_not_unpacked",
            _changed(("loss_of(*batch)", "loss_of(batch)")),
            "a batch is one tuple. The star deals its parts out: loss_of(*batch).",
        ),
        Mutant(
            "never_calls_after_step",
            _changed((_CALL, "")),
            "the steps are right, but after_step was given and nobody called it.",
        ),
        Mutant(
            "counts_from_one",
            _changed(("enumerate(batches)", "enumerate(batches, 1)")),
            "the steps are right, but their count starts at 0: enumerate(batches).",
        ),
        Mutant(
            "tells_values",
            _changed(("after_step(step, losses[-1],", "after_step(step, loss,")),
            "the steps are right, but after_step wants a plain number: float(loss.data).",
        ),
        Mutant(
            "new_list",
            _changed(
                (
                    "for p, data in zip(parameters, optimizer.update(arrays, gradients)):",
                    "for k, data in enumerate(optimizer.update(arrays, gradients)):",
                ),
                ("p.data = data", "parameters[k] = type(parameters[k])(data)"),
            ),
            "new Values in the list are strangers to the network; put new data into the old ones.",
        ),  # fmt: skip
        Mutant(
            "adds_twice",
            _changed(("p.data = data", "p.data = p.data + data")),
            "update returns the new arrays themselves, not a step to add.",
        ),
        Mutant(
            "writes_into_array",
            _changed(("p.data = data", "p.data[...] = data")),
            "nothing writes into an array here: the tape may still hold it. Set p.data = data.",
        ),
        Mutant(
            "values_to_update",
            _changed(("[p.data for p in parameters]", "parameters")),
            "the optimizer works on arrays: give it [p.data for p in parameters].",
        ),
        Mutant(
            "keeps_values",
            _changed(("losses.append(float(loss.data))", "losses.append(loss)")),
            "the list should hold plain numbers: float(loss.data), not the Value itself.",
        ),
        Mutant(
            "keeps_arrays",
            _changed(("losses.append(float(loss.data))", "losses.append(loss.data)")),
            "loss.data is an array of shape (). float(loss.data) takes the number out of it.",
        ),
        Mutant(
            "forgets_last_parameter",
            _changed(
                (
                    "optimizer.update(arrays, gradients)):",
                    "optimizer.update(arrays, gradients)[:-1]):",
                )
            ),
            "not every parameter was moved: the list has one array for each.",
        ),  # fmt: skip
        Mutant(
            "one_batch_only",
            _changed(("    return losses\n", "        return losses\n")),
            "the loop ends after one batch: is `return` indented too far?",
        ),
        Mutant(
            "trains_on_parts",
            _changed(("optimizer, [batch])", "optimizer, batch)")),
            "training is right. train takes a list of batches; yours is a list of one: [batch].",
        ),
        Mutant(
            "gives_up_at_once",
            _changed(("            return True\n    return False\n", _GIVES_UP)),
            "training is right. `return False` belongs behind the loop, when all steps are used.",
        ),
        Mutant(
            "goal_upside_down",
            _changed(("[0] < goal", "[0] > goal")),
            "training is right. overfit_one_batch should stop when the loss is below the goal.",
        ),
        Mutant(
            "never_stops",
            _changed(
                (
                    "        if train(bench, loss_of, parameters, optimizer, [batch])[0] < goal:\n"
                    "            return True\n    return False",
                    "        last = train(bench, loss_of, parameters, optimizer, [batch])[0]\n"
                    "    return last < goal",
                ),
            ),
            "training is right. Stop overfit_one_batch as soon as the goal is reached.",
        ),  # fmt: skip
        Mutant(
            "returns_nothing",
            _changed(("    return False\n", "")),
            "training is right. When the goal is not reached, overfit_one_batch returns False.",
        ),
    ),
    alternatives=(_WHILE_STYLE,),
    meaning="Ten lines, and they train anything you can write as a loss. Try a new network on one "
    "batch first: what cannot learn 10 pictures by heart has a bug.",
)
