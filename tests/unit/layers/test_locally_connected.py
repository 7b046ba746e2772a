"""LocallyConnected1D and LocallyConnected2D. Their numbers are compared with Keras 2's in `tests/golden`."""

import numpy as np
import pytest

import cornu
from cornu import layers
from cornu.core.tape import GradientTape
from cornu.layers.convolution import keras_1
from cornu.saving import keras1_config, keras2_config
from cornu.shim import aliases

rng = np.random.RandomState(0)
SAVED = {
    "1d": (layers.LocallyConnected1D, {"filters": 2, "kernel_size": 3, "strides": 2}, (7, 3)),
    "1d_pairs": (layers.LocallyConnected1D, {"filters": 2, "kernel_size": 2, "implementation": 2}, (5, 3)),
    "2d_connections": (
        layers.LocallyConnected2D,
        {"filters": 2, "kernel_size": 3, "padding": "same", "implementation": 3, "kernel_regularizer": "l2"},
        (4, 5, 2),
    ),
}


def filled(layer, shape):
    """The layer, built, with random weights."""
    layer.build(shape)
    layer.set_weights([rng.normal(size=weight.shape) for weight in layer.weights])
    return layer


def test_every_place_has_its_own_kernel_and_bias():
    layer = filled(layers.LocallyConnected2D(3, (2, 3), strides=(2, 1), activation="tanh"), (None, 5, 4, 2))
    kernel, bias = layer.get_weights()
    x = rng.normal(size=(2, 5, 4, 2)).astype("float32")
    places = [(row, column) for row in (0, 2) for column in (0, 1)]
    windows = [x[:, row : row + 2, column : column + 3].reshape(2, -1) for row, column in places]
    expected = np.stack([window @ kernel[place] for place, window in enumerate(windows)], 1).reshape(2, 2, 2, 3)
    np.testing.assert_allclose(layer(x), np.tanh(expected + bias), rtol=1e-5, atol=1e-6)


def test_with_equal_kernels_it_is_a_convolution():
    plain = filled(layers.Conv1D(3, 4, strides=2), (None, 9, 2))
    kernel, bias = plain.get_weights()
    x = rng.normal(size=(2, 9, 2)).astype("float32")
    local = layers.LocallyConnected1D(3, 4, strides=2)
    local.build(x.shape)
    local.set_weights([np.broadcast_to(kernel.reshape(8, 3), (3, 8, 3)), np.broadcast_to(bias, (3, 3))])
    np.testing.assert_allclose(local(x), plain(x), rtol=1e-5, atol=1e-6)


def test_implementations_agree():
    x = rng.normal(size=(2, 7, 2)).astype("float32")
    one = filled(layers.LocallyConnected1D(3, 3, strides=2), x.shape)
    two = layers.LocallyConnected1D(3, 3, strides=2, implementation=2)
    three = layers.LocallyConnected1D(3, 3, strides=2, implementation=3)
    kernel, bias = one.get_weights()
    by_place = kernel.reshape(3, 3, 2, 3)  # (places, window, channels, filters)
    pairs = np.full((7, 2, 3, 3), np.nan)  # what no window covers is not looked at
    for place in range(3):
        pairs[2 * place : 2 * place + 3, :, place] = by_place[place]
    for layer, values in ((two, pairs), (three, by_place.transpose(0, 3, 1, 2).ravel())):
        layer.build(x.shape)
        layer.set_weights([values, bias])
        np.testing.assert_allclose(layer(x), one(x), rtol=1e-5, atol=1e-6)


def test_unused_weights_get_no_gradient():
    layer = filled(layers.LocallyConnected1D(2, 2, implementation=2), (None, 4, 1))
    with GradientTape() as tape:
        total = cornu.ops.sum(layer(np.ones((1, 4, 1))))
    gradient = tape.gradient(total, layer.kernel).numpy()[:, 0, :, 0]  # (steps, places)
    np.testing.assert_array_equal(gradient, [[1, 0, 0], [1, 1, 0], [0, 1, 1], [0, 0, 1]])


def test_bias_of_channels_first_has_the_numbers_of_a_filter_in_a_row():
    layer = layers.LocallyConnected1D(2, 2, data_format="channels_first")
    layer.build((None, 1, 4))
    layer.set_weights([np.zeros((3, 2, 2)), np.arange(6).reshape(3, 2)])
    np.testing.assert_array_equal(layer(np.zeros((1, 1, 4))), [[[0, 1, 2], [3, 4, 5]]])


def test_weights_are_regularized_as_they_are_kept():
    layer = filled(layers.LocallyConnected1D(2, 3, implementation=2, kernel_regularizer="l2"), (None, 5, 2))
    layer(np.ones((1, 5, 2)))
    assert float(layer.losses[0]) == pytest.approx(0.01 * np.square(layer.get_weights()[0]).sum(), rel=1e-5)


def test_masks_end_here():
    inputs = layers.Masking()(cornu.Input((6, 2)))
    assert layers.LocallyConnected1D(2, 3)(inputs)._keras_mask is None


@pytest.mark.parametrize("ending", ["keras", "h5"])
@pytest.mark.parametrize("key", SAVED)
def test_saved_models_predict_the_same(key, ending, tmp_path):
    kind, arguments, shape = SAVED[key]
    model = cornu.Sequential([cornu.Input(shape), kind(**arguments), layers.Flatten(), layers.Dense(1)])
    x = rng.normal(size=(3, *shape)).astype("float32")
    model.save(tmp_path / f"model.{ending}")
    again = cornu.models.load_model(tmp_path / f"model.{ending}", compile=False)
    assert again.layers[0].implementation == arguments.get("implementation", 1)
    np.testing.assert_array_equal(again.predict(x, verbose=0), model.predict(x, verbose=0))


@pytest.mark.parametrize(
    ("make", "match"),
    [
        (lambda: layers.LocallyConnected1D(2, 3, padding="same"), r"padding='valid' with implementation=1.*=2 or 3"),
        (lambda: layers.LocallyConnected1D(2, 3, padding="causal", implementation=2), r"'valid' or 'same'.*'causal'"),
        (lambda: layers.LocallyConnected2D(2, 3, implementation=4), "implementation as 1, 2 or 3; received implementation=4"),
        (lambda: layers.LocallyConnected2D(0, 3), "filters as a positive integer"),
        (lambda: layers.LocallyConnected2D(2, (1, 2, 3)), "kernel_size as one integer or 2"),
        (lambda: layers.LocallyConnected1D(2, 3, dilation_rate=2), "unknown argument 'dilation_rate'"),
    ],
)  # fmt: skip
def test_wrong_arguments(make, match):
    with pytest.raises((ValueError, TypeError), match=match):
        make()


@pytest.mark.parametrize(
    ("kind", "shape", "match"),
    [
        (layers.LocallyConnected1D, (None, 4), r"known sizes.*\(None, None, 4\).*Conv1D"),
        (layers.LocallyConnected2D, (5, None, 4), r"known sizes.*\(None, 5, None, 4\).*Conv2D"),
        (layers.LocallyConnected2D, (5, 5, None), "known number of channels"),
        (layers.LocallyConnected1D, (2, 4), "at least as long as the window"),
        (layers.LocallyConnected1D, (5, 5, 4), "with 3 dimensions"),
    ],
)
@pytest.mark.parametrize("implementation", [1, 3])
def test_shapes_that_have_no_weights(kind, shape, match, implementation):
    with pytest.raises(ValueError, match=match):
        kind(2, 3, implementation=implementation)(cornu.Input(shape))


def test_inputs_of_another_size_are_refused():
    layer = layers.LocallyConnected1D(2, 3)
    layer(np.ones((1, 7, 4)))
    with pytest.raises(ValueError, match=r"shape \(None, 7, 4\); received shape \(1, 8, 4\)"):
        layer(np.ones((1, 8, 4)))


def test_shapes_before_the_layer_is_built():
    layer = layers.LocallyConnected2D(3, 3, strides=2, padding="same", implementation=2)
    assert layer.compute_output_shape((None, None, 5, 1)) == (None, None, 3, 3)
    assert layer.weights == []


def test_words_of_keras_1():
    layer = layers.LocallyConnected1D(nb_filter=4, filter_length=3, border_mode="valid", subsample_length=2, bias=False)
    assert (layer.filters, layer.kernel_size, layer.strides, layer.use_bias) == (4, (3,), (2,), False)
    layer = layers.LocallyConnected2D(4, 3, 2, subsample=(2, 1), dim_ordering="th")
    assert (layer.kernel_size, layer.strides, layer.data_format) == ((3, 2), (2, 1), "channels_first")
    assert layers.LocallyConnected2D(4, 3, 2).strides == (2, 2)
    assert keras_1.LocallyConnected2D(4, 3, 2).kernel_size == (3, 2)
    stored = {"name": "l", "nb_filter": 4, "nb_row": 3, "nb_col": 2, "init": "uniform", "border_mode": "valid",
              "subsample": [2, 1], "dim_ordering": "tf", "W_regularizer": None, "bias": True, "trainable": True}  # fmt: skip
    stored = keras1_config.upgraded({"class_name": "LocallyConnected2D", "config": stored})
    layer = layers.deserialize(stored)
    assert (layer.kernel_size, layer.strides, layer.padding) == ((3, 2), (2, 1), "valid")
    assert type(layer.kernel_initializer).__name__ == "RandomUniform"


def test_places_of_older_generations():
    assert aliases.targets("keras.layers.local") == aliases.targets("tensorflow.keras.layers") == ("cornu.layers",)
    assert aliases.keras_1_module("keras.layers.local", "LocallyConnected2D") == keras_1.__name__
    assert aliases.keras_1_module("tensorflow.keras.layers", "LocallyConnected2D") is None


def test_files_of_keras_2_keep_the_implementation():
    stored = {"class_name": "LocallyConnected1D", "config": {"filters": 2, "kernel_size": [3], "implementation": 2}}
    assert layers.deserialize(keras2_config.upgraded(stored)).implementation == 2
