"""Embedding: a row of numbers for each word, colour or other thing with a number.

    layer = tf.keras.layers.Embedding(input_dim=1000, output_dim=8)
    layer(tf.constant([[4, 17, 4]])).shape       # (1, 3, 8)
"""

from __future__ import annotations

from typing import Any

import minitf as tf
from minitf.keras import initializers, regularizers
from minitf.keras.layers.base import Layer
from minitf.keras.layers.checks import positive
from minitf.tensor import Tensor


class Embedding(Layer):
    """Looks numbers up in a table. Its gradient touches the rows that were looked up, only.

    Args:
        input_dim: rows of the table: the largest number, plus 1.
        output_dim: numbers per row.
        embeddings_initializer, embeddings_regularizer: name, object or function.

    Input (...) of whole numbers, output (..., output_dim), table (input_dim, output_dim).

    Raises:
        ValueError: a size that is not positive.
        InvalidArgumentError: a number outside [0, input_dim).
    """

    def __init__(
        self,
        input_dim: int,
        output_dim: int,
        embeddings_initializer: Any = "uniform",
        embeddings_regularizer: Any = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.input_dim = positive(input_dim, "input_dim", "Embedding")
        self.output_dim = positive(output_dim, "output_dim", "Embedding")
        self.embeddings_initializer = initializers.get(embeddings_initializer)
        self.embeddings_regularizer = regularizers.get(embeddings_regularizer)
        self.embeddings: Any = None

    def build(self, input_shape: Any = None) -> None:
        """Makes the table."""
        self.embeddings = self.add_weight(
            (self.input_dim, self.output_dim),
            self.embeddings_initializer,
            regularizer=self.embeddings_regularizer,
            name="embeddings",
        )

    def call(self, inputs: Tensor) -> Tensor:
        """(...) -> (..., output_dim)"""
        if inputs.dtype.is_floating:
            inputs = tf.cast(inputs, tf.int32)
        if self._casts_weights:
            return tf.gather(tf.convert_to_tensor(self.embeddings), inputs)
        return tf.nn.embedding_lookup(self.embeddings, inputs)
