"""What callbacks do with given logs, written once against a module called `keras`: what they print, save and remember."""

import contextlib
import io
import json
import math
import os
import tempfile
import warnings
from pathlib import Path

import numpy as np

NAN, INF = math.nan, math.inf


def small_model(keras, **optimizer):
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1, name="d")], name="m")
    model.compile(keras.optimizers.SGD(0.1, **optimizer), "mse", metrics=["mae"])
    return model


def early(values, **arguments):
    return "EarlyStopping", arguments, [{"loss": 1.0, "val_loss": value, "val_mae": -value} for value in values]


def plateau(values, **arguments):
    return "ReduceLROnPlateau", {"verbose": 1, "monitor": "loss", **arguments}, [{"loss": value} for value in values]


def checkpoint(path, values, **arguments):
    logs = [{"loss": 1.0, "val_loss": value, "mae": 0.5} for value in values]
    return "ModelCheckpoint", {"filepath": path, "verbose": 1, **arguments}, logs


UPS = [3.0, 2.0, 2.5, 2.4, 1.9, 2.6, 2.7, 2.8]
CASES = {
    "early": early(UPS, patience=2, verbose=1),
    "early patience 0": early(UPS, verbose=1),
    "early restore": early(UPS, patience=2, restore_best_weights=True, verbose=1),
    "early restore at a normal end": early(UPS[:6], patience=9, restore_best_weights=True, verbose=1),
    "early start": early(UPS, patience=1, start_from_epoch=3, verbose=1),
    "early start restore": early(UPS, patience=1, start_from_epoch=3, restore_best_weights=True, verbose=1),
    "early baseline": early(UPS, patience=2, baseline=1.0, verbose=1),
    "early baseline restore": early(UPS, patience=2, baseline=1.0, restore_best_weights=True, verbose=1),
    "early baseline met": early(UPS, patience=3, baseline=2.2, verbose=1),
    "early delta": early(UPS, patience=3, min_delta=0.6, verbose=1),
    "early max": early(UPS, patience=2, mode="max", verbose=1),
    "early nan": early([NAN, 2.0, NAN, 1.0, NAN, NAN], patience=2, verbose=1),
    "plateau": plateau([1.0, 1.0, 1.0, 1.0, 0.5, 0.5, 0.5], patience=2, factor=0.5),
    "plateau cooldown": plateau([1.0] * 8, patience=1, factor=0.5, cooldown=2),
    "plateau least": plateau([1.0] * 8, patience=1, factor=0.1, min_lr=0.005),
    "plateau delta": plateau([1.0, 0.9, 0.8, 0.7], patience=1, min_delta=0.15),
    "plateau max": plateau([1.0, 1.1, 1.0, 1.0, 1.0], patience=1, mode="max"),
    "plateau silent": plateau([1.0] * 4, patience=1, verbose=0),
    "checkpoint": checkpoint("m.keras", UPS[:2]),
    "checkpoint names": checkpoint("w{epoch:02d}-{val_loss:.2f}-{mae:.1f}.weights.h5", UPS[:3], save_weights_only=True),
    "checkpoint best": checkpoint("{epoch}.keras", UPS[:5], save_best_only=True),
    "checkpoint best max": checkpoint("{epoch}.keras", UPS[:5], save_best_only=True, mode="max"),
    "checkpoint threshold": checkpoint("{epoch}.keras", UPS[:5], save_best_only=True, initial_value_threshold=2.2),
    "checkpoint batches": checkpoint("{epoch}-{batch}.keras", UPS[:2], save_freq=3),
    "scheduler": ("LearningRateScheduler", {"schedule": lambda epoch, rate: rate * 0.5, "verbose": 1}, [{"loss": 1.0}] * 3),
    "scheduler of the epoch": ("LearningRateScheduler", {"schedule": lambda epoch: 0.1 / (epoch + 1), "verbose": 1}, [{"loss": 1.0}] * 3),
    "csv": ("CSVLogger", {"filename": "log.csv"}, [{"loss": 1.5, "mae": 2.0}, {"loss": 0.25, "mae": 1e-9}]),
    "csv separator": ("CSVLogger", {"filename": "log.csv", "separator": ";"}, [{"loss": 1.5, "val_loss": [1, 2]}]),
    "csv append": ("CSVLogger", {"filename": "log.csv", "append": True}, [{"loss": 1.5, "mae": 2.0}], 2),
    "csv twice": ("CSVLogger", {"filename": "log.csv"}, [{"loss": 1.5, "mae": 2.0}], 2),
    "nan": ("TerminateOnNaN", {}, [{"loss": 1.0}, {"loss": NAN}, {"loss": 1.0}]),
    "infinite": ("TerminateOnNaN", {}, [{"loss": INF}, {"loss": 1.0}]),
}  # fmt: skip
BATCHES = 4
SHOWN = ("best", "wait", "best_epoch", "stopped_epoch", "cooldown_counter", "keys")


def run(keras, case):
    """Text printed, files left, attributes, learning rate and weights at the end, epochs run, logs after each epoch."""
    name, arguments, logs, *times = case
    model = small_model(keras)
    callback = getattr(keras.callbacks, name)(**arguments)
    epochs, seen = [], []
    here = os.getcwd()
    with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stdout(io.StringIO()) as text:
        os.chdir(folder)
        try:
            for _ in range(times[0] if times else 1):
                runs = keras.callbacks.CallbackList(
                    [callback, keras.callbacks.LambdaCallback(on_epoch_end=lambda _, logs: seen.append(sorted(logs)))],
                    model=model, epochs=len(logs), steps=BATCHES, verbose=1,
                )  # fmt: skip
                model.stop_training = False
                runs.on_train_begin()
                for epoch, values in enumerate(logs):
                    runs.on_epoch_begin(epoch)
                    for batch in range(BATCHES):
                        runs.on_train_batch_begin(batch)
                        runs.on_train_batch_end(batch, dict(values))
                        if model.stop_training:
                            break
                    model.set_weights([np.full(w.shape, epoch, "float32") for w in model.get_weights()])
                    runs.on_epoch_end(epoch, dict(values))
                    epochs.append(epoch)
                    if model.stop_training:
                        break
                runs.on_train_end()
            files = sorted(os.listdir("."))
            tables = [Path(file).read_bytes().decode() for file in files if file.endswith(".csv")]
        finally:
            os.chdir(here)
    shown = {key: getattr(callback, key) for key in SHOWN if hasattr(callback, key)}
    return {
        "text": text.getvalue(),
        "files": files,
        "tables": tables,
        "attributes": {key: float(v) if isinstance(v, (float, np.floating)) else v for key, v in shown.items()},
        "rate": float(np.asarray(model.optimizer.learning_rate)),
        "weights": float(np.asarray(model.get_weights()[0]).ravel()[0]),
        "epochs": epochs,
        "logs": seen,
    }


# Which way a metric is to go: by its class, for mode="auto".
DIRECTED = [
    "Accuracy", "BinaryAccuracy", "CategoricalAccuracy", "SparseCategoricalAccuracy", "TopKCategoricalAccuracy",
    "SparseTopKCategoricalAccuracy", "AUC", "Precision", "Recall", "FalsePositives", "FalseNegatives", "TrueNegatives", "TruePositives",
    "BinaryIoU", "OneHotMeanIoU", "F1Score", "R2Score", "MeanSquaredError", "MeanAbsoluteError", "RootMeanSquaredError",
    "MeanAbsolutePercentageError", "MeanSquaredLogarithmicError", "LogCoshError", "CosineSimilarity", "Hinge", "SquaredHinge",
    "CategoricalHinge", "KLDivergence", "Poisson", "BinaryCrossentropy", "CategoricalCrossentropy", "SparseCategoricalCrossentropy",
    "Mean", "Sum", "PearsonCorrelation", "ConcordanceCorrelation",
]  # fmt: skip
ARGUMENTS = {
    "BinaryIoU": {"target_class_ids": [0, 1]}, "OneHotMeanIoU": {"num_classes": 2},
}  # fmt: skip


def direction(keras, name):
    """`up`, `down`, or `unknown` for EarlyStopping that watches a metric of this class under a name that says nothing."""
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
    metric = getattr(keras.metrics, name)(**ARGUMENTS.get(name, {}), name="quux")
    model.compile("sgd", "mse", metrics=[metric])
    x = np.array([[0.0, 1.0], [1.0, 0.0]], "float32")
    with contextlib.suppress(Exception):
        model.evaluate(x, np.array([[0.0], [1.0]], "float32"), verbose=0)
    callback = keras.callbacks.EarlyStopping("quux", patience=1)
    callback.set_model(model)
    callback.on_train_begin()
    try:
        for epoch, value in enumerate((1.0, 2.0, 3.0)):
            callback.on_epoch_end(epoch, {"quux": value})
    except ValueError:
        return "unknown"
    return "up" if callback.best == 3.0 else "down"


def record(keras):
    """All cases as JSON; what cannot be said in JSON as text."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        cases = {name: run(keras, case) for name, case in CASES.items()}
        directions = {name: direction(keras, name) for name in DIRECTED}
    return json.loads(json.dumps({"cases": cases, "directions": directions}))
