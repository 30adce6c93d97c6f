"""Datasets: functions of elements, windows, padding, prefetching, iterators.

What is expected is what TensorFlow 2.21.0 does.
"""

import threading
import time

import numpy as np
import pytest

import minitf as tf

Dataset = tf.data.Dataset


def numbers(dataset):
    return [int(x) for x in dataset]


def lists(datasets):
    return [numbers(dataset) for dataset in datasets]


def test_map_traces_its_function_once():
    calls = []

    def plus_one(x):
        calls.append(1)
        return x + 1

    dataset = Dataset.range(4).map(plus_one)
    assert numbers(dataset) == numbers(dataset) == [1, 2, 3, 4]
    assert len(calls) == 1


def test_map_knows_its_elements_before_the_first():
    dataset = Dataset.range(0).map(lambda x: {"a": tf.cast(x, tf.float32), "b": [x, x]})
    spec = dataset.element_spec
    assert spec["a"] == tf.TensorSpec([], tf.float32)
    assert spec["b"] == (tf.TensorSpec([], tf.int64),) * 2


def test_if_on_an_element_is_converted():
    def large_times_ten(x):
        if x > 2:
            return x * 10
        return x

    assert numbers(Dataset.range(5).map(large_times_ten)) == [0, 1, 2, 30, 40]


def test_random_numbers_are_drawn_for_each_element():
    dataset = Dataset.range(20).map(lambda x: tf.random.uniform([]))
    assert len({float(x) for x in dataset}) == 20


def test_functions_of_the_wrong_kind():
    with pytest.raises(tf.errors.InvalidArgumentError, match="returned None"):
        Dataset.range(3).map(lambda x: None)
    with pytest.raises(ValueError, match="`predicate` must return a `tf.bool` scalar"):
        Dataset.range(3).filter(lambda x: x)
    with pytest.raises(AttributeError, match="no attribute 'numpy'"):
        Dataset.range(3).map(lambda x: x.numpy())
    with pytest.raises(TypeError, match="must return a Dataset"):
        list(Dataset.range(3).flat_map(lambda x: x))


def test_take_while_flat_map_interleave():
    assert numbers(Dataset.range(7).take_while(lambda x: x < 3)) == [0, 1, 2]
    repeated = Dataset.range(4).flat_map(lambda x: Dataset.from_tensors(x).repeat(x))
    assert numbers(repeated) == [1, 2, 2, 3, 3, 3]
    mixed = Dataset.range(5).interleave(lambda x: Dataset.range(x), cycle_length=2)
    assert numbers(mixed) == [0, 0, 1, 0, 1, 0, 2, 1, 2, 3]


@pytest.mark.parametrize(
    "arguments, expected",
    [
        ((3,), [[0, 1, 2], [3, 4, 5], [6]]),
        ((3, 1, 1, True), [[0, 1, 2], [1, 2, 3], [2, 3, 4], [3, 4, 5], [4, 5, 6]]),
        ((2, 3, 2), [[0, 2], [3, 5], [6]]),
        ((3, 2), [[0, 1, 2], [2, 3, 4], [4, 5, 6], [6]]),
        ((1, 3), [[0], [3], [6]]),
    ],
)
def test_window(arguments, expected):
    windows = Dataset.range(7).window(*arguments)
    assert lists(windows) == expected
    assert int(windows.cardinality()) == len(expected)


def test_windows_of_tuples_and_windows_as_batches():
    pairs = Dataset.zip((Dataset.range(3), Dataset.range(3))).window(2)
    assert [tuple(numbers(part) for part in w) for w in pairs] == [([0, 1], [0, 1]), ([2], [2])]
    batches = Dataset.range(6).window(3).flat_map(lambda w: w.batch(3))
    assert [b.numpy().tolist() for b in batches] == [[0, 1, 2], [3, 4, 5]]
    with pytest.raises(tf.errors.InvalidArgumentError, match="Window size must be greater"):
        Dataset.range(3).window(0)


def ragged():
    spec = tf.TensorSpec([None], tf.int64)
    return Dataset.from_generator(lambda: (np.arange(n) for n in (1, 3, 2)), output_signature=spec)


def test_padded_batch():
    batches = [b.numpy().tolist() for b in ragged().padded_batch(2)]
    assert batches == [[[0, 0, 0], [0, 1, 2]], [[0, 1]]]
    assert ragged().padded_batch(2).element_spec == tf.TensorSpec([None, None], tf.int64)
    fill = tf.constant(-1, tf.int64)
    wide = ragged().padded_batch(2, padded_shapes=[4], padding_values=fill, drop_remainder=True)
    assert [b.numpy().tolist() for b in wide] == [[[0, -1, -1, -1], [0, 1, 2, -1]]]
    pairs = Dataset.zip((ragged(), Dataset.range(3))).padded_batch(3, ([4], []))
    x, y = next(iter(pairs))
    assert x.shape == (3, 4) and y.numpy().tolist() == [0, 1, 2]


def test_padded_batch_checks():
    with pytest.raises(tf.errors.InvalidArgumentError, match="smaller size than the input"):
        list(ragged().padded_batch(2, padded_shapes=[2]))
    with pytest.raises(TypeError, match="int32 does not match type int64"):
        ragged().padded_batch(2, padding_values=-1)
    with pytest.raises(ValueError, match="not compatible with the shape"):
        ragged().padded_batch(2, padded_shapes=[2, 2])


def test_rebatch_and_single_elements():
    again = Dataset.range(5).batch(2).rebatch(3)
    assert [b.numpy().tolist() for b in again] == [[0, 1, 2], [3, 4]]
    assert int(Dataset.from_tensors(3).get_single_element()) == 3
    with pytest.raises(tf.errors.InvalidArgumentError, match="more than one element"):
        Dataset.range(2).get_single_element()


def test_concatenated_elements_must_be_alike():
    with pytest.raises(TypeError, match="Incompatible dataset elements"):
        Dataset.range(2).concatenate(Dataset.from_tensor_slices([1.0]))


def test_iterators():
    iterator = iter(Dataset.range(2))
    assert int(next(iterator)) == 0 and int(iterator.get_next()) == 1
    with pytest.raises(tf.errors.OutOfRangeError):
        iterator.get_next()
    with pytest.raises(StopIteration):
        next(iterator)
    assert iterator.element_spec == tf.TensorSpec([], tf.int64)


def watched(count, seen):
    def generator():
        for i in range(count):
            seen.append((i, threading.current_thread()))
            yield i

    return Dataset.from_generator(generator, output_signature=tf.TensorSpec([], tf.int64))


def waited_for(condition):
    """True as soon as the condition holds; gives up after five seconds."""
    end = time.monotonic() + 5
    while not condition() and time.monotonic() < end:
        time.sleep(0.001)
    return condition()


def test_prefetch_makes_elements_ahead_in_a_thread():
    seen = []
    iterator = iter(watched(10, seen).prefetch(3))
    assert int(next(iterator)) == 0
    assert waited_for(lambda: len(seen) == 5)  # one used, three ready, one waiting for room
    assert seen[0][1] is not threading.current_thread()
    assert numbers(iterator) == list(range(1, 10))


def test_prefetch_stops_when_the_loop_is_left():
    seen = []
    for element in watched(1000, seen).prefetch(2):
        if int(element) == 1:
            break
    del element
    assert waited_for(lambda: not seen[0][1].is_alive())
    assert len(seen) < 10


def test_prefetch_passes_errors_on_and_zero_means_no_thread():
    def generator():
        yield 1
        raise KeyError("broken source")

    spec = tf.TensorSpec([], tf.int32)
    broken = Dataset.from_generator(generator, output_signature=spec).prefetch(tf.data.AUTOTUNE)
    with pytest.raises(KeyError, match="broken source"):
        list(broken)
    seen = []
    assert numbers(watched(2, seen).prefetch(0)) == [0, 1]
    assert seen[0][1] is threading.current_thread()
    with pytest.raises(tf.errors.InvalidArgumentError, match="buffer_size"):
        Dataset.range(1).prefetch(-2)


def test_the_older_way_to_describe_a_generator():
    dataset = Dataset.from_generator(lambda: iter([1.5, 2.5]), tf.float32)
    assert [float(x) for x in dataset] == [1.5, 2.5]
    pairs = Dataset.from_generator(lambda: iter([(1, [2])]), (tf.int32, tf.int32), ([], [1]))
    assert next(iter(pairs))[1].numpy().tolist() == [2]
