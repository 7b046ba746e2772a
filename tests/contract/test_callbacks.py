"""Checks that every exported callback passes. A callback without a row in `ROWS` fails."""

import importlib.util

import numpy as np
import pytest
from tests.contract.exported import classes

import cornu
from cornu import callbacks
from cornu.io.state_file import read_state, write_state

CLOSED = "http://localhost:9"  # the port of "discard": nobody listens there
# callback -> its arguments, given a folder of its own
ROWS = {
    "BackupAndRestore": lambda folder: {"backup_dir": folder / "backup", "save_freq": 2},
    "CSVLogger": lambda folder: {"filename": folder / "log.csv", "separator": ";"},
    "Callback": lambda folder: {},
    "EarlyStopping": lambda folder: {"monitor": "loss", "patience": 5},
    "History": lambda folder: {},
    "LambdaCallback": lambda folder: {"on_epoch_end": lambda epoch, logs: (folder / "told").touch()},
    "LearningRateScheduler": lambda folder: {"schedule": lambda epoch, rate: rate},
    "ModelCheckpoint": lambda folder: {"filepath": folder / "{epoch}.weights.h5", "save_weights_only": True},
    "OrbaxCheckpoint": lambda folder: {"directory": folder / "orbax", "max_to_keep": 2},
    "ProgbarLogger": lambda folder: {},
    "ReduceLROnPlateau": lambda folder: {"monitor": "loss", "patience": 5},
    "RemoteMonitor": lambda folder: {"root": CLOSED},
    "SwapEMAWeights": lambda folder: {},
    "TensorBoard": lambda folder: {"log_dir": folder / "logs", "histogram_freq": 1},
    "TerminateOnNaN": lambda folder: {},
}
BASES = {"MonitorCallback"}
WITHOUT = {"OrbaxCheckpoint"} if importlib.util.find_spec("orbax") is None else set()  # needs an extra
HERE = [name for name in ROWS if name not in WITHOUT]
X, Y = np.arange(24, dtype="float32").reshape(12, 2) / 24, np.arange(12, dtype="float32").reshape(12, 1) / 12


def made(kind, folder, **more):
    """The callback of a row."""
    return getattr(callbacks, kind)(**{**ROWS[kind](folder), **more})


@pytest.fixture(scope="module")
def model():
    """One model for all: its programs are compiled once."""
    model = cornu.Sequential([cornu.Input((2,)), cornu.layers.Dense(1, kernel_initializer="ones")])
    model.compile(cornu.optimizers.SGD(0.1, use_ema=True, ema_momentum=0.5), "mse")
    model.fit(X, Y, 4, verbose=0)
    return model


def trained(model, *used, epochs=2):
    """The weights and the losses after training from the same start."""
    for variable in [*model.weights, *model.optimizer.variables]:
        variable.assign(
            np.full(variable.shape, 0.1 if variable.name == "learning_rate" else 0, str(variable.dtype.name))
        )
    model.stop_training = False
    history = model.fit(X, Y, 4, epochs=epochs, shuffle=False, verbose=0, callbacks=list(used))
    return [weight.numpy() for weight in model.weights], history.history["loss"]


def test_every_callback_has_a_row():
    assert classes(callbacks, callbacks.Callback).keys() - BASES == ROWS.keys()
    assert set(callbacks.CALLBACKS) == ROWS.keys()


@pytest.mark.parametrize("name", HERE)
@pytest.mark.filterwarnings("ignore:Could not reach RemoteMonitor")
def test_watching_does_not_change_training(name, model, tmp_path):
    plain, losses = trained(model)
    watched, same_losses = trained(model, made(name, tmp_path))
    assert same_losses == losses
    for one, other in zip(watched, plain, strict=True):
        np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize("name", HERE)
@pytest.mark.filterwarnings("ignore:Could not reach RemoteMonitor")
def test_knows_its_model_and_run(name, model, tmp_path):
    callback = made(name, tmp_path)
    trained(model, callback)
    assert callback.model is model
    assert (callback.params["epochs"], callback.params["steps"]) == (2, 3)


@pytest.mark.parametrize("name", HERE)
@pytest.mark.filterwarnings("ignore:Could not reach RemoteMonitor")
def test_state_round_trip(name, model, tmp_path):
    callback = made(name, tmp_path)
    trained(model, callback)
    write_state(tmp_path / "state", callback.state())
    twin = made(name, tmp_path)
    twin.set_model(model)
    twin.on_train_begin()
    twin.restore(read_state(tmp_path / "state"))
    np.testing.assert_equal(twin.state(), callback.state())


@pytest.mark.parametrize("name", HERE)
def test_hooks_take_missing_logs(name, model, tmp_path):
    """Loops that users write call hooks without logs."""
    callback = made(name, tmp_path)
    runs = callbacks.CallbackList([callback], model=model, epochs=1, steps=1, verbose=0)
    runs.on_test_begin()
    runs.on_test_batch_begin(0)
    runs.on_test_batch_end(0)
    runs.on_test_end()
    runs.on_predict_begin()
    runs.on_predict_batch_begin(0)
    runs.on_predict_batch_end(0)
    runs.on_predict_end()
    assert callback.model is model


@pytest.mark.parametrize("name", [name for name in HERE if name != "LambdaCallback"])  # takes hooks by any name
def test_unknown_argument_is_named(name, tmp_path):
    with pytest.raises(TypeError, match="colour"):
        made(name, tmp_path, colour=1)


@pytest.mark.parametrize(
    "name, bad, expected",
    [
        ("BackupAndRestore", {"save_freq": -1}, "save_freq.*-1"),
        ("BackupAndRestore", {"backup_dir": ""}, "backup_dir"),
        ("ModelCheckpoint", {"save_freq": "batch"}, "save_freq.*batch"),
        ("ReduceLROnPlateau", {"factor": 1.5}, "factor"),
        ("TensorBoard", {"update_freq": "never"}, "update_freq.*'never'"),
    ],
)
def test_bad_argument_is_named(name, bad, expected, tmp_path):
    with pytest.raises(ValueError, match=expected):
        made(name, tmp_path, **bad)
