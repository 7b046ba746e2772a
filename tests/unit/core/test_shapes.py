"""Shapes: tuples that answer to TensorFlow's names; what counts as a shape."""

import numpy as np
import pytest

from cornu import convert_to_tensor
from cornu.core.shapes import TensorShape, as_shape, text


def test_is_a_tuple():
    shape = TensorShape((2, None, 3))
    assert shape == (2, None, 3) and shape[0] == 2 and len(shape) == 3 and hash(shape) == hash((2, None, 3))
    assert shape.as_list() == shape.dims == [2, None, 3]
    assert shape.rank == shape.ndims == 3


def test_prints():
    assert str(TensorShape((2, None))) == "(2, None)"
    assert repr(TensorShape((2, None))) == "TensorShape([2, None])"
    assert str(TensorShape(3)) == "(3,)"
    assert text([None, 28]) == "(None, 28)"


def test_slices_and_sums_stay_shapes():
    shape = TensorShape((2, 3, 4))
    for found, expected in ((shape[1:], (3, 4)), (shape + (5,), (2, 3, 4, 5)), ((1,) + shape, (1, 2, 3, 4))):
        assert type(found) is TensorShape and found == expected


def test_number_of_elements():
    assert TensorShape((2, 3)).num_elements() == 6 and TensorShape(()).num_elements() == 1
    assert TensorShape((2, None)).num_elements() is None
    assert TensorShape((2, 3)).is_fully_defined() and not TensorShape((2, None)).is_fully_defined()


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (3, (3,)), ([2, None], (2, None)), (np.array([2, 3]), (2, 3)), ((np.int64(4),), (4,)), ((), ()), (np.int32(2), (2,)),
        (TensorShape((1, 2)), (1, 2)),
    ],
)  # fmt: skip
def test_as_shape(given, expected):
    found = as_shape(given)
    assert found == expected and type(found) is tuple and all(s is None or type(s) is int for s in found)


def test_as_shape_takes_tensors():
    assert as_shape((convert_to_tensor(2), 3)) == (2, 3)
    assert as_shape(convert_to_tensor([2, 3])) == (2, 3)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (None, r"Expected a shape such as \(28, 28\); received None"),
        ((2.5,), "Expected a shape of integers and None; received .* with the entry 2.5"),
        (("a",), "with the entry 'a'"),
        ((-1, 2), r"Expected sizes of 0 or more; received the shape \(-1, 2\)"),
    ],
)
def test_refused_shapes(given, message):
    with pytest.raises(ValueError, match=message):
        as_shape(given)
