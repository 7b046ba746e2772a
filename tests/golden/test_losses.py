"""Losses give the values and gradients that Keras 3.15 gave."""

import json
import pathlib

import numpy as np
import pytest
from cases_losses import FUNCTIONS, OBJECTS, inputs

import cornu
from cornu import losses
from cornu.core.tape import GradientTape
from cornu.core.tensor import convert_to_tensor

HERE = pathlib.Path(__file__).parent
DATA = inputs()
RECORDED = np.load(HERE / "losses.npz")
CONFIGS = json.loads((HERE / "losses.json").read_text())


def with_gradient(call, y_pred, mask=None):
    @cornu.function  # one program: compiling is what takes the time here
    def run(y_pred):
        if mask is not None:
            y_pred._keras_mask = convert_to_tensor(mask)
        with GradientTape() as tape:
            tape.watch(y_pred)
            value = call(y_pred)
        return value, tape.gradient(value, y_pred)

    value, gradient = run(convert_to_tensor(y_pred))
    return value.numpy(), gradient.numpy()


def same(found, expected):
    assert found.shape == expected.shape
    assert found.dtype == expected.dtype
    np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("number", range(len(FUNCTIONS)), ids=[f"{c[0]}-{n}" for n, c in enumerate(FUNCTIONS)])
def test_function(number):
    name, options, y_true, y_pred = FUNCTIONS[number]
    function = getattr(losses, name)
    value, gradient = with_gradient(lambda p: function(DATA[y_true], p, **options), DATA[y_pred])
    same(value, RECORDED[f"f{number}"])
    same(gradient, RECORDED[f"df{number}"])


@pytest.mark.parametrize("number", range(len(OBJECTS)), ids=[f"{c[0]}-{n}" for n, c in enumerate(OBJECTS)])
def test_object(number):
    name, options, y_true, y_pred, weights, mask = OBJECTS[number]
    loss = getattr(losses, name)(**options)
    weights = None if weights is None else DATA[weights]
    mask = None if mask is None else DATA[mask]
    value, gradient = with_gradient(lambda p: loss(DATA[y_true], p, sample_weight=weights), DATA[y_pred], mask)
    same(value, RECORDED[f"o{number}"])
    same(gradient, RECORDED[f"do{number}"])
    assert loss.get_config() == CONFIGS[number]
    again = type(loss).from_config(CONFIGS[number])
    same(again(DATA[y_true], DATA[y_pred]).numpy(), loss(DATA[y_true], DATA[y_pred]).numpy())
