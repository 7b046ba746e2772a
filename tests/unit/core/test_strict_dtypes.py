"""What stands beside a tensor in TensorFlow's style: remembered lists and whole numbers keep TensorFlow's results."""

import numpy as np
import pytest

from cornu import tf
from cornu._base.errors import InvalidArgumentError, InvalidTypeError
from cornu.core import config


@pytest.fixture(autouse=True)
def tensorflow_style():
    config.set_style("tf2")


def test_a_list_that_changes_is_converted_again():
    x, targets = tf.constant([[1.0], [2.0]]), [[0.5], [1.0]]
    np.testing.assert_array_equal((x - targets).numpy(), [[0.5], [1.0]])
    np.testing.assert_array_equal(tf.greater(x, targets).numpy(), [[True], [True]])
    targets[1][0] = 4.0
    np.testing.assert_array_equal((x - targets).numpy(), [[0.5], [-2.0]])
    np.testing.assert_array_equal(tf.greater(x, targets).numpy(), [[True], [False]])


def test_whole_numbers_take_the_dtype_of_the_tensor():
    for dtype in (tf.float16, tf.float32, tf.float64):
        result = tf.constant([1.5], dtype) * 3
        assert result.dtype == dtype
        np.testing.assert_array_equal(result.numpy(), [4.5])
    large = 2**53 + 1  # no float holds it
    assert tf.add(tf.constant(0.0, tf.float64), large).numpy() == float(large)


def test_lists_of_tensors_and_of_text_are_told_apart():
    x = tf.constant([1.0, 2.0])
    np.testing.assert_array_equal(tf.add(x, [tf.constant(1.0), 2.0]).numpy(), [2.0, 4.0])
    with pytest.raises((InvalidArgumentError, InvalidTypeError)):
        tf.add(x, ["a", "b"])
