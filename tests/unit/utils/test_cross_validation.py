"""Folds that are trained together have the numbers that they have one after the other."""

import numpy as np
import pytest

import cornu as keras
from cornu import layers
from cornu._base.errors import FailedPreconditionError, InvalidArgumentError
from cornu.callbacks import LambdaCallback
from cornu.utils import cross_validate

ROWS = 26


@pytest.fixture
def data():
    generator = np.random.default_rng(0)
    x = generator.normal(size=(ROWS, 5)).astype("float32")
    return x, (x[:, 0] - x[:, 1] ** 2).astype("float32")


def network(units=8, optimizer="rmsprop"):
    model = keras.Sequential([layers.Input((5,)), layers.Dense(units, "relu"), layers.Dropout(0.2), layers.Dense(1)])
    model.compile(optimizer, "mse", metrics=["mae"])
    return model


def trained(data, together, build=network, **options):
    keras.utils.set_random_seed(3)
    return cross_validate(build, *data, **{"k": 4, "epochs": 3, "batch_size": 4, "together": together, **options})


@pytest.mark.parametrize("shuffle", [True, False])
def test_together_equals_apart(data, shuffle):
    weights = np.linspace(0.5, 2.0, ROWS).astype("float32")
    ours, theirs = (trained(data, together, shuffle=shuffle, sample_weight=weights) for together in (True, False))
    assert list(ours.mean) == list(theirs.mean)
    assert set(ours.mean) == {"loss", "mae", "val_loss", "val_mae"}
    for a, b in zip(ours.histories, theirs.histories, strict=True):
        for name in a:
            np.testing.assert_allclose(a[name], b[name], rtol=1e-5)
    for a, b in zip(ours.models, theirs.models, strict=True):
        for one, other in zip(a.get_weights(), b.get_weights(), strict=True):
            np.testing.assert_allclose(one, other, rtol=1e-5, atol=1e-6)
        assert int(a.optimizer.iterations) == int(b.optimizer.iterations) == 15


def test_each_fold_is_validated_on_its_own_rows(data):
    found = trained(data, True)
    x, y = data
    for fold, model in enumerate(found.models):
        rows = slice(6 * fold, 6 * fold + 6)
        loss, mae = model.evaluate(x[rows], y[rows], verbose=0)
        assert found.scores[fold] == {"loss": pytest.approx(loss, rel=1e-5), "mae": pytest.approx(mae, rel=1e-5)}
        assert model.history.epoch == [0, 1, 2]
        assert model.history.history is found.histories[fold]
    scores = [each["mae"] for each in found.scores]
    assert found.mean["val_mae"][-1] == pytest.approx(np.mean(scores))


def test_callbacks_train_apart(data):
    epochs = []
    found = trained(data, None, callbacks=lambda: [LambdaCallback(on_epoch_end=lambda epoch, _: epochs.append(epoch))])
    assert epochs == [0, 1, 2] * 4
    assert len(found.models) == 4
    with pytest.raises(InvalidArgumentError, match="together=False, since callbacks look at one model"):
        trained(data, True, callbacks=list)


def test_models_go_on_training(data):
    model = trained(data, True).models[2]
    before = model.evaluate(*data, verbose=0)[0]
    model.fit(*data, epochs=20, verbose=0)
    assert model.evaluate(*data, verbose=0)[0] < before


def test_bad_input(data):
    x, y = data
    with pytest.raises(InvalidArgumentError, match="from 2 to 26 folds.*k=27"):
        cross_validate(network, x, y, 27)
    with pytest.raises(InvalidArgumentError, match=r"x has 26.*y has 25|26.*25"):
        cross_validate(network, x, y[:-1])
    with pytest.raises(InvalidArgumentError, match="expected x as arrays; received generator"):
        cross_validate(network, (row for row in [(x, y)]), None)
    with pytest.raises(FailedPreconditionError, match="compile"):
        cross_validate(lambda: keras.Sequential([layers.Dense(1)]), x, y)
    sizes = iter((3, 4, 5, 6))
    with pytest.raises(InvalidArgumentError, match="same network for every fold; that of fold 1"):
        cross_validate(lambda: network(next(sizes)), x, y, together=True)
