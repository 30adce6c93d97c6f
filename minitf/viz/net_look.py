"""Looking into a net: what one image makes of it, and which units never answer.

look = look_at(model, image[None], label=3)
look.reading.digit, look.loss              # what it says, and how wrong that is
look.weight_norms, look.output_norms       # length of d loss / d weights and / d output, by stage
look.saliency(7)                           # d score of 7 / d image
dead_units(model, images)                  # {"dense": [3, 17]}
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

import minitf as tf
from minitf.viz.digit_reader import Reading, reading_of
from minitf.viz.stages import Run, run_stages
from minitf.viz.training_record import norm_of


@dataclass
class Look:
    """One image inside a net.

    Attributes:
        run: the call, with its stages and its tape.
        reading: scores and probabilities.
        loss: cross-entropy with the label.
        weight_norms: per stage, length of the loss's gradient by its weights; None without any.
        output_norms: per stage, length of the loss's gradient by its output.
    """

    run: Run
    reading: Reading
    loss: float
    weight_norms: list[float | None]
    output_norms: list[float | None]

    def saliency(self, digit: int) -> np.ndarray | None:
        """d score[digit] / d image in the image's shape; None if no gradient reaches it."""
        with self.run.tape:
            score = self.run.scores[0, digit]
        gradient = self.run.tape.gradient(score, self.run.x)
        return None if gradient is None else gradient.numpy()[0]


def look_at(model: Callable[[Any], Any], x: Any, label: int) -> Look:
    """Runs the model on a batch of one image and its gradients on the tape.

    Args:
        model: a Keras model or a function of tf operations.
        x: (1, ...), floats.
        label: the right class.

    Raises:
        ValueError: the model gives something else than scores (1, classes), or there is no such
            class.
    """
    run = run_stages(model, x)
    shape = tuple(run.scores.shape)
    if len(shape) != 2 or shape[0] != 1 or shape[1] < 2:
        raise ValueError(f"The model must give scores of shape (1, classes), got {shape}.")
    if not 0 <= label < shape[1]:
        raise ValueError(f"Label {label} is none of the model's {shape[1]} classes.")
    reading = reading_of(run.scores.numpy())
    with run.tape:
        loss = _cross_entropy(run.scores, label, reading.score_name)
    outputs = [stage.output for stage in run.stages]
    variables = [stage.variables for stage in run.stages]
    by_output, by_weight = run.tape.gradient(loss, [outputs, variables])
    return Look(
        run,
        reading,
        float(loss),
        [norm_of(gradients) if gradients else None for gradients in by_weight],
        [norm_of([gradient]) for gradient in by_output],
    )


def dead_units(model: Callable[[Any], Any], images: Any) -> dict[str, list[int]]:
    """By stage that ends with a ReLU: the units that gave 0 for each of these images.

    A dead unit gets no gradient either, so training on these images cannot wake it.
    """
    found = {}
    for stage in run_stages(model, images).stages:
        if stage.rectifies:
            output = stage.output.numpy()
            alive = (output > 0).reshape(-1, output.shape[-1]).any(0)
            found[stage.name] = np.flatnonzero(~alive).tolist()
    return found


def _cross_entropy(scores: Any, label: int, kind: str) -> Any:
    if kind == "probability":
        return -tf.math.log(tf.maximum(scores[0, label], 1e-7))
    return tf.nn.sparse_softmax_cross_entropy_with_logits(labels=[label], logits=scores)[0]
