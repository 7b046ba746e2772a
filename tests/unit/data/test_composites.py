"""Ragged and sparse tensors in datasets, as TensorFlow 2.21 has them."""

import numpy as np
import pytest

import cornu.tf as tf
from cornu.data import Dataset

LISTS = [[1, 2], [3], [], [4, 5, 6]]
RAGGED = tf.ragged.constant(LISTS)
SPARSE = tf.sparse.from_dense([[1, 0], [0, 2], [3, 3]])


def lists(dataset):
    return [element.to_list() for element in dataset]


def test_rows_of_ragged_tensors():
    rows = Dataset.from_tensor_slices(RAGGED)
    assert repr(rows.element_spec) == "RaggedTensorSpec(TensorShape([None]), tf.int32, 0, tf.int64)"
    assert [row.numpy().tolist() for row in rows] == LISTS
    assert [type(row) for row in rows.as_numpy_iterator()] == [np.ndarray] * 4
    assert len(rows) == 4
    batches = rows.batch(2)
    assert repr(batches.element_spec) == "RaggedTensorSpec(TensorShape([None, None]), tf.int32, 1, tf.int64)"
    assert lists(batches) == [LISTS[:2], LISTS[2:]]
    assert [row.numpy().tolist() for row in batches.unbatch()] == LISTS
    assert lists(rows.repeat(2).skip(1).batch(3)) == [LISTS[1:], LISTS[:3], LISTS[3:]]
    assert [x.numpy() for x in rows.map(tf.reduce_sum)] == [3, 3, 0, 15]
    assert [x.numpy().tolist() for x in rows.filter(lambda x: tf.size(x) > 1)] == [[1, 2], [4, 5, 6]]
    pairs = list(Dataset.from_tensor_slices(([1, 2, 3, 4], RAGGED)).batch(4))
    assert (pairs[0][0].numpy().tolist(), pairs[0][1].to_list()) == ([1, 2, 3, 4], LISTS)
    with pytest.raises(TypeError, match="plain tensors for padded_batch"):
        rows.padded_batch(2)


def test_deeper_ragged_tensors():
    deep = [[[1, 2], [3]], [[4]]]
    rows = Dataset.from_tensor_slices(tf.ragged.constant(deep))
    assert lists(rows) == deep
    assert lists(rows.batch(2)) == [deep]
    assert lists(Dataset.from_tensors(RAGGED).map(lambda x: x + 1)) == [[[2, 3], [4], [], [5, 6, 7]]]


def test_maps_that_make_them():
    made = Dataset.range(3).map(lambda n: tf.ragged.range([n, 2]))
    assert lists(made) == [[[], [0, 1]], [[0], [0, 1]], [[0, 1], [0, 1]]]
    assert repr(made.element_spec) == "RaggedTensorSpec(TensorShape([2, None]), tf.int64, 1, tf.int64)"
    sparse = Dataset.range(3).map(lambda n: tf.sparse.from_dense([n, 0, 1])).batch(3)
    assert [tf.sparse.to_dense(x).numpy().tolist() for x in sparse] == [[[0, 0, 1], [1, 0, 1], [2, 0, 1]]]


@pytest.mark.parametrize("how", ["method", "function"])
def test_ragged_batches(how):
    rows = Dataset.range(4).map(lambda n: tf.range(n))
    if how == "method":
        batches = rows.ragged_batch(2, drop_remainder=True)
    else:
        batches = rows.apply(tf.data.experimental.dense_to_ragged_batch(2))
    assert lists(batches) == [[[], [0]], [[0, 1], [0, 1, 2]]]
    assert (
        repr(rows.ragged_batch(3).element_spec) == "RaggedTensorSpec(TensorShape([None, None]), tf.int64, 1, tf.int64)"
    )
    plain = list(Dataset.from_tensor_slices(np.arange(6).reshape(3, 2)).ragged_batch(2))
    assert [x.numpy().tolist() for x in plain] == [[[0, 1], [2, 3]], [[4, 5]]]


def test_sparse_tensors():
    rows = Dataset.from_tensor_slices(SPARSE)
    assert repr(rows.element_spec) == "SparseTensorSpec(TensorShape([2]), tf.int32)"
    assert [tf.sparse.to_dense(x).numpy().tolist() for x in rows] == [[1, 0], [0, 2], [3, 3]]
    batches = list(rows.batch(2))
    assert [tf.sparse.to_dense(x).numpy().tolist() for x in batches] == [[[1, 0], [0, 2]], [[3, 3]]]
    assert batches[0].indices.numpy().tolist() == [[0, 0], [1, 1]]


def test_generators():
    spec = tf.RaggedTensorSpec(shape=[None, None], dtype=tf.int32)
    assert lists(Dataset.from_generator(lambda: iter([RAGGED, LISTS[:2]]), output_signature=spec)) == [LISTS, LISTS[:2]]
    with pytest.raises(TypeError, match="received a ragged tensor of float32"):
        list(Dataset.from_generator(lambda: iter([tf.ragged.constant([[1.0]])]), output_signature=spec))
    sparse = tf.SparseTensorSpec([3, 2], tf.int32)
    (found,) = Dataset.from_generator(lambda: iter([SPARSE]), output_signature=sparse)
    assert tf.sparse.to_dense(found).numpy().tolist() == [[1, 0], [0, 2], [3, 3]]
