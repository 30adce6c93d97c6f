"""Exercise ch13.vjp_maxpool: the first maximum takes it all."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from minitf.course.checks.mnist.shared import differences
from minitf.course.registry import Exercise, Mutant, Probe
from minitf.course.workbench import KERNELS

POOL = KERNELS["maxpool"]
CORNERS = ((0, 0), (0, 1), (1, 0), (1, 1))  # of a block, line by line


def probe_vjp_maxpool(rng: np.random.Generator) -> Iterator[Probe]:
    """A block by hand, pictures without ties against differences, ties, and odd sizes."""
    block = np.array([[1.0, 2.0], [7.0, 3.0]])[None, :, :, None]
    yield _probe("one block", block, [[5.0]], [[0.0, 0.0], [5.0, 0.0]])
    # Distinct numbers, so that no step of the differences changes who is largest.
    x = rng.permutation(2 * 4 * 6 * 3).reshape(2, 4, 6, 3) / 10.0
    upstream = rng.normal(size=(2, 2, 3, 3)).round(2)
    (expected,) = differences(POOL, [x], upstream)
    yield _probe("random pictures (2, 4, 6, 3)", x, upstream, expected)
    ties = np.array([[1.0, 5.0, 0.0, 0.0], [5.0, 2.0, 0.0, 0.0]])[None, :, :, None]
    first = [[0.0, 3.0, 4.0, 0.0], [0.0, 0.0, 0.0, 0.0]]
    yield _probe("two blocks with ties", ties, [[3.0, 4.0]], first, edge=True)
    odd = rng.permutation(5 * 3).reshape(1, 5, 3, 1) / 10.0
    upstream = np.array([2.0, 3.0]).reshape(1, 2, 1, 1)
    (expected,) = differences(POOL, [odd], upstream)
    yield _probe("an odd picture (1, 5, 3, 1)", odd, upstream, expected, edge=True)


def _probe(
    about: str, x: np.ndarray, upstream: object, expected: object, edge: bool = False
) -> Probe:
    output = POOL(x)
    args = (np.asarray(upstream).reshape(output.shape), (x,), output)
    right = (np.asarray(expected).reshape(x.shape),)
    return Probe(f"vjp_maxpool: {about}", args, right, rtol=1e-5, atol=1e-7, edge=edge)


def _marks(x: np.ndarray, output: np.ndarray) -> list[np.ndarray]:
    """For each corner of the blocks: is the maximum there?"""
    rows, columns = output.shape[1] * 2, output.shape[2] * 2
    return [x[:, i:rows:2, j:columns:2] == output for i, j in CORNERS]


def _placed(x: np.ndarray, parts: list[np.ndarray]) -> tuple[np.ndarray]:
    gradient = np.zeros_like(x)
    rows, columns = parts[0].shape[1] * 2, parts[0].shape[2] * 2
    for (i, j), part in zip(CORNERS, parts, strict=True):
        gradient[:, i:rows:2, j:columns:2] = part
    return (gradient,)


def _firsts(marks: list[np.ndarray]) -> list[np.ndarray]:
    taken = np.zeros(marks[0].shape, bool)
    found = []
    for mark in marks:
        found.append(mark & ~taken)
        taken |= mark
    return found


def pool_every_maximum(upstream, inputs, output):
    (x,) = inputs
    return _placed(x, [upstream * mark for mark in _marks(x, output)])


def pool_shares(upstream, inputs, output):
    (x,) = inputs
    marks = _marks(x, output)
    return _placed(x, [upstream * mark / sum(m.astype(int) for m in marks) for mark in marks])


def pool_last_maximum(upstream, inputs, output):
    (x,) = inputs
    marks = _firsts(_marks(x, output)[::-1])[::-1]
    return _placed(x, [upstream * mark for mark in marks])


def pool_column_first(upstream, inputs, output):
    (x,) = inputs
    a, b, c, d = _marks(x, output)
    a, c, b, d = _firsts([a, c, b, d])
    return _placed(x, [upstream * mark for mark in (a, b, c, d)])


def pool_average(upstream, inputs, output):
    (x,) = inputs
    return _placed(x, [upstream / 4] * 4)


def pool_everybody(upstream, inputs, output):
    (x,) = inputs
    return _placed(x, [upstream] * 4)


def pool_ignores_upstream(upstream, inputs, output):
    (x,) = inputs
    return _placed(x, [mark * 1.0 for mark in _firsts(_marks(x, output))])


def pool_top_left(upstream, inputs, output):
    (x,) = inputs
    return _placed(x, [upstream, *[np.zeros_like(upstream)] * 3])


def pool_even_sizes_only(upstream, inputs, output):
    (x,) = inputs
    large = output.repeat(2, axis=1).repeat(2, axis=2)
    marks = [(x == large)[:, i::2, j::2] for i, j in CORNERS]
    return _placed(x, [upstream * mark for mark in _firsts(marks)])


def pool_channels_mixed(upstream, inputs, output):
    (x,) = inputs
    gradient = np.zeros_like(x)
    for n, row, column in np.ndindex(output.shape[:3]):
        corner = n, slice(2 * row, 2 * row + 2), slice(2 * column, 2 * column + 2)
        down, right = divmod(x[corner].argmax(), 2)
        gradient[n, 2 * row + down, 2 * column + right] = upstream[n, row, column]
    return (gradient,)


def pool_first_channel(upstream, inputs, output):
    (x,) = inputs
    (gradient,) = _placed(x, [upstream * mark for mark in _firsts(_marks(x, output))])
    gradient[..., 1:] = 0
    return (gradient,)


def pool_cut_to_blocks(upstream, inputs, output):
    (x,) = inputs
    (gradient,) = _placed(x, [upstream * mark for mark in _firsts(_marks(x, output))])
    return (gradient[:, : 2 * output.shape[1], : 2 * output.shape[2]],)


def pool_other_style(upstream, inputs, output):
    (x,) = inputs
    n, rows, columns, channels = output.shape
    even = x[:, : 2 * rows, : 2 * columns]
    blocks = even.reshape(n, rows, 2, columns, 2, channels).transpose(0, 1, 3, 5, 2, 4)
    winner = blocks.reshape(n, rows, columns, channels, 4).argmax(axis=-1)
    spread = (np.eye(4)[winner] * upstream[..., None]).reshape(n, rows, columns, channels, 2, 2)
    gradient = np.zeros_like(x)
    gradient[:, : 2 * rows, : 2 * columns] = spread.transpose(0, 1, 4, 2, 5, 3).reshape(even.shape)
    return (gradient,)


VJP_MAXPOOL = Exercise(
    id="ch13.vjp_maxpool",
    title="The first maximum takes it all",
    names=("vjp_maxpool",),
    points=3,
    minutes=10,
    difficulty=4,
    importance=3,
    probes=probe_vjp_maxpool,
    hints=(
        "Each block has four corners. x[:, 0:2*rows:2, 1:2*columns:2] are the top right corners "
        "of all blocks at once. Where does such an array equal output?",
        "Go through the corners line by line. Keep an array `taken`: a corner wins where it equals "
        "output and its block is not taken yet. Write upstream times that into the same corners.",
        "For i in (0, 1), for j in (0, 1): corner = slice(None), slice(i, 2 * rows, 2), "
        "slice(j, 2 * columns, 2); wins = (x[corner] == output) & ~taken; gradient[corner] = "
        "upstream * wins; taken |= wins.",
    ),
    mutants=(
        Mutant(
            "every_maximum",
            pool_every_maximum,
            "two equal maxima both got the full gradient. Only the first of a block may.",
        ),
        Mutant(
            "shares",
            pool_shares,
            "equal maxima share: that is reduce_max. In TensorFlow's max pooling the first wins.",
        ),
        Mutant(
            "last_maximum",
            pool_last_maximum,
            "of equal maxima you took the last. TensorFlow takes the first, line by line.",
        ),
        Mutant(
            "column_first",
            pool_column_first,
            "top right comes before bottom left: a block is read line by line.",
        ),
        Mutant(
            "average",
            pool_average,
            "a quarter to each pixel is average pooling. Only the maximum made the output.",
        ),
        Mutant(
            "everybody",
            pool_everybody,
            "all four pixels got the gradient; only the largest one made the output.",
        ),
        Mutant(
            "ignores_upstream",
            pool_ignores_upstream,
            "the place is right; the winner receives what comes from upstream, not 1.",
        ),
        Mutant(
            "top_left",
            pool_top_left,
            "you always picked the top left pixel. The largest one gets it, wherever it is.",
        ),
        Mutant(
            "even_sizes_only",
            pool_even_sizes_only,
            "a last odd row or column is in no block: compare only x[:, :2*rows, :2*columns].",
        ),
        Mutant(
            "channels_mixed",
            pool_channels_mixed,
            "a block has four numbers per channel, and each channel its own largest one.",
        ),
        Mutant(
            "first_channel",
            pool_first_channel,
            "only channel 0 has a gradient. Each channel has its own largest pixel and upstream.",
        ),
        Mutant(
            "cut_to_blocks",
            pool_cut_to_blocks,
            "a gradient has its input's shape: the odd last row and column belong to it, with 0.",
        ),
    ),
    alternatives=(pool_other_style,),
    meaning="A switch per block, set on the way forward. Where it points, the gradient goes; "
    "everything else gets 0.",
)
