"""Layers give what Keras' layers gave: values, gradients, weights, configs, shapes. See `record_layers.py`."""

import inspect
import json
import pathlib
import re

import numpy as np
import pytest
from cases_layers import CONFIGS, INITIAL, LAYERS, Case, cotangent_of, inputs_of, mask_of, weights_of

import cornu
from cornu import layers
from cornu.core.tape import GradientTape

HERE = pathlib.Path(__file__).parent
ARRAYS = np.load(HERE / "layers.npz")
FACTS = json.loads((HERE / "layers.json").read_text())
LEFT_OUT = {"gptq_unpacked_column_size"}  # arguments of features that Cornu does not have


def made(case: Case):
    """The layer of a case, built, with the recorded weights."""
    layer = getattr(layers, case.layer)(**case.arguments)
    shapes = [(None, *shape[1:]) for shape in case.shapes]
    layer.build(shapes[0] if len(shapes) == 1 else shapes)
    layer.set_weights(weights_of(case, [tuple(weight.shape) for weight in layer.weights]))
    return layer


def plain(config):
    """A config as JSON gives it back, without automatic names."""
    return json.loads(json.dumps({key: value for key, value in config.items() if key != "name"}))


def close(received, name):
    """Equal to what was recorded, up to rounding."""
    recorded = ARRAYS[name]
    np.testing.assert_allclose(np.asarray(received), recorded, rtol=1e-5, atol=2e-6 * max(1, np.abs(recorded).max()))


@pytest.mark.parametrize("case", LAYERS, ids=lambda case: case.key)
def test_values_and_gradients(case):
    layer = made(case)
    inputs = [cornu.convert_to_tensor(x) for x in inputs_of(case)]
    options = {"training": case.training} if case.training is not None else {}
    if case.mask:
        options["mask"] = mask_of(case)
    variables = layer.trainable_variables

    @cornu.function  # one program: compiling is what takes the time here
    def run(inputs):
        sources = [*variables, *([] if case.integers else inputs)]
        with GradientTape() as tape:
            if not case.integers:
                tape.watch(inputs)
            outputs = layer(inputs if len(inputs) > 1 else inputs[0], **options)
            total = cornu.ops.sum(outputs * cotangent_of(case, outputs.shape))
        return outputs, tape.gradient(total, sources) if sources else []

    outputs, gradients = run(inputs)
    close(outputs, f"{case.key}/out")
    names = [f"d_{variable.name}" for variable in variables] + [f"dx{i}" for i in range(len(inputs))]
    for gradient, name in zip(gradients, names, strict=False):
        close(gradient, f"{case.key}/{name}")
    if case.training:
        for variable in layer.non_trainable_weights:
            close(variable, f"{case.key}/after_{variable.name}")


@pytest.mark.parametrize("case", LAYERS, ids=lambda case: case.key)
def test_config_weights_and_shapes(case):
    facts = FACTS["cases"][case.key]
    layer = getattr(layers, case.layer)(**case.arguments)
    assert plain(layer.get_config()) == plain(facts["config"])
    assert re.sub(r"_\d+$", "", layer.name) == re.sub(r"_\d+$", "", facts["config"]["name"])
    layer = made(case)
    assert [[w.name, list(w.shape), w.trainable] for w in layer.weights] == facts["weights"]
    assert layer.count_params() == facts["count"]
    assert bool(layer.supports_masking) == facts["supports_masking"]
    for given, expected in facts["output_shapes"]:
        several = isinstance(given[0], list)
        shape = [tuple(s) for s in given] if several else tuple(given)
        assert tuple(layer.compute_output_shape(shape)) == tuple(expected)
        symbolic = [layers.Input(batch_shape=s) for s in shape] if several else layers.Input(batch_shape=shape)
        if not case.integers:
            assert tuple(layer(symbolic).shape) == tuple(expected)


@pytest.mark.parametrize("row", range(len(CONFIGS)), ids=lambda row: CONFIGS[row][0])
def test_config_of_construction(row):
    name, arguments = CONFIGS[row]
    layer = getattr(layers, name)(**arguments)
    expected = FACTS["configs"][row]
    assert plain(layer.get_config()) == plain(expected)
    if "name" in arguments:
        assert layer.get_config()["name"] == expected["name"]


@pytest.mark.parametrize("row", range(len(INITIAL)), ids=lambda row: INITIAL[row][0])
def test_initial_weights(row):
    name, arguments, shape = INITIAL[row]
    layer = getattr(layers, name)(**arguments)
    layer.build(shape)
    for weight, (mean, deviation, low, high) in zip(layer.get_weights(), FACTS["initial"][row], strict=True):
        assert weight.std() == pytest.approx(deviation, rel=0.03, abs=1e-7)
        assert weight.mean() == pytest.approx(mean, abs=0.1 * deviation + 1e-7)
        assert weight.min() == pytest.approx(low, rel=0.03)
        assert weight.max() == pytest.approx(high, rel=0.03)


@pytest.mark.parametrize("name", sorted(FACTS["defaults"]))
def test_defaults(name):
    parameters = inspect.signature(getattr(layers, name).__init__).parameters
    for argument, default in FACTS["defaults"][name]:
        if argument in LEFT_OUT or (argument in ("name", "dtype") and argument not in parameters):
            continue
        own = parameters[argument].default
        own = "required" if own is inspect.Parameter.empty else own
        if default == "required" and argument == "pool_size":
            default = 2  # Keras 2 had this default; Keras 3 asks for the argument
        # One integer stands for the same one on each axis: `strides=1` for `(1, 1)`.
        if isinstance(default, list) and not isinstance(own, (list, tuple)):
            own = json.loads(json.dumps(np.full(np.shape(default), own).tolist()))
        assert json.loads(json.dumps(own)) == default, argument
