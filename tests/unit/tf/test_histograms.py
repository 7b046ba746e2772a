"""Histograms of bins of equal width, as TensorFlow 2.21 counts."""

import numpy as np
import pytest

import cornu.tf as tf

VALUES = [-1.0, 0.0, 1.5, 2.0, 5.0, 15.0]


@pytest.mark.parametrize("nbins", [5, np.int64(5), tf.constant(5)])
@pytest.mark.parametrize("dtype", ["int32", "int64"])
def test_counts(nbins, dtype):
    counts = tf.histogram_fixed_width(tf.constant(VALUES), [0.0, 5.0], nbins=nbins, dtype=dtype)
    assert counts.dtype == dtype
    np.testing.assert_array_equal(counts, [2, 1, 1, 0, 2])
    bins = tf.histogram_fixed_width_bins(tf.constant(VALUES), (0, 5), nbins=nbins, dtype=dtype)
    np.testing.assert_array_equal(bins, [0, 0, 1, 2, 4, 4])


def test_counts_compiled():
    counted = tf.function(lambda x: tf.histogram_fixed_width(x, [0.0, 5.0], 5))
    np.testing.assert_array_equal(counted(tf.constant(VALUES)), [2, 1, 1, 0, 2])
    np.testing.assert_array_equal(tf.histogram_fixed_width([1, 2, 3, 7, 9], [0, 10], 5), [1, 2, 0, 1, 1])


@pytest.mark.parametrize(
    ("values", "arguments", "message"),
    [
        (VALUES, ([0.0, 5.0], 0), "positive number of bins as nbins; received 0"),
        (VALUES, ([5.0, 0.0], 5), r"two rising numbers; received \[5.0, 0.0\]"),
        (VALUES, ([0.0, 5.0], 5, "float32"), "int32 or int64 as dtype; received float32"),
        ([np.nan, 1.0], ([0.0, 5.0], 5), "without nan"),
    ],
)
def test_bad_arguments(values, arguments, message):
    with pytest.raises(tf.errors.InvalidArgumentError, match=message):
        tf.histogram_fixed_width(tf.constant(values), *arguments)
