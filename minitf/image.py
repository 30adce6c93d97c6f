"""tf.image: a little of it, for the examples of TensorFlow's guide to gradients.

tf.image.adjust_contrast(picture, 2.0)       has no gradient rule: asking raises LookupError
tf.image.flip_left_right(picture)
"""

from __future__ import annotations

from typing import Any

from minitf.execute import convert_to_tensor, execute
from minitf.ops import moving
from minitf.registry import define
from minitf.tensor import Tensor
from minitf.unknown_names import unknown_name

__all__ = ["adjust_contrast", "flip_left_right", "flip_up_down"]


def _adjust_contrast(images: Any, factor: Any) -> Any:
    mean = images.mean(axis=(-3, -2), keepdims=True)
    return (images - mean) * factor + mean


ADJUST_CONTRAST = define("AdjustContrastv2", _adjust_contrast, text="contrast of {0} × {1}")


def adjust_contrast(images: Any, contrast_factor: Any) -> Tensor:
    """Moves each value away from its channel's mean, by the factor.

    TensorFlow has no gradient rule for it, and so neither has minitf.

    Args:
        images: (..., height, width, channels).
    """
    images = convert_to_tensor(images)
    return execute(ADJUST_CONTRAST, (images, convert_to_tensor(contrast_factor, images.dtype)))


def flip_left_right(image: Any) -> Tensor:
    """Mirrors pictures (..., height, width, channels): the left column becomes the right one."""
    return moving.reverse(image, [-2])


def flip_up_down(image: Any) -> Tensor:
    """Turns pictures (..., height, width, channels) upside down."""
    return moving.reverse(image, [-3])


def __getattr__(name: str) -> None:
    raise unknown_name(__name__, name, __all__)
