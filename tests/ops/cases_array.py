"""Rows of the table: shapes, places, slices, gathering and scattering."""

import numpy as np
from op_cases import CUBE, MASK, X, Y, case, spread

import minitf as tf

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
