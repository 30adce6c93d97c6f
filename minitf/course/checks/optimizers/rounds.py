"""Rounds of gradients for an optimizer, and what should come out: by sums over all rounds so far.

    settings, values, rounds = (0.1, 0.9), [np.float32([0])], [[np.float32([1])]] * 3
    expected(values, rounds, 0.1, momentum_change(0.9))     # values after each round
    after_each(names.Momentum, settings, values, rounds)    # what an answer makes of them

An optimizer keeps running averages. Here each average is written out as one sum in float64, which
is another road to the same numbers.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from minitf.course.registry import Probe

Values = list[Any]
Rounds = list[list[Any]]
# (gradients of one array so far, with their steps and rates) -> change in the last of these steps
Change = Callable[[list[tuple[int, float, Any]]], Any]


def after_each(kind: Any, settings: tuple[Any, ...], values: Values, rounds: Rounds) -> list[Any]:
    """The values after each round, from an optimizer made for this purpose.

    Ends early when a value comes out as None: no optimizer could go on from there.
    """
    optimizer = kind(*settings)
    history: list[Any] = []
    for gradients in rounds:
        values = _list_from(optimizer.update(values, gradients))
        history.append(values)
        if any(value is None for value in values):
            break
    return history


def _list_from(values: Any) -> Values:
    if not isinstance(values, list | tuple):
        where = "; is the `return` inside the loop?" if isinstance(values, np.ndarray) else ""
        raise TypeError(f"update must return a list of arrays, not {type(values).__name__}{where}")
    return list(values)


def expected(values: Values, rounds: Rounds, rate: Any, change: Change) -> list[Values]:
    """What `after_each` should return."""
    history: list[Values] = []
    for step in range(len(rounds)):
        before = history[-1] if history else [np.asarray(v, np.float64) for v in values]
        history.append([
            _moved(before[k], k, rounds[: step + 1], rate, change) for k in range(len(values))
        ])  # fmt: skip
    return history


def _moved(value: Any, position: int, rounds: Rounds, rate: Any, change: Change) -> Any:
    if rounds[-1][position] is None:
        return value
    own = [
        (step, rate_of(rate, step), np.asarray(gradients[position], np.float64))
        for step, gradients in enumerate(rounds)
        if gradients[position] is not None
    ]
    return value + change(own)


def rate_of(rate: Any, step: int) -> float:
    """The learning rate of a step: of a number, or of a function of the step."""
    return float(rate(step)) if callable(rate) else float(rate)


def halving(step: int) -> float:
    """A learning rate that halves with every step: 0.2, 0.1, 0.05, ..."""
    return 0.2 * 0.5**step


def decayed_sum(decay: float, terms: list[Any]) -> Any:
    """The last term, plus decay times the one before it, plus decay² times ..."""
    return sum(decay**age * term for age, term in enumerate(reversed(terms)))


def sgd_change(own: list[tuple[int, float, Any]]) -> Any:
    """Minus rate times gradient."""
    _, rate, gradient = own[-1]
    return -rate * gradient


def momentum_change(momentum: float) -> Change:
    """Minus the decayed sum of all steps so far."""
    return lambda own: -decayed_sum(momentum, [rate * g for _, rate, g in own])


def rmsprop_change(rho: float, epsilon: float = 1e-7) -> Change:
    """Minus rate times gradient by the root of the decayed sum of squares."""

    def change(own: list[tuple[int, float, Any]]) -> Any:
        _, rate, gradient = own[-1]
        mean_square = (1 - rho) * decayed_sum(rho, [g * g for _, _, g in own])
        return -rate * gradient / np.sqrt(mean_square + epsilon)

    return change


def adam_change(beta_1: float = 0.9, beta_2: float = 0.999, epsilon: float = 1e-7) -> Change:
    """Both sums, each divided by what its weights add up to; epsilon beside the plain root."""

    def change(own: list[tuple[int, float, Any]]) -> Any:
        step, rate, _ = own[-1]
        mean = (1 - beta_1) * decayed_sum(beta_1, [g for _, _, g in own])
        mean_square = (1 - beta_2) * decayed_sum(beta_2, [g * g for _, _, g in own])
        fill_1, fill_2 = 1 - beta_1 ** (step + 1), 1 - beta_2 ** (step + 1)
        return -rate * math.sqrt(fill_2) / fill_1 * mean / (np.sqrt(mean_square) + epsilon)

    return change


def one_number(*gradients: float) -> tuple[Values, Rounds]:
    """A single number that starts at 0, and its gradients."""
    return [np.zeros(1, np.float32)], [[np.array([g], np.float32)] for g in gradients]


def common_probes(
    rng: np.random.Generator, rest: tuple[float, ...], change: Change
) -> Iterator[Probe]:
    """What holds for every optimizer; `rest` are its settings behind the learning rate."""
    start = [_random(rng, (2, 3)), _random(rng, (3,))]
    rounds = [[_random(rng, (2, 3)), _random(rng, (3,))] for _ in range(4)]
    yield _probe(
        "two arrays, four steps, rate 0.1", (0.1, *rest), start, rounds, change,
        likely="one number is right, two arrays are not. Each position needs slots of its own, and "
        "each goes into the list.",
    )  # fmt: skip
    yield _probe(
        "a rate that halves with every step", (halving, *rest), start, rounds, change, edge=True,
        likely="here the rate is a function: take rate_at(self.learning_rate, self.step), and only "
        "then count self.step up by 1.",
    )  # fmt: skip
    gaps = [[g, None if step == 1 else h] for step, (g, h) in enumerate(rounds)]
    yield _probe(
        "second step: no gradient (None) for the second array", (0.1, *rest), start, gaps, change,
        edge=True,
        likely="with None the value and what you keep for it stay as they are; the step counts.",
    )  # fmt: skip
    yield Probe(
        "float32 arrays stay float32", ((0.1, *rest), start, rounds[:2]), ["float32"] * 4,
        call=_dtypes, edge=True,
        likely="something of type float64 got in: an array made without dtype, or np.sqrt of a "
        "plain number.",
    )  # fmt: skip
    alone = by_step(expected(start, rounds[1:], 0.1, change))
    yield Probe(
        "two optimizers know nothing of each other", ((0.1, *rest), start, rounds), alone,
        call=_second_of_two, rtol=1e-5, atol=1e-6, edge=True,
    )  # fmt: skip


def probe_of(
    label: str, settings: tuple[Any, ...], gradients: tuple[float, ...], change: Change, **more: Any
) -> Probe:
    """One number that starts at 0: where it stands after each step."""
    values, rounds = one_number(*gradients)
    path = [float(after[0][0]) for after in expected(values, rounds, settings[0], change)]
    return Probe(
        label, (settings, values, rounds), np.array(path), call=_path, rtol=1e-5, atol=1e-9, **more
    )


def _probe(
    label: str, settings: tuple[Any, ...], values: Values, rounds: Rounds, change: Change,
    **more: Any,
) -> Probe:  # fmt: skip
    want = by_step(expected(values, rounds, settings[0], change))
    return Probe(
        label, (settings, values, rounds), want, call=_history, rtol=1e-5, atol=1e-6, **more
    )


def _kind(names: Any) -> Any:
    """The only name an exercise of this chapter defines."""
    return next(iter(vars(names).values()))


def by_step(history: list[Any]) -> dict[str, Any]:
    """With names, so that a message can say where the first difference is."""
    return {f"after step {step}": values for step, values in enumerate(history)}


def _history(names: Any, settings: Any, values: Values, rounds: Rounds) -> dict[str, Any]:
    return by_step(after_each(_kind(names), settings, values, rounds))


def _path(names: Any, settings: Any, values: Values, rounds: Rounds) -> Any:
    history = after_each(_kind(names), settings, values, rounds)
    return np.array([float(np.asarray(after[0]).reshape(-1)[0]) for after in history])


def _dtypes(names: Any, settings: Any, values: Values, rounds: Rounds) -> list[str]:
    history = after_each(_kind(names), settings, values, rounds)
    return [str(np.asarray(value).dtype) for after in history for value in after]


def _second_of_two(names: Any, settings: Any, values: Values, rounds: Rounds) -> dict[str, Any]:
    kind = _kind(names)
    first, second = kind(*settings), kind(*settings)
    first.update(values, rounds[0])  # must leave no trace in the second
    history = []
    for gradients in rounds[1:]:
        values = _list_from(second.update(values, gradients))
        history.append(values)
    return by_step(history)


def _random(rng: np.random.Generator, shape: tuple[int, ...]) -> Any:
    """Two digits, none of them near 0, where small differences of method would not show."""
    signs = rng.choice([-1.0, 1.0], shape)
    return (signs * rng.uniform(0.3, 2.0, shape)).round(2).astype(np.float32)
