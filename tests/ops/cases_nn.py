"""Rows of the table: linear algebra and the parts of networks."""

import numpy as np
from op_cases import CUBE, INVERTIBLE, SYMMETRIC, X, Y, case, sigmoid, softmax, spread

import minitf as tf

# ------------------------------------------------------------ linear algebra

case("matmul", tf.matmul, [X, spread(3, 2)], np.matmul)
for _a in (False, True):
    for _b in (False, True):
        case(
            f"matmul-{_a}-{_b}",
            lambda x, y, a=_a, b=_b: tf.matmul(x, y, transpose_a=a, transpose_b=b),
            [spread(3, 2) if _a else X, spread(2, 3) if _b else spread(3, 2)],
            lambda x, y, a=_a, b=_b: (x.T if a else x) @ (y.T if b else y),
        )
case("matmul-batch", tf.matmul, [spread(2, 1, 2, 3), spread(2, 3, 2)], np.matmul)
case("matvec", tf.linalg.matvec, [X, spread(3)], np.matmul)
case("matrix_transpose", tf.linalg.matrix_transpose, [CUBE], lambda x: x.swapaxes(1, 2))
case("tensordot", lambda x, y: tf.tensordot(x, y, 1), [CUBE, spread(4, 2)], None)
case(
    "tensordot-axes",
    lambda x, y: tf.tensordot(x, y, [[0, 1], [1, 0]]),
    [CUBE, spread(3, 2)],
    lambda x, y: np.tensordot(x, y, [[0, 1], [1, 0]]),
)
for _equation, _shapes in {
    "ij,jk->ik": ((2, 3), (3, 2)),
    "ij->ji": ((2, 3),),
    "ij->": ((2, 3),),
    "ij,ij->i": ((2, 3), (2, 3)),
    "bij,bjk,k->bi": ((2, 2, 3), (2, 3, 2), (2,)),
    "ij,k->i": ((2, 3), (2,)),
    "...i,ij->...j": ((2, 2, 3), (3, 2)),
    "ij,jk": ((2, 3), (3, 2)),
}.items():
    case(
        f"einsum-{_equation}",
        lambda *x, e=_equation: tf.einsum(e, *x),
        [spread(*s) for s in _shapes],
        lambda *x, e=_equation: np.einsum(e, *x),
    )
case("diag", tf.linalg.diag, [X], lambda x: np.stack([np.diag(r) for r in x]))
case("diag_part", tf.linalg.diag_part, [CUBE], lambda x: np.stack([np.diag(m) for m in x]))
case("trace", tf.linalg.trace, [INVERTIBLE], np.trace)
case("band_part", lambda x: tf.linalg.band_part(x, -1, 0), [INVERTIBLE], np.tril)
case("logdet", tf.linalg.logdet, [SYMMETRIC], lambda a: np.linalg.slogdet(a)[1])
case("det", tf.linalg.det, [INVERTIBLE], np.linalg.det)
case("det-batch", tf.linalg.det, [np.stack([INVERTIBLE, SYMMETRIC])], np.linalg.det, order=1)
case("inv", tf.linalg.inv, [INVERTIBLE], np.linalg.inv)
case("solve", tf.linalg.solve, [INVERTIBLE, spread(3, 2)], np.linalg.solve)
case(
    "cholesky",
    lambda x: tf.linalg.cholesky((x + tf.linalg.matrix_transpose(x)) / 2.0),
    [SYMMETRIC],
    np.linalg.cholesky,
)
case("l2_normalize", lambda x: tf.math.l2_normalize(x, axis=1), [X], None)

# ------------------------------------------------------------ networks

case("softmax", tf.nn.softmax, [X], softmax)
case("softmax-axis0", lambda x: tf.nn.softmax(x, axis=0), [X], lambda x: softmax(x, 0))
case("log_softmax", tf.nn.log_softmax, [X], lambda x: np.log(softmax(x)))
LABELS = np.array([2, 0])
case(
    "sparse_cross_entropy",
    lambda z: tf.nn.sparse_softmax_cross_entropy_with_logits(LABELS, z),
    [X],
    lambda z: -np.log(softmax(z))[[0, 1], LABELS],
)
SOFT = softmax(Y)
case(
    "cross_entropy",
    lambda z: tf.nn.softmax_cross_entropy_with_logits(tf.constant(SOFT, z.dtype), z),
    [X],
    lambda z: -(SOFT * np.log(softmax(z))).sum(-1),
)
case(
    "cross_entropy-labels",
    lambda p: tf.nn.softmax_cross_entropy_with_logits(p, tf.constant(X, p.dtype)),
    [SOFT],
    lambda p: -(p * np.log(softmax(X))).sum(-1),
)
case(
    "cross_entropy-axis0",
    lambda z: tf.nn.softmax_cross_entropy_with_logits(
        tf.constant(softmax(Y, 0), z.dtype), z, axis=0
    ),
    [X],
    lambda z: -(softmax(Y, 0) * np.log(softmax(z, 0))).sum(0),
)
case(
    "binary_cross_entropy",
    lambda p, z: tf.nn.sigmoid_cross_entropy_with_logits(p, z),
    [sigmoid(Y), X],
    lambda p, z: -p * np.log(sigmoid(z)) - (1 - p) * np.log(1 - sigmoid(z)),
)
case("l2_loss", tf.nn.l2_loss, [X], lambda x: (x**2).sum() / 2)
case("bias_add", tf.nn.bias_add, [X, spread(3)], np.add)
case(
    "batch_normalization",
    lambda x, m, v, b, s: tf.nn.batch_normalization(x, m, v, b, s, 0.01),
    [X, spread(3), np.abs(spread(3)), spread(3), spread(3)],
    lambda x, m, v, b, s: s * (x - m) / np.sqrt(v + 0.01) + b,
)
for _padding in ("VALID", "SAME"):
    for _stride in (1, 2):
        case(
            f"conv2d-{_padding}-{_stride}",
            lambda x, k, p=_padding, s=_stride: tf.nn.conv2d(x, k, s, p),
            [spread(1, 4, 3, 2), spread(2, 3, 2, 2)],
            lambda x, k, p=_padding, s=_stride: slow_conv2d(x, k, p, s),
        )
        case(
            f"max_pool-{_padding}-{_stride}",
            lambda x, p=_padding, s=_stride: tf.nn.max_pool2d(x, 2, s, p),
            [spread(1, 4, 3, 2)],
            lambda x, p=_padding, s=_stride: slow_pool(np.nanmax, x, p, s),
        )
        case(
            f"avg_pool-{_padding}-{_stride}",
            lambda x, p=_padding, s=_stride: tf.nn.avg_pool2d(x, 2, s, p),
            [spread(1, 4, 3, 2)],
            lambda x, p=_padding, s=_stride: slow_pool(np.nanmean, x, p, s),
        )
case(
    "conv2d-dilated",
    lambda x, k: tf.nn.conv2d(x, k, 1, "VALID", dilations=2),
    [spread(1, 4, 4, 1), spread(2, 2, 1, 1)],
    lambda x, k: sum(
        k[i, j] * x[:, 2 * i : 2 * i + 2, 2 * j : 2 * j + 2] for i in (0, 1) for j in (0, 1)
    ),
)
case("clip_by_norm", lambda x: tf.clip_by_norm(x, 1.0), [X], lambda x: x / np.linalg.norm(x))
case("clip_by_norm-short", lambda x: tf.clip_by_norm(x, 9.0), [X], lambda x: x)
case(
    "clip_by_global_norm",
    lambda x, y: tf.clip_by_global_norm([x, y], 1.0)[0][1],
    [X, Y],
    lambda x, y: y / np.sqrt((x**2).sum() + (y**2).sum()),
)


def slow_windows(x, size, padding, stride):
    """Every window of x, cut out one by one, with nan for what lies outside."""
    n, h, w, c = x.shape
    if padding == "SAME":
        out = -(-h // stride), -(-w // stride)
        missing = [
            max((o - 1) * stride + k - m, 0) for o, k, m in zip(out, size, (h, w), strict=True)
        ]
        before = [m // 2 for m in missing]
    else:
        out = (h - size[0]) // stride + 1, (w - size[1]) // stride + 1
        before = [0, 0]
    big = np.full((n, h + 9, w + 9, c), np.nan)
    big[:, before[0] : before[0] + h, before[1] : before[1] + w] = x
    for i in range(out[0]):
        for j in range(out[1]):
            top, left = i * stride, j * stride
            yield (i, j), out, big[:, top : top + size[0], left : left + size[1]]


def slow_conv2d(x, k, padding, stride):
    result = None
    for (i, j), out, window in slow_windows(x, k.shape[:2], padding, stride):
        result = np.zeros((len(x), *out, k.shape[-1])) if result is None else result
        result[:, i, j] = np.einsum("nhwc,hwco->no", np.nan_to_num(window), k)
    return result


def slow_pool(reduce, x, padding, stride):
    result = None
    for (i, j), out, window in slow_windows(x, (2, 2), padding, stride):
        result = np.zeros((len(x), *out, x.shape[-1])) if result is None else result
        result[:, i, j] = reduce(window, axis=(1, 2))
    return result
