"""Ragged and sparse tensors: what is refused, how they are joined, and gradients through them."""

import numpy as np
import pytest

import cornu.tf as tf
from cornu._base.errors import InvalidArgumentError, OutOfRangeError
from cornu.tf.ragged import reductions
from cornu.tf.ragged.tensor import RaggedTensor

A = tf.ragged.constant([[1, 2], [3], [], [4, 5, 6]])


@pytest.mark.parametrize("call, sentence", [
    (lambda: RaggedTensor.from_row_splits([1, 2], [0, 1]), "number of values, 2"),
    (lambda: RaggedTensor.from_row_splits([1, 2], [1, 2]), "splits from 0"),
    (lambda: RaggedTensor.from_row_lengths([1, 2], [3]), "valid RaggedTensor"),
    (lambda: RaggedTensor.from_value_rowids([1, 2], [1, 0]), "ascending"),
    (lambda: tf.ragged.constant([1, [2]]), "same nesting depth"),
    (lambda: tf.ragged.constant([[1, 2], ["a"]]), "mixed types"),
    (lambda: A + tf.ragged.constant([[1], [2]]), "rows of equal lengths"),
    (lambda: A + tf.constant([[1, 2]]), "Use size 1 where rows differ"),
    (lambda: A[:, 0], "inner ragged dimension"),
    (lambda: reductions.reduce("sum", A, 2), "Expected axis"),
    (lambda: bool(A), "truth value"),
    (lambda: tf.ragged.range(3, 5, 0), "delta != 0"),
    (lambda: tf.sparse.SparseTensor([[0, 1]], [1.0, 2.0], [2, 2]), "received shapes"),
    (lambda: tf.sparse.to_dense(tf.sparse.SparseTensor([[1, 0], [0, 1]], [1.0, 2.0], [2, 2])), "tf.sparse.reorder"),
    (lambda: tf.sparse.to_dense(tf.sparse.SparseTensor([[5, 0]], [1.0], [2, 2])), "inside of"),
    (lambda: tf.sparse.reshape(tf.sparse.eye(2), [3, 3]), "4 entries"),
    (lambda: tf.sparse.sparse_dense_matmul(tf.sparse.eye(2), tf.ones((3, 1))), "Expected 2 rows"),
    (lambda: tf.sparse.map_values(abs, 3), "No SparseTensor"),
])  # fmt: skip
def test_refuses(call, sentence):
    with pytest.raises(InvalidArgumentError, match=sentence):
        call()


def test_row_out_of_range():
    with pytest.raises(OutOfRangeError, match="from -4 to 3"):
        A[7]


def test_iteration_and_lists():
    assert [row.numpy().tolist() for row in A] == A.to_list() == [[1, 2], [3], [], [4, 5, 6]]
    assert A.shape.as_list() == [4, None] and A.ragged_rank == 1 and A.dtype == "int32"


def test_joins():
    assert reductions.concat([A, A], 1).to_list()[0] == [1, 2, 1, 2]
    assert reductions.concat([A, tf.constant([[7], [8], [9], [10]])], 1).to_list()[3] == [4, 5, 6, 10]
    assert reductions.concat([A, A], 0).to_list() == A.to_list() * 2
    assert tf.ragged.stack([A, A]).to_list() == [A.to_list(), A.to_list()]
    assert reductions.gather(A, [3, 0]).to_list() == [[4, 5, 6], [1, 2]]
    assert reductions.gather(A, [[3], [1]]).to_list() == [[[4, 5, 6]], [[3]]]


def test_gradients_through_rows():
    x = tf.Variable([1.0, 2.0, 3.0])
    with tf.GradientTape() as tape:
        rows = RaggedTensor.from_row_lengths(x, [2, 1])
        y = tf.reduce_sum(reductions.reduce("sum", rows * rows, 1) * tf.constant([1.0, 10.0]))
    assert tape.gradient(y, x).numpy().tolist() == [2, 4, 60]


def test_gradients_through_sparse_products():
    values, dense = tf.Variable([2.0, 3.0]), tf.Variable([[1.0], [5.0]])
    with tf.GradientTape() as tape:
        product = tf.sparse.sparse_dense_matmul(tf.sparse.SparseTensor([[0, 1], [1, 0]], values, [2, 2]), dense)
        y = tf.reduce_sum(product)
    by_values, by_dense = tape.gradient(y, [values, dense])
    np.testing.assert_allclose(by_values.numpy(), [5, 1])
    np.testing.assert_allclose(by_dense.numpy(), [[3], [2]])
