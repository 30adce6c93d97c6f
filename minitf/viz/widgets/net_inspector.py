"""NetInspector: what every layer of a net makes of an image, and which pixels matter.

    tf.viz.NetInspector(model, x_test[:200] / 255, y_test[:200])

Activations, gradients and filters are those of your model: it is called on the image you choose,
and a tape around that call gives the gradients. Works with the layers of any Keras model, and with
functions of tf operations.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

import minitf as tf
from minitf.tensor import Tensor
from minitf.viz import theme
from minitf.viz.net_look import Look, dead_units, look_at
from minitf.viz.shorten import shortened
from minitf.viz.stages import Stage
from minitf.viz.widgets.base import CourseWidget
from minitf.viz.widgets.still import figure_png, white_to

MOST_IMAGES = 500  # more are not needed to find dead units, and take long
MOST_UNITS = 512  # of a layer are sent
MOST_FILTERS = 64  # of a layer are shown together
LEVELS = 127  # steps of colour on each side of zero


class NetInspector(CourseWidget):
    """Choose an image, say what the net will read, then look into its layers.

    Keys: Left and Right choose the image, L looks inside, Up and Down choose the layer; within the
    units the arrows choose one. F switches between activations and filters, S shows the sign of the
    saliency, T the table.

    Args:
        model: a Keras model, or a function of tf operations, that gives (1, classes) logits or
            probabilities.
        images: (n, ...) floats, scaled as in training; (n, 28, 28), (n, 784) or (n, 28, 28, 1).
            The first 500 are used.
        labels: n integers.
        names: of the classes; "0", "1", ... if None.

    Raises:
        ValueError: the number of labels or names differs, a label is no class, or the model takes
            the images in none of these shapes.
        TypeError: the model cannot be called or gives no tensor.
    """

    parts = ("plot", "reading_parts")

    def __init__(
        self,
        model: Callable[[Any], Any],
        images: Any,
        labels: Any,
        names: list[str] | None = None,
    ) -> None:
        if not callable(model):
            raise TypeError(f"The model must be callable, got {type(model).__name__}: {model!r}.")
        images, self._labels = _checked_data(images, labels)
        self._model = model
        self._images = _in_the_models_shape(model, images)
        self._first = self._look(0)
        classes = len(self._first.reading.scores)
        self._names = _checked_names(names, classes, self._labels)
        self._dead = dead_units(model, self._images)
        super().__init__(
            count=len(self._images), names=self._names,
            stages=[self._about(stage) for stage in self._first.run.stages],
        )  # fmt: skip

    def answer_look(self, data: dict[str, Any]) -> dict[str, Any]:
        """Everything about image `index`; the saliency is that of `digit` or of what is read."""
        look = self._look(int(data["index"]))
        digit = data.get("digit")
        of = look.reading.digit if digit is None else int(digit)
        saliency = look.saliency(of)
        return {
            "index": int(data["index"]), "label": int(self._labels[int(data["index"])]),
            "image": shortened(_flat_picture(self._images[int(data["index"])])),
            "scores": shortened(look.reading.scores), "digit": look.reading.digit, "of": of,
            "probabilities": look.reading.probabilities,
            "score_name": look.reading.score_name, "loss": look.loss,
            "saliency": None if saliency is None else shortened(_flat_picture(saliency)),
            "weight_norms": look.weight_norms, "output_norms": look.output_norms,
            "units": [_units(stage) for stage in look.run.stages],
        }  # fmt: skip

    def answer_filter(self, data: dict[str, Any]) -> dict[str, Any]:
        """The weights that lead to one `unit` of a `stage`: {"pictures": ...}, None without."""
        stage, unit = self._first.run.stages[int(data["stage"])], int(data["unit"])
        pictures = self._first.run.kernel_pictures(stage, unit)
        return {"pictures": None if pictures is None else shortened(pictures)}

    def answer_filters(self, data: dict[str, Any]) -> dict[str, Any]:
        """One picture per unit of a `stage` whose units have one each, as levels of colour.

        Level 127 stands for the weight `most`, -127 for -most: enough for colours.
        """
        run = self._first.run
        stage = run.stages[int(data["stage"])]
        units = range(min(stage.output.shape[-1], MOST_FILTERS))
        pictures = np.stack([run.kernel_pictures(stage, unit)[0] for unit in units])
        most = float(np.abs(pictures).max()) or 1.0
        return {"most": most, "levels": np.rint(pictures / most * LEVELS).astype(int)}

    def describe(self) -> str:
        """The layers, and the first image's way through them."""
        look = self._first
        lines = [f"NetInspector of {len(self._images)} images. Layers:"]
        for stage in look.run.stages:
            about = self._about(stage)
            dead = about["dead"]
            count = "" if dead is None else f", {len(dead)} of {about['width']} units dead"
            lines.append(f"- {stage.name}: {_times(about['shape'])}{count}")
        read, label = self._names[look.reading.digit], self._names[self._labels[0]]
        lines.append(f"The model reads image 0, labelled {label}, as {read}.")
        return "\n".join(lines)

    def picture(self) -> bytes | None:
        """The first image, its saliency, and the units of the first layer."""
        return figure_png(self._draw, width=9, height=3.4)

    def _look(self, index: int) -> Look:
        return look_at(self._model, self._images[index : index + 1], int(self._labels[index]))

    def _about(self, stage: Stage) -> dict[str, Any]:
        """What does not depend on the image."""
        shape = list(stage.output.shape[1:])
        pictures = self._first.run.kernel_pictures(stage, 0)
        single = pictures is not None and len(pictures) == 1 and pictures.shape[1] > 1
        return {
            "name": stage.name, "shape": shape, "width": shape[-1], "maps": len(shape) == 3,
            "filters": 0 if pictures is None else len(pictures), "gallery": single,
            "dead": self._dead.get(stage.name), "weights": [list(v.shape) for v in stage.variables],
        }  # fmt: skip

    def _draw(self, figure: Any) -> None:
        look = self._first
        left, middle, right = figure.subplots(1, 3)
        left.imshow(_flat_picture(self._images[0]), cmap=white_to(theme.FORWARD))
        left.set_title(f"image 0, read as {self._names[look.reading.digit]}")
        saliency = look.saliency(look.reading.digit)
        if saliency is not None:
            middle.imshow(np.abs(_flat_picture(saliency)), cmap=white_to(theme.REVERSE))
        middle.set_title("saliency")
        for axes in (left, middle):
            axes.set(xticks=[], yticks=[])
        stages, norms = look.run.stages, look.weight_norms
        shown = [(s.name, n) for s, n in zip(stages, norms, strict=True) if n is not None]
        right.barh([name for name, _ in shown], [n for _, n in shown], color=theme.REVERSE)
        right.invert_yaxis()
        right.set_title("gradient of the weights")


def _units(stage: Stage) -> list[Any]:
    """What each unit gave: a map (rows, columns), or a number."""
    output = stage.output.numpy()[0]
    return shortened(np.moveaxis(output, -1, 0)[:MOST_UNITS])


def _flat_picture(image: np.ndarray) -> np.ndarray:
    """(rows, columns): of several channels the number farthest from zero; 784 become 28 x 28."""
    if image.ndim == 3:
        index = np.abs(image).argmax(-1)[..., None]
        return np.take_along_axis(image, index, -1)[..., 0]
    return image.reshape(28, 28) if image.size == 784 else np.atleast_2d(image)


def _times(shape: list[int]) -> str:
    return " x ".join(map(str, shape))


def _checked_data(images: Any, labels: Any) -> tuple[np.ndarray, np.ndarray]:
    pixels = np.asarray(images.numpy() if isinstance(images, Tensor) else images, np.float32)
    classes = np.asarray(labels.numpy() if isinstance(labels, Tensor) else labels).reshape(-1)
    if pixels.ndim < 2 or len(pixels) == 0 or len(pixels) != len(classes):
        raise ValueError(
            f"NetInspector takes n images and n labels, got shapes {pixels.shape} and "
            f"{classes.shape}. A single image needs a first axis: images[None], [label]."
        )
    return pixels[:MOST_IMAGES], classes[:MOST_IMAGES].astype(int)


def _checked_names(names: list[str] | None, classes: int, labels: np.ndarray) -> list[str]:
    if names is not None and len(names) != classes:
        raise ValueError(f"The model has {classes} classes, but there are {len(names)} names.")
    if labels.min() < 0 or labels.max() >= classes:
        raise ValueError(
            f"Labels go from {labels.min()} to {labels.max()}, but the model has {classes} "
            "classes. Did its last layer get the right number of units?"
        )
    return list(names) if names is not None else [str(k) for k in range(classes)]


def _in_the_models_shape(model: Callable[[Any], Any], images: np.ndarray) -> np.ndarray:
    """The images in the shape the model declares, or else in the first one it takes."""
    n, shape = len(images), images.shape[1:]
    declared = getattr(model, "input_shape", None)
    forms = [shape, (*shape, 1), shape[:-1] if shape[-1] == 1 else shape, (int(np.prod(shape)),)]
    if shape == (784,):
        forms += [(28, 28), (28, 28, 1)]
    wanted = [form for form in forms if declared and tuple(declared[1:]) == form]
    problems = []
    for form in dict.fromkeys(wanted or forms):
        batch = images.reshape(n, *form)
        try:
            scores = model(tf.constant(batch[:1]))
        except Exception as error:  # the learner's own function may raise anything
            problems.append(f"- {(1, *form)}: {type(error).__name__}: {_first_line(error)}")
            continue
        if len(np.shape(scores)) == 2:
            return batch
        problems.append(f"- {(1, *form)}: gave the shape {np.shape(scores)}")
    raise ValueError(
        "The model must take one image and give scores of shape (1, classes). It was tried with "
        "these shapes:\n" + "\n".join(problems)
    )


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [""])[0]
