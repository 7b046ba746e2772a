"""What the golden values of `tf.linalg` do not reach."""

import numpy as np
import pytest

from cornu import tf
from cornu._base.errors import InvalidArgumentError


def test_least_squares_without_the_fast_way_takes_no_regularizer():
    rng = np.random.RandomState(0)
    matrix, rhs = rng.normal(size=(5, 3)).astype("float32"), rng.normal(size=(5, 2)).astype("float32")
    expected = np.linalg.lstsq(matrix, rhs, rcond=None)[0]
    np.testing.assert_allclose(tf.linalg.lstsq(matrix, rhs, fast=False), expected, rtol=1e-4, atol=1e-5)
    with pytest.raises(InvalidArgumentError, match=r"l2_regularizer=0 with fast=False; received 0.5\. Leave fast=True"):
        tf.linalg.lstsq(matrix, rhs, l2_regularizer=0.5, fast=False)
    taller = np.concatenate([matrix, np.sqrt(0.5) * np.eye(3, dtype="float32")])
    advised = tf.linalg.lstsq(taller, np.concatenate([rhs, np.zeros((3, 2), "float32")]), fast=False)
    np.testing.assert_allclose(advised, tf.linalg.lstsq(matrix, rhs, l2_regularizer=0.5), rtol=1e-4, atol=1e-5)
