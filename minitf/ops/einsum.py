"""Sums of products by index letters: einsum, and tensordot as a special case.

tf.einsum("ij,jk->ik", a, b)      matrix product
tf.tensordot(a, b, axes=1)        the last axis of a with the first of b
"""

from __future__ import annotations

from typing import Any

import numpy as np

from minitf.errors import InvalidArgumentError
from minitf.execute import execute
from minitf.ops import array
from minitf.ops.checks import alike, as_shape, as_tensors, normalize_axis
from minitf.registry import define, gradient
from minitf.tensor import Tensor


def _einsum(*operands: Any, equation: str) -> Any:
    return np.einsum(equation, *operands)[()]


EINSUM = define("Einsum", _einsum, same_dtype=True, text="einsum")


def einsum(equation: str, *inputs: Any, **_ignored: Any) -> Tensor:
    """For each combination of the letters after "->", the sum of products over all other letters.

    Raises:
        InvalidArgumentError: letters and axes do not match, a letter stands for two sizes, or it
            occurs twice in one operand.
    """
    if len(inputs) == 1 and isinstance(inputs[0], list | tuple):
        inputs = tuple(inputs[0])
    operands = as_tensors(inputs)
    terms, out = _parse(equation, operands)
    return execute(EINSUM, operands, {"equation": ",".join(terms) + "->" + out})


@gradient("Einsum")
def _einsum_grad(call: Any, upstream: Tensor) -> tuple:
    # linear in each operand: sum the upstream times the other operands over the letters it lacks
    left, out = call.attrs["equation"].split("->")
    terms = left.split(",")
    grads: list[Tensor | None] = []
    for i, x in enumerate(call.inputs):
        if not call.wanted[i]:
            grads.append(None)
            continue
        others = [t for j, t in enumerate(terms) if j != i]
        values = [v for j, v in enumerate(call.inputs) if j != i]
        known = set(out).union(*others)
        found = "".join([letter for letter in terms[i] if letter in known])
        grad = einsum(",".join([out, *others]) + "->" + found, upstream, *values)
        # a letter that only this operand had was summed away: copy along it
        kept = [n if k in known else 1 for k, n in zip(terms[i], x._value.shape, strict=True)]
        grads.append(array.broadcast_to(array.reshape(grad, kept), x._value.shape))
    return tuple(grads)


def tensordot(a: Any, b: Any, axes: Any, name: str | None = None) -> Tensor:
    """Sum of products over pairs of axes.

    Args:
        axes: a number n (the last n of a with the first n of b), or two lists of axes.

    Raises:
        InvalidArgumentError: paired axes of different sizes.
    """
    a, b = alike(a, b, "Tensordot")
    rank_a, rank_b = a._value.ndim, b._value.ndim
    if isinstance(axes, int):
        axes_a, axes_b = list(range(rank_a - axes, rank_a)), list(range(axes))
    else:
        axes_a = [normalize_axis(k, rank_a, "Tensordot") for k in as_shape(axes[0])]
        axes_b = [normalize_axis(k, rank_b, "Tensordot") for k in as_shape(axes[1])]
    letters = iter(_LETTERS)
    term_a = [next(letters) for _ in range(rank_a)]
    term_b = [next(letters) for _ in range(rank_b)]
    for i, j in zip(axes_a, axes_b, strict=True):
        term_b[j] = term_a[i]
    out = [k for i, k in enumerate(term_a) if i not in axes_a]
    out += [k for j, k in enumerate(term_b) if j not in axes_b]
    return einsum(f"{''.join(term_a)},{''.join(term_b)}->{''.join(out)}", a, b)


_LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"


def _parse(equation: str, operands: tuple[Tensor, ...]) -> tuple[list[str], str]:
    """The letters of each operand and of the result; "..." becomes letters, as many as needed."""
    equation = equation.replace(" ", "")
    left, arrow, out = equation.partition("->")
    terms = left.split(",")
    if len(terms) != len(operands):
        raise _invalid(equation, operands, f"it names {len(terms)} operands")
    if "." in equation:
        if not arrow:
            why = "with '...' the result must be written, as in '...ij->...'"
            raise _invalid(equation, operands, why)
        terms, out = _expand_ellipsis(terms, out, operands)
    if not arrow:  # as in NumPy: letters that occur once, in alphabetical order
        everything = "".join(terms)
        out = "".join(sorted(k for k in set(everything) if everything.count(k) == 1))
    sizes: dict[str, int | None] = {}
    for term, x in zip(terms, operands, strict=True):
        if len(term) != x._value.ndim:
            raise _invalid(equation, operands, f"{term!r} needs rank {len(term)}")
        if len(set(term)) != len(term):
            raise _invalid(equation, operands, f"a letter occurs twice in {term!r}")
        for letter, size in zip(term, x._value.shape, strict=True):
            known = sizes.get(letter)
            sizes[letter] = size if known is None else known  # None: not known while tracing
            if size not in (None, sizes[letter]):
                raise _invalid(
                    equation, operands, f"{letter!r} stands for sizes {sizes[letter]} and {size}"
                )
    if not set(out) <= set(sizes):
        raise _invalid(equation, operands, "the result has a letter that no operand has")
    return terms, out


def _expand_ellipsis(
    terms: list[str], out: str, operands: tuple[Tensor, ...]
) -> tuple[list[str], str]:
    ranks = [
        x._value.ndim - len(t.replace("...", ""))
        for t, x in zip(terms, operands, strict=True)
        if "..." in t
    ]
    free = [k for k in _LETTERS if k not in "".join(terms)][: max(ranks)]
    count = iter(ranks)
    spelled = []
    for term in terms:
        if "..." in term:
            n = next(count)
            term = term.replace("...", "".join(free[len(free) - n :]))
        spelled.append(term)
    return spelled, out.replace("...", "".join(free))


def _invalid(equation: str, operands: tuple[Tensor, ...], why: str) -> InvalidArgumentError:
    shapes = ", ".join(str(x.shape) for x in operands)
    return InvalidArgumentError(
        f"einsum {equation!r} does not fit operands of shapes {shapes}: {why} [Op:Einsum]\n"
        "One letter per axis, the same letter for the same size, operands divided by commas.",
        "Einsum",
    )
