"""Structures: flattened and packed again."""

from collections import OrderedDict, defaultdict, namedtuple

import pytest

from minitf import nest

Point = namedtuple("Point", "x y")


def test_flatten():
    assert nest.flatten(5) == [5]
    assert nest.flatten([]) == [] and nest.flatten([[], {}]) == []
    assert nest.flatten([1, (2, [3]), {"b": 5, "a": 4}]) == [1, 2, 3, 4, 5]
    assert nest.flatten(Point(1, Point(2, 3))) == [1, 2, 3]
    assert nest.flatten("abc") == ["abc"] and nest.flatten(None) == [None]


@pytest.mark.parametrize(
    "structure",
    [
        5,
        [1, (2, [3]), {"b": 5, "a": 4}],
        {"b": [1, 2], "a": ()},
        Point(1, [2, Point(3, 4)]),
        OrderedDict([("z", 1), ("a", 2)]),
        [],
    ],
)
def test_packing_restores_the_structure(structure):
    packed = nest.pack_like(structure, nest.flatten(structure))
    assert packed == structure and type(packed) is type(structure)
    if isinstance(structure, dict):
        assert list(packed) == list(structure)


def test_packing_a_defaultdict():
    structure = defaultdict(list, b=1, a=2)
    packed = nest.pack_like(structure, [20, 10])
    assert packed == {"b": 10, "a": 20} and packed["new"] == []
    assert structure == {"b": 1, "a": 2}


@pytest.mark.parametrize("leaves", [[1], [1, 2, 3]])
def test_packing_counts_the_leaves(leaves):
    with pytest.raises(ValueError, match=f"2 leaves, but {len(leaves)}"):
        nest.pack_like({"a": 0, "b": 0}, leaves)


def test_map_structure():
    assert nest.map_structure(lambda x: x * 2, {"a": [1, 2]}) == {"a": [2, 4]}
    assert nest.map_structure(lambda x, y: x + y, [1, (2,)], [10, (20,)]) == [11, (22,)]


def test_map_structure_refuses_different_structures():
    with pytest.raises(ValueError, match="same structure"):
        nest.map_structure(lambda x, y: x, [1, 2], [1])
    with pytest.raises(ValueError, match="same structure"):
        nest.map_structure(lambda x, y: x, {"a": 1}, {"b": 1})
    with pytest.raises(ValueError, match="same structure"):
        nest.map_structure(lambda x, y: x, [1, (2, 3)], [(1, 2), 3])


def test_is_nested():
    assert nest.is_nested([]) and nest.is_nested({}) and nest.is_nested(Point(1, 2))
    assert not nest.is_nested("abc") and not nest.is_nested(None)
