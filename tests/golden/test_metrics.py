"""Metrics have the states, results and configs that those of Keras 3.15 had."""

import json
import pathlib

import numpy as np
import pytest
from cases_metrics import CASES, FUNCTIONS, inputs

from cornu import metrics
from cornu.core.tensor import convert_to_tensor

HERE = pathlib.Path(__file__).parent
DATA = inputs()
RECORDED = np.load(HERE / "metrics.npz")
NOTES = json.loads((HERE / "metrics.json").read_text())


def same(found, expected):
    found = np.asarray(found)
    assert found.shape == expected.shape
    assert found.dtype == expected.dtype
    np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("number", range(len(CASES)), ids=[f"{c[0]}-{n}" for n, c in enumerate(CASES)])
def test_metric(number):
    name, options, y_true, y_pred, weights, mask = CASES[number]
    metric = getattr(metrics, name)(name="m", **options)
    for turn in (slice(None), slice(None, None, -1)):
        given = [DATA[key][turn] for key in (y_true, y_pred) if key is not None]
        if mask is not None:
            given[1] = convert_to_tensor(given[1])
            given[1]._keras_mask = convert_to_tensor(DATA[mask][turn])
        metric.update_state(*given, sample_weight=None if weights is None else DATA[weights][turn])
    assert [variable.path for variable in metric.variables] == NOTES[number]["variables"]
    for place, variable in enumerate(metric.variables):
        same(variable.numpy(), RECORDED[f"v{number}_{place}"])
    same(metric.result(), RECORDED[f"r{number}"])
    assert json.loads(json.dumps(metric.get_config())) == NOTES[number]["config"]
    again = type(metric).from_config(NOTES[number]["config"])
    assert json.loads(json.dumps(again.get_config())) == NOTES[number]["config"]

    state = [variable.numpy() for variable in metric.variables]
    same(metric.stateless_result(state), RECORDED[f"r{number}"])
    metric.reset_state()
    assert all(not np.any(variable.numpy()) for variable in metric.variables)


@pytest.mark.parametrize("number", range(len(FUNCTIONS)), ids=[f"{c[0]}-{n}" for n, c in enumerate(FUNCTIONS)])
def test_function(number):
    name, options, y_true, y_pred = FUNCTIONS[number]
    same(getattr(metrics, name)(DATA[y_true], DATA[y_pred], **options), RECORDED[f"f{number}"])
