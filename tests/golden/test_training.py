"""Whole training runs against Keras 3.15 on TensorFlow, see record_training.py: histories, weights, results, predictions."""

import json
import pathlib

import numpy as np
import pytest
from cases_training import CASES, LOOSE

import cornu

HERE = pathlib.Path(__file__).parent
FACTS = json.loads((HERE / "training.json").read_text())


@pytest.fixture(scope="module")
def golden():
    with np.load(HERE / "training.npz") as arrays:
        return dict(arrays)


def compare(ours, expected, arrays, rtol, path):
    """Equal keys and close values.

    If two metrics have one name, Keras' list of results holds the first of them twice; the list is not compared then.
    """
    if isinstance(expected, dict) and "array" in expected:
        np.testing.assert_allclose(ours, arrays[expected["array"]], rtol=rtol, atol=rtol / 5, err_msg=path)
    elif isinstance(expected, dict):
        assert sorted(ours) == sorted(expected), path
        for key, item in expected.items():
            if not (key == "evaluate_list" and isinstance(item, list) and len(item) > len(expected["evaluate"])):
                compare(ours[key], item, arrays, rtol, f"{path}/{key}")
    elif isinstance(expected, list):
        assert len(ours) == len(expected), path
        for index, (mine, item) in enumerate(zip(ours, expected, strict=True)):
            compare(mine, item, arrays, rtol, f"{path}/{index}")
    elif isinstance(expected, (float, int)):
        np.testing.assert_allclose(float(ours), expected, rtol=rtol, atol=1e-7, err_msg=path)
    else:
        assert ours == expected, path


@pytest.mark.parametrize("name", CASES)
def test_the_run_is_that_of_keras(name, golden):
    ours = CASES[name](cornu, cornu.GradientTape)
    compare(ours, FACTS[name], golden, LOOSE.get(name, 1e-5), name)
