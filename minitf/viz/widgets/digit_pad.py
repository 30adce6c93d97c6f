"""DigitPad: draw a digit, and see what your model reads and which pixels matter to it.

    tf.viz.DigitPad(model)
    tf.viz.DigitPad(model, samples=(images, labels))
    tf.viz.DigitPad(my_function, saliency=my_gradient)    # gradients from your own engine

The drawing is centred as MNIST's pictures are (minitf/viz/mnist_way.py). The probabilities come
from your model, the saliency |d score / d pixel| from a tape around it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from minitf.keras.datasets import mnist
from minitf.viz import theme
from minitf.viz.digit_reader import CLASSES, DigitReader, NoSaliencyError
from minitf.viz.mnist_way import bitmap_of, centred
from minitf.viz.shorten import shortened
from minitf.viz.widgets.base import CourseWidget
from minitf.viz.widgets.still import figure_png, white_to

SIDE = 280  # of the drawing area, in the units of strokes
PEN = 26
SAMPLES = 20


class DigitPad(CourseWidget):
    """A drawing area, a strip of digits for the keyboard, and what the model makes of them.

    Keys: X clears, Z takes the last stroke back, 0 to 9 choose whose saliency is shown. On the
    strip the arrows move and Enter reads.

    Args:
        model: a Keras model or any function that takes a float32 tensor of shape (1, 28, 28),
            (1, 784) or (1, 28, 28, 1) and gives ten logits or probabilities.
        saliency: a function of (the same tensor, digit) that gives 784 numbers d score / d pixel;
            needed only if the gradients do not come from tf.GradientTape.
        samples: (images, labels) for the strip, with pixels from 0 to 255; 20 digits of MNIST's
            embedded test part if None.
        ink: the pixel value of full ink the model was trained with, 1 or 255.

    Raises:
        TypeError: the model or `saliency` cannot be called.
        ValueError: the model takes none of these shapes, gives no ten numbers, or the samples are
            no pictures of 28 x 28 with as many labels.
    """

    parts = ("plot", "reading_parts")

    def __init__(
        self,
        model: Callable[[Any], Any],
        saliency: Callable[[Any, int], Any] | None = None,
        samples: tuple[Any, Any] | None = None,
        ink: float = 1.0,
    ) -> None:
        self._reader = DigitReader(model, saliency, ink)
        self._images, self._labels = _checked_samples(samples)
        super().__init__(side=SIDE, pen=PEN, samples=self._images, labels=self._labels)

    def answer_read(self, data: dict[str, Any]) -> dict[str, Any]:
        """What is drawn: `strokes` are lists [x, y, x, y, ...]. See `_told` for the reply."""
        strokes = [np.reshape(stroke, (-1, 2)) for stroke in data["strokes"]]
        picture = centred(bitmap_of(strokes, SIDE, PEN))
        return self._told(picture, data.get("digit")) if picture.any() else {"empty": True}

    def answer_sample(self, data: dict[str, Any]) -> dict[str, Any]:
        """A digit of the strip, with its `label`."""
        index = int(data["index"])
        picture = self._images[index] / np.float32(255)
        return {"label": int(self._labels[index]), **self._told(picture, data.get("digit"))}

    def describe(self) -> str:
        """How the model reads the strip."""
        found = [self._reader.read(image / np.float32(255)).digit for image in self._images]
        pairs = zip(self._labels.tolist(), found, strict=True)
        wrong = [f"a {label} as {digit}" for label, digit in pairs if label != digit]
        verdict = f"It takes {', '.join(wrong)}." if wrong else "It takes none for another."
        return (
            f"DigitPad: draw a digit, or choose one of {len(found)} samples. The model reads "
            f"{len(found) - len(wrong)} of them right. {verdict}"
        )

    def picture(self) -> bytes | None:
        """A sample, its probabilities and its saliency."""
        return figure_png(self._draw, width=9, height=3.2)

    def _told(self, picture: np.ndarray, digit: int | None) -> dict[str, Any]:
        """The picture, the model's answer, and the saliency of `digit` or of what was read."""
        reading = self._reader.read(picture)
        of = reading.digit if digit is None else int(digit)
        saliency, note = None, ""
        try:
            saliency = shortened(self._reader.saliency(picture, of))
        except NoSaliencyError as error:
            note = str(error)
        return {
            "picture": np.rint(picture * 255).astype(int), "digit": reading.digit, "of": of,
            "scores": shortened(reading.scores), "probabilities": reading.probabilities,
            "score_name": reading.score_name, "saliency": saliency, "note": note,
        }  # fmt: skip

    def _draw(self, figure: Any) -> None:
        told = self.answer_sample({"index": min(4, len(self._images) - 1)})
        left, middle, right = figure.subplots(1, 3)
        left.imshow(told["picture"], cmap=white_to(theme.FORWARD), vmin=0, vmax=255)
        left.set_title("what the model gets")
        middle.barh(range(CLASSES), told["probabilities"], color=theme.FORWARD)
        middle.set(yticks=range(CLASSES), xlim=(0, 1), title="probability of each digit")
        middle.invert_yaxis()
        if told["saliency"] is not None:
            right.imshow(np.abs(told["saliency"]), cmap=white_to(theme.REVERSE))
            right.set_title(f"|∂ {told['score_name']} of {told['of']} / ∂ pixel|")
        for axes in (left, right):
            axes.set(xticks=[], yticks=[])


def _checked_samples(samples: tuple[Any, Any] | None) -> tuple[np.ndarray, np.ndarray]:
    if samples is None:
        _, (images, labels) = mnist.load_subset()
        return images[:SAMPLES], labels[:SAMPLES]
    images, labels = (np.asarray(part) for part in samples)
    if images.size == 0 or images.size != len(labels) * 784:
        raise ValueError(
            f"samples is (images, labels): images of shape (n, 28, 28) and n labels, got "
            f"{images.shape} and {labels.shape}."
        )
    if images.max() <= 1:
        raise ValueError("The samples' pixels go from 0 to 255; yours end at 1. Times 255?")
    return np.rint(images.reshape(-1, 28, 28)).astype(np.uint8), labels.reshape(-1).astype(int)
