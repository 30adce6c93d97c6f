"""Where random numbers come from: one global generator, restarted by `tf.random.set_seed`.

    tf.random.set_seed(42)       # from here on every run draws the same numbers
    rng = generator()            # a NumPy generator for one use (a weight, a shuffle ...)
    rng = generator(seed=7)      # always starts the same, whatever happened before
"""

from __future__ import annotations

import contextlib
import copy
import threading
from collections.abc import Iterator
from typing import Any

import numpy as np


class _Source:
    """The generator every other generator is made from. Threads share it, as in TensorFlow."""

    def __init__(self) -> None:
        self.rng: np.random.Generator | None = None  # made when first used: importing is faster
        self.seed: int | None = None
        self.sequences: dict[int, np.random.Generator] = {}  # one per operation seed
        self.lock = threading.Lock()


_source = _Source()


def set_seed(seed: int | None) -> None:
    """Restarts the global generator, so that what follows can be repeated.

    Args:
        seed: a non-negative integer; None starts from fresh entropy.

    Raises:
        ValueError: not a whole number, or negative.
    """
    _source.seed = _checked(seed)
    _source.rng = None
    _source.sequences = {}


def generator(seed: int | None = None) -> np.random.Generator:
    """A NumPy generator: from `seed` if given, else from the next number of the global one."""
    if seed is not None:
        return np.random.default_rng(_checked(seed))
    with _source.lock:
        return np.random.default_rng(_global().integers(2**63))


def sequence(seed: int | None = None) -> np.random.Generator:
    """The generator of random operations: every operation seed has a sequence of its own.

    Calls with the same seed continue one sequence; `set_seed` restarts it. So the numbers depend
    on both seeds and on how often this one was used, as in TensorFlow.
    """
    number = _checked(seed)
    with _source.lock:
        if number is None:
            return _global()
        if number not in _source.sequences:
            both = number if _source.seed is None else [_source.seed, number]
            _source.sequences[number] = np.random.default_rng(both)
        return _source.sequences[number]


def _global() -> np.random.Generator:
    if _source.rng is None:
        _source.rng = np.random.default_rng(_source.seed)
    return _source.rng


@contextlib.contextmanager
def undisturbed() -> Iterator[None]:
    """What is drawn in this block is not missing afterwards: all sequences go on as before."""
    with _source.lock:
        rng, sequences = copy.deepcopy((_source.rng, _source.sequences))
    try:
        yield
    finally:
        with _source.lock:
            _source.rng, _source.sequences = rng, sequences


def _checked(seed: Any) -> int | None:
    if seed is None:
        return None
    try:
        number = int(seed)
    except (TypeError, ValueError):
        number = -1
    if number < 0 or number != seed:
        raise ValueError(f"A seed is a whole number from 0 up, got {seed!r}. Write set_seed(42).")
    return number
