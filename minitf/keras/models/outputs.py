"""Models with several outputs: each has a loss, a weight and metrics of its own.

    model.compile("adam", loss={"age": "mse", "sex": "hinge"}, loss_weights={"age": 0.1})
    model.fit(x, {"age": ages, "sex": sexes})         # logs: loss, age_loss, sex_loss

What belongs to the outputs is given as a dict by their names, or as a list in their order. The
names are those of the last layers of Model(inputs, outputs), or the keys of the dict that `call`
returns.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import minitf as tf
from minitf.keras import losses
from minitf.keras.arguments import as_list
from minitf.keras.metrics import Mean

_PER_OUTPUT = (dict, list, tuple)


@dataclass(frozen=True)
class Output:
    """The place of one output in a structure of all.

    Attributes:
        number: its place in a list.
        name: its key in a dict; None for the outputs of a `call` that returns a tuple.
        alone: True for the only output of a model.
    """

    number: int
    name: str | None
    alone: bool = False

    def part_of(self, structure: Any) -> Any:
        """What belongs to this output; a single value belongs to all."""
        if isinstance(structure, dict):
            return structure.get(self.name)
        return structure[self.number] if isinstance(structure, list | tuple) else structure

    def named(self, what: str) -> str:
        """The name in the logs: age_loss."""
        return what if self.alone or self.name is None else f"{self.name}_{what}"


def outputs_of(y_pred: Any, names: Sequence[str] | None) -> list[Output]:
    """The outputs of a model that returned `y_pred`; `names` if it knows them."""
    if isinstance(y_pred, dict):
        return named_outputs(sorted(y_pred))
    if not isinstance(y_pred, list | tuple):
        return [Output(0, names[0] if names else None, alone=True)]
    return named_outputs(names if names is not None else [None] * len(y_pred))


def named_outputs(names: Sequence[str | None]) -> list[Output]:
    """One output for each name."""
    return [Output(number, name, len(names) == 1) for number, name in enumerate(names)]


def is_per_output(given: Any) -> bool:
    """True if it has a part for each output; False if it is one for all."""
    return isinstance(given, _PER_OUTPUT)


def check_fits(given: Any, outputs: list[Output], what: str, partly: bool = True) -> None:
    """Refuse names and numbers that the outputs do not have.

    Raises:
        ValueError: a name that no output has, a list of another length; or a name that is missing
            from a dict, unless that may name outputs `partly`.
    """
    names = [output.name for output in outputs]
    if isinstance(given, dict) and (
        set(given) - set(names) or not partly and len(given) < len(names)
    ):
        raise ValueError(
            f"Expected keys {names} in {what} dict, but found {list(given)}. The keys are the "
            "names of the output layers: name these layers, or use a list in their order."
        )
    if isinstance(given, list | tuple) and len(given) != len(outputs):
        raise ValueError(
            f"The model has {len(outputs)} outputs, but `{what}` is a list of {len(given)}: give "
            "one entry per output, None for an output without."
        )


class OutputLosses:
    """The weighted sum of one loss per output, and the mean of each for the logs.

    Args:
        loss: a loss for all, or one per output; an output with None has none.
        weights: factors for the sum, per output; None for 1 each.

    Attributes:
        trackers: the mean of each loss so far, unweighted; empty if only one output has a loss.
    """

    def __init__(self, loss: Any, weights: Any, names: Sequence[str] | None) -> None:
        self._loss, self._weights, self._names = loss, weights, names
        self._parts: list[tuple[Output, Any, float]] = []
        self.trackers: list[Mean] = []

    def __call__(self, y: Any, y_pred: Any, sample_weight: Any = None) -> tf.Tensor:
        """The loss of one batch.

        Raises:
            ValueError: labels, losses or weights that do not fit the outputs.
        """
        if not self._parts:
            self._build(outputs_of(y_pred, self._names), partly=isinstance(y_pred, dict))
        total: Any = 0.0
        for number, (output, loss, weight) in enumerate(self._parts):
            labels, predicted = output.part_of(y), output.part_of(y_pred)
            if labels is None:
                raise ValueError(
                    f"There are no labels for the output {output.name!r}, which has a loss: give "
                    "y as a dict by the outputs' names, or as a list in their order."
                )
            value = loss(labels, predicted, output.part_of(sample_weight))
            total = total + (value if weight == 1 else weight * value)
            if self.trackers:
                rows = predicted._value.shape[0]
                self.trackers[number].update_state(value, sample_weight=rows)
        return total

    def _build(self, outputs: list[Output], partly: bool) -> None:
        check_fits(self._loss, outputs, "loss", partly)
        check_fits(self._weights, outputs, "loss_weights")
        for output in outputs:
            loss = losses.as_loss(output.part_of(self._loss))
            if loss is not None:
                weight = output.part_of(self._weights)
                self._parts.append((output, loss, 1.0 if weight is None else float(weight)))
        if len(self._parts) > 1:
            for output, loss, _ in self._parts:
                given = output.part_of(self._loss)
                own = given if isinstance(given, str) else loss.name
                what = "loss" if output.name else f"{own}_loss"
                self.trackers.append(Mean(name=output.named(what)))


def metric_places(given: Any, names: Sequence[str] | None) -> list[tuple[Any, Output | None]]:
    """The metrics that compile() was given, each with its output; None for the only output.

    Raises:
        ValueError: names or numbers that the outputs do not have.
    """
    if isinstance(given, dict):
        outputs = named_outputs(names if names is not None else list(given))
    elif is_per_output(given) and names is not None and len(names) > 1:
        outputs = named_outputs(names)
    elif is_per_output(given) and any(is_per_output(one) for one in given):
        outputs = named_outputs([None] * len(given))
    else:
        return [(one, None) for one in as_list(given)]
    check_fits(given, outputs, "metrics")
    return [(one, output) for output in outputs for one in as_list(output.part_of(given))]
