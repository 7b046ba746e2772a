"""Each refusal says what was expected, what came, and what to do."""

import numpy as np
import pytest

from cornu._base.errors import InvalidArgumentError, InvalidTypeError
from cornu.training import checks


@pytest.mark.parametrize("value", [1, 32, np.int64(7)])
def test_positive_int(value):
    assert checks.check_positive_int("batch_size", value) == int(value)
    assert type(checks.check_positive_int("batch_size", value)) is int


@pytest.mark.parametrize(
    ("value", "error", "match"),
    [
        (0, InvalidArgumentError, "batch_size to be a positive integer; received 0"),
        (-3, InvalidArgumentError, "received -3"),
        (1.5, InvalidTypeError, "received 1.5 of type float. Round it.*//"),
        ("32", InvalidTypeError, "received '32' of type str"),
        (True, InvalidTypeError, "received True of type bool"),
    ],
)
def test_positive_int_refuses(value, error, match):
    with pytest.raises(error, match=match):
        checks.check_positive_int("batch_size", value)


@pytest.mark.parametrize("value", [0, 1, 1.0, -0.1, 2, "0.2", None, True])
def test_validation_split_refuses(value):
    with pytest.raises(InvalidArgumentError, match="fraction between 0 and 1, such as 0.2; received"):
        checks.validation_split(value)


def test_same_rows():
    assert checks.same_rows([("x", 4), ("y", 4)]) == 4
    with pytest.raises(InvalidArgumentError, match=r"x\[0\] has 4, x\[1\] has 4, y has 3"):
        checks.same_rows([("x[0]", 4), ("x[1]", 4), ("y", 3)])
    with pytest.raises(InvalidArgumentError, match="at least one row of data; received x and y with 0 rows"):
        checks.same_rows([("x", 0), ("y", 0)])


SPARSE = [
    ([0, 1, 3], "received 3 at row 2. Give the last layer at least 4 units"),
    ([1, 2, 3], "received 3 at row 2. The labels seem to count from 1"),
    ([0, -1, 2], "received -1 at row 1. Labels are class numbers"),
    ([0.0, 0.5, 1.0], "received 0.5 at row 1. .*use categorical_crossentropy"),
    (
        [[0, 1], [2, 9]],
        "from 0 to 2 for output 'digit' with loss sparse_categorical_crossentropy .* received 9 at row 1",
    ),
]


@pytest.mark.parametrize(("labels", "match"), SPARSE)
def test_sparse_labels_out_of_range(labels, match):
    with pytest.raises(InvalidArgumentError, match=match):
        checks.check_sparse_labels(np.array(labels), 3, "digit", "sparse_categorical_crossentropy")


@pytest.mark.parametrize("labels", [[0, 1, 2], [[0.0], [2.0]], [], [True, False]])
def test_sparse_labels_in_range(labels):
    assert checks.check_sparse_labels(np.array(labels), 3, "digit", "loss") is None


def test_sparse_labels_ignored_class():
    assert checks.check_sparse_labels(np.array([0, 255, 2]), 3, "o", "loss", ignore_class=255) is None
    with pytest.raises(InvalidArgumentError, match="received 7 at row 2"):
        checks.check_sparse_labels(np.array([0, 255, 7]), 3, "o", "loss", ignore_class=255)
