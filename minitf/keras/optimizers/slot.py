"""Slot: what an optimizer remembers about one variable, such as Adam's averages.

    slot = Slot(variable, "momentum")
    slot.array *= 0.9          # the optimizer overwrites it: no new memory in every step
    slot.numpy()               # everybody else gets a copy
"""

from __future__ import annotations

from typing import Any

import numpy as np

import minitf as tf
from minitf.keras.variables import Variable


class Slot(Variable):
    """Zeros (or another start value) of the shape and dtype of a variable.

    It is the one variable that is changed in place. So it never hands out its own array: reading
    copies, assigning copies.

    Attributes:
        array: the array that the optimizer works on, of rank 0 for a scalar variable.
    """

    def __init__(self, reference: tf.Variable, name: str, initializer: Any = "zeros") -> None:
        super().__init__(
            initializer,
            shape=reference.shape,
            dtype=reference.dtype,
            trainable=False,
            name=f"{reference.name.removesuffix(':0')}_{name}",
        )
        self._replace(self._value, None)

    @property
    def array(self) -> Any:
        return self._snapshot._value

    def drop_dust(self) -> None:
        """Sets numbers that are as good as 0 to 0.

        An average that is fed nothing but zeros (the weights of a pixel that is always black)
        shrinks until it is denormal, below 1e-38. Processors compute with such numbers ten to a
        hundred times slower, and NumPy cannot tell them to stop.
        """
        array = self.array
        array[np.abs(array) < 1e6 * np.finfo(array.dtype).tiny] = 0

    def __deepcopy__(self, memo: dict) -> Slot:
        copy = Slot(self, "", self._value)
        copy.name, copy.path = self.name, self.path
        return copy

    def _read(self) -> tf.Tensor:
        return tf.Tensor(self._snapshot._value.copy()[()])

    read_value = _read

    def _replace(self, new: Any, source: Any) -> None:
        super()._replace(np.array(new), source)
