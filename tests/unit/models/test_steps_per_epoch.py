"""Epochs of a number of steps over arrays: the next epoch goes on where a pass stopped, as in Keras."""

import numpy as np
import pytest

import cornu as keras
from cornu import ops
from cornu.callbacks import BackupAndRestore, LambdaCallback
from cornu.core import config

ROWS = np.arange(10, dtype="float32")[:, None]


class Tape(keras.Model):
    """Keeps the rows of its last batches of two in a variable."""

    def __init__(self):
        super().__init__()
        self.rows = self.add_weight(name="rows", shape=(24, 2), initializer="zeros", trainable=False)

    def call(self, x):
        return x

    def train_step(self, data):
        x, _ = data
        self.rows.assign(ops.concatenate([self.rows[1:], ops.transpose(x)], axis=0))
        return {"loss": ops.sum(x)}


def seen(batches, callbacks=(), eager=False, **options):
    """The rows of the last batches that a run has seen, in its order."""
    keras.utils.set_random_seed(5)
    model = Tape()
    model.compile("sgd", "mse", run_eagerly=eager)
    model.fit(ROWS, ROWS, batch_size=2, verbose=0, callbacks=list(callbacks), **options)
    return model.rows.numpy()[-batches:].astype(int).tolist()


@pytest.mark.parametrize("where", ["on the device", "from the host", "eagerly"])
def test_the_next_epoch_goes_on_in_the_pass(where, monkeypatch):
    if where == "from the host":
        monkeypatch.setattr("cornu.training.loop.device_budget", lambda: 0)
    eager = where == "eagerly"
    pairs = [[0, 1], [2, 3], [4, 5], [6, 7], [8, 9]]
    assert seen(6, shuffle=False, epochs=3, steps_per_epoch=2, eager=eager) == [*pairs, [0, 1]]
    assert seen(9, shuffle=False, epochs=3, steps_per_epoch=3, eager=eager) == [*pairs, *pairs[:4]]
    assert seen(14, shuffle=False, epochs=2, steps_per_epoch=7, eager=eager) == [*pairs, *pairs, *pairs[:4]]
    assert seen(4, shuffle=False, epochs=4, initial_epoch=2, steps_per_epoch=2, eager=eager) == pairs[:4]


def test_every_pass_is_shuffled_anew_and_holds_all_rows(monkeypatch):
    order = seen(10, epochs=5, steps_per_epoch=2)
    first, second = order[:5], order[5:]
    assert sorted(np.ravel(first)) == sorted(np.ravel(second)) == list(range(10))
    assert first != second
    assert order == seen(10, epochs=5, steps_per_epoch=2)
    assert order == seen(10, epochs=2)  # as if nobody had said where an epoch ends
    assert order == seen(10, epochs=1, steps_per_epoch=10)
    monkeypatch.setattr("cornu.training.loop.device_budget", lambda: 0)
    assert order == seen(10, epochs=5, steps_per_epoch=2)


def test_a_limit_of_steps_goes_on_too(monkeypatch):
    monkeypatch.setattr(config, "_limits", {"KERAS_MAX_STEPS_PER_EPOCH": 2})
    assert seen(6, shuffle=False, epochs=3) == [[0, 1], [2, 3], [4, 5], [6, 7], [8, 9], [0, 1]]


@pytest.mark.parametrize("steps", [3, 7])
@pytest.mark.parametrize("save_freq", ["epoch", 1])
def test_an_interrupted_run_goes_on_with_the_same_rows(steps, save_freq, tmp_path):
    options = {"epochs": 5, "initial_epoch": 2, "steps_per_epoch": steps}
    whole = seen(3 * steps, **options)

    def stop(batch, logs):
        calls.append(batch)
        if len(calls) == steps + 2:
            raise RuntimeError("here")

    calls: list[int] = []
    with pytest.raises(RuntimeError, match="here"):
        seen(1, [BackupAndRestore(tmp_path, save_freq), LambdaCallback(on_train_batch_end=stop)], **options)
    assert seen(3 * steps, [BackupAndRestore(tmp_path, save_freq)], **options) == whole
