"""Early stopping, plateaus and the other callbacks of an epoch. Tables recorded from Keras 3.15."""

import math

import numpy as np
import pytest

from cornu._base.errors import FailedPreconditionError, InvalidArgumentError, InvalidTypeError
from cornu.callbacks import EarlyStopping, LearningRateScheduler, ReduceLROnPlateau, TerminateOnNaN
from cornu.callbacks.monitor_callback import MonitorCallback

NAN = math.nan


class Optimizer:
    """Keeps its rate in float32, as optimizers do."""

    def __init__(self):
        self._rate = np.float32(0.01)

    @property
    def learning_rate(self):
        return self._rate

    @learning_rate.setter
    def learning_rate(self, value):
        self._rate = np.float32(value)


class Metric:
    def __init__(self, name, direction=None):
        self.name, self._direction = name, direction


class Model:
    def __init__(self, metrics=()):
        self.stop_training, self.optimizer, self.weights, self.metrics = False, Optimizer(), [0], list(metrics)

    def get_weights(self):
        return list(self.weights)

    def set_weights(self, weights):
        self.weights = weights


def run(callback, values, name="val_loss", model=None):
    """Epochs with those values; the weights of epoch i are [i]."""
    model = model or Model()
    callback.set_model(model)
    callback.on_train_begin()
    trace = []
    for epoch, value in enumerate(values):
        model.weights = [epoch]
        callback.on_epoch_begin(epoch, {})
        logs = {"loss": value, name: value}
        callback.on_epoch_end(epoch, logs)
        trace.append((callback.wait, callback.best) if hasattr(callback, "wait") else logs)
        if model.stop_training:
            break
    callback.on_train_end()
    return model, trace


STOPPING = [
    # arguments, values, (wait, best) an epoch, stopped epoch, weights left
    ({}, [3, 2, 2, 1], [(0, 3), (0, 2), (1, 2)], 2, [2]),
    ({"patience": 2}, [3, 2, 2.5, 2.1, 1], [(0, 3), (0, 2), (1, 2), (2, 2)], 3, [3]),
    ({"patience": 2, "restore_best_weights": True}, [3, 2, 2.5, 2.1], [(0, 3), (0, 2), (1, 2), (2, 2)], 3, [1]),
    ({"patience": 20, "restore_best_weights": True}, [3, 2, 2.5], [(0, 3), (0, 2), (1, 2)], 0, [1]),
    ({"patience": 1, "min_delta": 0.5}, [3, 2.6, 2.4], [(0, 3), (1, 3)], 1, [1]),
    ({"patience": 1, "min_delta": -0.5}, [3, 2.6, 2.4], [(0, 3), (1, 3)], 1, [1]),
    ({"patience": 2, "baseline": 1.0}, [3, 2, 1.5, 1.2], [(1, 3), (2, 2), (3, 1.5), (4, 1.2)], 0, [3]),
    ({"patience": 2, "baseline": 2.2}, [3, 2, 1.5, 1.6, 1.4, 1.4, 1.4], [(1, 3), (0, 2), (0, 1.5), (1, 1.5), (0, 1.4),
     (1, 1.4), (2, 1.4)], 6, [6]),
    ({"patience": 1, "start_from_epoch": 2}, [1, 2, 3, 4, 5], [(0, None), (0, None), (0, 3), (1, 3)], 3, [3]),
    ({"patience": 2}, [3, NAN, 2, NAN, NAN, 1], [(0, 3), (1, 3), (0, 2), (1, 2), (2, 2)], 4, [4]),
    ({"patience": 1, "mode": "max"}, [0.5, 0.6, 0.6], [(0, 0.5), (0, 0.6), (1, 0.6)], 2, [2]),
    ({"patience": 1, "mode": "max", "min_delta": 0.1}, [0.5, 0.55], [(0, 0.5), (1, 0.5)], 1, [1]),
    ({"patience": -1}, [3, 2, 1], [(0, 3), (0, 2), (0, 1)], 0, [2]),
]  # fmt: skip


@pytest.mark.parametrize(("arguments", "values", "expected", "stopped", "weights"), STOPPING)
def test_early_stopping(arguments, values, expected, stopped, weights):
    callback = EarlyStopping(**arguments)
    for _ in range(2):  # used again, it starts afresh
        model, trace = run(callback, values)
        assert trace == expected
        assert callback.stopped_epoch == stopped and model.stop_training is bool(stopped)
        assert model.weights == weights


def test_early_stopping_speaks_as_keras(capsys):
    run(EarlyStopping(patience=2, verbose=1, restore_best_weights=True), [3, 2, 2.5, 2.1])
    assert capsys.readouterr().out == (
        "Epoch 4: early stopping\nRestoring model weights from the end of the best epoch: 2.\n"
    )


MISSING = [
    (
        "val_accuracy",
        {"loss": 1.0},
        "`val_accuracy` which is not available. Available metrics are: loss. Give `fit` val",
    ),
    ("acuracy", {"accuracy": 1.0, "loss": 1.0}, "are: accuracy,loss. Did you mean 'accuracy'?"),
]


@pytest.mark.parametrize(("monitor", "logs", "match"), MISSING)
def test_a_metric_that_is_not_there(monitor, logs, match):
    callback = EarlyStopping(monitor)
    callback.set_model(model := Model())
    callback.on_train_begin()
    with pytest.warns(
        UserWarning,
        match="Early stopping conditioned on metric " + match.replace("?", r"\?")
        if match.startswith("`")
        else match.replace("?", r"\?"),
    ):
        callback.on_epoch_end(0, logs)
    assert model.stop_training is False


DIRECTIONS = [
    ("loss", (), "down"),
    ("val_digit_loss", (), "down"),
    ("mine", [Metric("mine", "up")], "up"),
    ("val_digit_mine", [Metric("mine", "down")], "down"),
    ("val_accuracy", (), "up"),
    ("val_digit_auc_1", (), "up"),
    ("acc", (), "up"),
    ("mae", (), "down"),
    ("root_mean_squared_error", (), "down"),
    ("f1", [type("F1Score", (Metric,), {})("f1")], "up"),
]


@pytest.mark.parametrize(("monitor", "metrics", "direction"), DIRECTIONS)
def test_auto_mode_knows_the_direction(monitor, metrics, direction):
    callback = MonitorCallback(monitor)
    callback.set_model(Model(metrics))
    better = callback._set_monitor_op()
    assert better(2, 1) is (direction == "up")


def test_auto_mode_that_cannot_know():
    with pytest.raises(InvalidArgumentError, match="received monitor=val_foo, but .* Pass `mode='max'`"):
        run(EarlyStopping("val_foo"), [1], name="val_foo")
    with pytest.warns(UserWarning, match="EarlyStopping mode 'foo' is unknown, fallback to auto mode."):
        assert EarlyStopping(mode="foo").mode == "auto"


PLATEAUS = [
    ({"patience": 1, "factor": 0.5}, [3, 3, 3, 2, 2], [0.01, 0.005, 0.0025, 0.0025, 0.00125]),
    (
        {"patience": 1, "factor": 0.5, "cooldown": 2, "min_lr": 0.004},
        [3] * 6,
        [0.01, 0.005, 0.005, 0.004, 0.004, 0.004],
    ),
    ({"patience": 0}, [3] * 3, [0.01, 0.001, 0.0001]),
    ({"patience": 2, "min_delta": 0.5}, [3, 2.7, 2.4, 2.2, 2.0, 1.8], [0.01, 0.01, 0.01, 0.01, 0.001, 0.001]),
    ({"patience": 1, "mode": "max"}, [0.5, 0.5, 0.6], [0.01, 0.001, 0.001]),
]


@pytest.mark.parametrize(("arguments", "values", "rates"), PLATEAUS)
def test_reduce_lr_on_plateau(arguments, values, rates):
    callback, model, seen = ReduceLROnPlateau(**arguments), Model(), []
    callback.set_model(model)
    callback.on_train_begin()
    for epoch, value in enumerate(values):
        before = float(model.optimizer.learning_rate)
        callback.on_epoch_end(epoch, logs := {"val_loss": value})
        assert logs["learning_rate"] == before
        seen.append(float(model.optimizer.learning_rate))
    assert seen == pytest.approx(rates, rel=1e-6)


def test_reduce_lr_speaks_as_keras(capsys):
    run(ReduceLROnPlateau(patience=1, factor=0.5, verbose=1), [3, 3])
    assert capsys.readouterr().out == "\nEpoch 2: ReduceLROnPlateau reducing learning rate to 0.004999999888241291.\n"


def test_reduce_lr_arguments():
    with pytest.raises(InvalidArgumentError, match="does not support a factor >= 1.0. Received factor=1.0"):
        ReduceLROnPlateau(factor=1.0)
    with pytest.raises(InvalidTypeError, match="no argument 'patienc'. Did you mean 'patience'"):
        ReduceLROnPlateau(patienc=3)
    with pytest.warns(UserWarning, match="older name of `min_delta`"):
        assert ReduceLROnPlateau(epsilon=0.5).min_delta == 0.5
    with pytest.warns(
        UserWarning, match="Learning rate reduction is conditioned on metric `val_x`.*loss,.*learning_rate"
    ):
        run(ReduceLROnPlateau("val_x"), [1])


SCHEDULES = [
    (lambda epoch, rate: rate * 0.5, ["0.004999999888241291", "0.0024999999441206455"]),
    (lambda epoch: 0.1 / (epoch + 1), ["0.1", "0.05"]),
    (lambda epoch, rate=None: 0.25, ["0.25", "0.25"]),
    (lambda epoch: np.float32(0.5), ["0.5", "0.5"]),
]


@pytest.mark.parametrize(("schedule", "rates"), SCHEDULES)
def test_learning_rate_scheduler(schedule, rates, capsys):
    model, logs = run(LearningRateScheduler(schedule, verbose=1), [1, 1])
    lines = [
        f"\nEpoch {i + 1}: LearningRateScheduler setting learning rate to {rate}.\n" for i, rate in enumerate(rates)
    ]
    assert capsys.readouterr().out == "".join(lines)
    assert logs[1]["learning_rate"] == float(np.float32(float(rates[1]))) == float(model.optimizer.learning_rate)


@pytest.mark.parametrize("value", ["a", 1, None])
def test_a_schedule_must_return_a_float(value):
    with pytest.raises(InvalidArgumentError, match="`schedule` function should be a float. Got"):
        run(LearningRateScheduler(lambda epoch: value), [1])


def test_an_error_inside_the_schedule_passes():
    def schedule(epoch):
        raise TypeError("mine")

    with pytest.raises(TypeError, match="mine"):
        run(LearningRateScheduler(schedule), [1])


@pytest.mark.parametrize("loss", [NAN, math.inf, np.float32(NAN)])
def test_terminate_on_nan(loss, capsys):
    callback = TerminateOnNaN()
    callback.set_model(model := Model())
    callback.on_train_batch_end(0, {"loss": 1.0})
    callback.on_train_batch_end(1, {})
    assert model.stop_training is False
    callback.on_train_batch_end(2, {"loss": loss})
    assert model.stop_training is True
    assert capsys.readouterr().out == "Batch 2: Invalid loss, terminating training\n"
    with pytest.raises(FailedPreconditionError, match="NaN or Inf loss encountered at batch 1. Loss value: "):
        TerminateOnNaN(raise_error=True).on_train_batch_end(1, {"loss": loss})
