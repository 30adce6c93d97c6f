"""Compare the outputs of a cell that was run twice: texts exactly, pictures by their pixels.

    same_output(stored_cell, fresh_cell)

PNG files of equal pictures can differ in their bytes (another zlib, another font hinting), so a
picture counts as the same when its size is equal and the mean difference is at most 2 of 255.
"""

from __future__ import annotations

import base64
import io
from typing import Any

import numpy as np

TOLERANCE = 2 / 255


def same_output(old: dict[str, Any], new: dict[str, Any]) -> bool:
    """Tell whether two runs of one cell gave the same outputs."""
    if old["cell_type"] != "code" or "nbval-ignore-output" in old["metadata"].get("tags", []):
        return True
    if len(old["outputs"]) != len(new["outputs"]):
        return False
    return all(_same(one, two) for one, two in zip(old["outputs"], new["outputs"], strict=True))


def _same(old: dict[str, Any], new: dict[str, Any]) -> bool:
    pictures = _picture(old), _picture(new)
    if all(pictures):
        if not same_picture(*pictures):
            return False
        old, new = _without_picture(old), _without_picture(new)
    return old == new


def same_picture(old: str, new: str) -> bool:
    """Tell whether two base64 PNG texts show the same picture."""
    if old == new:
        return True
    import matplotlib.image

    first, second = (matplotlib.image.imread(io.BytesIO(base64.b64decode(t))) for t in (old, new))
    if first.shape != second.shape:
        return False
    return float(np.abs(first - second).mean()) <= TOLERANCE


def _picture(output: dict[str, Any]) -> str:
    value = output.get("data", {}).get("image/png", "")
    return value if isinstance(value, str) else "".join(value)


def _without_picture(output: dict[str, Any]) -> dict[str, Any]:
    data = {mime: value for mime, value in output["data"].items() if mime != "image/png"}
    return {**output, "data": data}
