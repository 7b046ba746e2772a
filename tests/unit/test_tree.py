"""Nested structures."""

import pytest

from cornu import convert_to_tensor, tree

NEST = {"b": [1, (2, None)], "a": 3}


def test_leaves_and_paths():
    assert tree.flatten(NEST) == [3, 1, 2, None]
    assert tree.flatten_with_path(NEST) == [(("a",), 3), (("b", 0), 1), (("b", 1, 0), 2), (("b", 1, 1), None)]
    assert [tree.is_nested(x) for x in ([], {}, (1,), "a", None, convert_to_tensor([1.0]))] == [True] * 3 + [False] * 3
    assert tree.pack_sequence_as(NEST, [10, 20, 30, 40]) == {"b": [20, (30, 40)], "a": 10}


def test_maps():
    assert tree.map_structure(lambda a, b: a + b, {"b": [1, (2,)]}, {"b": [10, (20,)]}) == {"b": [11, (22,)]}
    assert tree.map_structure(lambda x: x is None, [None, 1]) == [True, False]
    assert tree.map_structure(lambda x: x + 1, [None, 1], none_is_leaf=False) == [None, 2]
    x = convert_to_tensor([1.0, 2.0])
    assert tree.map_structure(lambda t: t is x, {"x": x}) == {"x": True}
    assert tree.map_structure_up_to([1, 2], lambda a, b: (a, b), [1, 2], [[3, 4], 5]) == [(1, [3, 4]), (2, 5)]
    shapes = {"a": (1, 2), "b": [(3, None), (4,)]}
    assert tree.map_shape_structure(len, shapes) == {"a": 2, "b": [2, 1]}


def test_traverse():
    assert tree.lists_to_tuples({"a": [1, [2, 3]]}) == {"a": (1, (2, 3))}
    assert tree.traverse(lambda x: x * 2 if isinstance(x, int) else None, {"a": [1, 2]}) == {"a": [2, 4]}
    assert tree.traverse(lambda x: tree.MAP_TO_NONE if x == 1 else None, [1, 2]) == [None, 2]
    seen = []
    tree.traverse(lambda x: seen.append(x), [1, [2]])
    assert seen == [[1, [2]], 1, [2], 2]


@pytest.mark.parametrize(
    ("call", "kind", "message"),
    [
        (lambda: tree.assert_same_structure([1, 2], [1, [2]]), ValueError, "Expected two equal structures"),
        (lambda: tree.assert_same_structure([1, 2], (1, 2)), ValueError, "Expected two equal structures"),
        (lambda: tree.assert_same_paths([1], (1, 2)), ValueError, r"only the second \[\(1,\)\]"),
        (lambda: tree.pack_sequence_as([1, 2], [1]), ValueError, "Expected 2 leaves .*received 1"),
        (lambda: tree.map_structure(len, [1, 2], [1]), ValueError, "Expected two equal structures"),
        (lambda: tree.map_structure(1, [1]), TypeError, "Expected a function to map; received 1 of type int"),
        (lambda: tree.map_structure(len), ValueError, "at least one structure"),
        (lambda: tree.map_structure_up_to([1, 2], len, [[1]]), ValueError, "Expected a structure that begins as"),
    ],
)
def test_what_does_not_fit(call, kind, message):
    tree.assert_same_paths([1, 2], (1, 2))
    with pytest.raises(kind, match=message):
        call()
