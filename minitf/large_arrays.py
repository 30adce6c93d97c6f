"""Memory for large arrays: kept by the process instead of given back and asked for again.

    keep_freed_memory()        # once, when minitf is imported

On Linux the C library gives an array of more than 128 KB back to the system as soon as it is freed,
and the system fills each new one with zeros, page by page. In a training step, which makes and
drops dozens of such arrays, that can take longer than the arithmetic. The library learns, though:
once it has freed an array of up to 32 MB, it keeps later ones up to that size to use them again
(man 3 mallopt, "dynamic mmap threshold"), and gives back only what exceeds 64 MB.
"""

from __future__ import annotations

import numpy as np

LARGEST_KEPT = (32 << 20) - (64 << 10)  # bytes; just below the limit of what the library learns


def keep_freed_memory() -> None:
    """Makes an array and drops it. It is never written to, so it costs neither memory nor time."""
    np.empty(LARGEST_KEPT, np.uint8)
