"""Mixed precision: compute in float16, keep the weights in float32.

    tf.keras.mixed_precision.set_global_policy("mixed_float16")
    model = tf.keras.Sequential([
        tf.keras.layers.Dense(128, activation="relu"),
        tf.keras.layers.Dense(10, dtype="float32"),       # the loss wants full precision
    ])

fit then scales the loss by itself; in a training loop of your own wrap the optimizer in a
LossScaleOptimizer. On a processor without float16 arithmetic this is slower, not faster: NumPy
converts every number back and forth. It is here to see what float16 does to gradients.
"""

from minitf.keras.dtype_policies import DTypePolicy
from minitf.keras.dtype_policies import DTypePolicy as Policy
from minitf.keras.dtype_policies import dtype_policy as global_policy
from minitf.keras.dtype_policies import set_dtype_policy as set_global_policy
from minitf.keras.optimizers.loss_scale import LossScaleOptimizer

dtype_policy, set_dtype_policy = global_policy, set_global_policy

__all__ = [
    "DTypePolicy",
    "LossScaleOptimizer",
    "Policy",
    "dtype_policy",
    "global_policy",
    "set_dtype_policy",
    "set_global_policy",
]
