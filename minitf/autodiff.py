"""tf.autodiff: forward mode.

    with tf.autodiff.ForwardAccumulator(x, tangent) as acc:
        y = f(x)
    acc.jvp(y)
"""

from minitf.forward import ForwardAccumulator as ForwardAccumulator
