"""Exercise ch13.vjp_conv2d: back through windows and one product."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from minitf.course.checks.mnist.shared import differences
from minitf.course.registry import Exercise, Mutant, Probe
from minitf.course.workbench import KERNELS, cut_windows, paste_windows

CONV = KERNELS["conv2d"]


def probe_vjp_conv2d(rng: np.random.Generator) -> Iterator[Probe]:
    """One window by hand; then batches, channels, both paddings, against differences."""
    x = np.array([[1.0, 2.0], [3.0, 4.0]])[None, :, :, None]
    kernel = np.array([[10.0, 20.0], [30.0, 40.0]])[:, :, None, None]
    by_hand = (2 * kernel.reshape(x.shape), 2 * x.reshape(kernel.shape))
    upstream = np.array([[[[2.0]]]])
    yield _probe("one window of 2 × 2, upstream 2", x, kernel, upstream, "VALID", by_hand)
    cases = (
        ((1, 5, 5, 1), (3, 3, 1, 1), "SAME"),
        ((2, 4, 5, 2), (3, 3, 2, 3), "SAME"),
        ((2, 4, 5, 2), (3, 3, 2, 3), "VALID"),
        ((1, 3, 4, 2), (1, 1, 2, 2), "SAME"),
    )
    for shape, window, padding in cases:
        x, kernel = rng.normal(size=shape).round(2), rng.normal(size=window).round(2)
        upstream = rng.normal(size=CONV(x, kernel, padding).shape).round(2)
        expected = tuple(differences(CONV, [x, kernel], upstream, padding=padding))
        about = f"pictures {shape}, kernel {window}, {padding}"
        yield _probe(about, x, kernel, upstream, padding, expected, window[0] == 1)


def _probe(
    about: str, x: np.ndarray, kernel: np.ndarray, upstream: np.ndarray, padding: str,
    expected: tuple, edge: bool = False,
) -> Probe:  # fmt: skip
    args = (upstream, (x, kernel), CONV(x, kernel, padding))
    likely = "item 0 is for the pictures, item 1 for the kernel. Which side of A @ B is each from?"
    return Probe(f"vjp_conv2d: {about}", args, expected, {"padding": padding}, rtol=1e-5,
                 atol=1e-7, edge=edge, likely=likely)  # fmt: skip


def _right(upstream: np.ndarray, inputs: tuple, padding: str) -> tuple[np.ndarray, np.ndarray]:
    x, kernel = inputs
    size, _, _, filters = kernel.shape
    to_windows = upstream @ kernel.reshape(-1, filters).T
    to_kernel = np.tensordot(cut_windows(x, size, padding), upstream, axes=([0, 1, 2], [0, 1, 2]))
    return paste_windows(to_windows, x.shape, size, padding), to_kernel.reshape(kernel.shape)


def conv_swapped(upstream, inputs, output, padding="SAME"):
    return _right(upstream, inputs, padding)[::-1]


def conv_same_always(upstream, inputs, output, padding="SAME"):
    return _right(upstream, inputs, "SAME")


def conv_flat_kernel(upstream, inputs, output, padding="SAME"):
    to_x, to_kernel = _right(upstream, inputs, padding)
    return to_x, to_kernel.reshape(-1, to_kernel.shape[-1])


def conv_windows_not_pasted(upstream, inputs, output, padding="SAME"):
    kernel = inputs[1]
    to_windows = upstream @ kernel.reshape(-1, kernel.shape[3]).T
    return to_windows, _right(upstream, inputs, padding)[1]


def conv_all_axes_turned(upstream, inputs, output, padding="SAME"):
    x, kernel = inputs
    to_kernel = cut_windows(x, len(kernel), padding).T @ upstream
    return _right(upstream, inputs, padding)[0], to_kernel.reshape(kernel.shape)


def conv_product_per_row(upstream, inputs, output, padding="SAME"):
    x, kernel = inputs
    windows = cut_windows(x, len(kernel), padding)
    return _right(upstream, inputs, padding)[0], windows.swapaxes(-1, -2) @ upstream


def conv_filters_first(upstream, inputs, output, padding="SAME"):
    x, kernel = inputs
    to_windows = upstream @ kernel.reshape(kernel.shape[3], -1)
    to_x = paste_windows(to_windows, x.shape, len(kernel), padding)
    return to_x, _right(upstream, inputs, padding)[1]


def conv_product_turned(upstream, inputs, output, padding="SAME"):
    to_x, to_kernel = _right(upstream, inputs, padding)
    flat = to_kernel.reshape(-1, to_kernel.shape[-1])
    return to_x, flat.T.reshape(to_kernel.shape)


def conv_kernel_of_first_picture(upstream, inputs, output, padding="SAME"):
    x, kernel = inputs
    to_kernel = _right(upstream[:1], (x[:1], kernel), padding)[1]
    return _right(upstream, inputs, padding)[0], to_kernel


def conv_mean_of_pictures(upstream, inputs, output, padding="SAME"):
    to_x, to_kernel = _right(upstream, inputs, padding)
    return to_x, to_kernel / len(upstream)


def conv_ignores_upstream(upstream, inputs, output, padding="SAME"):
    return _right(np.ones_like(upstream), inputs, padding)


def conv_not_turned(upstream, inputs, output, padding="SAME"):
    x, kernel = inputs
    to_x = CONV(upstream, kernel.swapaxes(2, 3), "SAME")
    return to_x, _right(upstream, inputs, padding)[1]


def conv_kernel_ones(upstream, inputs, output, padding="SAME"):
    x, kernel = inputs
    plain = upstream.sum(axis=(0, 1, 2)) * np.ones_like(kernel)
    return _right(upstream, inputs, padding)[0], plain


def conv_other_style(upstream, inputs, output, padding="SAME"):
    x, kernel = inputs
    size = len(kernel)
    before = (size - 1) // 2 if padding == "SAME" else 0
    after = size - 1 - before if padding == "SAME" else 0
    n, height, width, channels = x.shape
    padded = np.pad(x, ((0, 0), (before, after), (before, after), (0, 0)))
    to_x, to_kernel = np.zeros_like(padded), np.zeros_like(kernel)
    rows, columns = upstream.shape[1:3]
    for i in range(size):
        for j in range(size):
            seen = slice(None), slice(i, i + rows), slice(j, j + columns)
            to_x[seen] += upstream @ kernel[i, j].T
            to_kernel[i, j] = np.einsum("nhwc,nhwf->cf", padded[seen], upstream)
    return to_x[:, before : before + height, before : before + width], to_kernel


VJP_CONV2D = Exercise(
    id="ch13.vjp_conv2d",
    title="Back through the windows",
    names=("vjp_conv2d",),
    points=3,
    minutes=12,
    difficulty=4,
    importance=4,
    probes=probe_vjp_conv2d,
    hints=(
        "Forward there are two steps: cut windows, then a product with the flat kernel. Walk them "
        "in reverse: first the rule of the product, then the way back of the cutting.",
        "output = A @ B, so A gets upstream @ B.T, and paste_windows takes that to the pictures. B "
        "gets A.T @ upstream; for this product bring both to two axes first, one window per row: "
        "A.reshape(-1, A.shape[-1]) and upstream.reshape(-1, filters).",
        "B = kernel.reshape(-1, filters); A = cut_windows(x, size, padding).reshape(-1, len(B)). "
        "to_kernel = (A.T @ upstream.reshape(-1, filters)).reshape(kernel.shape); to_x = "
        "paste_windows(upstream @ B.T, x.shape, size, padding).",
    ),
    mutants=(
        Mutant(
            "swapped",
            conv_swapped,
            "the order is that of the inputs: first the pictures' gradient, then the kernel's.",
        ),
        Mutant(
            "same_always",
            conv_same_always,
            'with padding="VALID" there are fewer windows: pass padding on to cut and paste.',
        ),
        Mutant(
            "flat_kernel",
            conv_flat_kernel,
            "the kernel's gradient is still flat: bring it back with reshape(kernel.shape).",
        ),
        Mutant(
            "windows_not_pasted",
            conv_windows_not_pasted,
            "that is the gradient of the windows. paste_windows adds it up, pixel by pixel.",
        ),
        Mutant(
            "all_axes_turned",
            conv_all_axes_turned,
            "`.T` turns all four axes round. One window per row first: A.reshape(-1, A.shape[-1]), "
            "and upstream likewise.",
        ),
        Mutant(
            "product_per_row",
            conv_product_per_row,
            "with four axes @ makes one product per row of windows. All windows share the kernel: "
            "bring both to two axes first, A.reshape(-1, A.shape[-1]).",
        ),
        Mutant(
            "filters_first",
            conv_filters_first,
            "reshape does not turn anything: kernel.reshape(-1, filters) first, then .T.",
        ),
        Mutant(
            "product_turned",
            conv_product_turned,
            "that is the kernel's gradient lying on its side: A.T @ upstream, windows first.",
        ),
        Mutant(
            "kernel_of_first_picture",
            conv_kernel_of_first_picture,
            "every picture of the batch uses the kernel: its gradient adds up over all of them.",
        ),
        Mutant(
            "mean_of_pictures",
            conv_mean_of_pictures,
            "the kernel's gradient is a sum over the batch, not a mean; the loss took the mean.",
        ),
        Mutant(
            "ignores_upstream",
            conv_ignores_upstream,
            "the upstream is missing: it has one number per window and filter.",
        ),
        Mutant(
            "not_turned",
            conv_not_turned,
            "sliding the kernel over upstream needs it turned by 180°. Pasting needs no trick.",
        ),
        Mutant(
            "kernel_ones",
            conv_kernel_ones,
            "the kernel's gradient must know the pixels: the windows, transposed, times upstream.",
        ),
    ),
    alternatives=(conv_other_style,),
    meaning="One matrix product with a clever copy before it: the rule of matmul, and the copy "
    "backwards, is all a convolution needs.",
)
