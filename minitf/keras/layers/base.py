"""Layer: a function with weights.

    class Scale(tf.keras.layers.Layer):
        def build(self, input_shape):
            self.factor = self.add_weight(shape=(input_shape[-1],), initializer="ones")

        def call(self, inputs):
            return inputs * self.factor

    layer = Scale()
    layer(tf.zeros([2, 3]))       # builds: now the weights exist
    layer.trainable_variables     # [factor]

`__call__` converts the inputs, builds on first use, and hands over to `call`.
"""

from __future__ import annotations

import functools
import inspect
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np

import minitf as tf
from minitf import dtypes
from minitf.keras import initializers
from minitf.keras.call_context import context, name_scope, unrecorded
from minitf.keras.layers.conversion import convert_inputs
from minitf.keras.layers.weights import WeightHolder
from minitf.keras.naming import unique_name
from minitf.keras.variables import Variable
from minitf.module import snake_case
from minitf.tensor import Tensor


class Layer(WeightHolder):
    """Base class of layers and models.

    Args:
        trainable: False keeps the weights out of `trainable_variables`.
        name: given automatically ("dense", "dense_1", ...) if None.
        dtype: of the weights and of the computation; float32 if None.
    """

    _takes_training = False
    _training_default: bool | None = None

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if "build" in cls.__dict__:  # so that layer.build(shape), called by hand, counts as well
            setattr(cls, "build", _building(cls.__dict__["build"]))  # noqa: B010
        if "call" in cls.__dict__:
            training = inspect.signature(cls.call).parameters.get("training")
            default = None if training is None else training.default
            cls._takes_training = training is not None
            cls._training_default = default if isinstance(default, bool) else None

    def __init__(
        self, *, trainable: bool = True, name: str | None = None, dtype: Any = None
    ) -> None:
        self._name = name or unique_name(snake_case(type(self).__name__))
        self._dtype = dtypes.as_dtype(dtype or "float32")
        self._trainable = trainable
        self._weights = []
        self._states = []
        self._output_shape: Any = None

    def build(self, input_shape: Any) -> None:
        """Makes the weights. Overridden by layers whose weights depend on the input's shape."""
        self.built = True

    def call(self, inputs: Any) -> Any:
        """The layer's computation. Every layer overrides it."""
        raise NotImplementedError(
            f"Layer {type(self).__name__} does not have a `call()` method implemented: write what "
            "the layer computes in `def call(self, inputs)`."
        )

    def __call__(self, inputs: Any, *args: Any, training: bool | None = None, **kwargs: Any) -> Any:
        """Computes the layer's output, building the layer first if need be.

        Args:
            inputs: tensor, array or list, or a tuple or dict of them.
            training: passed to `call` if it has such an argument; inner layers inherit it.

        Raises:
            ValueError: the shape does not fit the weights.
        """
        if not self.built:
            return self._first_call(inputs, args, training, kwargs)
        return self._run(convert_inputs(inputs, self._dtype), args, training, kwargs)

    def _run(self, inputs: Any, args: tuple, training: bool | None, kwargs: dict) -> Any:
        outer = context.training
        if training is None:
            training = outer if outer is not None else self._training_default
        if training is not None and self._takes_training and not args:
            kwargs["training"] = training
        context.training = training
        try:
            return self.call(inputs, *args, **kwargs)
        finally:
            context.training = outer

    def _first_call(self, inputs: Any, args: tuple, training: bool | None, kwargs: dict) -> Any:
        self._check_initialised()
        inputs = convert_inputs(inputs, self._dtype)
        self._build_before_call(shapes_of(inputs))
        with name_scope(self._name):  # `call` may build layers inside this one
            outputs = self._run(inputs, args, training, kwargs)
        self.built = True
        self._output_shape = batch_unknown(shapes_of(outputs))
        self._warn_about_plain_variables()
        return outputs

    def _build_before_call(self, input_shape: Any) -> None:
        self.build(input_shape)

    def add_weight(
        self,
        shape: Any = (),
        initializer: Any = None,
        dtype: Any = None,
        trainable: bool = True,
        name: str | None = None,
    ) -> Variable:
        """Makes a weight that the layer lists among its own.

        Args:
            shape: sizes of the axes.
            initializer: name, initializer or function; glorot_uniform if None (zeros for
                integers).
            dtype: the layer's if None.
            trainable: False for a state that gradients do not change.
            name: short name, shown in the variable's path.

        Raises:
            ValueError: a size of the shape is not known, or the initializer's name is not.
        """
        self._check_initialised()
        if isinstance(shape, str):
            raise ValueError(
                f"add_weight's first argument is the shape, got {shape!r}. In Keras 3 the name is "
                "a keyword: add_weight(shape=(3, 2), name='kernel')."
            )
        shape = (shape,) if isinstance(shape, int) else tuple(shape)
        if None in shape:
            raise ValueError(
                f"Layer {self.name!r}: cannot make a weight of shape {shape}: a size is None. "
                "Weights may not depend on the batch size; give the other sizes in Input(shape)."
            )
        dtype = self._dtype if dtype is None else dtypes.as_dtype(dtype)
        if initializer is None:
            initializer = "glorot_uniform" if dtype.is_floating else "zeros"
        weight = Variable(
            initializers.get(initializer),
            shape=shape,
            dtype=dtype,
            trainable=trainable and self._trainable,
            name=name,
        )
        (self._weights if trainable else self._states).append(weight)
        return weight

    @property
    def dtype(self) -> str:
        """Name of the element type of the weights."""
        return self._dtype.name

    compute_dtype = variable_dtype = dtype

    def compute_output_shape(self, input_shape: Any) -> Any:
        """Shape of the output for inputs of that shape, found by a trial run on zeros.

        The batch size may be None and then is None in the result.
        """
        sizes = [1 if size is None else size for size in input_shape]
        with unrecorded():
            outputs = self(Tensor(np.zeros(sizes, self._dtype.dtype)), training=False)
        return batch_unknown(shapes_of(outputs))

    def _cast(self, x: Tensor) -> Tensor:
        """Integers (such as image bytes) in the layer's own dtype; floats already are."""
        return x if x._value.dtype is self._dtype.dtype else tf.cast(x, self._dtype)

    def _check_initialised(self) -> None:
        if "_weights" not in vars(self):
            raise RuntimeError(
                f"In layer {type(self).__name__!r}, you forgot to call super().__init__() as the "
                "first statement of __init__()."
            )

    def _warn_about_plain_variables(self) -> None:
        for key, value in vars(self).items():
            if isinstance(value, tf.Variable) and not isinstance(value, Variable):
                warnings.warn(
                    f"Layer {self.name!r} holds a plain tf.Variable in .{key}. Keras 3 does not "
                    "list it in trainable_variables, so no optimizer will change it. Make it with "
                    f"self.{key} = self.add_weight(shape=..., initializer=...).",
                    stacklevel=4,
                )

    def __repr__(self) -> str:
        return f"<{type(self).__name__} name={self.name}, built={self.built}>"


def _building(build: Callable[..., None]) -> Callable[..., None]:
    """Adds what every `build` needs: the layer's name in the variables' paths, and the mark."""

    @functools.wraps(build)
    def wrapped(self: Layer, input_shape: Any = None) -> None:
        self._check_initialised()
        with name_scope(self.name):
            build(self, input_shape)
        self.built = True

    return wrapped


def shapes_of(values: Any) -> Any:
    """The shapes of a tensor, or of the tensors in a tuple, list or dict."""
    if isinstance(values, dict):
        return {key: shapes_of(value) for key, value in values.items()}
    if isinstance(values, list | tuple):
        return [shapes_of(value) for value in values]
    return tuple(values.shape)


def batch_unknown(shapes: Any) -> Any:
    """(2, 10) -> (None, 10), in every part."""
    if isinstance(shapes, dict):
        return {key: batch_unknown(shape) for key, shape in shapes.items()}
    if isinstance(shapes, list):
        return [batch_unknown(shape) for shape in shapes]
    return (None, *shapes[1:]) if shapes else shapes
