"""Evaluation with averaged weights."""

import numpy as np
import pytest

import cornu as keras
from cornu._base.errors import InvalidArgumentError
from cornu.callbacks import LambdaCallback, SwapEMAWeights


def model(**options):
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1, kernel_initializer="ones")])
    model.compile(keras.optimizers.SGD(0.1, **options), "mse")
    return model


X = np.array([[1.0, 2.0], [3.0, 4.0]], "float32")
Y = np.zeros((2, 1), "float32")


def values(variables):
    return [np.asarray(v).tolist() for v in variables]


@pytest.mark.parametrize("swap_on_epoch", [False, True])
def test_averages_are_in_place_during_evaluation_only(swap_on_epoch):
    seen = {}

    def note(name):
        return lambda *_: seen.update({name: (values(it.trainable_variables), values(it.optimizer._averages))})

    def fit(*callbacks):
        history = it.fit(X, Y, epochs=3, verbose=0, validation_data=(X, Y), callbacks=list(callbacks))
        return history.history["val_loss"]

    it = model(use_ema=True, ema_momentum=0.5)
    fit(LambdaCallback(on_test_begin=note("plain")))
    it = model(use_ema=True, ema_momentum=0.5)
    watching = LambdaCallback(on_test_begin=note("test"), on_test_end=note("after"), on_epoch_end=note("epoch"))
    fit(SwapEMAWeights(swap_on_epoch), watching)
    weights, averages = seen["plain"]
    assert weights != averages
    assert seen["test"] == (averages, weights)
    assert seen["after"] == (weights, averages)
    assert seen["epoch"] == ((averages, weights) if swap_on_epoch else (weights, averages))


def test_it_wants_an_optimizer_with_averages():
    with pytest.raises(
        InvalidArgumentError, match="must be used with an optimizer that has `use_ema=True`; received SGD"
    ):
        model().evaluate(X, Y, verbose=0, callbacks=[SwapEMAWeights()])
