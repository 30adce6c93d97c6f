"""Compacted PNGs look the same and are smaller."""

import io

import numpy as np
import pytest

from minitf.viz.png import compact

Image = pytest.importorskip("PIL.Image")


def png_of(pixels):
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, "PNG")
    return out.getvalue()


def test_a_drawing_with_soft_edges_keeps_its_look_and_shrinks():
    y, x = np.mgrid[0:200, 0:300]
    grey = np.clip(np.abs(np.hypot(x - 150, y - 100) - 80) * 64, 0, 255).astype(np.uint8)
    png = png_of(np.dstack([grey, grey, np.full_like(grey, 200), np.full_like(grey, 255)]))
    small = compact(png)
    assert len(small) < len(png)
    before = np.asarray(Image.open(io.BytesIO(png)).convert("RGB")).astype(int)
    after = np.asarray(Image.open(io.BytesIO(small)).convert("RGB")).astype(int)
    assert before.shape == after.shape
    assert np.abs(before - after).mean() < 2


def test_transparent_paper_becomes_white():
    small = compact(png_of(np.zeros((8, 8, 4), np.uint8)))
    assert np.asarray(Image.open(io.BytesIO(small)).convert("RGB")).min() == 255
