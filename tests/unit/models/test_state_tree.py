"""Variables as a tree."""

import numpy as np
import pytest

from cornu import Sequential, layers


@pytest.fixture
def model():
    model = Sequential([layers.Input((2,)), layers.Dense(1), layers.Dropout(0.5), layers.Dropout(0.5)], name="net")
    model.compile("adam", "mse", metrics=["mae"])
    model.fit(np.ones((2, 2)), np.ones((2, 1)), verbose=0)
    return model


def test_the_tree_has_every_variable_by_its_path(model):
    tree = model.get_state_tree("numpy_array")
    assert list(tree) == ["trainable_variables", "non_trainable_variables", "optimizer_variables", "metrics_variables"]
    np.testing.assert_array_equal(tree["trainable_variables"]["net"]["dense"]["kernel"], model.layers[0].kernel.numpy())
    seeds = tree["non_trainable_variables"]
    assert len(seeds) == 2 and all(list(seed) == ["seed_generator_state"] for seed in seeds.values())
    assert tree["optimizer_variables"]["adam"]["iteration"] == 1
    assert sorted(tree["metrics_variables"]) == ["loss", "mean_absolute_error"]


def test_a_tree_restores_a_model(model):
    before = model.get_state_tree()
    expected = model.get_state_tree("numpy_array")
    model.fit(np.ones((2, 2)), np.zeros((2, 1)), verbose=0)
    model.set_state_tree(before)
    after = model.get_state_tree("numpy_array")
    assert repr(after) == repr(expected)
    model.set_state_tree({"trainable_variables": {"net": {"dense": {"bias": [3.0]}}}})
    assert model.layers[0].bias.numpy() == [3.0]


@pytest.mark.parametrize(
    ("tree", "message"),
    [
        ({"trainable": {}}, "Expected groups of trainable_variables, .*received 'trainable'"),
        ({"trainable_variables": {"net": {"dense": {"bais": 1}}}}, "no variable 'net/dense/bais'.*'net/dense/bias'"),
        ({"trainable_variables": {"net": {"dense": {"kernel": np.zeros((2, 1)), "bias": [1, 2]}}}}, r"shape \(1,\)"),
    ],
)
def test_a_tree_that_does_not_fit_changes_nothing(model, tree, message):
    before = model.layers[0].kernel.numpy()
    with pytest.raises(ValueError, match=message):
        model.set_state_tree(tree)
    np.testing.assert_array_equal(model.layers[0].kernel.numpy(), before)
    with pytest.raises(
        ValueError, match="Expected value_format to be one of backend_tensor, numpy_array; received 'x'"
    ):
        model.get_state_tree("x")
