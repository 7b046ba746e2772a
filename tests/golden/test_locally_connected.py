"""LocallyConnected1D and LocallyConnected2D do what Keras 2's did. See `record_locally_connected.py`."""

import json
import pathlib

import numpy as np
import pytest
from cases_locally_connected import CASES, INITIAL, data_of, weights_of

import cornu
from cornu import layers

HERE = pathlib.Path(__file__).parent
ARRAYS = np.load(HERE / "locally_connected.npz")
FACTS = json.loads((HERE / "locally_connected.json").read_text())
LAYERS = {1: layers.LocallyConnected1D, 2: layers.LocallyConnected2D}


def close(received, name):
    """Equal to what was recorded, up to rounding."""
    recorded = ARRAYS[name]
    np.testing.assert_allclose(received, recorded, rtol=1e-5, atol=2e-6 * max(1, np.abs(recorded).max()))


def kind(value):
    """A value of a config, of an object its class: the generations write the arguments of initializers differently."""
    return value["class_name"] if isinstance(value, dict) else value


@pytest.mark.parametrize("key", CASES)
def test_outputs_and_a_step_of_training(key):
    case, facts = CASES[key], FACTS["cases"][key]
    layer = LAYERS[case.rank](**case.arguments)
    model = cornu.Sequential([cornu.Input(case.shape[1:]), layer])
    model.compile(cornu.optimizers.SGD(0.1), "mse")
    assert [[weight.name, list(weight.shape)] for weight in layer.weights] == facts["weights"]
    assert list(model.output_shape) == facts["output_shape"]
    assert layer.compute_output_shape((None, *case.shape[1:])) == tuple(facts["output_shape"])
    model.set_weights(weights_of([weight.shape for weight in layer.weights]))
    x = data_of(case, case.shape)
    outputs = model.predict(x, verbose=0)
    close(outputs, f"{key}/out")
    assert float(model.train_on_batch(x, data_of(case, outputs.shape))) == pytest.approx(facts["loss"], rel=1e-5)
    for n, weight in enumerate(model.get_weights()):
        close(weight, f"{key}/{n}")


@pytest.mark.parametrize("key", CASES)
def test_config(key):
    case, recorded = CASES[key], FACTS["cases"][key]["config"]
    layer = LAYERS[case.rank](**case.arguments)
    for each in (layer, LAYERS[case.rank].from_config(recorded)):
        config = json.loads(json.dumps(each.get_config()))
        assert config.keys() == recorded.keys()
        assert config["name"].startswith(recorded["name"])
        assert config["dtype"]["config"]["name"] == recorded["dtype"]
        for name in recorded.keys() - {"name", "dtype"}:
            assert kind(config[name]) == kind(recorded[name]), name


@pytest.mark.parametrize("row", range(len(INITIAL)))
def test_initial_weights(row):
    rank, implementation, shape = INITIAL[row]
    layer = LAYERS[rank](8, 3, implementation=implementation)
    layer.build(shape)
    kernel = layer.get_weights()[0]
    assert [kernel.std(), kernel.min(), kernel.max()] == pytest.approx(FACTS["initial"][row], rel=0.02)
