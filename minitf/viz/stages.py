"""The stages of a net as its tape saw them: one per layer, with output, weights and filters.

    run = run_stages(model, x)               # x: a batch; one real call of the model
    [stage.name for stage in run.stages]     # ["conv2d", "max_pooling2d", "flatten", "dense"]
    run.stages[0].output                     # a tensor on run.tape: gradients of it can be taken

Operations of one layer are one stage. Operations outside of layers, as in a function of your own,
are a stage each. Models therefore need not be Sequential, nor Keras models at all.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

import minitf as tf
from minitf.backward import Record
from minitf.graph_names import outputs_of, short_op_name
from minitf.inspect import records_of
from minitf.origins import Origins
from minitf.state import listening
from minitf.tensor import Tensor
from minitf.variable import Variable

_READ = "ReadVariableOp"
_RECTIFIERS = ("Relu", "Relu6")


@dataclass
class Stage:
    """One layer's part of a tape.

    Attributes:
        name: the layer's, or the operation's if there is no layer.
        records: its operations, in order.
    """

    name: str
    records: list[Record] = field(default_factory=list)

    @property
    def output(self) -> Tensor:
        """What the stage hands on, (batch, ..., units)."""
        return outputs_of(self.records[-1])[0]

    @property
    def variables(self) -> list[Variable]:
        """The trainable variables it read."""
        return [record.inputs[0] for record in self.records if record.op.name == _READ]

    @property
    def rectifies(self) -> bool:
        """True if it ends with a ReLU, so that a unit can be dead."""
        return self.records[-1].op.name in _RECTIFIERS

    @property
    def kernel(self) -> np.ndarray | None:
        """The weights of its first convolution or matrix product; None without one."""
        product = self._product()
        return None if product is None else np.asarray(product.inputs[1])

    def _product(self) -> Record | None:
        return next((r for r in self.records if r.op.name in ("Conv2D", "MatMul")), None)


@dataclass
class Run:
    """One call of a model.

    Attributes:
        scores: what the model gave, (batch, classes).
        tape: persistent; it watched `x`.
        stages: from first to last.
    """

    x: Tensor
    scores: Tensor
    tape: Any
    stages: list[Stage]

    def kernel_pictures(self, stage: Stage, unit: int) -> np.ndarray | None:
        """The weights that lead to one unit, as pictures (channels, rows, columns).

        A convolution has one small picture per input channel. Weights of a dense layer are laid
        out as what was flattened before it; otherwise they are one row.
        """
        kernel, product = stage.kernel, stage._product()
        if kernel is None or product is None:
            return None
        if product.op.name == "Conv2D":
            return np.moveaxis(kernel[..., unit], -1, 0)
        layout = self._layout_before(product.inputs[0])
        weights = kernel[:, unit]
        if layout is None or int(np.prod(layout)) != weights.size:
            return weights.reshape(1, 1, -1)
        return np.moveaxis(weights.reshape(*layout[:2], -1), -1, 0)

    def _layout_before(self, flat: Any) -> tuple[int, ...] | None:
        """(rows, columns) or (rows, columns, channels) of what was flattened into `flat`."""
        for record in (r for stage in self.stages for r in stage.records):
            if outputs_of(record)[0].id == flat.id and record.op.name == "Reshape":
                shape = tuple(record.inputs[0].shape[1:])
                return shape if len(shape) in (2, 3) else None
        return (28, 28) if flat.id == self.x.id and flat.shape[-1] == 784 else None


def run_stages(model: Callable[[Any], Any], x: Any) -> Run:
    """Calls the model once, without training=True, and sorts what the tape wrote down.

    Args:
        model: a Keras model or a function of tf operations.
        x: (batch, ...), floats.

    Raises:
        TypeError: the model gives no tensor.
        ValueError: it is no computation the tape can follow from `x` to the result.
    """
    x, where = tf.constant(x), Origins()
    with listening(where), tf.GradientTape(persistent=True) as tape:
        tape.watch(x)
        scores = model(x)
    if not tf.is_tensor(scores):
        raise TypeError(
            f"The model gave a {type(scores).__name__}, not a tensor. NetInspector follows the "
            "tape, so compute with tf operations all the way."
        )
    records = records_of(tape, scores)
    if not any(record.op.name != _READ for record in records):
        raise ValueError(
            "The tape saw no operation between the images and the model's result. Does the model "
            "leave tf on the way (NumPy, .numpy())?"
        )
    return Run(x, scores, tape, _sorted_into_stages(records, where))


def _sorted_into_stages(records: list[Record], where: Origins) -> list[Stage]:
    stages: list[Stage] = []
    previous = None
    for record in records:
        origin = where.of(outputs_of(record)[0])
        layer = (origin.group if origin else "").partition("/")[2]  # without the model's own name
        if not stages or _is_new(stages[-1], layer, previous):
            stages.append(Stage(layer))
        stages[-1].records.append(record)
        previous = layer
    for stage in stages:
        stage.name = stage.name or short_op_name(stage.records[-1].op.name)
    return _with_own_names(stages)


def _is_new(stage: Stage, layer: str, previous: str | None) -> bool:
    """Another layer, or outside of layers another operation; reading a variable belongs to it."""
    return layer != previous or (not layer and stage.records[-1].op.name != _READ)


def _with_own_names(stages: list[Stage]) -> list[Stage]:
    seen: dict[str, int] = {}
    for stage in stages:
        seen[stage.name] = seen.get(stage.name, 0) + 1
        if seen[stage.name] > 1:
            stage.name = f"{stage.name} ({seen[stage.name]})"
    return stages
