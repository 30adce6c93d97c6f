"""tf.data.Dataset: order, remainders, seeds, structure."""

import itertools

import numpy as np
import pytest

import minitf as tf
from minitf import seeds
from minitf.data import Dataset
from minitf.tensor_spec import TensorSpec


def numbers(dataset):
    return [int(x) for x in dataset]


def batches(dataset):
    return [b.tolist() for b in dataset.as_numpy_iterator()]


def plus_zero(x):
    return x + 0  # a map keeps `batch` and `shuffle` off their path for rows of arrays


def test_slices_of_a_tuple_and_a_dict():
    x, y = np.arange(6.0).reshape(3, 2), np.array([7, 8, 9])
    pairs = [(a.numpy().tolist(), int(b)) for a, b in Dataset.from_tensor_slices((x, y))]
    assert pairs == [([0, 1], 7), ([2, 3], 8), ([4, 5], 9)]
    row = next(iter(Dataset.from_tensor_slices({"image": x, "label": y})))
    assert row["image"].dtype == tf.float64 and int(row["label"]) == 7


def test_a_list_is_one_tensor():
    assert numbers(Dataset.from_tensor_slices([4, 5])) == [4, 5]


def test_the_dataset_keeps_its_own_copy():
    x = np.zeros(2)
    dataset = Dataset.from_tensor_slices(x)
    x[:] = 9
    assert [float(v) for v in dataset] == [0.0, 0.0]


def test_slicing_refuses_scalars_and_different_lengths():
    with pytest.raises(ValueError, match="scalar"):
        Dataset.from_tensor_slices(5)
    with pytest.raises(ValueError, match=r"different lengths \[3, 2\]"):
        Dataset.from_tensor_slices((np.zeros(3), np.zeros(2)))


@pytest.mark.parametrize("source", [Dataset.range(7), Dataset.range(7).map(plus_zero)])
def test_batch_keeps_the_remainder_unless_told_to_drop_it(source):
    assert batches(source.batch(3)) == [[0, 1, 2], [3, 4, 5], [6]]
    assert batches(source.batch(3, drop_remainder=True)) == [[0, 1, 2], [3, 4, 5]]
    assert (len(source.batch(3)), len(source.batch(3, drop_remainder=True))) == (3, 2)


def test_batches_of_different_shapes_are_refused():
    ragged = Dataset.range(1, 3).map(lambda n: tf.zeros([n]))
    with pytest.raises(ValueError, match="different shapes"):
        list(ragged.batch(2))


def test_batch_size_must_be_positive():
    with pytest.raises(ValueError, match="batch_size must be greater than zero, got 0"):
        Dataset.range(3).batch(0)


@pytest.mark.parametrize("source", [Dataset.range(20), Dataset.range(20).map(plus_zero)])
@pytest.mark.parametrize("size", [1, 3, 20, 100])
def test_shuffle_is_a_permutation_and_a_buffer_bounds_the_way_forward(source, size):
    order = numbers(source.shuffle(size, seed=1))
    assert sorted(order) == list(range(20))
    assert all(value <= place + size - 1 for place, value in enumerate(order))


def test_shuffle_moves_every_element_to_every_place():
    seeds.set_seed(0)
    firsts = {numbers(Dataset.range(4).shuffle(4))[0] for _ in range(60)}
    assert firsts == {0, 1, 2, 3}


def test_each_pass_shuffles_anew_unless_told_not_to():
    dataset = Dataset.range(30).shuffle(30, seed=4)
    assert numbers(dataset) != numbers(dataset)
    fixed = Dataset.range(30).shuffle(30, seed=4, reshuffle_each_iteration=False)
    assert numbers(fixed) == numbers(fixed)


def test_a_seed_repeats_the_sequence_of_orders():
    def two_passes():
        dataset = Dataset.range(30).shuffle(10, seed=4)
        return numbers(dataset), numbers(dataset)

    assert two_passes() == two_passes()


def test_the_global_seed_repeats_it_too():
    def order():
        seeds.set_seed(3)
        return numbers(Dataset.range(30).shuffle(30))

    assert order() == order()


def test_shuffle_then_repeat_shuffles_every_time_and_keeps_passes_apart():
    order = numbers(Dataset.range(10).shuffle(10, seed=0).repeat(2))
    assert sorted(order[:10]) == sorted(order[10:]) == list(range(10))
    assert order[:10] != order[10:]


def test_components_stay_together_when_shuffled():
    x = np.arange(50)
    for a, b in Dataset.from_tensor_slices((x, x * 2)).shuffle(50).batch(8):
        assert (a.numpy() * 2 == b.numpy()).all()


def test_repeat_take_skip_shard():
    dataset = Dataset.range(3)
    assert numbers(dataset.repeat().take(7)) == [0, 1, 2, 0, 1, 2, 0]
    assert batches(dataset.repeat(2).batch(4)) == [[0, 1, 2, 0], [1, 2]]
    assert numbers(dataset.skip(1)) == [1, 2]
    assert numbers(dataset.skip(-1)) == [] and numbers(dataset.take(-1)) == [0, 1, 2]
    assert numbers(Dataset.range(10).shard(3, 1)) == [1, 4, 7]
    assert numbers(Dataset.range(0).repeat()) == []


def test_map_passes_a_tuple_as_arguments_and_a_dict_as_one():
    pairs = Dataset.from_tensor_slices(([1.0, 2.0], [10.0, 20.0]))
    assert [float(v) for v in pairs.map(lambda a, b: a + b)] == [11.0, 22.0]
    rows = Dataset.from_tensor_slices({"a": [1, 2]}).map(lambda row: row["a"] * 3)
    assert numbers(rows) == [3, 6]


def test_zip_enumerate_concatenate_filter_unbatch():
    a = Dataset.range(3)
    nested = [[int(p), int(q), int(r)] for p, (q, r) in Dataset.zip((a, Dataset.zip((a, a))))]
    assert nested == [[0, 0, 0], [1, 1, 1], [2, 2, 2]]
    assert [(int(i), int(v)) for i, v in Dataset.range(5, 7).enumerate()] == [(0, 5), (1, 6)]
    assert numbers(a.concatenate(a)) == [0, 1, 2, 0, 1, 2]
    assert numbers(a.filter(lambda v: int(v) != 1)) == [0, 2]
    assert batches(Dataset.range(6).batch(4).unbatch().batch(3)) == [[0, 1, 2], [3, 4, 5]]


def test_cache_walks_its_source_once_and_freezes_the_order():
    passes = []

    def generator():
        passes.append(1)
        yield from [1, 2, 3, 4]

    spec = tf.TensorSpec([], tf.int64)
    cached = Dataset.from_generator(generator, output_signature=spec).cache()
    assert numbers(cached) == numbers(cached) == [1, 2, 3, 4]
    assert len(passes) == 1
    frozen = Dataset.range(30).shuffle(30).cache()
    assert numbers(frozen) == numbers(frozen)
    assert batches(frozen.batch(30))[0] == numbers(frozen)


def test_a_broken_off_pass_caches_nothing():
    cached = Dataset.range(4).map(plus_zero).cache()
    assert len(list(itertools.islice(cached, 2))) == 2
    assert numbers(cached) == [0, 1, 2, 3]


def test_cardinality_and_length():
    dataset = Dataset.range(5)
    assert int(dataset.cardinality()) == len(dataset) == 5
    assert int(dataset.repeat().cardinality()) == -1
    assert int(dataset.filter(lambda x: x > 0).cardinality()) == -2
    assert len(dataset.repeat().take(7)) == 7
    with pytest.raises(TypeError, match="infinite"):
        len(dataset.repeat())
    with pytest.raises(TypeError, match="unknown"):
        len(dataset.filter(lambda x: x > 0))


def test_element_spec():
    dataset = Dataset.from_tensor_slices((np.zeros((4, 2), np.float32), np.zeros(4, np.int64)))
    assert dataset.element_spec == (TensorSpec([2], tf.float32), TensorSpec([], tf.int64))
    assert dataset.batch(3).element_spec[0] == TensorSpec([None, 2], tf.float32)
    assert dataset.batch(3, drop_remainder=True).element_spec[1] == TensorSpec([3], tf.int64)
    assert dataset.map(lambda x, y: x).element_spec == TensorSpec([2], tf.float32)


def test_generators_are_called_once_per_pass_and_checked():
    def three():
        yield from ((i, [float(i)] * 2) for i in range(3))

    signature = (TensorSpec([], tf.int32), TensorSpec([2], tf.float32))
    dataset = Dataset.from_generator(three, output_signature=signature)
    assert [int(a) for a, _ in dataset] == [int(a) for a, _ in dataset] == [0, 1, 2]
    wrong = Dataset.from_generator(lambda: [1.5], output_signature=TensorSpec([], tf.int32))
    with pytest.raises(TypeError, match="does not fit the output_signature"):
        list(wrong)


def test_reduce():
    total = Dataset.range(5).reduce(np.int64(0), lambda state, x: state + x)
    assert int(total) == 10


def test_concatenated_elements_may_differ_in_size():
    short, long = tf.data.Dataset.from_tensors([1, 2]), tf.data.Dataset.from_tensors([1, 2, 3])
    both = short.concatenate(long)
    assert both.element_spec == tf.TensorSpec([None], tf.int32)
    assert [int(x) for x in both.map(tf.reduce_sum)] == [3, 6]
    with pytest.raises(TypeError, match="Incompatible dataset elements"):
        short.concatenate(tf.data.Dataset.from_tensors({"x": [1, 2]}))


def test_padded_texts_are_filled_with_empty_ones():
    texts = tf.data.Dataset.from_generator(
        lambda: iter([["a"], ["b", "c"]]), output_signature=tf.TensorSpec([None], tf.string)
    )
    (batch,) = texts.padded_batch(2)
    assert batch.numpy().tolist() == [[b"a", b""], [b"b", b"c"]]


def test_a_long_range_is_made_one_by_one():
    endless = Dataset.range(10**11)
    assert endless.cardinality() == 10**11
    assert numbers(endless.skip(3).take(2)) == [3, 4]
    first = next(iter(endless.shuffle(10, seed=1).batch(3)))
    assert first.dtype == tf.int64 and all(n < 13 for n in first)
    with pytest.raises(OverflowError):
        Dataset.range(2**40, output_type=tf.int32)


def test_iterators_have_a_next_of_their_own():
    tensors, arrays = iter(Dataset.range(2)), Dataset.range(2).as_numpy_iterator()
    assert int(tensors.next()) == 0 and type(arrays.next()) is np.int64
    assert list(arrays) == [1]
    with pytest.raises(StopIteration):
        arrays.next()
