"""A model as a reader of digits: a 28 x 28 picture in, ten probabilities and a saliency map out.

reader = DigitReader(model)             # a Keras model, or any function of a tensor
reading = reader.read(picture)          # picture: (28, 28), 0 to 1
reading.digit, reading.probabilities[reading.digit]
reader.saliency(picture, reading.digit)     # d score / d pixel, (28, 28)
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

import minitf as tf

CLASSES = 10
_FORMS = ((1, 28, 28), (1, 784), (1, 28, 28, 1))


class NoSaliencyError(ValueError):
    """No gradient of the score reaches the picture."""


@dataclass(frozen=True)
class Reading:
    """What a model said about a picture.

    Attributes:
        scores: (10,) as the model gave them.
        probabilities: (10,) their softmax, or the scores themselves if they are probabilities.
        digit: the most probable one.
        score_name: "logit" or "probability".
    """

    scores: np.ndarray
    probabilities: np.ndarray
    digit: int
    score_name: str


class DigitReader:
    """Finds out in which form the model takes pictures, and asks it.

    Args:
        model: takes a float32 tensor of shape (1, 28, 28), (1, 784) or (1, 28, 28, 1) and gives
            ten logits or probabilities: a tensor, an array or a list.
        saliency: for models whose gradients do not come from tf.GradientTape: takes (the same
            tensor, digit) and gives d score[digit] / d pixel, 784 numbers of any shape.
        ink: the pixel value of full ink the model was trained with, 1 or 255.

    Raises:
        TypeError: the model or `saliency` cannot be called.
        ValueError: it takes none of the forms, or gives something else than ten numbers.
    """

    def __init__(
        self,
        model: Callable[[Any], Any],
        saliency: Callable[[Any, int], Any] | None = None,
        ink: float = 1.0,
    ) -> None:
        for name, function in (("model", model), ("saliency", saliency)):
            if not callable(function) and not (name == "saliency" and function is None):
                raise TypeError(
                    f"{name} must be a model or a function, got {type(function).__name__}. "
                    "Give the function itself, without calling it."
                )
        self._model, self._saliency, self._ink = model, saliency, float(ink)
        self.form = self._find_form()

    def read(self, picture: np.ndarray) -> Reading:
        """The model's answer to a picture (28, 28) with numbers from 0 to 1."""
        return reading_of(_numbers(self._model(self._tensor(picture))))

    def saliency(self, picture: np.ndarray, digit: int) -> np.ndarray:
        """d score[digit] / d pixel by a tape around the model, for pixels from 0 to 1.

        Returns:
            float64 (28, 28), with signs.

        Raises:
            NoSaliencyError: the tape found no path, or `saliency` gave no 784 numbers.
        """
        x = self._tensor(picture)
        found = self._by_tape(x, digit) if self._saliency is None else self._saliency(x, digit)
        gradient = _numbers(found)
        if gradient.size != 784:
            raise NoSaliencyError(
                f"saliency(x, digit) must give 784 numbers, one per pixel; got {gradient.size}."
            )
        return gradient.reshape(28, 28) * self._ink

    def _by_tape(self, x: Any, digit: int) -> Any:
        with tf.GradientTape() as tape:
            tape.watch(x)
            scores = self._model(x)
            score = tf.reshape(scores, [-1])[digit] if tf.is_tensor(scores) else None
        gradient = None if score is None else tape.gradient(score, x)
        if gradient is None:
            raise NoSaliencyError(
                "No gradient of the score reaches the picture: your function leaves tf on the way "
                "(NumPy, float(), .numpy()). Compute with tf operations, or give DigitPad your "
                "own engine's gradient: saliency=function of (x, digit)."
            )
        return gradient

    def _tensor(self, picture: np.ndarray, form: tuple[int, ...] | None = None) -> Any:
        pixels = np.asarray(picture, np.float32).reshape(form or self.form)
        return tf.constant(pixels * np.float32(self._ink))

    def _find_form(self) -> tuple[int, ...]:
        """The form a Keras model declares, else the first that gives ten numbers."""
        declared = getattr(self._model, "input_shape", None)
        wanted = [form for form in _FORMS if declared and tuple(declared[1:]) == form[1:]]
        blank, problems = np.zeros((28, 28), np.float32), []
        for form in wanted or _FORMS:
            try:
                scores = _numbers(self._model(self._tensor(blank, form)))
            except Exception as error:  # the learner's own function may raise anything
                problems.append(f"- {form}: {type(error).__name__}: {str(error).splitlines()[0]}")
                continue
            if scores.size == CLASSES:
                return form
            problems.append(f"- {form}: gave {scores.size} numbers")
        raise ValueError(
            "The model must take one picture as a float32 tensor and give ten numbers, one per "
            "digit. It was tried with these shapes:\n" + "\n".join(problems)
        )


def reading_of(scores: np.ndarray) -> Reading:
    """Scores as a Reading. Numbers >= 0 that add up to 1 are probabilities, others logits."""
    scores = np.asarray(scores, float).reshape(-1)
    if bool((scores >= 0).all()) and abs(float(scores.sum()) - 1) < 1e-3:
        return Reading(scores, scores, int(scores.argmax()), "probability")
    with np.errstate(all="ignore"):
        powers = np.exp(scores - scores.max())
        probabilities = powers / powers.sum()
    return Reading(scores, probabilities, int(scores.argmax()), "logit")


def _numbers(value: Any) -> np.ndarray:
    """The numbers in a tensor, an array, a list, or an object with .numpy(), .data or .value."""
    if isinstance(value, list | tuple):
        return np.concatenate([_numbers(x).reshape(-1) for x in value])
    if hasattr(value, "numpy"):
        return np.asarray(value.numpy(), float)
    for name in ("data", "value"):
        inner = getattr(value, name, None)
        if isinstance(inner, int | float | list | np.ndarray | np.generic):
            return np.asarray(inner, float)
    return np.asarray(value, float)
