"""Ops of neural networks and images give Keras' recorded values and gradients."""

import pathlib

import jax
import numpy as np
import pytest
from cases_nn import CASES, Case, weights

from cornu import activations
from cornu.core.tensor import raw
from cornu.ops import image, nn

RECORDED = np.load(pathlib.Path(__file__).with_name("nn.npz"))
SPACES = {"nn": nn, "image": image, "activations": activations}


def call(case: Case, arrays: dict) -> list:
    module, name = case.function.split(".")
    result = getattr(SPACES[module], name)(**arrays, **case.options)
    return [raw(out) for out in (result if isinstance(result, (tuple, list)) else [result])]


def total(outputs: list) -> jax.Array:
    return sum((out * weights(out.shape)).sum() for out in outputs)


def test_case_names_are_unique():
    assert len({case.name for case in CASES}) == len(CASES)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_values_and_gradients(case):
    arrays = case.arrays()
    chosen = {name: value for name, value in arrays.items() if case.gradient and value.dtype == np.float32}

    def run(given):
        outputs = call(case, {**arrays, **given})
        return total(outputs), outputs

    if chosen:  # one program for all: compiling is what takes the time here
        gradients, outputs = jax.jit(jax.grad(run, has_aux=True))(chosen)
    else:
        gradients, outputs = {}, call(case, arrays)
    for i, out in enumerate(outputs):
        expected = RECORDED[f"{case.name}|out{i}"]
        assert out.dtype == expected.dtype
        assert out.shape == expected.shape
        np.testing.assert_allclose(np.asarray(out), expected, rtol=case.rtol, atol=case.atol)
    assert f"{case.name}|out{len(outputs)}" not in RECORDED
    for name, value in gradients.items():
        expected = RECORDED[f"{case.name}|grad_{name}"]
        scale = max(1.0, float(np.abs(expected).max()))
        np.testing.assert_allclose(np.asarray(value), expected, rtol=case.rtol, atol=case.atol * scale, err_msg=name)
