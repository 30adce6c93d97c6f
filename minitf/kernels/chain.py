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

BLOCK = 32_768  # numbers: 128 KB in float32, so that a few blocks fit the second-level cache


class Chain:
    """What to compute for each block; values are numbered: inputs first, then one per step.

    Attributes:
        size, shape, dtype: of every value but scalars.
        scalar: for each input, whether it is one number for all blocks.
        results: numbers of the values to return.
        names: of the operations, for printing.
        calls: (function with `out` last, number of its first input, of its second one or None,
            number of its result).
        sums: (number of what is summed over everything, number of the result).
        places: for each step the number of the scratch block it writes to.

    Args:
        steps: (function, numbers of its inputs); a function of None stands for a sum.
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
        count = len(scalar)
        self.shape = shape
        self.size = int(np.prod(shape))
        self.dtype = dtype
        self.scalar = scalar
        self.results = results
        self.names = names
        self.calls = [
            (function, wanted[0], wanted[1] if len(wanted) == 2 else None, count + i)
            for i, (function, wanted) in enumerate(steps)
            if function is not None
        ]
        self.sums = [(w[0], count + i) for i, (function, w) in enumerate(steps) if function is None]
        self.places = _places(count, steps, results)

    def __repr__(self) -> str:
        return " ".join(self.names)


def run_chain(*inputs: Any, chain: Chain, out: Any = None) -> Any:
    """The results, as an array or a tuple of them; sums are NumPy scalars."""
    whole = _whole_results(chain, out)
    for i, (x, one) in enumerate(zip(inputs, chain.scalar, strict=True)):
        if not one:
            whole[i] = x.reshape(-1)
    block = min(BLOCK, chain.size)
    scratch = [np.empty(block, chain.dtype) for _ in range(1 + max(chain.places))]
    sums: dict[int, list] = {number: [] for _, number in chain.sums}
    values = [*inputs, *[scratch[place] for place in chain.places]]
    for start in range(0, chain.size, block):
        part = slice(start, start + block)
        if start + block > chain.size:  # the last block is shorter
            values[len(inputs) :] = [scratch[p][: chain.size - start] for p in chain.places]
        for number, array in whole.items():
            values[number] = array[part]
        for function, first, second, number in chain.calls:
            if second is None:
                function(values[first], values[number])
            else:
                function(values[first], values[second], values[number])
        for summed, number in chain.sums:
            sums[number].append(np.add.reduce(values[summed]))
    results = [
        np.add.reduce(np.array(sums[number])) if number in sums
        else whole[number].reshape(chain.shape)
        for number in chain.results
    ]  # fmt: skip
    return tuple(results) if len(results) > 1 else results[0]


FUSED_ELEMENTWISE = define("FusedElementwise", run_chain, text="element by element")


def _whole_results(chain: Chain, out: Any) -> dict[int, Any]:
    """Flat arrays for the results that are not sums."""
    arrays = out if isinstance(out, tuple) else (out,) * len(chain.results)
    sums = {number for _, number in chain.sums}
    whole = {}
    for number, array in zip(chain.results, arrays, strict=True):
        if number not in sums:
            array = np.empty(chain.shape, chain.dtype) if array is None else array
            whole[number] = array.reshape(-1)
    return whole


def _places(count: int, steps: list, results: tuple[int, ...]) -> list[int]:
    """For each step the number of the scratch block it writes to.

    A block is free again after the last step that reads it; what is summed is needed to the end.
    """
    last = {j: i for i, (_, wanted) in enumerate(steps) for j in wanted}
    last.update({wanted[0]: len(steps) for function, wanted in steps if function is None})
    free: list[int] = []
    places: list[int] = []
    blocks = 0
    for i, (function, wanted) in enumerate(steps):
        freed = {j for j in wanted if j >= count and j not in results and last[j] == i}
        free += [places[j - count] for j in freed]  # the result may take the place of an input
        if function is None or count + i in results:
            places.append(0)  # needs none
            continue
        if not free:
            free.append(blocks)
            blocks += 1
        places.append(free.pop())
        if count + i not in last:
            free.append(places[-1])
    return places
