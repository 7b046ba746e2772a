"""Attention gives what Keras' attention gave, see `record_attention.py`: values, scores, gradients, weights, configs."""

import json
import pathlib

import numpy as np
import pytest
from cases_attention import ATTENTION, DIFFERENTIATED, INITIAL, call_of, cotangent_of, inputs_of, masks_of, weights_of

import cornu
from cornu import layers
from cornu._base import names
from cornu.core.tape import GradientTape

HERE = pathlib.Path(__file__).parent
ARRAYS = np.load(HERE / "attention.npz")
FACTS = json.loads((HERE / "attention.json").read_text())


def close(received, name):
    """Equal to what was recorded, up to rounding."""
    recorded = ARRAYS[name]
    np.testing.assert_allclose(
        np.asarray(received), recorded, rtol=1e-5, atol=4e-6 * max(1, np.abs(recorded).max()), err_msg=name
    )


@pytest.mark.parametrize("key", ATTENTION)
def test_values_gradients_and_facts(key):
    case, facts = ATTENTION[key], FACTS["cases"][key]
    names.reset()
    layer = getattr(layers, case.layer)(**case.arguments)
    inputs = [cornu.convert_to_tensor(x) for x in inputs_of(key, case)]
    shapes = [tuple(x.shape) for x in inputs]
    many = case.layer in ("Attention", "AdditiveAttention")
    layer.build(shapes) if many else layer.build(*shapes)
    layer.set_weights(weights_of(key, [tuple(weight.shape) for weight in layer.weights]))
    args, options = call_of(case, inputs, {n: cornu.convert_to_tensor(mask) for n, mask in masks_of(case).items()})

    def run():
        outputs = layer(*args, **options)
        return outputs if isinstance(outputs, tuple) else (outputs,)

    @cornu.function  # one program: compiling is what takes the time here
    def differentiated():
        with GradientTape() as tape:
            tape.watch(inputs)
            outputs = run()
            total = sum(cornu.ops.sum(out * cotangent_of(out.shape)) for out in outputs)
        return outputs, tape.gradient(total, [*layer.trainable_variables, *inputs])

    outputs, gradients = differentiated() if key in DIFFERENTIATED else (run(), [])
    for i, out in enumerate(outputs):
        close(out, f"{key}/out{i}")
    for i, gradient in enumerate(gradients):
        close(gradient, f"{key}/d{i}")
    if facts["losses"]:
        np.testing.assert_allclose(sorted(map(float, layer.losses)), sorted(facts["losses"]), rtol=1e-5)
    assert json.loads(json.dumps(layer.get_config())) == facts["config"]
    assert layers.serialize(layer)["class_name"] == facts["class_name"]
    assert [[w.name, w.path, list(w.shape)] for w in layer.weights] == facts["weights"]
    got = layer.compute_output_shape(shapes) if many else layer.compute_output_shape(*shapes)
    assert list(got) == facts["output_shape"]
    assert json.loads(json.dumps(layer.get_build_config())) == facts["build_config"]


@pytest.mark.parametrize("row", range(len(INITIAL)), ids=lambda row: INITIAL[row][0])
def test_initial_weights(row):
    name, arguments, size = INITIAL[row]
    layer = getattr(layers, name)(**arguments)
    shape = (1, 2, size)
    layer.build([shape, shape]) if name == "AdditiveAttention" else layer.build(shape, shape)
    for weight, (mean, deviation, high) in zip(layer.get_weights(), FACTS["initial"][row], strict=True):
        assert weight.std() == pytest.approx(deviation, rel=0.05, abs=1e-7)
        assert weight.mean() == pytest.approx(mean, abs=0.1 * deviation + 1e-7)
        assert weight.max() == pytest.approx(high, rel=0.03)
