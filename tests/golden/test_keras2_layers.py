"""Smaller layers and functions that ended with Keras 2 do what they did. See `record_keras2_layers.py`."""

import json
import pathlib

import numpy as np
import pytest
from cases_keras2_layers import (
    DRAWN,
    IMAGES,
    LOCAL,
    OPTIONS,
    SEQUENCES,
    STATES,
    STRETCHES,
    THETAS,
    VALUES,
    WEIGHTS,
    cell_class,
    local_arguments,
)

import cornu
from cornu import backend, layers
from cornu.core.tape import GradientTape

HERE = pathlib.Path(__file__).parent
ARRAYS = np.load(HERE / "keras2_layers.npz")
FACTS = json.loads((HERE / "keras2_layers.json").read_text())


def arguments_of(config):
    """What a config says of the layer itself, as JSON writes it."""
    common = ("name", "dtype", "trainable", "rng_type", "data_format")
    return {name: value for name, value in json.loads(json.dumps(config)).items() if name not in common}


@pytest.mark.parametrize("theta", THETAS)
def test_thresholded_relu(theta):
    layer, x = layers.ThresholdedReLU(theta), cornu.ops.convert_to_tensor(VALUES)
    with GradientTape() as tape:
        tape.watch(x)
        outputs = layer(x)
    np.testing.assert_array_equal(outputs, ARRAYS[f"theta_{theta}/out"])
    is_number = ~np.isnan(VALUES)
    slope = tape.gradient(outputs, x).numpy()
    np.testing.assert_array_equal(slope[is_number], ARRAYS[f"theta_{theta}/slope"][is_number])
    assert arguments_of(layer.get_config()) == arguments_of(FACTS["theta"][str(theta)])
    assert layer.name.startswith("thresholded_re_lu")


def test_a_file_with_thresholded_relu():
    model = cornu.models.load_model(HERE / "files" / "keras2_thresholded_relu.h5", compile=False)
    assert type(model.layers[1]) is layers.ThresholdedReLU and model.layers[1].theta == 0.25
    outputs = model.predict(np.nan_to_num(VALUES, posinf=2.0), verbose=0)
    np.testing.assert_allclose(outputs, ARRAYS["loaded"], rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("key", STRETCHES)
def test_stretched_images(key):
    kind, arguments = STRETCHES[key]
    outputs = getattr(layers, kind)(**arguments)(IMAGES)
    # TensorFlow takes the weights of its cubic filter from a table.
    np.testing.assert_allclose(outputs, ARRAYS[key], atol=2e-3 if "bicubic" in key else 2e-6)


@pytest.mark.parametrize("key", OPTIONS)
def test_configs_of_random_sizes(key):
    layer = layers.RandomHeight(**OPTIONS[key])
    assert arguments_of(layer.get_config()) == arguments_of(FACTS["options"][key])


def test_random_sizes_are_drawn_alike():
    layer = layers.RandomWidth(0.3, seed=1)
    sizes = [layer(np.zeros((1, 1, 10, 1), "float32")).shape[2] for _ in range(DRAWN)]
    assert sorted(set(sizes)) == FACTS["sizes"]
    np.testing.assert_allclose([sizes.count(size) / DRAWN for size in FACTS["sizes"]], FACTS["share"], atol=0.15)


def test_a_cell_of_ones_own():
    layer = layers.RNN(cell_class(layers.AbstractRNNCell, backend.dot)(4), return_sequences=True)
    layer.build(SEQUENCES.shape)
    layer.set_weights(list(WEIGHTS.values()))
    np.testing.assert_allclose(layer(SEQUENCES), ARRAYS["cell"], rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("key", STATES)
def test_first_states_of_a_cell(key):
    cell = type("Cell", (layers.AbstractRNNCell,), {"state_size": STATES[key]})()
    shapes = lambda states: [*map(shapes, states)] if isinstance(states, (list, tuple)) else list(states.shape)
    assert shapes(cell.get_initial_state(batch_size=2, dtype="float32")) == FACTS["states"][key]


@pytest.mark.parametrize("key", LOCAL)
def test_local_convolutions(key):
    name, arguments = local_arguments(key)
    np.testing.assert_allclose(getattr(backend, name)(*arguments), ARRAYS[key], rtol=1e-5, atol=1e-5)
