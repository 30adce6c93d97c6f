"""tf.random: random tensors and seeds, under TensorFlow's names."""

from minitf.ops.random import categorical, normal, shuffle, truncated_normal, uniform
from minitf.seeds import set_seed

__all__ = ["categorical", "normal", "set_seed", "shuffle", "truncated_normal", "uniform"]
