"""tf.bitwise: integers bit by bit, under TensorFlow's names."""

from minitf.ops.bitwise import bitwise_and, bitwise_or, bitwise_xor, invert

__all__ = ["bitwise_and", "bitwise_or", "bitwise_xor", "invert"]
