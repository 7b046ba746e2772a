"""clone_model: the same architecture with new layers."""

import numpy as np
import pytest

import cornu
from cornu import layers, ops
from cornu.models import clone_model

X = np.ones((2, 3), np.float32)


def _branches():
    x = cornu.Input((3,), name="x")
    a = layers.Dense(3, name="a")(x)
    return cornu.Model(x, ops.relu(a) + x, name="mine")


def test_functional_copies_have_new_weights():
    model = _branches()
    clone = clone_model(model)
    assert clone.name == "mine" and [layer.name for layer in clone.layers] == ["x", "a"]
    assert clone.get_layer("a") is not model.get_layer("a")
    clone.set_weights(model.get_weights())
    np.testing.assert_allclose(clone(X), model(X))
    clone.set_weights([np.zeros_like(w) for w in model.get_weights()])
    assert not np.allclose(clone(X), model(X))


def test_sequential_copies_have_the_paths_of_keras():
    model = cornu.Sequential([layers.Input((3,)), layers.Dense(2), layers.BatchNormalization()], name="stack")
    clone = clone_model(model)
    assert [v.path for v in clone.weights] == [v.path for v in model.weights]
    assert clone.weights[0].path == "stack/dense/kernel" and clone.input_shape == (None, 3)


def test_unbuilt_sequential_stays_unbuilt():
    clone = clone_model(cornu.Sequential([layers.Dense(2)]))
    assert not clone.built and clone(X).shape == (2, 2)


def test_clone_function():
    def drop(layer):
        return layers.Activation("linear", name=layer.name) if isinstance(layer, layers.Dropout) else layer

    model = cornu.Sequential([layers.Input((3,)), layers.Dense(2), layers.Dropout(0.9)])
    clone = clone_model(model, clone_function=drop)
    assert clone.layers[0] is model.layers[0] and isinstance(clone.layers[1], layers.Activation)


def test_call_function():
    clone = clone_model(_branches(), call_function=lambda layer, *args, **kwargs: layer(*args, **kwargs) * 0.0)
    np.testing.assert_array_equal(clone(X), X)
    with pytest.raises(ValueError, match="call_function works with functional models"):
        clone_model(cornu.Sequential([layers.Dense(1)]), call_function=lambda layer, x: x)


def test_input_tensors():
    x = cornu.Input((3,), name="other")
    clone = clone_model(_branches(), input_tensors=x)
    assert clone.input is x
    with pytest.raises(ValueError, match="Expected 1 input tensors; received 2"):
        clone_model(_branches(), input_tensors=[x, cornu.Input((3,))])
    with pytest.raises(TypeError, match="Expected symbolic input tensors, made by Input; received ndarray"):
        clone_model(_branches(), input_tensors=[X])


def test_recursive():
    inner = cornu.Sequential([layers.Input((3,)), layers.Dense(3, name="deep")], name="inner")
    model = cornu.Sequential([layers.Input((3,)), inner])
    seen = []

    def copy(layer):
        seen.append(layer.name)
        return type(layer).from_config(layer.get_config())

    clone = clone_model(model, clone_function=copy, recursive=True)
    assert seen == ["deep"] and clone.layers[0].layers[0] is not inner.layers[0]


def test_shared_layers_stay_shared():
    x, y = cornu.Input((3,)), cornu.Input((3,))
    dense = layers.Dense(2)
    clone = clone_model(cornu.Model([x, y], dense(x) + dense(y)))
    assert len(clone.weights) == 2 and clone([X, X]).shape == (2, 2)


def test_subclasses_are_cloned_from_their_config():
    class Net(cornu.Model):
        def __init__(self, units=2, **kwargs):
            super().__init__(**kwargs)
            self.units = units
            self.dense = layers.Dense(units)

        def call(self, x):
            return self.dense(x)

    clone = clone_model(Net(5))
    assert clone.units == 5 and clone(X).shape == (2, 5)
    with pytest.raises(ValueError, match="it can be cloned from its config only, without options"):
        clone_model(Net(5), clone_function=lambda layer: layer)


def test_only_models():
    with pytest.raises(TypeError, match="Expected a model to clone; received .* of type Dense"):
        clone_model(layers.Dense(1))


def test_layers_that_files_do_not_know_are_copied():
    class Times(layers.Layer):
        def __init__(self, by, **kwargs):
            super().__init__(**kwargs)
            self.by = by

        def call(self, x):
            return x * self.by

    inner = cornu.Sequential([Times(2)])
    copy = clone_model(cornu.Sequential([layers.Input((3,)), Times(3), inner]))
    np.testing.assert_array_equal(copy(X), 6 * X)
