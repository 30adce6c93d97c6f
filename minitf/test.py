"""tf.test: TensorFlow's name for the gradient checker."""

from minitf.gradcheck import compute_gradient

__all__ = ["compute_gradient"]
