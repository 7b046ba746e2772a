"""One-hot labels and unit rows."""

import numpy as np
import pytest

from cornu._base.errors import InvalidArgumentError, InvalidTypeError
from cornu.core.tensor import Tensor, convert_to_tensor
from cornu.utils import normalize, to_categorical

ONE_HOT = [
    ([0, 1, 2], None, np.eye(3)),
    ([[0], [1]], None, np.eye(2)),
    (np.array([[0, 1], [2, 3]]), 4, np.eye(4).reshape(2, 2, 4)),
    (np.array([0, -1]), 3, np.eye(3)[[0, 2]]),
    (3, None, np.eye(4)[3]),
    (3, 5, np.eye(5)[3]),
    ([0.0, 1.9], None, np.eye(2)),
    ([True, False], None, np.eye(2)[::-1]),
    (np.array([[[0], [1]]]), None, np.eye(2)[None]),
    ([], 3, np.zeros((0, 3))),
]


@pytest.mark.parametrize(("x", "classes", "expected"), ONE_HOT)
def test_to_categorical(x, classes, expected):
    found = to_categorical(x, classes)
    assert found.dtype == "float64" and found.shape == expected.shape and (found == expected).all()


def test_to_categorical_of_a_tensor_is_a_tensor():
    found = to_categorical(convert_to_tensor([1, 0]))
    assert isinstance(found, Tensor) and found.dtype == "float32" and found.numpy().tolist() == [[0, 1], [1, 0]]


def test_to_categorical_refuses():
    with pytest.raises(InvalidArgumentError, match="from 0 to 2 for num_classes=3; received 5. Use num_classes=6"):
        to_categorical([0, 5], 3)
    with pytest.raises(InvalidArgumentError, match="at least one label"):
        to_categorical([])
    with pytest.raises(InvalidTypeError, match="class numbers; received 'cat'"):
        to_categorical(["cat"])


NORMS = [
    ({}, [[0.6, 0.8], [0, 0]]),
    ({"order": 1}, [[3 / 7, 4 / 7], [0, 0]]),
    ({"axis": 0}, [[1, 1], [0, 0]]),
    ({"axis": (0, 1)}, [[0.6, 0.8], [0, 0]]),
    ({"order": 3}, [[3 / 91 ** (1 / 3), 4 / 91 ** (1 / 3)], [0, 0]]),
]


@pytest.mark.parametrize(("arguments", "expected"), NORMS)
def test_normalize(arguments, expected):
    np.testing.assert_allclose(normalize(np.array([[3.0, 4.0], [0, 0]]), **arguments), expected, rtol=1e-6)


def test_normalize_types():
    assert normalize(np.array([3.0, 4.0], "float32")).dtype == "float32"
    assert normalize([3, 4]).dtype == "float32"
    assert isinstance(normalize(convert_to_tensor([3.0, 4.0])), Tensor)
    with pytest.raises(InvalidArgumentError, match="`order` must be an int >= 1. Received: order=1.5"):
        normalize([1.0], order=1.5)
