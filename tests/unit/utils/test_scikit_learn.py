"""KerasClassifier and KerasRegressor of Keras 2, alone and in the hands of scikit-learn."""

import copy

import numpy as np
import pytest
from sklearn.base import clone, is_classifier, is_regressor
from sklearn.metrics import accuracy_score
from sklearn.model_selection import GridSearchCV, KFold, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

import cornu
from cornu import Input, Sequential, layers, losses
from cornu._base.errors import FailedPreconditionError, InvalidArgumentError, InvalidTypeError
from cornu.utils.scikit_learn import BaseWrapper, KerasClassifier, KerasRegressor

rng = np.random.RandomState(0)
X = rng.normal(size=(60, 3)).astype("float32")
SIGN = (X[:, 0] > 0).astype(int)
CORNER = np.where(X[:, 0] > 0.5, "right", np.where(X[:, 1] > 0, "up", "down"))


def binary(units=4, rate=0.1):
    """A classifier of two classes with one output."""
    model = Sequential([Input((3,)), layers.Dense(units, "tanh"), layers.Dense(1, "sigmoid")])
    model.compile(cornu.optimizers.Adam(rate), "binary_crossentropy", metrics=["accuracy"])
    return model


def several(loss="categorical_crossentropy", metrics=("accuracy",)):
    """A classifier of three classes."""
    model = Sequential([Input((3,)), layers.Dense(8, "tanh"), layers.Dense(3, "softmax")])
    model.compile(cornu.optimizers.Adam(0.1), loss, metrics=list(metrics))
    return model


def line(outputs=1):
    """A linear regressor."""
    model = Sequential([Input((3,)), layers.Dense(outputs)])
    model.compile(cornu.optimizers.SGD(0.1), "mse")
    return model


def test_parameters_go_where_they_belong():
    seen = {}

    def build(units, rate=0.1):
        seen.update(units=units, rate=rate)
        return binary(units, rate)

    estimator = KerasClassifier(build, units=5, epochs=2, batch_size=20, verbose=0)
    history = estimator.fit(X, SIGN, epochs=3)
    assert seen == {"units": 5, "rate": 0.1}
    assert history.epoch == [0, 1, 2] and estimator.model.layers[0].units == 5
    assert estimator.model.optimizer.iterations == 9
    assert estimator.filter_sk_params(build, {"more": 1}) == {"units": 5, "more": 1}
    first = estimator.model
    estimator.fit(X, SIGN)
    assert estimator.model is not first and estimator.model.optimizer.iterations == 6


def test_get_and_set_params():
    callbacks = [cornu.callbacks.TerminateOnNaN()]
    estimator = KerasClassifier(binary, units=5, callbacks=callbacks)
    assert estimator.get_params() == {"build_fn": binary, "units": 5, "callbacks": callbacks}
    assert estimator.set_params(units=6, epochs=2) is estimator
    assert estimator.get_params(deep=False)["units"] == 6
    again = clone(estimator)
    assert type(again) is KerasClassifier and again.sk_params["units"] == 6 and not hasattr(again, "model")
    assert KerasClassifier(binary).set_params(build_fn=several, loss="mse").get_params() == {
        "build_fn": several,
        "loss": "mse",
    }


@pytest.mark.parametrize("name", ["nb_epoch", "epochs"])
def test_epochs_of_both_generations(name):
    estimator = KerasClassifier(binary, verbose=0, **{name: 2})
    assert len(estimator.fit(X, SIGN).epoch) == 2
    assert estimator.get_params()["epochs"] == 2


def test_three_ways_to_make_a_model():
    class Maker:
        def __call__(self, units=2):
            return binary(units)

    class Own(KerasClassifier):
        def __call__(self, units=3):
            return binary(units)

    for estimator, units in ((KerasClassifier(Maker(), units=7), 7), (Own(), 3)):
        estimator.fit(X, SIGN, verbose=0)
        assert estimator.model.layers[0].units == units
    assert clone(Own(units=4)).get_params() == {"build_fn": None, "units": 4}


def test_two_classes():
    estimator = KerasClassifier(binary, epochs=30, verbose=0)
    estimator.fit(X, np.where(SIGN, "plus", "minus"))
    assert estimator.classes_.tolist() == ["minus", "plus"] and estimator.n_classes_ == 2
    outputs = estimator.model.predict(X, verbose=0)
    np.testing.assert_array_equal(estimator.predict(X), np.where(outputs > 0.5, "plus", "minus"))
    np.testing.assert_allclose(estimator.predict_proba(X, batch_size=7), np.hstack([1 - outputs, outputs]), atol=1e-6)
    expected = accuracy_score(np.where(SIGN, "plus", "minus"), estimator.predict(X))
    assert estimator.score(X, np.where(SIGN, "plus", "minus")) == pytest.approx(expected) and expected > 0.9


@pytest.mark.parametrize(
    "loss",
    [
        losses.categorical_crossentropy,
        losses.CategoricalCrossentropy(name="mine"),
        "sparse_categorical_crossentropy",
    ],
)
def test_labels_fit_the_loss(loss):
    estimator = KerasClassifier(several, loss=loss, epochs=30, verbose=0)
    estimator.fit(X, CORNER[:, None])
    assert estimator.classes_.tolist() == ["down", "right", "up"]
    assert estimator.predict(X).shape == (60,) and estimator.predict_proba(X).shape == (60, 3)
    few = CORNER == "up"  # the last class alone: rows are still one-hot among three
    assert estimator.score(X[few], CORNER[few]) == pytest.approx(np.mean(estimator.predict(X[few]) == "up"))
    assert estimator.score(X, CORNER) > 0.85


def test_one_hot_labels():
    estimator = KerasClassifier(several, epochs=20, verbose=0)
    rows = np.eye(3)[np.unique(CORNER, return_inverse=True)[1]]
    estimator.fit(X, rows)
    assert estimator.classes_.tolist() == [0, 1, 2]
    assert estimator.score(X, rows) == pytest.approx(np.mean(estimator.predict(X) == rows.argmax(1)))


def test_regressor():
    y = X @ [1.0, -2.0, 0.5] + 1
    estimator = KerasRegressor(build_fn=line, epochs=30, verbose=0)
    estimator.fit(X, y)
    predicted = estimator.predict(X)
    assert predicted.shape == (60,)
    assert estimator.score(X, y) == pytest.approx(-np.mean((predicted - y) ** 2), rel=1e-4)
    np.testing.assert_allclose(predicted, y, atol=0.05)
    estimator.set_params(outputs=2).fit(X, np.stack([y, -y], 1))
    assert estimator.predict(X).shape == (60, 2)


def test_weights_of_rows_reach_fit():
    estimator = KerasRegressor(line, epochs=20, verbose=0)
    y = np.where(SIGN, 10.0, 0.0)
    estimator.fit(X * 0, y, sample_weight=SIGN)
    np.testing.assert_allclose(estimator.predict(X * 0), 10, atol=0.2)


def test_scikit_learn_takes_them():
    assert is_classifier(KerasClassifier(binary)) and not is_classifier(KerasRegressor(line))
    assert is_regressor(KerasRegressor(line)) and not is_regressor(BaseWrapper(line))
    pipeline = make_pipeline(StandardScaler(), KerasClassifier(binary, epochs=15, verbose=0))
    pipeline.fit(X, SIGN)
    assert pipeline.score(X, SIGN) == pipeline.steps[-1][1].score(pipeline.steps[0][1].transform(X), SIGN)
    assert pipeline.predict(X).ravel().tolist() == pipeline.predict_proba(X).argmax(1).tolist()
    scores = cross_val_score(pipeline, X, SIGN, cv=KFold(2), scoring="accuracy")
    assert scores.shape == (2,) and scores.min() > 0.7


def test_grid_search():
    grid = GridSearchCV(KerasRegressor(line, verbose=0), {"epochs": [1, 20], "batch_size": [30]}, cv=2)
    grid.fit(X, X.sum(1))
    assert grid.best_params_ == {"batch_size": 30, "epochs": 20} and grid.best_score_ < 0
    assert len(grid.best_estimator_.model.history.epoch) == 20


@pytest.mark.parametrize(
    ("make", "match"),
    [
        (lambda: KerasClassifier(binary, unit=3), r"those of build_fn \(rate, units\).*'unit'. Did you mean 'units'"),
        (lambda: KerasClassifier(binary).set_params(epoch=3), "received 'epoch'. Did you mean 'epochs'"),
        (lambda: KerasRegressor(lambda: None, x=X), "no argument, as build_fn has none, or an argument of fit.*received 'x'"),
        (lambda: KerasClassifier(), "build_fn as a function.*received None.*__call__"),
        (lambda: KerasClassifier(binary()), "received a model. Pass a function, so that every fit begins afresh"),
        (lambda: KerasClassifier(lambda: 3).fit(X, SIGN), "return a compiled model; it returned int"),
        (lambda: KerasClassifier(lambda: Sequential([layers.Dense(1)])).fit(X, SIGN), r"Call compile\(\) before fit"),
        (lambda: KerasClassifier(binary).fit(X, X[:, :, None]), r"one-hot rows; received shape \(60, 3, 1\)"),
        (lambda: KerasClassifier(binary).predict(X), r"Call fit\(x, y\) of the KerasClassifier before predict"),
        (lambda: KerasRegressor(line).score(X, SIGN), r"Call fit\(x, y\) of the KerasRegressor before score"),
    ],
)  # fmt: skip
def test_errors(make, match):
    with pytest.raises((InvalidArgumentError, InvalidTypeError, FailedPreconditionError), match=match):
        make()


def test_scores_need_known_labels_and_an_accuracy():
    estimator = KerasClassifier(several, metrics=["mse"], verbose=0)
    estimator.fit(X, CORNER)
    with pytest.raises(InvalidArgumentError, match=r"it has loss, mse. Pass metrics=\['accuracy'\]"):
        estimator.score(X, CORNER)
    with pytest.raises(InvalidArgumentError, match=r"fitted on, \['down', 'right', 'up'\]; received 'left'"):
        estimator.score(X, np.where(CORNER == "up", "left", CORNER))


def test_a_fitted_estimator_can_be_copied():
    estimator = KerasClassifier(binary, epochs=2, verbose=0)
    estimator.fit(X, SIGN)
    np.testing.assert_array_equal(copy.deepcopy(estimator).predict_proba(X), estimator.predict_proba(X))
