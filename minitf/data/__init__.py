"""Input pipelines under TensorFlow's names: `tf.data.Dataset`.

    ds = tf.data.Dataset.from_tensor_slices((x, y)).shuffle(1000).batch(32)
"""

from minitf.data.dataset import (
    AUTOTUNE,
    INFINITE_CARDINALITY,
    UNKNOWN_CARDINALITY,
    Dataset,
)

__all__ = ["AUTOTUNE", "INFINITE_CARDINALITY", "UNKNOWN_CARDINALITY", "Dataset"]
