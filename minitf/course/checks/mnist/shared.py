"""What the checks of chapter 13 share: gradients by differences, and batches to try rules on.

    differences(KERNELS["conv2d"], (x, kernel), upstream)     # [gradient of x, gradient of kernel]

Expected gradients come from central differences in float64: another road than any rule takes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np


def differences(
    kernel: Callable[..., np.ndarray],
    inputs: Sequence[np.ndarray],
    upstream: np.ndarray,
    step: float = 1e-5,
    **attrs: Any,
) -> list[np.ndarray]:
    """Central differences of sum(upstream * kernel(*inputs)), for every number of every input."""
    found = []
    for which, x in enumerate(inputs):
        gradient = np.zeros_like(x)
        for index in np.ndindex(x.shape):
            sides = []
            for signed in (step, -step):
                moved = x.copy()
                moved[index] += signed
                among = [*inputs[:which], moved, *inputs[which + 1 :]]
                sides.append(float(np.sum(upstream * kernel(*among, **attrs))))
            gradient[index] = (sides[0] - sides[1]) / (2 * step)
        found.append(gradient)
    return found


def softmax(logits: np.ndarray) -> np.ndarray:
    """Softmax of each row, safe for large logits."""
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)
