"""GradientTape: what is recorded, what is watched, what gradient() answers."""

import gc
import warnings
import weakref
from collections import namedtuple

import numpy as np
import pytest

import minitf as tf
from minitf.execute import execute
from minitf.registry import Op
from minitf.state import state


def numbers(gradients):
    return [None if g is None else g.numpy().tolist() for g in gradients]


@pytest.fixture
def x():
    return tf.Variable(3.0, name="x")


# One gradient


def test_the_worked_example():
    x, w, b, y_true = (tf.Variable(v) for v in (2.0, 3.0, 1.0, 4.0))
    with tf.GradientTape() as tape:
        loss = tf.abs(y_true - (x * w + b))
    assert loss.numpy() == 3.0
    assert numbers(tape.gradient(loss, [w, b, x, y_true])) == [2.0, 1.0, 3.0, -1.0]


def test_fan_out_adds_up(x):
    with tf.GradientTape() as tape:
        y = x * x + x
    assert tape.gradient(y, x).numpy() == 7.0


def test_intermediate_values_are_sources_too(x):
    with tf.GradientTape() as tape:
        y = x * x
        z = y * y
    assert numbers(tape.gradient(z, [y, x])) == [18.0, 108.0]


@pytest.mark.parametrize("watched", [True, False])
def test_target_is_source(watched):
    x = tf.constant(3.0)
    with tf.GradientTape() as tape:
        if watched:
            tape.watch(x)
    assert tape.gradient(x, x).numpy() == 1.0


def test_target_is_a_variable(x):
    with tf.GradientTape() as tape:
        x * 2.0
    assert tape.gradient(x, x).numpy() == 1.0


def test_target_and_intermediate_at_once(x):
    with tf.GradientTape() as tape:
        y = x * x
        z = y * x
    assert tape.gradient([y, z], y).numpy() == 4.0  # 1 from y itself, x from z


def test_only_the_taken_branch_is_recorded(x):
    with tf.GradientTape() as tape:
        y = x * x if x > 0.0 else -x
    assert tape.gradient(y, x).numpy() == 6.0


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64"])
def test_the_gradient_has_the_dtype_of_its_source(dtype):
    x = tf.Variable([2.0, 3.0], dtype=dtype)
    with tf.GradientTape() as tape:
        y = tf.cast(x, tf.float32) * 2.0 + tf.cast(3.0 * x * x, tf.float32)
    assert tape.gradient(y, x).dtype == dtype


# Targets and sources in structures


def test_a_vector_target_is_summed(x):
    with tf.GradientTape() as tape:
        y = x * [1.0, 2.0, 3.0]
    assert tape.gradient(y, x).numpy() == 6.0


def test_several_targets_are_added():
    x = tf.Variable(2.0)
    with tf.GradientTape() as tape:
        targets = {"square": x**2, "inverse": 1 / x}
    assert tape.gradient(targets, x).numpy() == 3.75


def test_the_same_target_twice_counts_twice(x):
    with tf.GradientTape() as tape:
        y = x * x
    assert tape.gradient([y, y], x).numpy() == 12.0


def test_the_answer_has_the_structure_of_the_sources(x):
    Pair = namedtuple("Pair", "a b")
    w = tf.Variable(5.0)
    with tf.GradientTape(persistent=True) as tape:
        y = x * w
    assert tape.gradient(y, []) == []
    assert numbers(tape.gradient(y, (x, w))) == [5.0, 3.0]
    assert isinstance(tape.gradient(y, (x, w)), tuple)
    found = tape.gradient(y, {"w": w, "inner": [x, {"again": w}]})
    assert found["w"].numpy() == 3.0 and found["inner"][0].numpy() == 5.0
    assert found["inner"][1]["again"].numpy() == 3.0
    assert tape.gradient(y, Pair(x, w)).b.numpy() == 3.0


def test_output_gradients_weight_the_targets(x):
    with tf.GradientTape(persistent=True) as tape:
        y = x * [1.0, 2.0]
        z = x * x
    assert tape.gradient(y, x, output_gradients=tf.constant([10.0, 100.0])).numpy() == 210.0
    assert tape.gradient(y, x, output_gradients=np.array([1.0, 1.0])).numpy() == 3.0
    assert tape.gradient([y, z], x, output_gradients=[None, 10.0]).numpy() == 63.0


def test_output_gradients_must_fit(x):
    with tf.GradientTape(persistent=True) as tape:
        y = x * [1.0, 2.0]
    with pytest.raises(ValueError, match=r"shape \(3,\).*shape \(2,\)"):
        tape.gradient(y, x, output_gradients=tf.ones([3]))
    with pytest.raises(ValueError, match="2 entries for 1 targets"):
        tape.gradient(y, x, output_gradients=[1.0, 1.0])


@pytest.mark.parametrize("bad", [None, 3.0, "x", np.float32(3.0), np.ones(2)])
def test_sources_and_targets_must_be_tensors(x, bad):
    with tf.GradientTape(persistent=True) as tape:
        y = x * x
    with pytest.raises(TypeError, match="`sources`"):
        tape.gradient(y, bad)
    with pytest.raises(TypeError, match=r"`target`.*\.numpy\(\)"):
        tape.gradient(bad, x)


# No path


def test_unconnected_is_none_or_zero(x):
    unused = tf.Variable([1.0, 2.0], dtype=tf.float64)
    with tf.GradientTape(persistent=True) as tape:
        y = x * x
    assert numbers(tape.gradient(y, [x, unused])) == [6.0, None]
    for zero in ("zero", tf.UnconnectedGradients.ZERO):
        found = tape.gradient(y, [x, unused], unconnected_gradients=zero)
        assert numbers(found) == [6.0, [0.0, 0.0]] and found[1].dtype == tf.float64
    assert tape.gradient(y, unused, unconnected_gradients="none") is None


@pytest.mark.parametrize("bad", ["zeros", None, 0])
def test_unconnected_of_another_name(x, bad):
    with tf.GradientTape() as tape:
        y = x * x
    with pytest.raises(ValueError, match="unconnected_gradients.*'zero'"):
        tape.gradient(y, x, unconnected_gradients=bad)
    assert tape.gradient(y, x).numpy() == 6.0  # a bad argument does not use the tape up


def test_an_element_taken_outside_is_a_new_tensor():
    x = tf.Variable([1.0, 2.0])
    with tf.GradientTape() as tape:
        y = x[0] * x[1]
    assert tape.gradient(y, x[0]) is None


def test_computed_before_or_after_the_block(x):
    before = x * 2.0
    with tf.GradientTape(persistent=True) as tape:
        y = before * before
    after = x * 2.0
    assert tape.gradient(y, x) is None and tape.gradient(after, x) is None


# What is watched


def test_constants_are_not_watched_by_themselves():
    x = tf.constant(3.0)
    with tf.GradientTape() as tape:
        y = x * x
    assert tape.gradient(y, x) is None


def test_watch_takes_structures(x):
    a, b = tf.constant(2.0), tf.constant(5.0)
    with tf.GradientTape(watch_accessed_variables=False) as tape:
        tape.watch([a, {"b": b, "x": (x,)}])
        y = a * b * x
    assert numbers(tape.gradient(y, [a, b, x])) == [15.0, 6.0, 10.0]


@pytest.mark.parametrize("bad", [3.0, None, "x", np.ones(2), [1.0]])
def test_watch_refuses_what_is_no_tensor(bad):
    with tf.GradientTape() as tape, pytest.raises(ValueError, match=r"Passed in object.*tf.const"):
        tape.watch(bad)


def test_integers_warn_and_have_no_gradient():
    x = tf.constant(3)
    with tf.GradientTape() as tape:
        with pytest.warns(UserWarning, match="must be floating.*int32"):
            tape.watch(x)
        y = x * x
    with pytest.warns(UserWarning, match="source tensor must be floating.*int32"):
        assert tape.gradient(y, x) is None


def test_a_cast_to_integers_cuts_the_path(x):
    with tf.GradientTape() as tape:
        y = tf.cast(tf.cast(x, tf.int32), tf.float32) * 2.0
    assert tape.gradient(y, x) is None


def test_watching_late_counts_later_operations_only():
    x = tf.constant(3.0)
    with tf.GradientTape() as tape:
        y = x * x
        tape.watch(x)
        y = y + x
    assert tape.gradient(y, x).numpy() == 1.0


def test_an_untrainable_variable_is_watched_on_request():
    v = tf.Variable(3.0, trainable=False)
    with tf.GradientTape(persistent=True) as tape:
        y = v * v
        tape.watch(v)
        z = v * v
    assert tape.gradient(y, v) is None and tape.gradient(z, v).numpy() == 6.0


def test_watch_accessed_variables_false(x):
    w = tf.Variable(5.0)
    with tf.GradientTape(watch_accessed_variables=False) as tape:
        tape.watch(w)
        y = x * w
    assert numbers(tape.gradient(y, [x, w])) == [None, 3.0]


def test_watched_variables_in_the_order_they_were_made(x):
    w, frozen, unused = tf.Variable(1.0), tf.Variable(1.0, trainable=False), tf.Variable(1.0)
    with tf.GradientTape() as tape:
        y = w * x * frozen * w
    assert [v.ref() for v in tape.watched_variables()] == [x.ref(), w.ref()]
    tape.gradient(y, unused)
    assert len(tape.watched_variables()) == 2  # still known after gradient()


# Variables change; what the tape saved does not


def test_each_read_keeps_its_own_value(x):
    with tf.GradientTape() as tape:
        y = x * x
        x.assign(10.0)
        y = y + x * x
    assert y.numpy() == 109.0 and tape.gradient(y, x).numpy() == 26.0


@pytest.mark.parametrize("method", ["assign", "assign_add", "assign_sub"])
def test_assigning_after_the_forward_pass_changes_nothing(x, method):
    with tf.GradientTape() as tape:
        y = x * x
    getattr(x, method)(100.0)
    assert tape.gradient(y, x).numpy() == 6.0


def test_no_gradient_through_assign(x):
    v = tf.Variable(0.0)
    with tf.GradientTape() as tape:
        v.assign(x * x)
        y = v * 2.0
    assert numbers(tape.gradient(y, [x, v])) == [None, 2.0]


def test_reading_twice_records_once(x):
    with tf.GradientTape() as tape:
        x * x
        x + x
    reads = [r for r in tape._records if r.op.name == "ReadVariableOp"]
    assert len(reads) == 1


def test_a_rebound_name_is_no_longer_the_variable(x):
    w = x
    w = w - 0.1
    with tf.GradientTape() as tape:
        y = w * w
    assert tape.gradient(y, w) is None


# Once, or persistent


def test_the_second_call_is_refused(x):
    with tf.GradientTape() as tape:
        y = x * x
    tape.gradient(y, x)
    for again in (tape.gradient, tape.jacobian):
        with pytest.raises(RuntimeError, match="non-persistent.*persistent=True"):
            again(y, x)
    with pytest.raises(RuntimeError, match="non-persistent"):
        tape.batch_jacobian(tf.ones([2, 2]), tf.ones([2, 2]))


def test_persistent_tapes_do_not_accumulate(x):
    with tf.GradientTape(persistent=True) as tape:
        y = x * x
    assert [tape.gradient(y, x).numpy() for _ in range(3)] == [6.0, 6.0, 6.0]


def test_an_error_does_not_use_the_tape_up(x):
    no_rule = Op("NoRule", np.negative, False, True, None, ())
    with tf.GradientTape() as tape:
        y = x * x
        z = execute(no_rule, (y,))
    with pytest.raises(LookupError, match="registry has no entry for: NoRule"):
        tape.gradient(z, x)
    assert tape.gradient(y, x).numpy() == 6.0


# Inside the block


def test_gradient_inside_the_block_ends_the_recording(x):
    with tf.GradientTape() as tape:
        y = x * x
        assert tape.gradient(y, x).numpy() == 6.0
        assert state.tapes == ()
    assert state.tapes == ()


def test_gradient_inside_the_block_of_a_persistent_tape(x):
    with tf.GradientTape(persistent=True) as tape:
        y = x * x * x
        dy = tape.gradient(y, x)  # recorded on the tape itself
    assert dy.numpy() == 27.0 and tape.gradient(dy, x).numpy() == 18.0


def test_stop_recording(x):
    with tf.GradientTape() as tape:
        y = x * x
        with tape.stop_recording():
            aside = y * y
            assert state.tapes == ()
        z = y + aside
    assert tape.gradient(z, x).numpy() == 6.0


def test_stop_recording_starts_again_after_an_error(x):
    with tf.GradientTape() as tape:
        with pytest.raises(ZeroDivisionError), tape.stop_recording():
            raise ZeroDivisionError
        y = x * x
    assert tape.gradient(y, x).numpy() == 6.0


def test_stop_recording_stops_this_tape_only(x):
    with tf.GradientTape() as outer, tf.GradientTape() as inner:
        with inner.stop_recording():
            y = x * x
    assert inner.gradient(y, x) is None and outer.gradient(y, x).numpy() == 6.0


def test_reset(x):
    with tf.GradientTape() as tape:
        y = x * x
        tape.reset()
        z = x + x
    assert numbers([tape.gradient([y, z], x)]) == [2.0]


def test_reset_and_stop_recording_need_an_open_block(x):
    with tf.GradientTape() as tape:
        y = x * x
    with pytest.raises(ValueError, match="not recording"):
        tape.reset()
    with pytest.raises(RuntimeError, match="not recording"), tape.stop_recording():
        pass
    assert tape.gradient(y, x).numpy() == 6.0


def test_an_open_block_cannot_be_opened_again():
    with tf.GradientTape() as tape:
        with pytest.raises(ValueError, match="still recording"):
            tape.__enter__()
        assert state.tapes == (tape,)


def test_a_block_can_be_continued(x):
    tape = tf.GradientTape()
    with tape:
        y = x * x
    with tape:
        z = y * x
    assert tape.gradient(z, x).numpy() == 27.0


def test_a_used_tape_can_record_afresh(x):
    tape = tf.GradientTape()
    for _ in range(2):
        with tape:
            y = x * x
        assert tape.gradient(y, x).numpy() == 6.0


def test_exceptions_leave_no_active_tape(x):
    with pytest.raises(ZeroDivisionError), tf.GradientTape() as tape:
        y = x * x
        raise ZeroDivisionError
    assert state.tapes == ()
    assert tape.gradient(y, x).numpy() == 6.0


def test_without_a_tape_nothing_is_kept():
    x = tf.Variable([1.0])
    y = x * x
    gone = weakref.ref(y)
    z = y * 2.0
    del y
    assert gone() is None and z.numpy() == 2.0


# Big graphs, and memory


def test_a_chain_of_100_000_operations():
    x = y = tf.constant(1.0)
    with tf.GradientTape() as tape:
        tape.watch(x)
        for _ in range(100_000):
            y = y + 1.0
    assert tape.gradient(y, x).numpy() == 1.0


def test_2_to_the_40_paths():
    x = y = tf.constant(1.0, tf.float64)
    with tf.GradientTape() as tape:
        tape.watch(x)
        for _ in range(40):
            y = y + y
    assert tape.gradient(y, x).numpy() == 2.0**40


def test_the_backward_pass_is_linear_in_the_records():
    """Each record's rule runs once, however many paths lead through it."""
    calls = []

    @tf.custom_gradient
    def double(x):
        def grad(upstream):
            calls.append(1)
            return 2.0 * upstream

        return x * 2.0, grad

    x = y = tf.constant(1.0)
    with tf.GradientTape() as tape:
        tape.watch(x)
        for _ in range(20):
            y = double(y) + y
    tape.gradient(y, x)
    assert len(calls) == 20


def test_gradient_frees_what_was_recorded():
    x = tf.Variable(np.ones(10))
    with tf.GradientTape() as tape:
        y = x * x
        saved = weakref.ref(y)
        y = tf.reduce_sum(y)
    assert saved() is not None
    tape.gradient(y, x)
    assert saved() is None  # without `del tape`


def test_dropping_the_tape_frees_the_records_without_the_garbage_collector():
    x = tf.Variable(np.ones(10))
    gc.disable()
    try:
        with tf.GradientTape(persistent=True) as tape:
            y = x * x
            saved, the_tape = weakref.ref(y), weakref.ref(tape)
            y = tf.reduce_sum(y)
        tape.gradient(y, x)
        assert saved() is not None
        del tape
        assert saved() is None and the_tape() is None
    finally:
        gc.enable()


def test_nothing_unwatched_is_recorded(x):
    a = tf.constant(1.0)
    with tf.GradientTape() as tape:
        for _ in range(5):
            a = a * 2.0
        x * a
    assert [r.op.name for r in tape._records] == ["ReadVariableOp", "Mul"]


def test_no_warnings_in_ordinary_use(x):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with tf.GradientTape() as tape:
            y = tf.cast(tf.constant(2), tf.float32) * x
        assert tape.gradient(y, x).numpy() == 2.0


def test_a_tape_that_was_never_opened_cannot_watch():
    tape = tf.GradientTape()
    with pytest.raises(AttributeError, match="first line inside `with"):
        tape.watch(tf.constant(1.0))


def test_jacobian_without_pfor_needs_a_persistent_tape(x):
    for persistent in (False, True):
        with tf.GradientTape(persistent=persistent) as tape:
            y = x * x
        if persistent:
            assert tape.jacobian(y, x, experimental_use_pfor=False).numpy() == 6.0
        else:
            with pytest.raises(RuntimeError, match="persistent=True"):
                tape.jacobian(y, x, experimental_use_pfor=False)
