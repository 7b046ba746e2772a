"""Arguments of `compile` from older generations of Keras."""

import warnings

import numpy as np
import pytest

import cornu as keras

X, Y = np.arange(12, dtype="float32").reshape(2, 3, 2), np.zeros((2, 3, 1), "float32")


def compiled(**old):
    model = keras.Sequential([keras.Input((3, 2)), keras.layers.Dense(1, kernel_initializer="ones")])
    model.compile("sgd", "mse", **old)
    return model


@pytest.mark.parametrize("mode", ["temporal", ["temporal"], {"dense": "temporal"}, None])
def test_weights_of_steps_count_in_any_mode(mode):
    weights = np.array([[0, 0, 1], [0, 0, 0]], "float32")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        loss = compiled(sample_weight_mode=mode).evaluate(X, Y, sample_weight=weights, verbose=0)
    assert loss == pytest.approx(9.0**2 / 6)  # the weighted step is (4, 5)


@pytest.mark.parametrize(
    "old",
    [
        {"target_tensors": None},
        {"distribute": None},
        {"distribute": False},
        {"experimental_run_tf_function": True},
        {"pss_evaluation_shards": 0},
        {"pss_evaluation_shards": "auto"},
    ],
)
def test_what_asks_for_nothing_is_accepted(old):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert compiled(**old).compiled


@pytest.mark.parametrize(
    "old, expected",
    [
        ({"sample_weight_mode": "daily"}, "sample_weight_mode as None, 'samplewise' or 'temporal'.*received 'daily'"),
        ({"target_tensors": [Y]}, r"target_tensors=None.*fit\(x, y\)"),
        ({"distribute": True}, r"distribute=None.*received True.*strategy\.scope\(\)"),
    ],
)
def test_what_cannot_be_met_is_refused(old, expected):
    with pytest.raises(ValueError, match=expected):
        compiled(**old)


@pytest.mark.parametrize(
    "old, expected",
    [
        ({"experimental_run_tf_function": False}, "has no effect.*run_eagerly=True"),
        ({"pss_evaluation_shards": 2}, "pss_evaluation_shards=2 has no effect"),
    ],
)
def test_what_has_no_effect_is_said(old, expected):
    with pytest.warns(UserWarning, match=expected):
        compiled(**old)


def test_unknown_arguments_get_the_nearest_name():
    with pytest.raises(TypeError, match="compile got the unknown argument 'metric'.*'metrics'"):
        compiled(metric=["mae"])
