"""The table of operations under test: a function, its arguments, and what NumPy says.

    case("sqrt", tf.sqrt, [POSITIVE], np.sqrt)

`test_op_cases.py` checks each row: value, dtype, gradient and gradient of the gradient.
Arguments keep away from kinks and ties; those are in `test_conventions.py`.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

import minitf as tf


@dataclass
class Case:
    name: str
    function: Callable
    args: list
    reference: Callable | None
    order: int


CASES: dict[str, Case] = {}


def case(name, function, args, reference=None, order=2):
    """Adds a row; `order` 0 has no gradient to check, 1 only the first."""
    assert name not in CASES, name
    args = [np.asarray(a, dtype=np.float64) for a in args]
    CASES[name] = Case(name, function, args, reference, order)


def spread(*shape, low=-2.0, high=2.0):
    """Distinct numbers in a scrambled order, none of them round."""
    n = int(np.prod(shape))
    steps = (np.arange(n) * 7 + 3) % n if n % 7 else np.arange(n)[::-1]
    return (low + (high - low) * (steps + 0.37) / n).reshape(shape)


X = spread(2, 3)
Y = spread(2, 3, low=0.6, high=2.5)[::-1]
POSITIVE = spread(2, 3, low=0.3, high=3.0)
UNIT = spread(2, 3, low=-0.9, high=0.9)
CUBE = spread(2, 3, 4)
INVERTIBLE = np.array([[2.0, 1.0, 0.5], [0.3, 3.0, -1.0], [1.0, -0.4, 2.5]])
SYMMETRIC = INVERTIBLE @ INVERTIBLE.T


def erf(x):
    return np.vectorize(math.erf)(x)


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def softmax(x, axis=-1):
    e = np.exp(x - x.max(axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)


# ------------------------------------------------------------ arithmetic, with broadcasting

BINARY = {
    "add": (tf.add, np.add),
    "subtract": (tf.subtract, np.subtract),
    "multiply": (tf.multiply, np.multiply),
    "divide": (tf.divide, np.divide),
    "divide_no_nan": (tf.math.divide_no_nan, np.divide),
    "multiply_no_nan": (tf.math.multiply_no_nan, np.multiply),
    "squared_difference": (tf.math.squared_difference, lambda x, y: (x - y) ** 2),
    "maximum": (tf.maximum, np.maximum),
    "minimum": (tf.minimum, np.minimum),
    "atan2": (tf.atan2, np.arctan2),
}
SHAPES = {
    "same": (X, Y),
    "row": (X, spread(3, low=0.5, high=1.7)),
    "column": (spread(3), spread(2, 1, low=0.5, high=1.7)),
    "scalar": (np.float64(0.83), Y),
    "ones": (spread(1, 3), spread(2, 1, low=0.5, high=1.7)),
    "scalars": (np.float64(-0.83), np.float64(1.31)),
}
for _name, (_function, _reference) in BINARY.items():
    for _shapes, (_x, _y) in SHAPES.items():
        case(f"{_name}-{_shapes}", _function, [_x, _y], _reference)
for _shapes, (_x, _y) in SHAPES.items():
    case(f"pow-{_shapes}", tf.pow, [np.abs(_x) + 0.2, _y], np.power)
    case(f"mod-{_shapes}", tf.math.mod, [_x, _y], np.mod)
    case(f"floordiv-{_shapes}", tf.math.floordiv, [_x, _y], np.floor_divide, order=0)
case("pow-negative-base", lambda x: x**3, [X], lambda x: x**3)
case("add_n", lambda x, y: tf.add_n([x, y, x]), [X, Y], lambda x, y: 2 * x + y)
case("python-numbers", lambda x: 2.0 - 3.0 / (1.0 + x * x), [X], lambda x: 2 - 3 / (1 + x * x))

# ------------------------------------------------------------ one argument

for _name, _function, _args, _reference in [
    ("negative", tf.negative, X, np.negative),
    ("abs", tf.abs, X, np.abs),
    ("sign", tf.sign, X, np.sign),
    ("square", tf.square, X, np.square),
    ("sqrt", tf.sqrt, POSITIVE, np.sqrt),
    ("rsqrt", tf.math.rsqrt, POSITIVE, lambda x: x**-0.5),
    ("reciprocal", tf.math.reciprocal, Y, np.reciprocal),
    ("exp", tf.exp, X, np.exp),
    ("expm1", tf.math.expm1, X, np.expm1),
    ("log", tf.math.log, POSITIVE, np.log),
    ("log1p", tf.math.log1p, POSITIVE, np.log1p),
    ("sin", tf.sin, X, np.sin),
    ("cos", tf.cos, X, np.cos),
    ("tan", tf.tan, UNIT, np.tan),
    ("asin", tf.asin, UNIT, np.arcsin),
    ("acos", tf.acos, UNIT, np.arccos),
    ("atan", tf.atan, X, np.arctan),
    ("sinh", tf.sinh, X, np.sinh),
    ("cosh", tf.cosh, X, np.cosh),
    ("tanh", tf.tanh, X, np.tanh),
    ("asinh", tf.asinh, X, np.arcsinh),
    ("acosh", tf.acosh, POSITIVE + 1, np.arccosh),
    ("atanh", tf.atanh, UNIT, np.arctanh),
    ("sigmoid", tf.sigmoid, X, sigmoid),
    ("erf", tf.math.erf, X, erf),
    ("identity", tf.identity, X, lambda x: x),
    ("relu", tf.nn.relu, X, lambda x: np.maximum(x, 0)),
    ("relu6", tf.nn.relu6, 4 * X, lambda x: np.clip(x, 0, 6)),
    ("leaky_relu", tf.nn.leaky_relu, X, lambda x: np.where(x > 0, x, 0.2 * x)),
    ("elu", tf.nn.elu, X, lambda x: np.where(x > 0, x, np.expm1(x))),
    (
        "selu",
        tf.nn.selu,
        X,
        lambda x: 1.0507009873554805 * np.where(x > 0, x, 1.6732632423543772 * np.expm1(x)),
    ),
    ("softplus", tf.nn.softplus, X, lambda x: np.log1p(np.exp(x))),
    ("softsign", tf.nn.softsign, X, lambda x: x / (1 + np.abs(x))),
    ("log_sigmoid", tf.math.log_sigmoid, X, lambda x: np.log(sigmoid(x))),
    ("swish", tf.nn.swish, X, lambda x: x * sigmoid(x)),
    ("gelu", tf.nn.gelu, X, lambda x: x * (1 + erf(x / np.sqrt(2))) / 2),
]:
    case(_name, _function, [_args], _reference)
    case(f"{_name}-scalar", _function, [_args[0, 1]], _reference)
case(
    "gelu-tanh",
    lambda x: tf.nn.gelu(x, approximate=True),
    [X],
    lambda x: 0.5 * x * (1 + np.tanh(np.sqrt(2 / np.pi) * (x + 0.044715 * x**3))),
)
case("round", tf.round, [X], np.round, order=0)
case("floor", tf.math.floor, [X], np.floor, order=0)
case("ceil", tf.math.ceil, [X], np.ceil, order=0)
case("clip_by_value", lambda x: tf.clip_by_value(x, -1.0, 1.1), [X], lambda x: np.clip(x, -1, 1.1))
MASK = X > 0.2
case("where", lambda x, y: tf.where(MASK, x, y), [X, Y], lambda x, y: np.where(MASK, x, y))
case(
    "where-broadcast",
    lambda x, y: tf.where(MASK, x, y),
    [spread(3), np.float64(0.4)],
    lambda x, y: np.where(MASK, x, y),
)
case("cast", lambda x: tf.cast(tf.cast(x, tf.float64), x.dtype), [X], lambda x: x)

# ------------------------------------------------------------ reductions

for _name, _function, _reference in [
    ("sum", tf.reduce_sum, np.sum),
    ("mean", tf.reduce_mean, np.mean),
    ("prod", tf.reduce_prod, np.prod),
    ("max", tf.reduce_max, np.max),
    ("min", tf.reduce_min, np.min),
    ("variance", tf.math.reduce_variance, np.var),
    ("std", tf.math.reduce_std, np.std),
]:
    for _axis in (None, 0, -1, (0, 2), (1, 2)):
        for _keep in (False, True) if _axis in (0, (1, 2)) else (False,):
            case(
                f"reduce_{_name}-{_axis}-{_keep}",
                lambda x, f=_function, a=_axis, k=_keep: f(x, axis=a, keepdims=k),
                [spread(2, 3, 2)],
                lambda x, f=_reference, a=_axis, k=_keep: f(x, axis=a, keepdims=k),
            )
case("reduce_prod-zero", tf.reduce_prod, [[2.0, 0.0, 3.0]], np.prod, order=1)
case("reduce_prod-two-zeros", tf.reduce_prod, [[2.0, 0.0, 0.0]], np.prod, order=1)
case(
    "logsumexp",
    lambda x: tf.reduce_logsumexp(x, axis=1),
    [X],
    lambda x: np.log(np.exp(x).sum(1)),
)
case("norm", tf.norm, [X], np.linalg.norm)
case("norm-rows", lambda x: tf.norm(x, axis=1), [X], lambda x: np.linalg.norm(x, axis=1))
case("norm-1", lambda x: tf.norm(x, ord=1), [X], lambda x: np.abs(x).sum())
case("norm-3", lambda x: tf.norm(x, ord=3), [X], lambda x: (np.abs(x) ** 3).sum() ** (1 / 3))
case("norm-inf", lambda x: tf.norm(x, ord=np.inf), [X], lambda x: np.abs(x).max())
case(
    "moments",
    lambda x: tf.concat([m[None] for m in tf.nn.moments(x, axes=[0])], 0),
    [X],
    lambda x: np.stack([x.mean(0), x.var(0)]),
)
for _flags in [(False, False), (True, False), (False, True), (True, True)]:
    case(
        f"cumsum-{_flags}",
        lambda x, f=_flags: tf.cumsum(x, axis=1, exclusive=f[0], reverse=f[1]),
        [X],
        lambda x, f=_flags: running(np.cumsum, 0, x, *f),
    )
    case(
        f"cumprod-{_flags}",
        lambda x, f=_flags: tf.math.cumprod(x, axis=1, exclusive=f[0], reverse=f[1]),
        [Y],
        lambda x, f=_flags: running(np.cumprod, 1, x, *f),
    )


def running(function, start, x, exclusive, reverse):
    x = x[:, ::-1] if reverse else x
    out = function(x, axis=1)
    if exclusive:
        out = np.concatenate([np.full((len(x), 1), start), out[:, :-1]], axis=1)
    return out[:, ::-1] if reverse else out


# ------------------------------------------------------------ shapes and places

case("reshape", lambda x: tf.reshape(x, [3, -1]), [X], lambda x: x.reshape(3, -1))
case("transpose", tf.transpose, [CUBE], np.transpose)
case(
    "transpose-perm",
    lambda x: tf.transpose(x, [1, 2, 0]),
    [CUBE],
    lambda x: x.transpose(1, 2, 0),
)
case("expand_dims", lambda x: tf.expand_dims(x, 1), [X], lambda x: x[:, None])
case("squeeze", lambda x: tf.squeeze(x[:, None]), [X], lambda x: x)
case("broadcast_to", lambda x: tf.broadcast_to(x, [2, 4, 3]), [spread(4, 1)], None)
case("stack", lambda x, y: tf.stack([x, y], axis=1), [X, Y], lambda x, y: np.stack([x, y], 1))
case("unstack", lambda x: tf.unstack(x, axis=1)[1], [X], lambda x: x[:, 1])
case(
    "concat",
    lambda x, y: tf.concat([x, y, x], axis=-1),
    [X, spread(2, 1)],
    lambda x, y: np.concatenate([x, y, x], -1),
)
case("split", lambda x: tf.split(x, 3, axis=1)[2], [X], lambda x: x[:, 2:])
case("split-sizes", lambda x: tf.split(x, [1, -1], axis=1)[1], [X], lambda x: x[:, 1:])
case("tile", lambda x: tf.tile(x, [2, 3]), [X], lambda x: np.tile(x, [2, 3]))
case("repeat", lambda x: tf.repeat(x, 2), [X], lambda x: np.repeat(x, 2))
case(
    "repeat-counts",
    lambda x: tf.repeat(x, [1, 0, 2], axis=1),
    [X],
    lambda x: np.repeat(x, [1, 0, 2], axis=1),
)
case(
    "pad",
    lambda x: tf.pad(x, [[1, 0], [0, 2]], constant_values=5.0),
    [X],
    lambda x: np.pad(x, [[1, 0], [0, 2]], constant_values=5.0),
)
for _mode in ("reflect", "symmetric"):
    case(
        f"pad-{_mode}",
        lambda x, m=_mode: tf.pad(x, [[1, 0], [1, 2]], mode=m),
        [X],
        lambda x, m=_mode: np.pad(x, [[1, 0], [1, 2]], mode=m),
    )
case("reverse", lambda x: tf.reverse(x, [1]), [X], lambda x: x[:, ::-1])
case(
    "roll",
    lambda x: tf.roll(x, [1, -1], [0, 1]),
    [X],
    lambda x: np.roll(x, [1, -1], [0, 1]),
)
for _name, _key in {
    "int": 1,
    "negative": -1,
    "pair": (1, 2),
    "slice": np.s_[:, 1:],
    "step": np.s_[::2, ::-1],
    "newaxis": np.s_[:, None, 0],
    "ellipsis": np.s_[..., -2],
}.items():
    case(f"slice-{_name}", lambda x, k=_key: x[k], [CUBE], lambda x, k=_key: x[k])
case("tf.slice", lambda x: tf.slice(x, [0, 1], [2, -1]), [X], lambda x: x[0:2, 1:])
case("gather", lambda x: tf.gather(x, [2, 0, 2]), [CUBE[0]], lambda x: x[[2, 0, 2]])
case(
    "gather-axis",
    lambda x: tf.gather(x, [[2, 0], [1, 2]], axis=1),
    [CUBE],
    lambda x: np.take(x, [[2, 0], [1, 2]], axis=1),
)
case(
    "gather-batch",
    lambda x: tf.gather(x, [[2, 0], [1, 1]], axis=1, batch_dims=1),
    [X],
    lambda x: np.take_along_axis(x, np.array([[2, 0], [1, 1]]), 1),
)
case(
    "gather_nd",
    lambda x: tf.gather_nd(x, [[0, 1], [1, 2], [0, 1]]),
    [CUBE],
    lambda x: x[[0, 1, 0], [1, 2, 1]],
)
case(
    "scatter_nd",
    lambda u: tf.scatter_nd([[2], [0], [2]], u, [4, 2]),
    [spread(3, 2)],
    lambda u: np.stack([u[1], 0 * u[0], u[0] + u[2], 0 * u[0]]),
)
case(
    "scatter_update",
    lambda x, u: tf.tensor_scatter_nd_update(x, [[0, 1], [1, 2]], u),
    [X, spread(2)],
    lambda x, u: np.array([[x[0, 0], u[0], x[0, 2]], [x[1, 0], x[1, 1], u[1]]]),
)
case(
    "scatter_add",
    lambda x, u: tf.tensor_scatter_nd_add(x, [[1], [1]], u),
    [X, spread(2, 3)],
    lambda x, u: np.array([x[0], x[1] + u[0] + u[1]]),
)
case(
    "unsorted_segment_sum",
    lambda x: tf.math.unsorted_segment_sum(x, [1, -1, 1], 3),
    [CUBE[0]],
    lambda x: np.stack([0 * x[0], x[0] + x[2], 0 * x[0]]),
)
case("boolean_mask", lambda x: tf.boolean_mask(x, MASK), [X], lambda x: x[MASK])
case("boolean_mask-index", lambda x: x[tf.constant(MASK)], [X], lambda x: x[MASK])
case(
    "boolean_mask-axis",
    lambda x: tf.boolean_mask(x, [True, False, True], axis=1),
    [X],
    lambda x: x[:, [0, 2]],
)
case("embedding_lookup", lambda x: tf.nn.embedding_lookup(x, [1, 1]), [X], lambda x: x[[1, 1]])
case("sort", lambda x: tf.sort(x, axis=0), [CUBE], lambda x: np.sort(x, axis=0))
case(
    "sort-down",
    lambda x: tf.sort(x, direction="DESCENDING"),
    [X],
    lambda x: -np.sort(-x, axis=-1),
)
case("top_k", lambda x: tf.math.top_k(x, 2).values, [X], lambda x: -np.sort(-x, -1)[:, :2])
case("meshgrid", lambda x, y: tf.meshgrid(x, y)[1], [spread(3), spread(2)], None)

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
