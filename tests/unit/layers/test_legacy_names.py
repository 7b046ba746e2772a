"""Layers as programs for Keras 1 call them."""

import numpy as np
import pytest

import cornu as keras
from cornu import layers
from cornu.layers.merging.by_mode import merge


@pytest.mark.parametrize(
    "make",
    [
        lambda: layers.Convolution2D(4, 3, 2, border_mode="same", subsample=(2, 2)),
        lambda: layers.Convolution2D(4, nb_row=3, nb_col=2, border_mode="same", subsample=(2, 2)),
        lambda: layers.Convolution2D(nb_filter=4, nb_row=3, nb_col=2, border_mode="same", subsample=(2, 2)),
    ],
)
def test_sides_of_a_kernel_are_its_size(make):
    layer = make()
    assert layer.kernel_size == (3, 2)
    assert layer.strides == (2, 2)
    assert layer.get_config()["kernel_size"] == [3, 2]
    assert layer(np.zeros((1, 8, 8, 1))).shape == (1, 4, 4, 4)


def test_plain_numbers_keep_their_meaning_of_today():
    layer = layers.Conv2D(4, 3, 2)
    assert (layer.kernel_size, layer.strides) == ((3, 3), (2, 2))


def test_merge_by_mode():
    a, b = np.array([[1.0, 2.0]]), np.array([[3.0, -1.0]])
    expected = {"sum": a + b, "mul": a * b, "ave": (a + b) / 2, "max": np.maximum(a, b), "sub": a - b,
                "concat": [[1, 2, 3, -1]], "dot": [[1.0]], "cos": [[1 / np.sqrt(50)]]}  # fmt: skip
    for mode, value in expected.items():
        np.testing.assert_allclose(merge([a, b], mode=mode, dot_axes=1), value, rtol=1e-6)
    np.testing.assert_allclose(merge([a, b], mode=lambda pair: pair[0] - 2 * pair[1]), a - 2 * b)
    with pytest.raises(ValueError, match="Did you mean 'sum'"):
        merge([a, b], mode="som")


def test_merge_in_a_graph():
    a, b = keras.Input((2,)), keras.Input((3,))
    assert keras.Model([a, b], merge([a, b], mode="concat", name="both")).get_layer("both").output.shape == (None, 5)


def test_keras_1_convolutions_take_the_sides_of_the_kernel():
    from cornu.layers.convolution import keras_1

    layer = keras_1.Convolution2D(4, 3, 2)
    assert (layer.filters, layer.kernel_size, layer.strides) == (4, (3, 2), (1, 1))
    assert keras_1.Convolution2D(4, 3, strides=2).strides == (2, 2)
    assert keras_1.Convolution2D(4, (3, 2), activation="relu").kernel_size == (3, 2)
    assert keras_1.Convolution1D(4, 3).kernel_size == (3,)
    assert keras_1.Convolution3D(4, 3, 2, 1).kernel_size == (3, 2, 1)
    assert keras_1.SeparableConvolution2D(4, 3, 2).kernel_size == (3, 2)
    up = keras_1.Deconvolution2D(4, 3, 2, (None, 8, 8, 4), subsample=(2, 2))
    assert (type(up), up.kernel_size, up.strides) == (layers.Conv2DTranspose, (3, 2), (2, 2))
    assert keras_1.AtrousConvolution2D(4, 3, 3, atrous_rate=(2, 2)).dilation_rate == (2, 2)
    assert isinstance(layer, keras_1.Convolution2D)
    assert issubclass(layers.Conv2D, keras_1.Convolution2D)
    assert keras_1.Convolution2D.from_config(layer.get_config()).kernel_size == (3, 2)

    class Own(keras_1.Convolution2D):
        pass

    assert Own.__bases__ == (layers.Conv2D,)


def test_arguments_of_keras_1():
    assert keras.constraints.maxnorm(m=3).max_value == keras.constraints.maxnorm(3).max_value == 3
    assert keras.regularizers.l2(l=0.5).l2 == 0.5
    assert keras.regularizers.l1(l=0.5).l1 == 0.5
    with pytest.raises(TypeError, match="unknown argument 'k'"):
        keras.regularizers.l2(k=0.5)
    layer = layers.BatchNormalization(mode=0, axis=-1)
    assert "mode" not in layer.get_config()
    with pytest.raises(ValueError, match="mode=0"):
        layers.BatchNormalization(mode=1)
