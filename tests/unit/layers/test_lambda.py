"""Lambda: what is passed on, what is saved, and that files do not run code."""

import numpy as np
import pytest

import cornu
from cornu import layers
from cornu._base.errors import UnsafeFileError
from cornu.core import serialization


def scaled(x, factor=1, training=None):
    """A function with options."""
    return x * factor * (2 if training else 1)


def test_arguments_and_training_are_passed():
    layer = layers.Lambda(scaled, arguments={"factor": 3})
    np.testing.assert_array_equal(layer(np.ones((1, 2))).numpy(), [[3, 3]])
    np.testing.assert_array_equal(layer(np.ones((1, 2)), training=True).numpy(), [[6, 6]])


def test_output_shape_may_be_given():
    assert layers.Lambda(lambda x: x, output_shape=(7,)).compute_output_shape((None, 3)) == (None, 7)
    assert layers.Lambda(lambda x: x, output_shape=lambda s: (s[0], 5)).compute_output_shape((None, 3)) == (None, 5)
    assert layers.Lambda(lambda x: cornu.ops.sum(x, axis=1)).compute_output_shape((None, 3)) == (None,)


def test_mask_may_be_computed():
    layer = layers.Lambda(lambda x: x, mask=lambda x, mask: x[..., 0] > 1)
    assert layer(np.array([[[2.0], [1.0]]]))._keras_mask.numpy().tolist() == [[True, False]]


def test_a_named_function_is_saved_by_name():
    layer = layers.Lambda(scaled, arguments={"factor": 2})
    config = layer.get_config()
    assert config["function"]["config"] == "scaled"
    with serialization.custom_object_scope({"scaled": scaled}):
        again = layers.Lambda.from_config(config)
    np.testing.assert_array_equal(again(np.ones((1, 2))).numpy(), [[2, 2]])


def test_a_lambda_needs_unsafe_mode():
    with pytest.warns(UserWarning, match="bytecode"):
        config = layers.Lambda(lambda x: x + 1).get_config()
    assert config["function"]["class_name"] == "__lambda__"
    with pytest.raises(UnsafeFileError, match="safe_mode=False"):
        layers.Lambda.from_config(config)
    again = layers.Lambda.from_config(config, safe_mode=False)
    np.testing.assert_array_equal(again(np.ones((1, 2))).numpy(), [[2, 2]])
