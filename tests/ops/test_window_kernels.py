"""The fast kernels of convolution, pooling and bias against the textbook's loops."""

import itertools

import numpy as np
import pytest

import minitf as tf
from minitf.ops import conv, normalization, pooling, reductions
from minitf.ops.windows import frame_of

SIZES = [(1, 5, 5, 1), (2, 6, 7, 3), (3, 9, 4, 8), (2, 7, 8, 16), (1, 1, 6, 5)]
WINDOWS = [(1, 1), (2, 2), (3, 3), (1, 3), (3, 2)]
STEPS = [(1, 1), (2, 2), (3, 3), (2, 1), (1, 3)]


def frames(dilated=False):
    """Every combination that fits."""
    gaps = [(1, 1), (2, 1), (1, 2)] if dilated else [(1, 1)]
    for shape, size, step, gap, padding in itertools.product(
        SIZES, WINDOWS, STEPS, gaps, ("VALID", "SAME")
    ):
        try:
            yield frame_of(shape, size, step, padding, gap)
        except tf.errors.InvalidArgumentError:
            continue  # the window is larger than the picture


def windows_of(x, frame, outside=0.0):
    """((n, row, column), (list of places in the padded picture)) for each window, one by one."""
    pads = ((0, 0), *frame.pads, (0, 0))
    x = np.pad(x, pads, constant_values=outside)
    for n, i, j in itertools.product(range(frame.shape[0]), *map(range, frame.out)):
        rows = [i * frame.strides[0] + a * frame.dilations[0] for a in range(frame.ksize[0])]
        columns = [j * frame.strides[1] + b * frame.dilations[1] for b in range(frame.ksize[1])]
        yield (n, i, j), x, (n, *np.ix_(rows, columns))


def inside(x, frame):
    (top, _), (left, _) = frame.pads
    return x[:, top : top + frame.shape[1], left : left + frame.shape[2]]


def numbers(*shape, dtype=np.float64, ties=False, seed=0):
    random = np.random.default_rng(seed)
    values = random.integers(0, 3, shape) if ties else random.standard_normal(shape)
    return values.astype(dtype)


def plain_conv2d(x, kernel, frame):
    y = np.zeros((frame.shape[0], *frame.out, kernel.shape[-1]), x.dtype)
    for at, padded, window in windows_of(x, frame):
        y[at] = np.einsum("hwc,hwcf->f", padded[window], kernel)
    return y


def plain_conv2d_gradients(x, kernel, upstream, frame):
    dx, dk = np.zeros(frame.padded, x.dtype), np.zeros_like(kernel)
    for at, padded, window in windows_of(x, frame):
        dx[window] += kernel @ upstream[at]
        dk += padded[window][..., None] * upstream[at]
    return inside(dx, frame), dk


def plain_max_pool(x, upstream, frame):
    """The result, the gradient, and what the gradient's own gradient picks out of `upstream`."""
    y = np.zeros((frame.shape[0], *frame.out, frame.shape[3]), x.dtype)
    dx = np.zeros(frame.padded, x.dtype)
    for at, padded, window in windows_of(x, frame, outside=-np.inf):
        y[at] = padded[window].max((0, 1))
        for c in range(frame.shape[3]):
            seen = padded[window][..., c]
            a, b = np.unravel_index(seen.argmax(), seen.shape)  # the first of equal ones
            dx[window[0], window[1][a, 0], window[2][0, b], c] += upstream[(*at, c)]
    return y, inside(dx, frame)


def plain_avg_pool(x, upstream, frame):
    y = np.zeros((frame.shape[0], *frame.out, frame.shape[3]), x.dtype)
    dx = np.zeros(frame.padded, x.dtype)
    ones = np.ones(frame.shape)
    for (at, padded, window), (_, counted, _) in zip(
        windows_of(x, frame), windows_of(ones, frame), strict=True
    ):
        count = counted[window][..., 0].sum()
        y[at] = padded[window].sum((0, 1)) / count
        dx[window] += upstream[at] / count
    return y, inside(dx, frame)


def test_conv2d_and_its_gradients():
    checked = 0
    for frame in frames(dilated=True):
        x, kernel = numbers(*frame.shape), numbers(*frame.ksize, frame.shape[3], 4, seed=1)
        upstream = numbers(frame.shape[0], *frame.out, 4, seed=2)
        dx, dk = plain_conv2d_gradients(x, kernel, upstream, frame)
        np.testing.assert_allclose(conv._conv2d(x, kernel, frame), plain_conv2d(x, kernel, frame))
        np.testing.assert_allclose(conv._backprop_input(kernel, upstream, frame), dx, atol=1e-12)
        np.testing.assert_allclose(conv._backprop_filter(x, upstream, frame), dk, atol=1e-12)
        checked += 1
    assert checked > 300


@pytest.mark.parametrize("ties", [False, True])
def test_max_pool_and_its_gradients(ties):
    checked = 0
    for frame in frames():
        x = numbers(*frame.shape, ties=ties)
        upstream = numbers(frame.shape[0], *frame.out, frame.shape[3], seed=1)
        y, dx = plain_max_pool(x, upstream, frame)
        np.testing.assert_array_equal(pooling._max_pool(x, frame), y)
        got = pooling._max_pool_grad_kernel(x, y, upstream, frame)
        np.testing.assert_allclose(got, dx, atol=1e-12)
        # picking is the adjoint of spreading: <spread(u), v> = <u, pick(v)> for every v
        v = numbers(*frame.shape, seed=3)
        picked = pooling._max_pool_pick(x, y, v, frame)
        assert np.vdot(dx, v) == pytest.approx(np.vdot(upstream, picked))
        checked += 1
    assert checked > 120


def test_avg_pool_and_its_gradient():
    for frame in frames():
        x = numbers(*frame.shape)
        upstream = numbers(frame.shape[0], *frame.out, frame.shape[3], seed=1)
        y, dx = plain_avg_pool(x, upstream, frame)
        np.testing.assert_allclose(pooling._avg_pool(x, frame), y, atol=1e-12)
        got = pooling._avg_pool_grad_kernel(upstream, frame)
        np.testing.assert_allclose(got, dx, atol=1e-12)


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_kernels_keep_the_dtype(dtype):
    frame = frame_of((2, 6, 6, 4), (2, 2), (2, 2), "VALID")
    x, kernel = numbers(2, 6, 6, 4, dtype=dtype), numbers(2, 2, 4, 3, dtype=dtype)
    y = conv._conv2d(x, kernel, frame)
    pooled = pooling._max_pool(x, frame)
    results = [
        y,
        conv._backprop_input(kernel, y, frame),
        conv._backprop_filter(x, y, frame),
        pooled,
        pooling._max_pool_grad_kernel(x, pooled, pooled, frame),
        pooling._max_pool_pick(x, pooled, x, frame),
        pooling._avg_pool(x, frame),
        pooling._avg_pool_grad_kernel(pooled, frame),
        normalization._bias_add(x, x[0, 0, 0]),
    ]
    assert {result.dtype for result in results} == {np.dtype(dtype)}


def test_results_share_no_memory_with_the_picture():
    frame = frame_of((1, 3, 3, 2), (1, 1), (1, 1), "VALID")
    x = numbers(1, 3, 3, 2)
    assert not np.shares_memory(pooling._max_pool(x, frame), x)


def test_pictures_that_are_not_contiguous():
    frame = frame_of((2, 6, 7, 3), (3, 3), (1, 1), "VALID")
    x, kernel = numbers(7, 6, 3, 2).T.swapaxes(1, 3), numbers(3, 3, 3, 4, seed=1)
    assert x.shape == (2, 7, 6, 3)
    x = x.swapaxes(1, 2)
    np.testing.assert_allclose(conv._conv2d(x, kernel, frame), plain_conv2d(x, kernel, frame))
    np.testing.assert_array_equal(pooling._max_pool(x, frame), pooling._max_pool(x.copy(), frame))


@pytest.mark.parametrize("shape", [(4, 3), (2, 4, 3), (2, 3, 4, 8), (1, 2, 3, 4, 5), (0, 2, 3)])
def test_bias_add_and_the_sum_that_is_its_gradient(shape):
    value, bias = numbers(*shape), numbers(shape[-1], seed=1)
    np.testing.assert_array_equal(normalization._bias_add(value, bias), value + bias)
    axes = tuple(range(len(shape) - 1))
    for keepdims in (False, True):
        got = reductions._sum(value, axes, keepdims)
        np.testing.assert_allclose(got, value.sum(axes, keepdims=keepdims), atol=1e-12)


def test_second_order_through_conv_bias_relu_and_pool():
    x = tf.constant(numbers(2, 6, 6, 2))
    kernel, bias = tf.Variable(numbers(3, 3, 2, 3, seed=1)), tf.Variable(numbers(3, seed=2))

    def loss(kernel, bias):
        y = tf.nn.relu(tf.nn.bias_add(tf.nn.conv2d(x, kernel, 1, "SAME"), bias))
        return tf.reduce_sum(tf.nn.max_pool2d(y, 2, 2, "VALID") ** 3)

    def slope(kernel, bias):
        with tf.GradientTape() as tape:
            tape.watch([kernel, bias])
            value = loss(kernel, bias)
        d_kernel, d_bias = tape.gradient(value, [kernel, bias])
        return tf.reduce_sum(d_kernel**2) + tf.reduce_sum(d_bias**2)

    theory, numeric = tf.test.compute_gradient(
        slope, [tf.constant(kernel.numpy()), tf.constant(bias.numpy())]
    )
    for a, b in zip(theory, numeric, strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-5, atol=1e-4 * np.abs(b).max())
