"""`model.add_loss` and `model.add_metric` on symbolic tensors; the values are those of tf-keras 2.21."""

import numpy as np
import pytest

import cornu as keras
from cornu import layers, ops


@pytest.fixture
def model():
    entry = keras.Input((3,))
    outputs = layers.Dense(2, kernel_initializer="ones")(entry)
    made = keras.Model(entry, outputs)
    made.add_loss(ops.mean(ops.square(outputs - 1.0)) * 2)
    made.add_metric(ops.mean(outputs), name="level", aggregation="mean")
    return made


X, Y = np.arange(12).reshape(4, 3).astype("float32") / 12, np.zeros((4, 2))


def test_they_are_computed_with_the_outputs(model):
    model.compile("sgd", "mse")
    np.testing.assert_allclose(model.evaluate(X, Y, verbose=0), [4.28125, 1.375], rtol=1e-6)
    history = model.fit(X, Y, epochs=2, verbose=0).history
    np.testing.assert_allclose(history["loss"], [4.28125, 4.027488708496094], rtol=1e-6)
    np.testing.assert_allclose(history["level"], [1.375, 1.330394983291626], rtol=1e-6)


def test_a_loss_of_the_graph_is_enough_to_train(model):
    model.compile("sgd")
    first = model.evaluate(X, verbose=0)[0]
    assert model.fit(X, epochs=20, verbose=0).history["loss"][-1] < first


def test_layers_of_the_loss_alone_are_trained():
    entry = keras.Input((3,))
    made = keras.Model(entry, layers.Dense(2)(entry))
    made.add_loss(ops.mean(ops.square(layers.Dense(1, name="side")(entry) - 1.0)))
    made.compile("sgd")
    assert len(made.trainable_variables) == 4
    made.fit(X, epochs=200, verbose=0)
    assert made.evaluate(X, verbose=0) < 0.01


def test_a_tensor_of_another_graph_is_refused(model):
    other = keras.Input((3,), name="stranger")
    with pytest.raises(ValueError, match="depend on the input 'stranger'"):
        model.add_loss(ops.mean(other))
