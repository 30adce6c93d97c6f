"""Variable: creation, assignment, snapshots."""

import copy
import pickle

import numpy as np
import pytest

import minitf as tf


@pytest.mark.parametrize(
    ("value", "dtype", "shape"),
    [
        (3.0, tf.float32, ()),
        (3, tf.int32, ()),
        ([1.0, 2.0], tf.float32, (2,)),
        (np.ones((2, 3)), tf.float64, (2, 3)),
        (tf.constant([1, 2]), tf.int32, (2,)),
        (tf.Variable(1.5), tf.float32, ()),
        (lambda: tf.zeros([2]), tf.float32, (2,)),
        ([tf.constant(1.0), 2.0], tf.float32, (2,)),
        ([[tf.constant(1.0, tf.float64)], [2.0]], tf.float64, (2, 1)),
    ],
)
def test_created_from(value, dtype, shape):
    v = tf.Variable(value)
    assert v.dtype == dtype and v.shape == shape


def test_created_with_a_dtype():
    assert tf.Variable(3, dtype=tf.float64).dtype == tf.float64
    assert tf.Variable([1, 2], dtype="float32").numpy().tolist() == [1.0, 2.0]


def test_creation_refuses():
    with pytest.raises(ValueError, match="initial_value"):
        tf.Variable()
    with pytest.raises(TypeError, match="1.5.*int32"):
        tf.Variable(1.5, dtype=tf.int32)
    with pytest.raises(ValueError, match=r"shape \(1,\) is not compatible"):
        tf.Variable([1.0], shape=(2,))
    with pytest.raises(ValueError, match="requested dtype float64"):
        tf.Variable(tf.constant(1.0), dtype=tf.float64)


def test_a_misspelt_argument_is_not_ignored():
    with pytest.raises(TypeError, match="'trainble'"):
        tf.Variable(1.0, trainble=False)
    assert tf.Variable(1.0, validate_shape=True, caching_device=None).trainable  # TensorFlow's own


def test_trainable():
    assert tf.Variable(1.0).trainable and tf.Variable(1.0, trainable=None).trainable
    assert not tf.Variable(1.0, trainable=False).trainable
    assert not tf.Variable(1.0, False).trainable


def test_prints_as_tensorflow_does():
    v = tf.Variable([1.0, 2.0], name="w")
    assert repr(v) == (
        "<tf.Variable 'w:0' shape=(2,) dtype=float32, numpy=array([1., 2.], dtype=float32)>"
    )
    assert repr(tf.Variable(1)) == "<tf.Variable 'Variable:0' shape=() dtype=int32, numpy=1>"
    assert f"{tf.Variable(1)}" == "<tf.Variable 'Variable:0' shape=() dtype=int32, numpy=1>"
    with pytest.raises(TypeError, match=r"v.numpy\(\):.1f"):
        f"{tf.Variable(1.234):.1f}"


@pytest.mark.parametrize("sign", ["+", "-", "*", "/", "**"])
def test_operators_in_place_would_lose_the_variable(sign):
    v = tf.Variable(2.0)
    with pytest.raises(RuntimeError, match=rf"variable \{sign}.*is not supported.*variable.assign"):
        exec(f"v {sign}= 1.0", {"v": v})
    assert v.numpy() == 2.0


def test_name_scopes_go_before_the_names_of_variables():
    with tf.name_scope("outer") as outer:
        with tf.name_scope("inner"):
            assert tf.Variable(1.0, name="w").name == "outer/inner/w:0"
        with tf.name_scope("x"), tf.name_scope(outer):
            assert tf.Variable(1.0).name == "outer/Variable:0"
    assert tf.Variable(1.0, name="w").name == "w:0"


def test_a_constraint_is_kept_and_not_applied():
    v = tf.Variable(-1.0, constraint=tf.abs)
    assert v.numpy() == -1.0 and v.constraint(v).numpy() == 1.0


def test_assign_and_friends_return_the_variable():
    v = tf.Variable(1.0)
    assert v.assign(2.0) is v and v.numpy() == 2.0
    assert v.assign_add(0.5) is v and v.numpy() == 2.5
    assert v.assign_sub(2.0).assign_add(1.0).numpy() == 1.5


def test_assign_takes_lists_arrays_tensors_and_variables():
    v = tf.Variable([1.0, 2.0])
    for value in ([3.0, 4.0], [3, 4], np.array([3.0, 4.0]), tf.constant([3.0, 4.0])):
        v.assign([0.0, 0.0])
        v.assign(value)
        assert v.numpy().tolist() == [3.0, 4.0] and v.dtype == tf.float32
    v.assign(tf.Variable([5.0, 6.0]))
    assert v.numpy().tolist() == [5.0, 6.0]


@pytest.mark.parametrize("method", ["assign", "assign_add", "assign_sub"])
def test_assigning_never_broadcasts(method):
    v = tf.Variable([1.0, 2.0], name="w")
    with pytest.raises(ValueError, match=r"'w:0'.*\(2,\)"):
        getattr(v, method)(1.0)
    assert v.numpy().tolist() == [1.0, 2.0]


@pytest.mark.parametrize("method", ["assign", "assign_add", "assign_sub"])
def test_assigning_loses_no_information(method):
    v = tf.Variable(1)
    with pytest.raises(TypeError, match="1.5"):
        getattr(v, method)(1.5)
    with pytest.raises(ValueError, match="float32"):
        getattr(v, method)(tf.constant(1.0))
    assert v.numpy() == 1


def test_assign_copies_the_callers_array():
    array = np.array([1.0, 2.0], np.float32)
    v = tf.Variable(array)
    w = tf.Variable([0.0, 0.0]).assign(array)
    array[0] = 9.0
    assert v.numpy().tolist() == w.numpy().tolist() == [1.0, 2.0]


def test_variables_made_from_each_other_are_independent():
    v = tf.Variable([1.0])
    w = tf.Variable(v)
    v.assign_add([1.0])
    assert w.numpy().tolist() == [1.0]


def test_a_read_value_does_not_change_later():
    v = tf.Variable([1.0])
    before, same = v.read_value(), v.value()
    v.assign_add([1.0])
    assert before.numpy().tolist() == same.numpy().tolist() == [1.0]


def test_arithmetic_gives_tensors():
    v = tf.Variable(2.0)
    for y in (v + 1.0, 1.0 + v, v * v, -v, abs(v), v**2):
        assert isinstance(y, tf.Tensor)
    w = v
    w = w + 1.0
    assert not isinstance(w, tf.Variable) and v.numpy() == 2.0


def test_as_python_values():
    v = tf.Variable([1.0, 2.0])
    assert len(v) == 2 and [float(x) for x in v] == [1.0, 2.0]
    assert int(tf.Variable(3)) == 3 and float(tf.Variable(0.5)) == 0.5 and bool(tf.Variable(1))
    assert np.asarray(v).tolist() == [1.0, 2.0] and v[1].numpy() == 2.0


def test_items_cannot_be_assigned():
    v = tf.Variable([1.0])
    with pytest.raises(TypeError, match="item assignment.*v.assign"):
        v[0] = 2.0


def test_hash_is_refused_and_ref_is_the_way():
    v = tf.Variable(1.0)
    with pytest.raises(TypeError, match=r"v.ref\(\)"):
        hash(v)
    assert v.ref() in {v.ref()} and v.ref().deref() is v


@pytest.mark.parametrize("duplicate", [copy.copy, copy.deepcopy, lambda v: pickle.loads(
    pickle.dumps(v))], ids=["copy", "deepcopy", "pickle"])  # fmt: skip
def test_copies_are_variables_of_their_own(duplicate):
    v = tf.Variable([1.0], trainable=False, name="w")
    w = duplicate(v)
    assert isinstance(w, tf.Variable) and w.id != v.id
    assert (w.name, w.trainable, w.dtype) == (v.name, False, tf.float32)
    v.assign([2.0])
    assert w.numpy().tolist() == [1.0]


def test_deepcopy_keeps_shared_variables_shared():
    v = tf.Variable(1.0)
    first, second = copy.deepcopy([v, v])
    assert first is second and first is not v


def test_trainable_is_decided_when_it_is_made():
    v = tf.Variable(1.0)
    with pytest.raises(AttributeError, match="no setter"):
        v.trainable = False
    assert v.trainable and not tf.Variable(1.0, trainable=False).trainable
