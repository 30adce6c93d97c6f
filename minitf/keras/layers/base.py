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
from minitf.keras import constraints, initializers, regularizers
from minitf.keras.arguments import refuse_unknown
from minitf.keras.call_context import context, name_scope, unrecorded
from minitf.keras.configurable import Configurable
from minitf.keras.dtype_policies import as_policy
from minitf.keras.layers.conversion import convert_inputs
from minitf.keras.layers.losses import LossHolder
from minitf.keras.layers.shapes import batch_unknown, shapes_of
from minitf.keras.layers.symbolic import Node, call_symbolically, holds_keras_tensor
from minitf.keras.layers.weights import WeightHolder
from minitf.keras.naming import unique_name
from minitf.keras.saving.serialization import deserialize, serialize
from minitf.keras.variables import AutocastVariable, Variable
from minitf.module import snake_case
from minitf.state import state
from minitf.tensor import Tensor


class Layer(LossHolder, WeightHolder, Configurable):
    """Base class of layers and models.

    Args:
        trainable: False keeps the weights out of `trainable_variables`.
        name: given automatically ("dense", "dense_1", ...) if None.
        dtype: of the weights and of the computation, or a policy that separates them
            (mixed_precision.py); the global policy if None, which is float32.
        activity_regularizer: price of the output, added to `losses` per example.

    Raises:
        ValueError: an argument that the layer does not have.
    """

    _takes_training = False
    _training_default: bool | None = None
    _built_for: Any = None  # the input's shape, for which the weights were made

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
        self,
        *,
        trainable: bool = True,
        name: str | None = None,
        dtype: Any = None,
        activity_regularizer: Any = None,
        **unknown: Any,
    ) -> None:
        refuse_unknown(self, unknown)
        if trainable not in (True, False):
            raise ValueError(f"Expected `trainable` to be True or False, got {trainable!r}.")
        self._name = name or unique_name(snake_case(type(self).__name__))
        self.dtype_policy = as_policy(dtype)
        self._dtype = dtypes.as_dtype(self.dtype_policy.compute_dtype)
        self._casts_weights = self.compute_dtype != self.variable_dtype
        self.activity_regularizer = regularizers.get(activity_regularizer)
        self._trainable = trainable
        self._regularized = []
        self._added_losses = []
        self._nodes: list[Node] = []
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
        if type(inputs) is not Tensor and holds_keras_tensor(inputs):
            return call_symbolically(self, inputs, args, training, kwargs)
        if not self.built:
            return self._first_call(inputs, args, training, kwargs)
        return self._run(convert_inputs(inputs, self._dtype), args, training, kwargs)

    def _run(self, inputs: Any, args: tuple, training: bool | None, kwargs: dict) -> Any:
        outer = context.training
        if training is None:
            training = outer if outer is not None else self._training_default
        if training is not None and self._takes_training and not args:
            kwargs["training"] = training
        outermost = context.outermost
        if outermost is None:
            context.outermost = self
            self._forget_added_losses()
        context.training = training
        try:
            outputs = self._call_casting(inputs, args, kwargs)
            if self.activity_regularizer is not None:
                self._price_activity(outputs)
            return outputs
        finally:
            context.training = outer
            context.outermost = outermost

    def _call_casting(self, inputs: Any, args: tuple, kwargs: dict) -> Any:
        """`call`; under a mixed policy the weights are read in the compute dtype."""
        call = self.call if state.tracer is None else tf.autograph.converted(self.call)
        if not self._casts_weights:
            return call(inputs, *args, **kwargs)
        outer, context.weights_dtype = context.weights_dtype, self._dtype
        try:
            return call(inputs, *args, **kwargs)
        finally:
            context.weights_dtype = outer

    def _price_activity(self, outputs: Any) -> None:
        for output in tf.nest.flatten(outputs):
            price = self.activity_regularizer(output)
            self.add_loss(price / tf.cast(tf.shape(output)[0], price.dtype))

    def _first_call(self, inputs: Any, args: tuple, training: bool | None, kwargs: dict) -> Any:
        self._check_initialised()
        inputs = convert_inputs(inputs, self._dtype)
        self._build_before_call(shapes_of(inputs))
        with name_scope(self._name):  # `call` may build layers inside this one
            outputs = self._run(inputs, args, training, kwargs)
        self.built = True
        self._built_for = self._built_for or batch_unknown(shapes_of(inputs))
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
        regularizer: Any = None,
        constraint: Any = None,
        name: str | None = None,
    ) -> Variable:
        """Makes a weight that the layer lists among its own.

        Args:
            shape: sizes of the axes.
            initializer: name, initializer or function; glorot_uniform if None (zeros for
                integers).
            dtype: the layer's if None.
            trainable: False for a state that gradients do not change.
            regularizer: price of the weight, added to `losses`: name, object or function.
            constraint: what the weight becomes after each step: name, object or function.
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
        dtype = dtypes.as_dtype(dtype or self.variable_dtype)
        if initializer is None:
            initializer = "glorot_uniform" if dtype.is_floating else "zeros"
        kind = AutocastVariable if self._casts_weights and dtype.is_floating else Variable
        weight = kind(
            initializers.get(initializer),
            shape=shape,
            dtype=dtype,
            trainable=trainable,
            name=name,
        )
        weight._is_weight = True
        weight.trainable = trainable and self._trainable
        weight.constraint = constraints.get(constraint)
        (self._weights if trainable else self._states).append(weight)
        if regularizer is not None:
            self._regularized.append((weight, regularizers.get(regularizer)))
        return weight

    @property
    def variable_dtype(self) -> str:
        """Name of the element type of the weights."""
        return self.dtype_policy.variable_dtype

    dtype = variable_dtype

    @property
    def compute_dtype(self) -> str:
        """Name of the element type of the computation."""
        return self.dtype_policy.compute_dtype

    @property
    def input(self) -> Any:
        """The KerasTensors this layer was last called on."""
        return self._last_node().inputs

    @property
    def output(self) -> Any:
        """The KerasTensors that came out."""
        return self._last_node().outputs

    def get_config(self) -> dict[str, Any]:
        """The constructor's arguments, and name, dtype and trainable where it takes them."""
        config = super().get_config()
        taken = inspect.signature(type(self).__init__).parameters
        common = {"name": self.name, "trainable": self.trainable, "dtype": self.dtype_policy.name}
        takes_all = any(p.kind is inspect.Parameter.VAR_KEYWORD for p in taken.values())
        return config | {key: common[key] for key in common if takes_all or key in taken}

    def get_build_config(self) -> dict[str, Any] | None:
        """The shape the weights were made for, None if they are not made yet."""
        return {"input_shape": serialize(self._built_for)} if self._built_for else None

    def build_from_config(self, config: dict[str, Any]) -> None:
        """Makes the weights for the shape that get_build_config told."""
        if not self.built:
            self.build(deserialize(config["input_shape"]))

    def compute_output_shape(self, input_shape: Any) -> Any:
        """Shape of the output for inputs of that shape, found by a trial run on zeros.

        The batch size may be None and then is None in the result.
        """
        sizes = [1 if size is None else size for size in input_shape]
        with unrecorded():
            outputs = self(Tensor(np.zeros(sizes, self._dtype.dtype)), training=False)
        return batch_unknown(shapes_of(outputs))

    def _last_node(self) -> Node:
        if not self._nodes:
            raise AttributeError(
                f"The layer {self.name!r} has never been called on an Input and thus has no "
                "defined input and output. Start the model with tf.keras.Input(shape)."
            )
        return self._nodes[-1]

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
        if input_shape is not None:
            self._built_for = input_shape
        self._variables_were_made()

    return wrapped
