"""Rows of the table: arithmetic, functions of one argument, reductions."""

import numpy as np
from op_cases import MASK, POSITIVE, UNIT, X, Y, case, erf, sigmoid, spread

import minitf as tf

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
    ("conj", tf.math.conj, X, np.conjugate),
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


def product_of_complex(a, b):
    return tf.complex(a, b) * tf.complex(b, a * 2.0)


def numpy_product(a, b):
    return (a + 1j * b) * (b + 2j * a)


case(
    "complex-abs",
    lambda a, b: tf.abs(product_of_complex(a, b)),
    [POSITIVE, Y],
    lambda a, b: abs(numpy_product(a, b)),
    order=1,  # as TensorFlow, sign has no slope, also where it turns in the plane
)
case(
    "complex-real",
    lambda a, b: tf.math.real(product_of_complex(a, b)),
    [X, Y],
    lambda a, b: numpy_product(a, b).real,
)
case(
    "complex-imag",
    lambda a, b: tf.math.imag(product_of_complex(a, b)),
    [X, Y],
    lambda a, b: numpy_product(a, b).imag,
)
case(
    "complex-angle",
    lambda a, b: tf.math.angle(tf.complex(a, b)),
    [X, Y],
    lambda a, b: np.angle(a + 1j * b),
)
