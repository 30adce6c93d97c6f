"""Every fused kernel computes what the operations it stands for compute."""

import numpy as np
import pytest

import minitf as tf
from minitf.kernels.chain import BLOCK, Chain, run_chain
from minitf.kernels.conv_pool import conv_pool, conv_pool_grad, grad_workspace, workspace
from minitf.kernels.cross_entropy_with_gradient import cross_entropy_with_gradient
from minitf.kernels.elementwise import FUNCTIONS
from minitf.kernels.matmul_bias import matmul_bias
from minitf.ops.windows import frame_of
from minitf.registry import find


def random(seed=0):
    return np.random.default_rng(seed)


@pytest.mark.parametrize("name", sorted(FUNCTIONS))
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_an_elementwise_function_equals_its_kernel(name, dtype):
    op, count = find(name), FUNCTIONS[name]
    x = random().uniform(0.1, 3.0, (7, 5)).astype(dtype)
    y = random(1).uniform(-2.0, 3.0, (7, 5)).astype(dtype)
    inputs = (x, y) if op.same_dtype else (x,)
    if name in ("Neg", "Abs", "Tanh", "Sigmoid", "Relu", "Exp", "Sin", "Square"):
        inputs = (y * 20,)
    expected = op.kernel(*inputs)
    assert expected.dtype == dtype
    out = np.empty_like(expected)
    assert count(*inputs, out) is out
    np.testing.assert_allclose(out, expected, rtol=1e-6)
    in_place = inputs[0].copy()
    FUNCTIONS[name](in_place, *inputs[1:], in_place)
    np.testing.assert_array_equal(in_place, out, err_msg="the result may replace the first input")
    if len(inputs) == 2:
        in_place = inputs[1].copy()
        FUNCTIONS[name](inputs[0], in_place, in_place)
        np.testing.assert_array_equal(in_place, out, err_msg="or the second one")


@pytest.mark.parametrize("transpose_a", [False, True])
@pytest.mark.parametrize("transpose_b", [False, True])
@pytest.mark.parametrize("relu", [False, True])
def test_product_bias_and_relu(transpose_a, transpose_b, relu):
    a, b = random().standard_normal((4, 3)), random(1).standard_normal((3, 5))
    bias = random(2).standard_normal(5)
    expected = np.maximum(a @ b + bias, 0) if relu else a @ b + bias
    a, b = a.T.copy() if transpose_a else a, b.T.copy() if transpose_b else b
    out = np.empty((4, 5))
    found = matmul_bias(a, b, bias, transpose_a, transpose_b, relu, out=out)
    assert found is out
    np.testing.assert_allclose(out, expected)


def test_cross_entropy_and_its_gradient():
    logits = random().standard_normal((6, 4)).astype(np.float32) * 30
    labels = np.array([0, 3, 1, 1, 2, 0], np.int32)
    upstream = random(1).standard_normal(6).astype(np.float32)
    losses, gradient = cross_entropy_with_gradient(logits, labels, upstream)
    expected = find("SparseSoftmaxCrossEntropyWithLogits").kernel(logits, labels)
    np.testing.assert_allclose(losses, expected, rtol=1e-6)
    expected = find("SparseSoftmaxCrossEntropyGrad").kernel(logits, labels, upstream)
    np.testing.assert_allclose(gradient, expected, rtol=1e-6, atol=1e-7)


@pytest.mark.parametrize("label", [-1, 4])
def test_cross_entropy_explains_a_label_out_of_range(label):
    logits, labels = np.zeros((2, 4), np.float32), np.array([0, label])
    with pytest.raises(tf.errors.InvalidArgumentError, match=f"label value of {label}"):
        cross_entropy_with_gradient(logits, labels, np.ones(2, np.float32))


@pytest.mark.parametrize("size", [BLOCK - 1, BLOCK, 2 * BLOCK + 5, 10])
def test_a_chain_in_blocks(size):
    x, y = random().standard_normal((2, size))
    steps = [
        (FUNCTIONS["Mul"], (0, 0)),  # 3
        (FUNCTIONS["AddV2"], (3, 2)),  # 4
        (None, (4,)),  # 5: the sum of 4
        (FUNCTIONS["Neg"], (4,)),  # 6
        (FUNCTIONS["Exp"], (6,)),  # 7
        (FUNCTIONS["Mul"], (7, 1)),  # 8
    ]
    names = ("Mul", "AddV2", "Sum", "Neg", "Exp", "Mul")
    chain = Chain((size,), x.dtype, (False, False, True), steps, (5, 8, 3), names)
    total, product, square = run_chain(x, y, np.float64(0.5), chain=chain)
    np.testing.assert_allclose(total, (x * x + 0.5).sum())
    np.testing.assert_allclose(product, np.exp(-(x * x + 0.5)) * y)
    np.testing.assert_array_equal(square, x * x)
    out = np.empty(size)
    _, given, _ = run_chain(x, y, np.float64(0.5), chain=chain, out=(None, out, None))
    assert np.shares_memory(given, out)
    np.testing.assert_array_equal(given, product)


CONVOLUTIONS = {
    "valid": ((5, 8, 10, 3), (3, 3), "VALID"),
    "valid-odd": ((3, 9, 7, 2), (3, 3), "VALID"),
    "same": ((4, 8, 6, 2), (3, 3), "SAME"),
    "same-5x5": ((4, 8, 8, 1), (5, 5), "SAME"),
    "even-kernel": ((2, 6, 8, 3), (2, 4), "SAME"),
    "1x1": ((2, 4, 4, 3), (1, 1), "VALID"),
}


@pytest.mark.parametrize("name", CONVOLUTIONS)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_convolution_with_pooling_forward_and_back(name, dtype):
    shape, ksize, padding = CONVOLUTIONS[name]
    x = random().standard_normal(shape).astype(dtype)
    x[:, : shape[1] // 2] = 0  # equal windows: the first one gets the gradient
    kernel = random(1).standard_normal((*ksize, shape[3], 4)).astype(dtype)
    bias = np.array([0.5, -0.5, 1.0, 0.0], dtype)
    sources = [tf.constant(v) for v in (x, kernel, bias)]
    with tf.GradientTape() as tape:
        tape.watch(sources)
        conv = tf.nn.conv2d(sources[0], sources[1], 1, padding) + sources[2]
        y = tf.nn.max_pool2d(tf.nn.relu(conv), 2, 2, "VALID")
        upstream = random(2).standard_normal(y.shape).astype(dtype)
        target = tf.reduce_sum(y * upstream)
    by_x, by_kernel, by_bias = (g.numpy() for g in tape.gradient(target, sources))

    frame, pooled = frame_of(shape, ksize, (1, 1), padding), tuple(y.shape[1:3])
    shapes = workspace(kernel.shape, frame, pooled, x.dtype)
    out = tuple(np.full(shape, 9, dtype) for shape, dtype in shapes)
    found, patches, winners, _ = conv_pool(x, kernel, bias, frame, pooled, out=out)
    close = {"rtol": 1e-4, "atol": 1e-4} if dtype is np.float32 else {"atol": 1e-12}
    assert found.shape == y.shape
    np.testing.assert_allclose(found, y.numpy(), **close)

    shapes = grad_workspace(kernel.shape, frame, pooled, x.dtype, True)
    out = tuple(np.full(shape, 9, dtype) for shape, dtype in shapes)
    given = (upstream, found, patches, winners, kernel, frame)
    grad_kernel, grad_bias, grad_x, *_ = conv_pool_grad(*given, with_input=True, out=out)
    np.testing.assert_allclose(grad_kernel, by_kernel, **close)
    np.testing.assert_allclose(grad_bias, by_bias, **close)
    np.testing.assert_allclose(grad_x, by_x, **close)
    grad_kernel, grad_bias, *_ = conv_pool_grad(*given, with_input=False)
    np.testing.assert_allclose(grad_kernel, by_kernel, **close)
