"""Wrong arguments of layers: what was expected, what was received. Other spellings: what they become."""

import numpy as np
import pytest

import cornu
from cornu import layers
from cornu._base.errors import InvalidArgumentError, InvalidTypeError
from cornu.layers.arguments import choice, pairs_of, positive_int, tuple_of

WRONG = [
    (lambda: layers.Dense(0), "Expected units as a positive integer; received units=0"),
    (lambda: layers.Dense(2.5), "units=2.5"),
    (lambda: layers.Dense(True), "units=True"),
    (lambda: layers.Dense(3, quantization_config={"mode": "int8"}), "quantization_config=None"),
    (lambda: layers.Conv2D(4, (3, 3, 3)), "one integer or 2 of them"),
    (lambda: layers.Conv2D(4, 3, strides=0), "strides as a positive integer"),
    (lambda: layers.Conv2D(5, 3, groups=2), "multiple of groups; received filters=5 and groups=2"),
    (lambda: layers.Conv2D(4, 3, padding="sme"), "Did you mean 'same'"),
    (lambda: layers.Conv2D(4, 3, padding="causal"), "'valid' or 'same'"),
    (lambda: layers.Conv2D(4, 3, strides=2, dilation_rate=2), "either strides or dilation_rate"),
    (lambda: layers.Conv2D(4, 3, data_format="channel_last"), "Did you mean 'channels_last'"),
    (lambda: layers.Conv2DTranspose(4, 3, output_padding=1), "output_padding smaller than the strides"),
    (lambda: layers.Conv2D(4, 3, groups=2)(np.ones((1, 8, 8, 3))), "channels to be a multiple of groups=2"),
    (lambda: layers.Conv2D(4, 3)(np.ones((1, 8, 8))), "4 dimensions"),
    (lambda: layers.Conv1D(4, 3)(np.ones((2, 2, 5))), "at least as long as the window"),
    (lambda: layers.MaxPooling2D(0), "pool_size as a positive integer"),
    (lambda: layers.MaxPooling1D(9)(np.ones((2, 4, 1))), "at least as long as the window"),
    (lambda: layers.Dropout(1.5), "rate as a number of at least 0 and at most 1; received rate=1.5"),
    (lambda: layers.GaussianDropout(1.0), "below 1"),
    (lambda: layers.GaussianNoise(-1), "stddev as a number of at least 0"),
    (lambda: layers.Embedding(5, 3, 7), "input_length=7"),
    (lambda: layers.Embedding(-5, 3), "input_dim as a positive integer"),
    (lambda: layers.ReLU(max_value=-1), "max_value as a number of at least 0"),
    (lambda: layers.RepeatVector(1.5), "n as a positive integer"),
    (lambda: layers.Permute((0, 1)), "numbers from 1 to 2"),
    (lambda: layers.Reshape((-1, -1)), "-1 at most once"),
    (lambda: layers.Reshape((3,))(np.ones((2, 8))), "as many entries as the input, 8 per sample"),
    (lambda: layers.Cropping1D(5)(np.ones((1, 8, 1))), "leave something of each axis"),
    (lambda: layers.ZeroPadding2D((1, 2, 3)), "2 pairs"),
    (lambda: layers.UpSampling2D(interpolation="linear"), "Did you mean 'bilinear'"),
    (lambda: layers.BatchNormalization(axis=5)(np.ones((2, 3))), "axis from -2 to 1"),
    (lambda: layers.BatchNormalization(renorm=True), "renorm=False"),
    (lambda: layers.LayerNormalization(axis=[1, "a"]), "axis as an integer or a list"),
    (lambda: layers.GroupNormalization(3)(np.ones((2, 4))), "divide the 4 channels"),
    (lambda: layers.PReLU()(layers.Input((None, 3))), "shared_axes"),
    (lambda: layers.Add()(np.ones((2, 3))), "list of inputs"),
    (lambda: layers.Add()([np.ones((2, 3)), np.ones((2, 4))]), "matching shapes"),
    (lambda: layers.Add()([np.ones((2, 3)), np.ones((4, 3))]), "matching batch sizes"),
    (lambda: layers.Subtract()([np.ones((2, 3))] * 3), "exactly 2 inputs"),
    (lambda: layers.Concatenate()([np.ones((2, 3)), np.ones((4, 4))]), "equal shapes except on axis -1"),
    (lambda: layers.Dot("a"), "axes as an integer or a pair"),
    (lambda: layers.Dot(0)([np.ones((2, 3))] * 2), "behind the batch axis"),
    (lambda: layers.Dot(1)([np.ones((2, 3)), np.ones((2, 4))]), "axes of equal size"),
    (lambda: layers.Lambda(3), "Expected a function; received 3"),
    (lambda: layers.EinsumDense("ab", 3)(np.ones((2, 3))), "such as 'ab,bc->ac'"),
    (lambda: layers.EinsumDense("ab,bc->ac", 3, bias_axes="x")(np.ones((2, 3))), "bias_axes out of the result"),
    (lambda: layers.EinsumDense("ab,bc->ac", (3, 4))(layers.Input((None, 2, 3))), "rank 2|output_shape with 1"),
    (lambda: layers.Dense(3, use_base=True), "Did you mean 'use_bias'"),
    (lambda: layers.Dense(3, activation="rulu"), "Did you mean 'relu'"),
]


@pytest.mark.parametrize(("attempt", "message"), WRONG, ids=range(len(WRONG)))
def test_wrong_arguments_say_what_was_expected(attempt, message):
    with pytest.raises((InvalidArgumentError, InvalidTypeError), match=message):
        attempt()


def test_named_checks_normalise():
    assert tuple_of(2, "size", 3) == (3, 3)
    assert tuple_of(2, "size", np.array([1, 2])) == (1, 2)
    assert pairs_of(2, "padding", (1, (2, 3))) == ((1, 1), (2, 3))
    assert positive_int("units", 4.0) == 4
    assert choice("padding", "SAME", ("valid", "same")) == "same"


OLD = [
    (
        lambda: layers.Dense(output_dim=3, init="zeros", W_regularizer="l2"),
        lambda d: (d.units, d.kernel_regularizer.l2),
    ),
    (lambda: layers.LeakyReLU(alpha=0.1), lambda d: (d.negative_slope,)),
    (lambda: layers.Conv2D(nb_filter=2, kernel_size=3, border_mode="same"), lambda d: (d.filters, d.padding)),
    (lambda: layers.Conv2D(2, 3, subsample=2), lambda d: (d.strides,)),
    (lambda: layers.Dropout(p=0.3), lambda d: (d.rate,)),
    (lambda: layers.MaxPooling2D(dim_ordering="th"), lambda d: (d.data_format,)),
    (lambda: layers.BatchNormalization(axis=[3]), lambda d: (d.axis,)),
]
BECOMES = [(3, pytest.approx(0.01)), (0.1,), (2, "same"), ((2, 2),), (0.3,), ("channels_first",), (3,)]


@pytest.mark.parametrize("row", range(len(OLD)))
def test_names_of_older_generations(row):
    make, look = OLD[row]
    assert look(make()) == BECOMES[row]


def test_groups_of_one_in_old_configs_are_dropped():
    config = {"kernel_size": [2, 2], "groups": 1}
    assert layers.DepthwiseConv2D.from_config(dict(config)).kernel_size == (2, 2)
    with pytest.raises(InvalidTypeError, match="groups"):
        layers.DepthwiseConv2D.from_config({**config, "groups": 2})


def test_aliases_are_the_same_class():
    assert layers.MaxPool2D is layers.MaxPooling2D
    assert layers.Convolution2D is layers.Conv2D
    assert type(layers.get({"class_name": "AvgPool1D", "config": {}})) is layers.AveragePooling1D
    assert layers.get("Flatten").data_format == "channels_last"


def test_embedding_takes_weights_and_input_length():
    table = np.arange(6.0).reshape(3, 2)
    layer = layers.Embedding(3, 2, weights=[table], input_length=4)
    np.testing.assert_array_equal(layer(np.array([[2, 0]])).numpy(), [[[4, 5], [0, 1]]])
    assert "weights" not in layer.get_config()
    model = cornu.models.Sequential([layers.Embedding(3, 2, input_length=4)])
    assert model.output_shape == (None, 4, 2)
