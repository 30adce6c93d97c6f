"""One step of training, of testing and of prediction; and what compile() sets up for them.

    model.compile(optimizer="adam", loss="mse", metrics=["mae"])
    model.train_step((x, y))        # the training loop's inside: override it for a loop of your own

loops.py repeats the steps: fit, evaluate, predict.
"""

from __future__ import annotations

import itertools
import warnings
from typing import Any

import numpy as np

import minitf as tf
from minitf.keras import losses, metrics, optimizers
from minitf.keras.layers.base import Layer
from minitf.keras.metrics import Mean, Metric
from minitf.keras.models.batches import unpack
from minitf.keras.models.outputs import Output, OutputLosses, is_per_output, metric_places
from minitf.keras.models.traced_step import TrainFunction
from minitf.keras.optimizers import LossScaleOptimizer


class Trainer(Layer):
    """What Model knows about training.

    Attributes:
        output_names: names of the outputs, of Model(inputs, outputs); None for other models.
    """

    output_names: list[str] | None = None
    compiled = False
    run_eagerly = False
    stop_training = False
    optimizer: Any = None
    loss: Any = None
    _variables_in_training: list[Any] | None = None

    def compile(
        self,
        optimizer: Any = "rmsprop",
        loss: Any = None,
        loss_weights: Any = None,
        metrics: Any = None,
        weighted_metrics: Any = None,
        run_eagerly: bool = False,
        **_ignored: Any,
    ) -> None:
        """Sets the model up for fit, evaluate and train_on_batch.

        Args:
            optimizer: name or Optimizer.
            loss: name, Loss or function of (y_true, y_pred); None if train_step has its own. For
                several outputs one for each, see outputs.py.
            loss_weights: factors of these losses in their sum.
            metrics: list of names, Metrics or functions. "accuracy" picks the right kind by the
                shapes of the first batch.
            weighted_metrics: the same, but weighted by sample_weight.
            run_eagerly: True runs the Python of every training step of fit, for a debugger or a
                print; False traces train_step and runs the graph, see traced_step.py.

        Raises:
            ValueError: an unknown name.
        """
        self._compile_arguments = {
            "optimizer": optimizers.get(optimizer),
            "loss": loss,
            "loss_weights": loss_weights,
            "metrics": metrics,
            "weighted_metrics": weighted_metrics,
        }
        self.optimizer = self._compile_arguments["optimizer"]
        if self.dtype_policy.name == "mixed_float16" and not isinstance(
            self.optimizer, LossScaleOptimizer
        ):
            self.optimizer = LossScaleOptimizer(self.optimizer)
        self.loss = loss
        if is_per_output(loss) or loss_weights is not None:
            self._loss_function: Any = OutputLosses(loss, loss_weights, self.output_names)
        else:
            self._loss_function = losses.as_loss(loss)
        self._loss_tracker = Mean(name="loss")
        self._compiled_metrics = [
            _Compiled(metric, output, weighted)
            for given, weighted in ((metrics, False), (weighted_metrics, True))
            for metric, output in metric_places(given, self.output_names)
        ]
        self.stop_training = False
        self.run_eagerly = bool(run_eagerly)
        self._train_function = TrainFunction(self)
        self.compiled = True

    @property
    def metrics(self) -> list[Metric]:
        """The loss, the metrics given to compile(), and those in the model's attributes."""
        found: list[Metric] = []
        if self.compiled:
            found.append(self._loss_tracker)
            found += getattr(self._loss_function, "trackers", [])
            found += [m.metric for m in self._compiled_metrics if m.metric is not None]
        for value in self._remember("metrics", self._attributes_with_metrics):
            parts = value if isinstance(value, list | tuple) else [value]
            found += [part for part in parts if isinstance(part, Metric)]
        return found

    @property
    def metrics_names(self) -> list[str]:
        """Their names, in the same order: what evaluate() returns.

        A metric that is compiled twice gets the name accuracy_1, or weighted_accuracy.
        """
        compiled = self._compiled_metrics if self.compiled else []
        weighted = {id(one.metric): one.weighted for one in compiled}
        names: list[str] = []
        for metric in self.metrics:
            name = metric.name
            if name in names and id(metric) in weighted:
                name = _free_name(f"weighted_{name}" if weighted[id(metric)] else name, names)
            names.append(name)
        return names

    def train_step(self, data: Any) -> dict[str, Any]:
        """One step of training on one batch; returns the metrics so far.

        Args:
            data: x, (x, y) or (x, y, sample_weight).
        """
        x, y, sample_weight = unpack(data)
        with tf.GradientTape() as tape:
            y_pred = self(x, training=True)
            loss = self.compute_loss(x, y, y_pred, sample_weight)
            scaled = self.optimizer.scale_loss(loss)  # the loss itself, but in mixed precision
        self._track_loss(loss, y_pred)
        variables = self._variables_to_train()
        if variables:  # without any there is a warning, but the loss can still be watched
            gradients = tape.gradient(scaled, variables)
            self.optimizer.apply_gradients(zip(gradients, variables, strict=True))
        return self.compute_metrics(x, y, y_pred, sample_weight)

    def test_step(self, data: Any) -> dict[str, Any]:
        """One step of testing on one batch; returns the metrics so far."""
        x, y, sample_weight = unpack(data)
        y_pred = self(x, training=False)
        if self._loss_function is not None or self.losses:
            self._track_loss(self.compute_loss(x, y, y_pred, sample_weight), y_pred)
        return self.compute_metrics(x, y, y_pred, sample_weight)

    def predict_step(self, data: Any) -> Any:
        """The predictions for one batch."""
        x, _, _ = unpack(data)
        return self(x, training=False)

    def compute_loss(
        self, x: Any = None, y: Any = None, y_pred: Any = None, sample_weight: Any = None
    ) -> tf.Tensor:
        """The loss of one batch, with what the layers add: regularizers and add_loss.

        Raises:
            ValueError: there is nothing to compute, or the batch has no labels.
        """
        added = self.losses
        if self._loss_function is None:
            if not added:
                raise ValueError(
                    "No loss to compute. Provide a `loss` argument in compile(), for example "
                    "loss='mse', or override compute_loss or train_step."
                )
            return tf.add_n(added)
        if y is None:
            raise ValueError(
                "The loss needs labels: call fit(x, y), or give a dataset of (x, y) tuples."
            )
        if is_per_output(y_pred) and not isinstance(self._loss_function, OutputLosses):
            self._loss_function = OutputLosses(self.loss, None, self.output_names)
        loss = self._loss_function(y, y_pred, sample_weight)
        return tf.add_n([loss, *added]) if added else loss

    def compute_metrics(
        self, x: Any, y: Any, y_pred: Any, sample_weight: Any = None
    ) -> dict[str, Any]:
        """Updates the metrics of compile() with one batch; returns all metrics so far."""
        if y is not None:
            for compiled in self._compiled_metrics:
                compiled.update(y, y_pred, sample_weight)
        return self.get_metrics_result()

    def get_metrics_result(self) -> dict[str, Any]:
        """Name and value of every metric."""
        pairs = zip(self.metrics_names, self.metrics, strict=True)
        return {name: metric.result() for name, metric in pairs}

    def reset_metrics(self) -> None:
        """Starts all metrics anew, as fit does at every epoch."""
        for metric in self.metrics:
            metric.reset_state()

    def train_on_batch(
        self, x: Any, y: Any = None, sample_weight: Any = None, return_dict: bool = False
    ) -> Any:
        """One training step; the loss, or [loss, *metrics], or a dict of them, of this batch."""
        self._check_compiled("train_on_batch")
        return self._step_on_batch(self.train_step, x, y, sample_weight, return_dict)

    def test_on_batch(
        self, x: Any, y: Any = None, sample_weight: Any = None, return_dict: bool = False
    ) -> Any:
        """One testing step; returns the same as train_on_batch."""
        self._check_compiled("test_on_batch")
        return self._step_on_batch(self.test_step, x, y, sample_weight, return_dict)

    def predict_on_batch(self, x: Any) -> Any:
        """Predictions for one batch, as NumPy arrays."""
        return tf.nest.map_structure(_to_numpy, self.predict_step((x,)))

    def _step_on_batch(
        self, step: Any, x: Any, y: Any, sample_weight: Any, return_dict: bool
    ) -> Any:
        self._variables_in_training = None
        self.reset_metrics()
        given = (x, y, sample_weight)
        data = given if sample_weight is not None else given[:2] if y is not None else given[:1]
        logs = as_numbers(step(data))
        return logs if return_dict else self._in_order(logs)

    def _in_order(self, logs: dict[str, Any]) -> Any:
        """[loss, *metrics], or the only value."""
        values = [logs[name] for name in self.metrics_names if name in logs] or list(logs.values())
        return values[0] if len(values) == 1 else values

    def _attributes_with_metrics(self) -> list[Any]:
        kinds = Metric | list | tuple
        own = vars(self).items()
        return [value for k, value in own if k != "_loss_tracker" and isinstance(value, kinds)]

    def _variables_to_train(self) -> list[Any]:
        """`trainable_variables`, looked up once per epoch: it walks through all layers."""
        if self._variables_in_training is None:
            self._variables_in_training = self.trainable_variables
            if not self._variables_in_training:
                warnings.warn("The model does not have any trainable weights.", stacklevel=3)
        return self._variables_in_training

    def _track_loss(self, loss: tf.Tensor, y_pred: Any) -> None:
        """Weighted by the batch's size: the last batch may be smaller."""
        first = tf.nest.flatten(y_pred)[0]
        self._loss_tracker.update_state(loss, sample_weight=first._value.shape[0])

    def _check_compiled(self, method: str) -> None:
        if not self.compiled:
            raise ValueError(
                f"You must call `compile()` before calling `{method}()`: "
                "model.compile(optimizer='adam', loss='mse', metrics=['mae'])."
            )


class _Compiled:
    """A metric of compile(). "accuracy" becomes a metric when the first batch shows the shapes."""

    def __init__(self, identifier: Any, output: Output | None, weighted: bool) -> None:
        self.weighted, self.output = weighted, output
        self.name = identifier if isinstance(identifier, str) else None
        undecided = identifier in ("accuracy", "acc") if self.name else False
        self.metric: Metric | None = None if undecided else metrics.get(identifier)
        self._rename()

    def update(self, y: Any, y_pred: Any, sample_weight: Any) -> None:
        if self.output is not None:
            y, y_pred, sample_weight = map(self.output.part_of, (y, y_pred, sample_weight))
        if self.metric is None:
            self.metric = metrics.accuracy_for(tf.convert_to_tensor(y), y_pred)()
            self._rename()
        if self.weighted and sample_weight is not None:
            self.metric.update_state(y, y_pred, sample_weight)
        else:
            self.metric.update_state(y, y_pred)

    def _rename(self) -> None:
        if self.metric is not None and (self.name is not None or self.output is not None):
            name = self.name or self.metric.name  # logs use the name that compile() was given
            self.metric.name = self.output.named(name) if self.output else name


def _free_name(name: str, taken: list[str]) -> str:
    numbered = (f"{name}_{n}" for n in itertools.count(1))
    return next(one for one in itertools.chain([name], numbered) if one not in taken)


def as_numbers(logs: dict[str, Any]) -> dict[str, Any]:
    """Metric results as Python floats, by name in alphabetical order, as Keras shows them.

    A metric with one figure per class gives an array.
    """
    return {name: _as_number(value) for name, value in sorted(logs.items())}


def _as_number(value: Any) -> Any:
    return np.array(value) if np.ndim(value) else float(value)


def _to_numpy(tensor: tf.Tensor) -> Any:
    return tensor.numpy()
