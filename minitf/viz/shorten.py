"""Arrays on their way to the browser: four significant digits show the same and take fewer bytes.

shortened(np.array([0.123456, 2.0]))      # [0.1235, 2.0]
"""

from __future__ import annotations

from typing import Any

import numpy as np


def shortened(numbers: Any) -> list[Any]:
    """The numbers of an array of any shape but (), as nested lists, to four significant digits."""
    numbers = np.asarray(numbers)
    flat = np.array([float(f"{x:.4g}") for x in numbers.ravel().tolist()])
    return flat.reshape(numbers.shape).tolist()
