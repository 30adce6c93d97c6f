"""tf.random: random tensors and seeds, under TensorFlow's names."""

from minitf.ops.random import categorical, normal, shuffle, truncated_normal, uniform
from minitf.seeds import set_seed
from minitf.unknown_names import unknown_name

__all__ = ["categorical", "normal", "set_seed", "shuffle", "truncated_normal", "uniform"]


def __getattr__(name: str) -> None:
    raise unknown_name(__name__, name, __all__)
