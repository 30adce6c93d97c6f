"""Which mode is on, and the scopes that TensorFlow programs open."""

import minitf as tf


def test_modes():
    seen = []

    @tf.function
    def f(x):
        seen.append((tf.executing_eagerly(), tf.inside_function()))
        with tf.init_scope():
            seen.append(tf.executing_eagerly())
            seen.append(float(tf.constant(1.0) + 1.0))
        return x

    f(tf.constant(1.0))
    assert seen == [(False, True), True, 2.0]
    assert tf.executing_eagerly() and not tf.inside_function()


def test_effects_keep_their_order_with_and_without_control_dependencies():
    v = tf.Variable(1.0)

    @tf.function
    def f():
        with tf.name_scope("step"), tf.control_dependencies([v.assign(5.0)]), tf.device("CPU:0"):
            return v * 2.0, tf.group(v.assign_add(1.0)), tf.no_op()

    assert f()[0].numpy() == 10.0 and v.numpy() == 6.0
