"""FusedElementwise: a chain of element-wise operations, block by block.

    tanh(x) * exp(-x * x) + x / 2        on a million numbers

Operation by operation, each one reads 4 MB and writes 4 MB: memory sets the pace. Here a block of
numbers goes through the whole chain while it is in the processor's cache; what lies between the
steps never reaches memory. Sums over everything are taken on the way, block by block.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from minitf.registry import define

BLOCK = 16_384  # numbers: 64 KB in float32, so that a handful of blocks fits the second-level cache


class Chain:
    """What to compute for each block; values are numbered: inputs first, then one per step.

    Attributes:
        size, shape, dtype: of every value but scalars.
        scalar: for each input, whether it is one number for all blocks.
        steps: (function with `out` last, numbers of its inputs); None for a sum.
        results: numbers of the values to return.
        names: of the operations, for printing.
    """

    def __init__(
        self,
        shape: tuple[int, ...],
        dtype: np.dtype,
        scalar: tuple[bool, ...],
        steps: list[tuple[Callable[..., Any] | None, tuple[int, ...]]],
        results: tuple[int, ...],
        names: tuple[str, ...],
    ) -> None:
        self.shape = shape
        self.size = int(np.prod(shape))
        self.dtype = dtype
        self.scalar = scalar
        self.steps = steps
        self.results = results
        self.names = names
        self.places = _places(len(scalar), steps, results)

    def __repr__(self) -> str:
        return " ".join(self.names)


def run_chain(*inputs: Any, chain: Chain, out: Any = None) -> Any:
    """The results, as an array or a tuple of them; sums are NumPy scalars."""
    count, steps, places = len(inputs), chain.steps, chain.places
    given = [x if one else x.reshape(-1) for x, one in zip(inputs, chain.scalar, strict=True)]
    whole = _whole_results(chain, out)
    scratch = [np.empty(BLOCK, chain.dtype) for _ in range(1 + max(places, default=-1))]
    sums: dict[int, list] = {i: [] for i, (function, _) in enumerate(steps) if function is None}
    values: list[Any] = [None] * (count + len(steps))
    for start in range(0, chain.size, BLOCK):
        stop = min(start + BLOCK, chain.size)
        part, length = slice(start, stop), stop - start
        for i, x in enumerate(given):
            values[i] = x if chain.scalar[i] else x[part]
        for i, (function, wanted) in enumerate(steps):
            if function is None:
                sums[i].append(np.add.reduce(values[wanted[0]]))
                continue
            number = count + i
            place = whole[number][part] if number in whole else scratch[places[i]][:length]
            values[number] = function(*[values[j] for j in wanted], place)
    totals = {count + i: np.add.reduce(np.array(found)) for i, found in sums.items()}
    results = [
        totals[number] if number in totals else whole[number].reshape(chain.shape)
        for number in chain.results
    ]
    return tuple(results) if len(results) > 1 else results[0]


FUSED_ELEMENTWISE = define("FusedElementwise", run_chain, text="element by element")


def _whole_results(chain: Chain, out: Any) -> dict[int, Any]:
    """Flat arrays for the results that are not sums."""
    count = len(chain.scalar)
    arrays = out if isinstance(out, tuple) else (out,) * len(chain.results)
    whole = {}
    for number, array in zip(chain.results, arrays, strict=True):
        if chain.steps[number - count][0] is not None:
            array = np.empty(chain.shape, chain.dtype) if array is None else array
            whole[number] = array.reshape(-1)
    return whole


def _places(count: int, steps: list, results: tuple[int, ...]) -> list[int]:
    """For each step the number of the scratch block it writes to; -1 if it needs none.

    A block is free again after the last step that reads it.
    """
    last = {j: i for i, (_, wanted) in enumerate(steps) for j in wanted}
    free: list[int] = []
    places, blocks = [], 0
    for i, (function, wanted) in enumerate(steps):
        freed = {j for j in wanted if j >= count and j not in results and last[j] == i}
        free += [places[j - count] for j in freed]  # `out` may be an input
        if function is None or count + i in results:
            places.append(-1)
            continue
        if not free:
            free.append(blocks)
            blocks += 1
        places.append(free.pop())
    return places
