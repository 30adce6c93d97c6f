"""The table that model.summary() prints.

    print(summary_text(model))
"""

from __future__ import annotations

from typing import Any

import numpy as np

_WIDTHS = (33, 24, 15)


def summary_text(model: Any) -> str:
    """Layers with their output shapes and parameters, and the totals below."""
    rows = [
        (f"{layer.name} ({type(layer).__name__})", _shape_text(layer), _count_text(layer))
        for layer in model.layers
    ]
    header = ("Layer (type)", "Output Shape", "Param #")
    widths = [
        max(width, *(len(row[i]) + 2 for row in [header, *rows])) for i, width in enumerate(_WIDTHS)
    ]
    lines = [f'Model: "{model.name}"', _rule("┏━┳┓", widths), _row("┃", header, widths)]
    for i, row in enumerate(rows):
        lines.append(_rule("├─┼┤" if i else "┡━╇┩", widths))
        lines.append(_row("│", row, widths))
    lines.append(_rule("└─┴┘" if rows else "┗━┻┛", widths))
    return "\n".join([*lines, *_totals(model)])


def _totals(model: Any) -> list[str]:
    if not model.built:
        return [" The model is not built yet: call it on a batch, or call build(input_shape)."]
    trainable = model.trainable_variables
    fixed = model.non_trainable_variables
    slots = model.optimizer.variables if model.optimizer and model.optimizer.built else []
    lines = [
        f" Total params: {_size_text([*trainable, *fixed, *slots])}",
        f" Trainable params: {_size_text(trainable)}",
        f" Non-trainable params: {_size_text(fixed)}",
    ]
    return lines + ([f" Optimizer params: {_size_text(slots)}"] if slots else [])


def _shape_text(layer: Any) -> str:
    shape = layer._output_shape
    return "?" if shape is None else str(tuple(shape) if isinstance(shape, tuple) else shape)


def _count_text(layer: Any) -> str:
    return f"{layer.count_params():,}" if layer.built else "0 (unbuilt)"


def _size_text(variables: list[Any]) -> str:
    """101,770 (397.54 KB)"""
    count = sum(int(np.prod(v.shape)) for v in variables)
    size = float(sum(int(np.prod(v.shape)) * v.dtype.size for v in variables))
    unit = "B"
    for larger in ("KB", "MB", "GB"):
        if size < 1024:
            break
        size, unit = size / 1024, larger
    return f"{count:,} ({size:.2f} {unit})"


def _rule(characters: str, widths: list[int]) -> str:
    left, line, cross, right = tuple(characters)
    return left + cross.join(line * width for width in widths) + right


def _row(bar: str, cells: tuple[str, str, str], widths: list[int]) -> str:
    name, shape, count = cells
    padded = [
        f" {name:<{widths[0] - 2}} ",
        f" {shape:<{widths[1] - 2}} ",
        f" {count:>{widths[2] - 2}} ",
    ]
    return bar + bar.join(padded) + bar
