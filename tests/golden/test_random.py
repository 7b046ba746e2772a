"""Random numbers have the bits of TensorFlow's, initial weights in style tf2 those of tf.keras'."""

import json
import pathlib

import numpy as np
import pytest
from cases_random import CASES, INITIALIZERS, Case, digest

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


def outputs(case: Case) -> list:
    generator = None
    if case.generator is not None:
        generator = random.Generator.from_seed(case.generator)

    def call(function, args, options):
        if function.startswith("g."):
            return getattr(generator, function[2:])(*args, **options)
        return getattr(random, function)(*args, **options)

    if not case.compiled:
        found = [call(*each) for each in case.calls]
        found += [] if generator is None else [generator.state]
        return [each.numpy() for each in found if each is not None]
    call(*case.calls[0])
    function = cornu.function(lambda: [call(*each) for each in case.calls[1:]])
    return [each.numpy() for _ in range(2) for each in function()]


def test_case_names_are_unique():
    assert len({case.name for case in CASES}) == len(CASES)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_numbers(case):
    assert [digest(array) for array in outputs(case)] == RECORDED[case.name]


@pytest.mark.parametrize("number", range(len(INITIALIZERS)), ids=lambda i: "-".join(map(str, INITIALIZERS[i][::2])))
def test_initializers(number):
    config.set_style("tf2")
    name, options, shape, dtype = INITIALIZERS[number]
    values = getattr(cornu.initializers, name)(**options)(shape, dtype=dtype)
    assert digest(np.asarray(values)) == RECORDED["initializers"][number]


def test_first_weights_of_a_model():
    config.set_style("tf2")
    cornu.utils.set_random_seed(5)
    layers = cornu.layers
    model = cornu.Sequential([
        layers.Dense(4, input_shape=(5,)),
        layers.Dropout(0.5),
        layers.Dense(3, kernel_initializer="he_normal"),
        layers.Dense(2, kernel_initializer="random_normal", bias_initializer="truncated_normal"),
    ])  # fmt: skip
    assert [digest(np.asarray(weight)) for weight in model.get_weights()] == RECORDED["model"]
