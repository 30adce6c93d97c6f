"""Settings under Keras 3's names.

    tf.keras.config.set_dtype_policy("mixed_float16")
"""

from minitf.keras.backend import epsilon, floatx
from minitf.keras.dtype_policies import dtype_policy, set_dtype_policy

__all__ = ["dtype_policy", "epsilon", "floatx", "set_dtype_policy"]
