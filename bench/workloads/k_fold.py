"""Four-fold cross-validation of the network of `regression`, batch 1: four models, each trained and validated for 100 epochs."""

import functools

import numpy as np

from bench.measure import seconds
from bench.workloads.regression import data

TITLE = (
    "4 folds of a regression 13-64-64-1, 404 rows, batch 1, RMSprop, validated after every epoch, 100 epochs, verbose=0"
)
UNIT = "seconds per epoch of all folds"
ROUNDS = 3
TARGETS = {"keras-tensorflow": 50.0, "keras-jax": 50.0, "keras-torch": 50.0}
FOLDS = 4


def network(keras):
    """A compiled model."""
    dense = keras.layers.Dense
    model = keras.Sequential([
        keras.Input(shape=(13,)), dense(64, activation="relu"), dense(64, activation="relu"), dense(1),
    ])  # fmt: skip
    model.compile(optimizer="rmsprop", loss="mse", metrics=["mae"])
    return model


def apart(run, quick):
    """A run of one epoch, which builds and compiles; what each further epoch of a whole run adds to a second one of one epoch."""
    epochs = 3 if quick else 100
    first, again, whole = (seconds(functools.partial(run, n)) for n in (1, 1, epochs))
    return {"first": first, "steady": (whole - again) / (epochs - 1)}


def with_cornu(keras, quick):
    """`cross_validate`."""
    keras.utils.set_random_seed(1)
    found = []

    def run(epochs):
        found[:] = [keras.utils.cross_validate(lambda: network(keras), *data(), FOLDS, epochs=epochs, batch_size=1)]

    return {**apart(run, quick), "result": found[0].mean["val_mae"][-1]}


def with_keras(keras, quick):
    """`fit` for one fold after the other, as the textbook does it."""
    keras.utils.set_random_seed(1)
    errors = []
    x, y = data()
    size = len(x) // FOLDS

    def run(epochs):
        errors.clear()
        for fold in range(FOLDS):
            held_out = np.arange(fold * size, (fold + 1) * size)
            rest = np.delete(np.arange(len(x)), held_out)
            history = network(keras).fit(
                x[rest], y[rest], validation_data=(x[held_out], y[held_out]), epochs=epochs, batch_size=1, verbose=0
            )
            errors.append(history.history["val_mae"][-1])

    return {**apart(run, quick), "result": float(np.mean(errors))}
