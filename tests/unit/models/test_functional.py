"""Functional models: inputs in any structure, sharing, nesting, configs."""

import numpy as np
import pytest

import cornu
from cornu import Model, layers, ops

X = np.arange(6, dtype=np.float32).reshape(2, 3)


def _two():
    a, b = cornu.Input((3,), name="a"), cornu.Input((3,), name="b")
    return Model({"b": b, "a": a}, {"sum": a + b, "difference": a - b})


def test_model_makes_a_functional_one():
    x = cornu.Input((3,))
    model = Model(x, layers.Dense(2)(x))
    assert isinstance(model, cornu.Functional) and isinstance(model, Model) and model.name == "functional"
    assert Model(inputs=x, outputs=x * 2, name="named").name == "named"
    assert (model.input_shape, model.output_shape, model.built) == ((None, 3), (None, 2), True)
    assert [t.name for t in model.inputs] == ["input_layer"] and model.output_names == ["dense"]


def test_inputs_by_name_order_and_list():
    model = _two()
    for given in ({"a": X, "b": 10 * X}, {"b": 10 * X, "a": X}, [10 * X, X]):  # a list follows the dict's own order
        out = model(given)
        np.testing.assert_array_equal(out["sum"], 11 * X)
        np.testing.assert_array_equal(out["difference"], -9 * X)


def test_missing_and_surplus_inputs():
    with pytest.raises(ValueError, match="misses the input 'b'"):
        _two()({"a": X})
    x, y = cornu.Input((3,), name="x"), cornu.Input((3,), name="y")
    with pytest.raises(ValueError, match=r"expects 2 inputs \(x, y\); received 1"):
        Model([x, y], x + y)(X)


def test_vectors_gain_and_columns_lose_an_axis():
    x = cornu.Input((1,))
    assert Model(x, x * 2)(np.ones(4, np.float32)).shape == (4, 1)
    y = cornu.Input(())
    assert Model(y, y * 2)(np.ones((4, 1), np.float32)).shape == (4,)


def test_inputs_are_cast_to_their_dtype():
    x = cornu.Input((3,), dtype="float16")
    assert Model(x, x + 1)(X).dtype == "float16"


def test_shared_layers_count_once():
    x, y = cornu.Input((3,)), cornu.Input((3,))
    dense = layers.Dense(2)
    model = Model([x, y], dense(x) - dense(y))
    assert len(model.weights) == 2
    np.testing.assert_allclose(model([X, X]), np.zeros((2, 2)), atol=1e-6)


def test_model_inside_of_a_model():
    inner = cornu.Sequential([layers.Input((3,)), layers.Dense(2)], name="inner")
    x = cornu.Input((3,))
    model = Model(x, inner(x) * 2)
    np.testing.assert_allclose(model(X), 2 * inner(X).numpy(), rtol=1e-6)
    assert [v.path for v in model.weights] == ["inner/dense/kernel", "inner/dense/bias"]


def test_features_of_a_middle_layer():
    x = cornu.Input((3,))
    hidden = layers.Dense(4, name="hidden", activation="relu")(x)
    model = Model(x, layers.Dense(1)(hidden))
    features = Model(model.input, model.get_layer("hidden").output)
    expected = np.maximum(X @ model.weights[0].numpy(), 0)
    np.testing.assert_allclose(features(X), expected, rtol=1e-5)


def test_model_called_on_another_input():
    x = cornu.Input((3,))
    model = Model(x, layers.Dense(2)(x))
    y = cornu.Input((3,))
    again = Model(y, model(y + 1))
    np.testing.assert_allclose(again(X), model(X + 1), rtol=1e-6)


def test_get_layer():
    x = cornu.Input((3,), name="x")
    model = Model(x, layers.Dense(2, name="dense_a")(x))
    assert model.get_layer("dense_a") is model.get_layer(index=1)
    with pytest.raises(ValueError, match="No layer of 'functional' is called 'dense_b'.*dense_a"):
        model.get_layer("dense_b")
    with pytest.raises(ValueError, match="There is no layer 5: the model 'functional' has 2 layers"):
        model.get_layer(index=5)
    with pytest.raises(ValueError, match="Expected either a name or an index of a layer"):
        model.get_layer()


def test_config_round_trip_with_ops_sharing_and_nesting():
    x, y = cornu.Input((3,), name="x"), cornu.Input((3,), name="y")
    dense = layers.Dense(3, name="shared")
    inner = cornu.Sequential([layers.Input((3,)), layers.Dense(3)], name="inner")
    z = ops.concatenate([dense(x), inner(dense(y))], axis=-1)
    z = ops.sum(z[:, 1:5] * 2.0, axis=1, keepdims=True) + 1
    model = Model({"x": x, "y": y}, [z, ops.mean(z)], name="mixed")
    twin = cornu.models.model_from_json(model.to_json())
    assert twin.name == "mixed" and [layer.name for layer in twin.layers] == [layer.name for layer in model.layers]
    twin.set_weights(model.get_weights())
    for a, b in zip(twin({"x": X, "y": X + 1}), model({"x": X, "y": X + 1}), strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-6)
    assert twin.get_config() == model.get_config()


def test_config_errors():
    x = cornu.Input((3,), name="x")
    config = Model(x, layers.Dense(2, name="dense")(x)).get_config()
    config["output_layers"] = ["dens", 0, 0]
    with pytest.raises(ValueError, match=r"connects to a layer 'dens' that it does not hold.*'dense'"):
        Model.from_config(config)
    with pytest.raises(ValueError, match="Expected the JSON text of a model; it cannot be read"):
        cornu.models.model_from_json("{")


def test_constants_and_keyword_tensors():
    class Mix(layers.Layer):
        def call(self, x, other=None, scale=1.0):
            return (x + other) * scale

    x, y = cornu.Input((3,)), cornu.Input((3,))
    model = Model([x, y], Mix()(x, other=y, scale=3.0))
    np.testing.assert_allclose(model([X, X]), 6 * X)


def test_subclass_of_model_with_a_graph():
    class Mine(Model):
        extra = 5

    x = cornu.Input((3,))
    model = Mine(x, x * 2)
    assert model.extra == 5 and model(X).shape == (2, 3)
    np.testing.assert_array_equal(Mine.from_config(model.get_config())(X), 2 * X)
