"""Functions traced for unknown sizes: what is known of the result, and that it is right."""

import numpy as np
import pytest

import minitf as tf

N = None
# function, shapes it is traced for, shapes of a call, what is known of the result
CASES = {
    "add": (lambda x, y: x + y, [[N, 3], [3]], [[2, 3], [3]], [N, 3]),
    "a known size beside": (lambda x, y: x + y, [[N], [3]], [[1], [3]], [3]),
    "matmul": (lambda x: x @ tf.ones([11, 2]), [[N, N]], [[5, 11]], [N, 2]),
    "reshape to all sizes": (lambda x: tf.reshape(x, [2, 2]), [[N]], [[4]], [2, 2]),
    "reshape to rows": (lambda x: tf.reshape(x, [-1, 3]), [[N, N]], [[2, 6]], [N, 3]),
    "a slice that may be short": (lambda x: x[:2], [[N]], [[1]], [N]),
    "slice": (lambda x: tf.slice(x, [1, 0], [-1, 1]), [[N, 4]], [[3, 4]], [N, 1]),
    "split": (lambda x: tf.split(x, 2)[1], [[N, 4]], [[6, 4]], [N, 4]),
    "split with a rest": (lambda x: tf.split(x, [1, -1], 1)[1], [[N, N]], [[2, 5]], [N, N]),
    "einsum": (lambda x: tf.einsum("bi,ij->bj", x, tf.ones([4, 5])), [[N, N]], [[2, 4]], [N, 5]),
    "top_k": (lambda x: tf.math.top_k(x, 3)[0], [[N, N]], [[2, 4]], [N, N]),
    "repeat": (lambda x: tf.repeat(x, 2, axis=0), [[N, 2]], [[3, 2]], [N, 2]),
    "meshgrid": (lambda x: tf.meshgrid(x, x)[0], [[N]], [[3]], [N, N]),
    "mean": (lambda x: tf.reduce_mean(x, 0, keepdims=True), [[N, 2]], [[3, 2]], [1, 2]),
    "conv": (
        lambda x: tf.nn.conv2d(x, tf.ones([3, 3, 1, 2]), 1, "VALID"),
        [[N, N, N, 1]],
        [[1, 5, 4, 1]],
        [N, N, N, 2],
    ),
    "concat": (lambda x: tf.concat([x, x], 0), [[N, 4]], [[3, 4]], [N, 4]),
    "mask": (lambda x: tf.boolean_mask(x, x > 0.0), [[N]], [[4]], [N]),
}


@pytest.mark.parametrize("case", CASES.values(), ids=list(CASES))
def test_known_shape_value_and_gradient(case):
    function, declared, given, known = case
    rng = np.random.default_rng(0)
    inputs = [tf.constant(rng.normal(size=shape), tf.float32) for shape in given]
    traced = tf.function(function, input_signature=[tf.TensorSpec(shape) for shape in declared])
    assert traced.get_concrete_function().structured_outputs.shape == known
    np.testing.assert_allclose(traced(*inputs), function(*inputs), rtol=1e-6)
    assert traced.experimental_get_tracing_count() == 1

    def slope(f):
        with tf.GradientTape() as tape:
            tape.watch(inputs)
            y = f(*inputs)
        return [tf.convert_to_tensor(g) for g in tape.gradient(y, inputs)]

    for a, b in zip(slope(traced), slope(function), strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-5)


def test_what_cannot_be_reshaped_is_found_at_the_run():
    f = tf.function(lambda x: tf.reshape(x, [2, 2]), input_signature=[tf.TensorSpec([None])])
    assert f(tf.ones([4])).shape == [2, 2]
    with pytest.raises(tf.errors.InvalidArgumentError, match="3 values.*has 4"):
        f(tf.ones([3]))
