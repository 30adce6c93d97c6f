"""tf.nn: what neural networks are made of, under TensorFlow's names."""

from minitf.ops.activations import (
    elu,
    gelu,
    leaky_relu,
    relu,
    relu6,
    selu,
    softplus,
    softsign,
    swish,
)
from minitf.ops.activations import swish as silu
from minitf.ops.conv import conv2d
from minitf.ops.conv_kin import conv2d_transpose, depthwise_conv2d
from minitf.ops.counting import zero_fraction
from minitf.ops.cross_entropy import (
    sigmoid_cross_entropy_with_logits,
    softmax_cross_entropy_with_logits,
    sparse_softmax_cross_entropy_with_logits,
)
from minitf.ops.elementary import sigmoid, tanh
from minitf.ops.indexing import embedding_lookup
from minitf.ops.normalization import (
    batch_normalization,
    bias_add,
    dropout,
    l2_loss,
    l2_normalize,
)
from minitf.ops.ordering import in_top_k, top_k
from minitf.ops.pooling import avg_pool2d, max_pool2d
from minitf.ops.pooling import avg_pool2d as avg_pool
from minitf.ops.pooling import max_pool2d as max_pool
from minitf.ops.softmax import log_softmax, softmax
from minitf.ops.statistics import moments
from minitf.unknown_names import unknown_name

__all__ = [
    "avg_pool",
    "avg_pool2d",
    "batch_normalization",
    "bias_add",
    "conv2d",
    "conv2d_transpose",
    "depthwise_conv2d",
    "dropout",
    "elu",
    "embedding_lookup",
    "gelu",
    "in_top_k",
    "l2_loss",
    "l2_normalize",
    "leaky_relu",
    "log_softmax",
    "max_pool",
    "max_pool2d",
    "moments",
    "relu",
    "relu6",
    "selu",
    "sigmoid",
    "sigmoid_cross_entropy_with_logits",
    "silu",
    "softmax",
    "softmax_cross_entropy_with_logits",
    "softplus",
    "softsign",
    "sparse_softmax_cross_entropy_with_logits",
    "swish",
    "tanh",
    "top_k",
    "zero_fraction",
]


def __getattr__(name: str) -> None:
    raise unknown_name(__name__, name, __all__)
