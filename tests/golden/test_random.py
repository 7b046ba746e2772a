"""Random numbers have the bits of TensorFlow's, initial weights in style tf2 those of tf.keras'."""

import json
import pathlib

import numpy as np
import pytest
from cases_random import CASES, INITIALIZERS, digest, model_weights, outputs

import cornu
from cornu.core import config, global_seed, keras2_seeds
from cornu.tf import random

RECORDED = json.loads(pathlib.Path(__file__).with_name("random.json").read_text())


@pytest.fixture(autouse=True)
def _restored():
    yield
    config.set_style("keras3")
    global_seed.set_global_seed(None)
    keras2_seeds.forget()


def test_case_names_are_unique():
    assert len({case.name for case in CASES}) == len(CASES)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_numbers(case):
    generator = None if case.generator is None else random.Generator.from_seed(case.generator)
    found = outputs(case, random, generator, cornu.function)
    assert [digest(array) for array in found] == RECORDED[case.name]


@pytest.mark.parametrize("number", range(len(INITIALIZERS)), ids=lambda i: "-".join(map(str, INITIALIZERS[i][::2])))
def test_initializers(number):
    config.set_style("tf2")
    name, options, shape, dtype = INITIALIZERS[number]
    values = getattr(cornu.initializers, name)(**options)(shape, dtype=dtype)
    assert digest(np.asarray(values)) == RECORDED["initializers"][number]


def test_first_weights_of_a_model():
    config.set_style("tf2")
    assert model_weights(cornu) == RECORDED["model"]
