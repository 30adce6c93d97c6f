"""Every wrong use has an error that names the operation, the shapes or dtypes, and the fix."""

import numpy as np
import pytest

import minitf as tf

A23, A32 = tf.ones([2, 3]), tf.ones([3, 2])
INTS = tf.constant([1, 2, 3])
IMAGE = tf.ones([1, 4, 4, 2])
XENT = tf.nn.sparse_softmax_cross_entropy_with_logits

# what is done, and words its message must contain
ERRORS = {
    "add shapes": (lambda: A23 + tf.ones([2]), "Incompatible shapes", "(2, 3)", "AddV2"),
    "add dtypes": (lambda: A23 + tf.ones([2, 3], tf.float64), "double|float64", "tf.cast"),
    "int + 1.5": (lambda: INTS + 1.5, "1.5", "int32"),
    "matmul sizes": (lambda: A23 @ A23, "(2, 3)", "transpose"),
    "matmul rank": (lambda: tf.matmul(A23, tf.ones([3])), "[:, None]", "matvec"),
    "sqrt of ints": (lambda: tf.sqrt(INTS), "int32", "tf.cast", "Sqrt"),
    "exp of a Python int": (lambda: tf.exp(2), "int32", "decimal point"),
    "softmax of ints": (lambda: tf.nn.softmax(INTS), "int32", "tf.cast"),
    "integer division by 0": (lambda: INTS // 0, "zero", "FloorDiv"),
    "integer to a negative power": (lambda: INTS**-1, "negative", "Pow"),
    "sum of bools": (lambda: tf.reduce_sum([True]), "bool", "tf.cast"),
    "all of floats": (lambda: tf.reduce_all([1.0]), "float32", "Compare"),
    "and of ints": (lambda: tf.logical_and(INTS, INTS), "int32", "Compare"),
    "axis": (lambda: tf.reduce_sum(A23, axis=2), "2", "(2, 3)", "Sum"),
    "axis of a scalar": (lambda: tf.nn.softmax(1.0), "scalar", "Softmax"),
    "argmax axis": (lambda: tf.argmax(A23, axis=5), "5", "ArgMax"),
    "argmax of nothing": (lambda: tf.argmax(tf.zeros([0])), "empty", "ArgMax"),
    "reshape": (lambda: tf.reshape(A23, [4]), "6 values", "-1"),
    "reshape -1": (lambda: tf.reshape(A23, [4, -1]), "(2, 3)", "Reshape"),
    "transpose perm": (lambda: tf.transpose(A23, [0, 0]), "permutation", "[0, 0]"),
    "squeeze": (lambda: tf.squeeze(A23, 0), "expected a dimension of 1", "(2, 3)"),
    "expand_dims": (lambda: tf.expand_dims(A23, 4), "4", "ExpandDims"),
    "broadcast_to": (lambda: tf.broadcast_to(A23, [4, 3]), "BroadcastTo", "(2, 3)"),
    "concat": (lambda: tf.concat([A23, A32], 0), "(2, 3)", "(3, 2)", "tf.stack"),
    "concat axis": (lambda: tf.concat([A23, A23], 2), "axis 2", "ConcatV2"),
    "stack": (lambda: tf.stack([A23, A32]), "(3, 2)", "tf.concat"),
    "split": (lambda: tf.split(A23, 2, axis=1), "evenly", "3"),
    "split sizes": (lambda: tf.split(A23, [1, 1], axis=1), "add up to 3"),
    "tile": (lambda: tf.tile(A23, [2]), "(2, 3)", "Tile"),
    "repeat": (lambda: tf.repeat(A23, [1, 2], axis=1), "3 entries"),
    "pad": (lambda: tf.pad(A23, [[1, 1]]), "(2, 3)", "[0, 0]"),
    "pad reflect": (lambda: tf.pad(A23, [[0, 0], [3, 0]], "REFLECT"), "at most 2"),
    "roll": (lambda: tf.roll(A23, [1, 2], 0), "one shift per axis"),
    "zeros": (lambda: tf.zeros([-1, 2]), "-1", "Zeros"),
    "fill": (lambda: tf.fill([2], [1.0, 2.0]), "scalar"),
    "range": (lambda: tf.range(0, 5, -1), "delta -1"),
    "linspace": (lambda: tf.linspace(0.0, 1.0, -1), "num", "-1"),
    "one_hot": (lambda: tf.one_hot([1.0], 3), "integer"),
    "index": (lambda: INTS[3], "3", "out of bounds", "(3,)"),
    "index beyond the rank": (lambda: INTS[0, 0], "1 dims", "names 2"),
    "list as index": (lambda: INTS[[0, 2]], "tf.gather"),
    "slice": (lambda: tf.slice(A23, [0, 1], [1, 5]), "axis 1"),
    "gather": (lambda: tf.gather(INTS, [0, 7]), "indices[1] = 7", "[0, 3)"),
    "gather negative": (lambda: tf.gather(INTS, -1), "wrap"),
    "gather floats": (lambda: tf.gather(INTS, [0.0]), "integers"),
    "gather_nd": (lambda: tf.gather_nd(A23, [[0, 5]]), "axis 1", "(2, 3)"),
    "gather_nd depth": (lambda: tf.gather_nd(A23, [[0, 0, 0]]), "at most 2"),
    "scatter updates": (lambda: tf.scatter_nd([[0]], [1.0, 2.0], [3]), "(1,)"),
    "segment": (lambda: tf.math.unsorted_segment_sum([1.0], [4], 2), "num_segments"),
    "label out of range": (lambda: XENT([0, 3], A23), "3", "position [1]", "[0, 3)"),
    "label shape": (lambda: XENT([[0], [1]], A23), "(2, 1)", "(2,)"),
    "label dtype": (lambda: XENT([0.0, 1.0], A23), "float32", "integers"),
    "einsum letters": (lambda: tf.einsum("ij,kj->im", A23, A23), "letter"),
    "einsum sizes": (lambda: tf.einsum("ij,jk->ik", A23, A23), "'j'", "3 and 2"),
    "einsum twice": (lambda: tf.einsum("ii->", tf.eye(2)), "twice"),
    "det": (lambda: tf.linalg.det(A23), "square", "(2, 3)"),
    "inv": (lambda: tf.linalg.inv(tf.ones([2, 2])), "not invertible"),
    "solve": (lambda: tf.linalg.solve(tf.eye(2), [1.0, 2.0]), "[:, None]"),
    "cholesky": (lambda: tf.linalg.cholesky(-tf.eye(2)), "positive definite"),
    "trace": (lambda: tf.linalg.trace([1.0]), "rank 2"),
    "conv rank": (lambda: tf.nn.conv2d(tf.ones([4, 4, 2]), tf.ones([2, 2, 2, 1])), "4-dim"),
    "conv channels": (lambda: tf.nn.conv2d(IMAGE, tf.ones([2, 2, 3, 1])), "channels"),
    "conv window": (lambda: tf.nn.conv2d(IMAGE, tf.ones([5, 5, 2, 1])), "SAME"),
    "conv padding": (lambda: tf.nn.conv2d(IMAGE, tf.ones([2, 2, 2, 1]), padding="X"), "VALID"),
    "conv format": (
        lambda: tf.nn.conv2d(IMAGE, tf.ones([2, 2, 2, 1]), data_format="NCHW"),
        "NHWC",
    ),
    "pool strides": (lambda: tf.nn.max_pool2d(IMAGE, 2, 0), "at least 1"),
    "bias": (lambda: tf.nn.bias_add(A23, [1.0]), "(2, 3)", "(1,)"),
    "top_k": (lambda: tf.math.top_k([1.0], 2), "k=2"),
    "where dtypes": (lambda: tf.where([True], A23, INTS), "float32", "int32"),
    "random dtype": (lambda: tf.random.normal([2], dtype=tf.int32), "uniform"),
    "check_numerics": (lambda: tf.debugging.check_numerics([1.0, np.nan], "loss"), "loss", "[1]"),
    "add_n": (lambda: tf.add_n([A23, A32]), "AddN", "(3, 2)"),
}


@pytest.mark.parametrize("row", ERRORS.values(), ids=list(ERRORS))
def test_wrong_use_is_explained(row):
    action, *words = row
    with pytest.raises((tf.errors.InvalidArgumentError, TypeError)) as caught:
        action()
    message = str(caught.value)
    for word in words:
        assert any(option in message for option in word.split("|")), message


@pytest.mark.parametrize(
    "action, word",
    [
        (lambda: tf.where([True], A23), "both"),
        (lambda: tf.nn.dropout(A23, 1.0), "[0, 1)"),
        (lambda: tf.boolean_mask(A23, [True]), "(1,)"),
        (lambda: tf.pad(A23, [[0, 0], [0, 0]], "WRAP"), "WRAP"),
        (lambda: tf.sort(INTS, direction="UP"), "DESCENDING"),
        (lambda: tf.norm(A23, ord="largest"), "ord"),
        (lambda: tf.add_n([]), "empty"),
        (lambda: tf.random.uniform([1], dtype=tf.int32), "maxval"),
        (lambda: tf.nn.sigmoid_cross_entropy_with_logits(logits=A23), "labels"),
        (lambda: tf.nn.sigmoid_cross_entropy_with_logits(A32, A23), "(3, 2)"),
        (lambda: tf.meshgrid([1.0], indexing="yx"), "yx"),
    ],
)
def test_wrong_argument_is_a_value_error(action, word):
    with pytest.raises(ValueError) as caught:
        action()
    assert word in str(caught.value)


def test_index_must_be_an_integer():
    with pytest.raises(TypeError, match="tf.cast"):
        A23[tf.constant(1.0)]
    with pytest.raises(TypeError, match="gather"):
        A23[tf.constant([0, 1])]


def test_global_norm_needs_a_list():
    with pytest.raises(TypeError, match="clip_by_norm"):
        tf.clip_by_global_norm(A23, 1.0)
    with pytest.raises(TypeError, match="floating"):
        tf.math.reduce_variance(INTS)


def test_nothing_is_recorded_of_an_operation_that_failed():
    x = tf.Variable([1.0, 2.0])
    with tf.GradientTape() as tape:
        y = x * 2.0
        with pytest.raises(tf.errors.InvalidArgumentError):
            y + tf.ones([3])
    np.testing.assert_array_equal(tape.gradient(y, x), [2.0, 2.0])
