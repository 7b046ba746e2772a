"""tf.searchsorted of matrices, row by row."""

import pytest

import cornu.tf as tf


def test_searchsorted_of_matrices():
    rows, values = [[1.0, 3.0, 5.0], [2.0, 4.0, 6.0]], [[0.0, 3.0, 9.0], [4.0, 5.0, 1.0]]
    assert tf.searchsorted(rows, values).numpy().tolist() == [[0, 1, 3], [1, 2, 0]]
    right = tf.searchsorted(rows, values, side="right", out_type="int64")
    assert (right.numpy().tolist(), right.dtype.name) == ([[0, 2, 3], [2, 2, 0]], "int64")
    with pytest.raises(ValueError, match=r"values of shape \(2, None\); received \(1, 3\)"):
        tf.searchsorted(rows, values[:1])
