"""Sequential: adding, popping, building, names, configs."""

import numpy as np
import pytest

import cornu
from cornu import Sequential, layers

X = np.ones((4, 3), np.float32)


def test_built_at_once_with_an_input():
    for first in (
        [layers.Input((3,)), layers.Dense(2)], [layers.Dense(2, input_shape=(3,))], [layers.Dense(2, input_dim=3)],
        [layers.InputLayer(shape=(3,)), layers.Dense(2)],
    ):  # fmt: skip
        model = Sequential(first)
        assert model.built and model.input_shape == (None, 3) and model.output_shape == (None, 2)
        assert [type(layer).__name__ for layer in model.layers] == ["Dense"]


def test_built_at_the_first_call():
    model = Sequential([layers.Dense(2), layers.Dense(1)])
    assert not model.built and model.weights == []
    assert model(X).shape == (4, 1)
    assert model.built and model.input_shape == (None, 3)
    assert [v.path for v in model.weights] == [
        "sequential/dense/kernel", "sequential/dense/bias", "sequential/dense_1/kernel", "sequential/dense_1/bias",
    ]  # fmt: skip


def test_built_by_shape():
    model = Sequential([layers.Dense(2)])
    model.build((None, 3))
    assert model.weights[0].shape == (3, 2)
    with pytest.raises(ValueError, match="'sequential_1' has no layers to build. Add some first"):
        Sequential().build((None, 3))


def test_adding_and_popping():
    model = Sequential()
    model.add(cornu.Input((3,)))
    model.add(layers.Dense(5))
    model.add(layers.Dense(2))
    assert model.output_shape == (None, 2)
    assert type(model.pop()).__name__ == "Dense" and model.output_shape == (None, 5) and len(model.weights) == 2
    model.add(layers.Dense(7))
    assert model(X).shape == (4, 7)
    model.pop()
    model.pop()
    with pytest.raises(ValueError, match="There is no layer to take off"):
        model.pop()


@pytest.mark.parametrize(
    ("add", "error", "message"),
    [
        (lambda m: m.add(3), TypeError, "Expected a layer to add to 'sequential'; received 3 of type int"),
        (lambda m: m.add(layers.Dense), TypeError, "If it is a class, create it with parentheses"),
        (lambda m: m.add(np.tanh.__class__), TypeError, "Expected a layer to add"),
        (lambda m: m.add(len), TypeError, "Wrap a function in layers.Lambda"),
        (lambda m: m.add(layers.Dense(1)(cornu.Input((3,)))), TypeError, "received the symbolic output of one"),
        (lambda m: m.add(cornu.Input((3,))), ValueError, "An Input must be the first of 'sequential'"),
        (lambda m: m.add(layers.Dense(1, name="first")), ValueError, "'first' is used twice"),
    ],
)
def test_refused_layers(add, error, message):
    model = Sequential([layers.Input((3,)), layers.Dense(2, name="first")])
    with pytest.raises(error, match=message):
        add(model)
    assert model(X).shape == (4, 2)


def test_a_layer_that_does_not_fit_is_not_kept():
    model = Sequential([layers.Input((3,)), layers.Dense(2)])
    with pytest.raises(
        ValueError, match=r"Layer 'conv2d' expects an input with 4 dimensions; received shape \(None, 2\)"
    ):
        model.add(layers.Conv2D(1, 3))
    assert len(model.layers) == 1 and model(X).shape == (4, 2)


def test_nested():
    inner = Sequential([layers.Dense(2)], name="inner")
    model = Sequential([layers.Input((3,)), inner, layers.Dense(1)])
    assert model.weights[0].path == "sequential/inner/dense/kernel"
    assert model(X).shape == (4, 1)


def test_training_flag_reaches_the_layers():
    model = Sequential([layers.Input((3,)), layers.Dropout(0.5)])
    assert np.array_equal(model(X), X)
    assert set(np.unique(model(X, training=True))) <= {0.0, 2.0}


def test_mask_passes_through():
    class Ends(layers.Layer):
        def call(self, x, mask=None):
            return cornu.ops.cast(mask, "int32")

    model = Sequential(
        [layers.Input((3,), dtype="int32"), layers.Embedding(5, 2, mask_zero=True), layers.Dropout(0.1), Ends()]
    )
    assert model(np.array([[1, 0, 2]])).tolist() == [[1, 0, 1]]


def test_config_round_trip():
    model = Sequential([layers.Input((3,)), layers.Dense(2, activation="relu"), layers.Dropout(0.25)], name="stack")
    twin = Sequential.from_config(model.get_config())
    assert twin.name == "stack" and twin.input_shape == (None, 3) and twin.layers[1].rate == 0.25
    twin.set_weights(model.get_weights())
    np.testing.assert_allclose(twin(X), model(X))
    unbuilt = Sequential.from_config(Sequential([layers.Dense(2)]).get_config())
    assert not unbuilt.built
    frozen = Sequential([layers.Input((3,)), layers.Dense(2)], trainable=False)
    assert Sequential.from_config(frozen.get_config()).trainable_weights == []


def test_names_count_from_zero():
    assert [Sequential().name for _ in range(2)] == ["sequential", "sequential_1"]


def test_wrong_input_names_the_model():
    model = Sequential([layers.Input((3,)), layers.Dense(2)])
    with pytest.raises(ValueError, match=r"model 'sequential' expects shape \(None, 3\); received shape \(2, 4\)"):
        model(np.ones((2, 4), np.float32))


def test_predictions_follow_layers_added_and_taken_off():
    model = Sequential([layers.Input((3,)), layers.Dense(2, kernel_initializer="ones")])
    before = model.predict(-X, verbose=0)
    model.add(layers.ReLU())
    assert (model.predict(-X, verbose=0) == 0).all()
    model.pop()
    np.testing.assert_array_equal(model.predict(-X, verbose=0), before)


def test_unknown_sizes_stay_unknown_inside_of_a_subclass():
    class Outer(cornu.Model):
        def __init__(self):
            super().__init__()
            self.inner = Sequential([layers.Dense(2), layers.GlobalAveragePooling1D()])

        def call(self, x):
            return self.inner(x)

    model = Outer()
    model.build((None, None, 3))
    assert model.inner.input_shape == (None, None, 3)
    assert model(np.ones((2, 5, 3))).shape == (2, 2)
