"""Recurrent layers give what Keras' gave: values, gradients, weights, masks, configs, files. See `record_recurrent.py`."""

import inspect
import json
import pathlib
import re

import jax
import numpy as np
import pytest
from cases_recurrent import (
    CASES,
    CONFIGS,
    DEFAULTS,
    MASK,
    build,
    cotangent_of,
    inputs_of,
    states_of,
    weights_of,
)

import cornu
from cornu import layers
from cornu.core.tape import GradientTape

HERE = pathlib.Path(__file__).parent
ARRAYS = np.load(HERE / "recurrent.npz")
FACTS = json.loads((HERE / "recurrent.json").read_text())


# Variations of cases beside them, whose compilation takes a second each.
SLOW = {"simple_rnn_backwards", "lstm_activations", "lstm_mask_zero_last", "gru_no_bias", "gru_before_mask",
        "rnn_stacked_cells", "rnn_gru_before", "bidirectional_mask", "bidirectional_mul", "bidirectional_ave",
        "bidirectional_other", "bidirectional_both", "time_distributed_lstm", "lstm_trained", "lstm_regularized",
        "simple_rnn_relu", "conv_lstm1d", "conv_lstm1d_dilated", "conv_lstm2d_valid", "conv_lstm3d"}  # fmt: skip


def leaves(nest):
    """The tensors of a nest, in order."""
    return jax.tree.leaves(nest, is_leaf=lambda x: isinstance(x, cornu.Tensor))


def close(received, name):
    """Equal to what was recorded, up to rounding."""
    recorded = ARRAYS[name]
    scale = max(1, np.abs(recorded).max(initial=0))
    np.testing.assert_allclose(np.asarray(received), recorded, rtol=1e-4, atol=2e-6 * scale, err_msg=name)


def plain(config):
    """A config as JSON gives it back, without automatic names."""
    if isinstance(config, dict):
        return {key: plain(value) for key, value in config.items() if key not in ("name", "shared_object_id")}
    return [plain(item) for item in config] if isinstance(config, list) else config


def unnumbered(path):
    """A variable's path without the numbers of automatic names."""
    return re.sub(r"_\d+(?=/|$)", "", path)


@pytest.mark.parametrize(
    "case",
    [pytest.param(case, id=case.key, marks=[pytest.mark.slow] if case.key in SLOW else []) for case in CASES],
)
def test_values_and_gradients(case):
    facts = FACTS["cases"][case.key]
    layer = build(layers, case.layer)
    layer.build(case.shape)
    assert [[w.name, list(w.shape), w.trainable] for w in layer.weights] == [[w[0], *w[2:]] for w in facts["weights"]]
    assert [unnumbered(w.path) for w in layer.weights] == [unnumbered(w[1]) for w in facts["weights"]]
    assert layer.count_params() == facts["count"]
    layer.set_weights(weights_of(case, [tuple(weight.shape) for weight in layer.weights]))
    options = {} if case.training is None else {"training": case.training}
    if case.mask:
        options["mask"] = cornu.convert_to_tensor(MASK)

    @cornu.function  # one program: compiling is what takes the time here
    def run(x, states):
        sources = [*layer.trainable_variables, x, *states]
        with GradientTape() as tape:
            tape.watch([x, *states])
            outputs = leaves(layer(x, **options, **({"initial_state": states} if states else {})))
            total = sum(cornu.ops.sum(y * cotangent_of(case, i, y.shape)) for i, y in enumerate(outputs))
        return outputs, tape.gradient(total, sources)

    states = [cornu.convert_to_tensor(state) for state in states_of(case)]
    outputs, gradients = run(cornu.convert_to_tensor(inputs_of(case)), states)
    for i, output in enumerate(outputs):
        close(output, f"{case.key}/out{i}")
    for i, gradient in enumerate(gradients):
        close(gradient, f"{case.key}/d{i}")
    for i, variable in enumerate(layer.non_trainable_weights if case.training else []):
        close(variable, f"{case.key}/after{i}")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.key)
def test_config_shapes_and_masks(case):
    facts = FACTS["cases"][case.key]
    layer = build(layers, case.layer)
    config = json.loads(json.dumps(layer.get_config()))
    assert plain(config) == plain(facts["config"])
    assert list(json.loads(json.dumps(type(layer).from_config(config).get_config()))) == list(config)
    if case.open_shape:
        symbolic = leaves(layer(layers.Input(batch_shape=case.open_shape)))
        assert [list(y.shape) for y in symbolic] == facts["symbolic"]
    if case.mask:
        masks = layer.compute_mask(None, cornu.convert_to_tensor(MASK))
        kept = [mask is not None for mask in masks] if isinstance(masks, list) else masks is not None
        assert kept == facts["masks"]


@pytest.mark.parametrize("row", range(len(CONFIGS)), ids=lambda row: CONFIGS[row].kind)
def test_config_of_construction(row):
    layer = build(layers, CONFIGS[row])
    config = json.loads(json.dumps(layer.get_config()))
    assert plain(config) == plain(FACTS["configs"][row])
    if "name" in CONFIGS[row].arguments:
        assert config["name"] == FACTS["configs"][row]["name"]
    twin = type(layer).from_config(config)
    assert json.loads(json.dumps(twin.get_config())) == config


@pytest.mark.parametrize("name", DEFAULTS)
def test_defaults(name):
    parameters = inspect.signature(getattr(layers, name).__init__).parameters
    for argument, default in FACTS["defaults"][name]:
        own = parameters[argument].default
        assert ("required" if own is inspect.Parameter.empty else own) == default, argument


def test_file_of_keras_is_read_and_written(tmp_path):
    model = cornu.saving.load_model(HERE / "files" / "recurrent.keras")
    given = [ARRAYS["file/in0"], ARRAYS["file/in1"]]
    np.testing.assert_allclose(model.predict(given, verbose=0), ARRAYS["file/out"], rtol=1e-4, atol=1e-6)
    assert model.get_layer("both").forward_layer.name == "forward_inner"
    model.save(tmp_path / "again.keras")
    again = cornu.saving.load_model(tmp_path / "again.keras")
    assert plain(again.get_config()) == plain(model.get_config())
    for a, b in zip(again.get_weights(), model.get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)
