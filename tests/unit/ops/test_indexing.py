"""`x[...]`: every kind of key agrees with NumPy, eagerly, compiled and on tapes; what is wrong is named."""

import jax
import numpy as np
import pytest

import cornu.ops as ops
from cornu._base.errors import InvalidArgumentError, InvalidTypeError, OutOfRangeError
from cornu.core.symbolic import KerasTensor
from cornu.core.tape import GradientTape
from cornu.core.tensor import Tensor, convert_to_tensor

X = np.arange(60, dtype="float32").reshape(3, 4, 5)
KEYS = [
    0, -1, (1, 2), (slice(None), 1), (slice(1, 3), slice(None, None, 2)), Ellipsis, (Ellipsis, 0), (0, Ellipsis, -2),
    (None, 1), (slice(None), None, 2), (slice(2, 0, -1),), slice(5, 9), slice(-2, None), (0, slice(1, 1)),
    np.array([2, 0]), ([0, 2], [1, 3]), (0, np.array([1, 2])), (np.array([0, 1]), slice(None), np.array([3, 4])),
    (slice(1, 3), np.array([[0, 1], [3, 2]])), (np.int64(2), slice(0, 2)), (0, slice(None), np.array([1, 2])),
]  # fmt: skip


@pytest.mark.parametrize("key", KEYS, ids=repr)
def test_as_numpy(key):
    tensor = convert_to_tensor(X)
    np.testing.assert_array_equal(tensor[key].numpy(), X[key])
    compiled = jax.jit(lambda x: Tensor(x)[key]._value)(X)
    np.testing.assert_array_equal(np.asarray(compiled), X[key])
    with GradientTape() as tape:
        tape.watch(tensor)
        total = ops.sum(tensor[key] * 2)
    expected = np.zeros_like(X)
    np.add.at(expected, key, 2)
    np.testing.assert_array_equal(tape.gradient(total, tensor).numpy(), expected)


def test_masks_and_tensor_indices():
    tensor = convert_to_tensor(X)
    mask = X[:, :, 0] > 20
    np.testing.assert_array_equal(tensor[convert_to_tensor(mask)].numpy(), X[mask])
    np.testing.assert_array_equal(tensor[tensor > 50].numpy(), X[X > 50])
    np.testing.assert_array_equal(tensor[convert_to_tensor([1, -1])].numpy(), X[[1, -1]])
    np.testing.assert_array_equal(tensor[ops.argmax([0, 3, 1])].numpy(), X[1])
    np.testing.assert_array_equal(tensor[: ops.argmax([0, 3, 1])].numpy(), X[:1])


def test_rows_and_batches_share_programs():
    from cornu.core.dispatch import OPS

    tensor = convert_to_tensor(np.arange(64, dtype="float32"))
    tensor[0], tensor[0:8]
    before = len(OPS["getitem"]._compiled)
    assert [float(tensor[i]) for i in range(64)] == list(range(64))
    assert [float(ops.sum(tensor[i : i + 8])) for i in range(0, 64, 8)] == [28.0 + 64 * i for i in range(8)]
    assert len(OPS["getitem"]._compiled) == before


def test_iteration_stops():
    assert [float(x) for x in convert_to_tensor([1.0, 2.0])] == [1.0, 2.0]


@pytest.mark.parametrize("index", [3, -4])
def test_out_of_range(index):
    with pytest.raises(OutOfRangeError, match=r"Index -?\d is out of range for axis 0 of size 3"):
        convert_to_tensor(X)[index]
    with pytest.raises(IndexError, match="out of range"):
        jax.jit(lambda x: Tensor(x)[index]._value)(X)


@pytest.mark.parametrize(
    ("key", "error", "text"),
    [
        ((0, 0, 0, 0), InvalidArgumentError, r"at most 3 indices for shape \(3, 4, 5\); received 4"),
        ((Ellipsis, Ellipsis), InvalidArgumentError, r"at most one \.\.\."),
        (True, InvalidArgumentError, "a Python bool"),
        ("a", InvalidTypeError, "received 'a'"),
        (np.array([0.5]), InvalidTypeError, "received dtype float"),
        (slice(0, 2, 0), InvalidArgumentError, "step other than 0"),
    ],
)
def test_wrong_keys(key, error, text):
    with pytest.raises(error, match=text):
        convert_to_tensor(X)[key]


def test_masks_and_bounds_need_values_while_compiling():
    with pytest.raises(InvalidArgumentError, match=r"Use ops\.where"):
        jax.jit(lambda x: Tensor(x)[Tensor(x) > 1]._value)(X)
    with pytest.raises(InvalidArgumentError, match=r"Use ops\.slice"):
        jax.jit(lambda x, n: Tensor(x)[: Tensor(n)]._value)(X, 2)


def test_symbolic():
    x = KerasTensor((None, 4, 5))
    assert x[:, 0].shape == (None, 5)
    assert x[..., None, 1:3].shape == (None, 4, 1, 2)
    assert x[:, ::2, -1].shape == (None, 2)
    with pytest.raises(OutOfRangeError, match="Index 4 is out of range for axis 1 of size 4"):
        x[:, 4]


def test_slice_takes_minus_one_and_tensors():
    np.testing.assert_array_equal(ops.slice(X, (1, 0, 2), (-1, 2, -1)).numpy(), X[1:, :2, 2:])
    np.testing.assert_array_equal(ops.slice(X, convert_to_tensor([1, 1, 0]), (1, 2, 5)).numpy(), X[1:2, 1:3])


def test_negative_segments_are_left_out_and_counts_are_needed_when_compiling():
    data = np.array([[1.0], [2.0], [4.0]], "float32")
    np.testing.assert_array_equal(ops.segment_sum(data, np.array([0, -1, 2])).numpy(), [[1], [0], [4]])
    with pytest.raises(InvalidArgumentError, match="segment_sum needs num_segments"):
        jax.jit(lambda ids: ops.segment_sum(data, Tensor(ids))._value)(np.array([0, 1, 1]))


def test_bincount_rows():
    np.testing.assert_array_equal(ops.bincount([[1, 2], [0, 0]]).numpy(), [[0, 1, 1], [2, 0, 0]])
    with pytest.raises(InvalidArgumentError, match="sparse=False"):
        ops.bincount([1], sparse=True)


def test_products_of_groups_with_zeros_have_gradients():
    x = convert_to_tensor([2.0, 0.0, 3.0, 0.0, 0.0])
    with GradientTape() as tape:
        tape.watch(x)
        y = ops.segment_prod(x, np.array([0, 0, 0, 1, 1]), 3)
        total = ops.sum(y)
    np.testing.assert_array_equal(y.numpy(), [0, 0, 1])
    np.testing.assert_array_equal(tape.gradient(total, x).numpy(), [0, 6, 0, 0, 0])
