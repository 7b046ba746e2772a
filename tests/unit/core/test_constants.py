"""Numbers and lists beside tensors are converted once, and noticed when they change."""

import numpy as np
import pytest

from cornu import GradientTape, Variable, ops
from cornu.core import config, constants


@pytest.fixture(autouse=True)
def _fresh():
    constants._lists.clear()
    constants._numbers.clear()


def _beside(values, like=(1.0, 1.0)):
    return (values + ops.convert_to_tensor(np.asarray(like, "float32"))).tolist()


def test_the_same_list_is_converted_once():
    values = [[1.0], [2.0]]
    assert [_beside(values) for _ in range(3)] == [[[2.0, 2.0], [3.0, 3.0]]] * 3
    ((_, _, array),) = constants._lists.values()
    assert constants.known_list(values, np.dtype("float32")) is array


@pytest.mark.parametrize(
    ("values", "change", "expected"),
    [
        ([1.0, 2.0], lambda v: v.__setitem__(0, 5.0), [6.0, 3.0]),
        ([[1.0, 2.0]], lambda v: v[0].__setitem__(1, -0.0), [[2.0, 1.0]]),
        ([[1.0, 2.0]], lambda v: v.append([0.0, 0.0]), [[2.0, 3.0], [1.0, 1.0]]),
        ([[1.0, 2.0]], lambda v: v.__setitem__(slice(None), [3.0, 4.0]), [4.0, 5.0]),
        ([1.0, 2.0], lambda v: v.__setitem__(slice(None), [[3.0, 4.0]]), [[4.0, 5.0]]),
        ([np.float64(1.0), 2.0], lambda v: v.__setitem__(0, np.float64(0.0)), [1.0, 3.0]),
    ],
)
def test_a_changed_list_is_converted_again(values, change, expected):
    _beside(values)
    change(values)
    assert _beside(values) == expected


def test_entries_that_can_change_are_not_remembered():
    row = np.array([1.0, 2.0], "float32")
    values = [row]
    assert _beside(values) == [[2.0, 3.0]]
    row[0] = 7.0
    assert _beside(values) == [[8.0, 3.0]]
    assert not constants._lists


def test_a_list_that_comes_to_hold_a_tensor_keeps_its_gradient():
    values, w = [1.0, 2.0], Variable(3.0)
    _beside(values)
    values[0] = w
    with GradientTape() as tape:
        y = ops.sum(values * ops.convert_to_tensor([5.0, 1.0]))
    assert y.item() == 17.0 and tape.gradient(y, w).item() == 5.0


def test_lists_take_the_dtype_of_the_tensor_beside_them():
    values = [0.1, 0.2]
    for dtype in ("float32", "float64", "float32", "float16"):
        x = ops.zeros((2,), dtype=dtype)
        result = x + values
        assert result.dtype == dtype
        assert result.tolist() == np.asarray(values, "float32").astype(dtype).tolist()


def test_a_change_of_floatx_forgets_lists():
    values = [0.1]
    ops.zeros((1,)) + values
    config.set_floatx("float64")
    assert not constants._lists
    assert (ops.zeros((1,), dtype="float64") + values).tolist() == [0.1]


@pytest.mark.parametrize("number", [0.0, -0.0, float("nan"), float("inf"), 0.002])
def test_numbers_keep_their_bits(number):
    x = ops.convert_to_tensor([1.0, -1.0])
    for _ in range(2):
        np.testing.assert_array_equal((number * x).numpy(), np.float32(number) * np.array([1, -1], "float32"))
        np.testing.assert_array_equal(
            np.signbit((number * x).numpy()), np.signbit(np.float32(number) * np.array([1, -1], "float32"))
        )


def test_the_memory_is_bounded():
    x = ops.convert_to_tensor([1.0])
    kept = [[float(i)] for i in range(2 * constants._MOST)]
    for i, values in enumerate(kept):
        assert (x + values).tolist() == [1.0 + i] and (x * (i + 0.5)).tolist() == [i + 0.5]
    assert len(constants._lists) == len(constants._numbers) == constants._MOST
