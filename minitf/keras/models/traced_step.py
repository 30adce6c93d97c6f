"""train_step as fit repeats it: traced once, then run as a graph, as a tf.function is.

    step = TrainFunction(model)
    for data in batches:
        logs = step(data)

Python in `call` and `train_step` (a print, a counter) therefore runs while the step is traced, not
at each batch. compile(run_eagerly=True) runs all of it at each batch, for a debugger or a print.
"""

from __future__ import annotations

from typing import Any

import numpy as np

import minitf as tf
from minitf import nest
from minitf.signature import structure_key
from minitf.tensor import Tensor


class TrainFunction:
    """The traces of one model's train_step, one for each structure of a batch.

    Args:
        model: a compiled model.
    """

    def __init__(self, model: Any) -> None:
        self._model = model
        self._traced: dict[Any, Any] = {}
        self._traced_for: list[int] = []

    def begin_epoch(self) -> None:
        """Drops the traces if other variables are to be trained: a callback may freeze a layer."""
        if self._traced and self._trained_with() != self._traced_for:
            self._traced.clear()

    def __call__(self, data: Any) -> dict[str, Any]:
        """One step; the very first makes weights, slots and metrics, and so is not traced."""
        leaves = [Tensor(x) if type(x) is np.ndarray else x for x in nest.flatten(data)]
        if not self._may_trace(leaves):
            return self._model.train_step(data)
        structure = structure_key(data)
        if structure not in self._traced:
            self._traced_for = self._trained_with()
            self._traced[structure] = tf.function(self._step_on_leaves(data))
        return self._traced[structure](*leaves)

    def _trained_with(self) -> list[int]:
        return [id(self._model.optimizer), *[v.id for v in self._model.trainable_variables]]

    def __getstate__(self) -> dict[str, Any]:
        return {"_model": self._model, "_traced": {}, "_traced_for": []}  # copies trace anew

    def _may_trace(self, leaves: list[Any]) -> bool:
        model = self._model
        if model.run_eagerly or not (model.built and model.optimizer.built):
            return False
        if any(compiled.metric is None for compiled in model._compiled_metrics):
            return False
        for leaf in leaves:  # Python numbers would ask for a new trace each time
            if type(leaf) is not Tensor or leaf._value.dtype.kind not in "fiub":
                return False
        return True

    def _step_on_leaves(self, data: Any) -> Any:
        """train_step of separate tensors: a function that takes such runs soonest."""
        model = self._model

        def train_step(*leaves: Tensor) -> dict[str, Any]:
            logs = model.train_step(nest.pack_like(data, list(leaves)))
            model._forget_added_losses()  # they stand for values that only a run has
            return logs

        return train_step
