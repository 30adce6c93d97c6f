"""Model: a layer that can be trained.

    class Net(tf.keras.Model):
        def __init__(self):
            super().__init__()
            self.hidden = tf.keras.layers.Dense(128, activation="relu")
            self.out = tf.keras.layers.Dense(10)

        def call(self, x):
            return self.out(self.hidden(x))
"""

from __future__ import annotations

from typing import Any

from minitf.keras.models import files
from minitf.keras.models.loops import Loops
from minitf.keras.models.summary import summary_text


class Model(Loops):
    """Base class of models: subclass it and write `call`. Or use Model(inputs, outputs).

    Args:
        inputs, outputs: KerasTensors, for the functional way; see functional.py. A subclass with a
            train_step of its own takes them too, and needs no `call`.
        trainable, name, dtype: as for Layer.
    """

    def __init__(
        self,
        inputs: Any = None,
        outputs: Any = None,
        trainable: bool = True,
        name: Any = None,
        dtype: Any = None,
    ) -> None:
        if inputs is None and outputs is None:
            super().__init__(trainable=trainable, name=name, dtype=dtype)
        else:
            from minitf.keras.models.functional import become_functional  # a Model itself

            become_functional(self, inputs, outputs, trainable, name)

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Any:
        """A new model, from its arguments or, for Model(inputs, outputs), from its wiring."""
        if "calls" not in config:
            return super().from_config(config)
        from minitf.keras.models.functional import functional_class

        return functional_class(cls).from_config(config)

    @property
    def layers(self) -> list[Any]:
        """The layers directly inside, in the order they were assigned."""
        return list(self._layers_inside())

    def get_layer(self, name: str | None = None, index: int | None = None) -> Any:
        """A layer by its name or its number.

        Raises:
            ValueError: there is none, or neither name nor index is given.
        """
        layers = self.layers
        if index is not None:
            if not -len(layers) <= index < len(layers):
                raise ValueError(f"There are {len(layers)} layers, none has index {index}.")
            return layers[index]
        for layer in layers:
            if layer.name == name:
                return layer
        raise ValueError(
            f"No such layer: {name}. Existing layers are: {[layer.name for layer in layers]}."
        )

    def build(self, input_shape: Any) -> None:
        """Makes all weights by a trial run on zeros; None stands for any batch size."""
        if not self.built:
            self.compute_output_shape(input_shape)

    def _build_before_call(self, input_shape: Any) -> None:
        if type(self).build is not Model.build:  # else the layers inside build as they are called
            self.build(input_shape)

    def save(self, filepath: Any, overwrite: bool = True) -> None:
        """Writes config, weights and optimizer state to a .keras file; see files.py."""
        files.save_model(self, filepath, overwrite)

    def save_weights(self, filepath: Any, overwrite: bool = True) -> None:
        """Writes the weights to a .weights.h5 file; see files.py."""
        files.save_weights(self, filepath, overwrite)

    def load_weights(self, filepath: Any) -> None:
        """Reads what save_weights wrote, into a model of the same form; see files.py."""
        files.load_weights(self, filepath)

    def to_json(self) -> str:
        """The config as text; tf.keras.models.model_from_json makes the model again."""
        return files.to_json(self)

    def summary(self, print_fn: Any = print) -> None:
        """Prints a table of the layers with output shapes and numbers of parameters."""
        print_fn(summary_text(self))
