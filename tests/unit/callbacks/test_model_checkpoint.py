"""When the model is saved, where, and what is said. Recorded from Keras 3.15."""

import math

import numpy as np
import pytest

from cornu._base.errors import InvalidArgumentError
from cornu.callbacks import CallbackList, ModelCheckpoint


class Model:
    def __init__(self):
        self.saved = []

    def save(self, path, overwrite):
        self.saved.append(("model", path, overwrite))

    def save_weights(self, path, overwrite):
        self.saved.append(("weights", path, overwrite))


def run(callback, values, batches=0):
    model = Model()
    runs = CallbackList(callback, model=model, epochs=len(values))
    runs.on_train_begin()
    for epoch, value in enumerate(values):
        runs.on_epoch_begin(epoch)
        for batch in range(batches):
            runs.on_train_batch_end(batch, {"val_loss": value})
        runs.on_epoch_end(epoch, {"loss": 1.0, "val_loss": value})
    return model.saved


WEIGHTS = {"save_weights_only": True}
BEST = {"save_best_only": True}

SAVINGS = [
    ("m.keras", {}, [3, 2], 0, [("model", "m.keras"), ("model", "m.keras")]),
    ("m.keras", BEST, [3, 2, 2.5, 1], 0, [("model", "m.keras")] * 3),
    ("m.keras", {**BEST, "mode": "max"}, [3, 2, 2.5, 4], 0, [("model", "m.keras")] * 2),
    ("m.keras", {**BEST, "initial_value_threshold": 2.2}, [3, 2, 2.5], 0, [("model", "m.keras")]),
    ("m.keras", BEST, [math.nan, 2], 0, [("model", "m.keras")]),
    ("w{epoch:02d}-{val_loss:.2f}.weights.h5", WEIGHTS, [3, 2], 0,
     [("weights", "w01-3.00.weights.h5"), ("weights", "w02-2.00.weights.h5")]),
    ("{epoch}-{batch:03d}.ckpt", {**WEIGHTS, "save_freq": 3}, [3, 2], 5,
     [("weights", "1-003.ckpt"), ("weights", "2-001.ckpt"), ("weights", "2-004.ckpt")]),
    ("w.ckpt", {**WEIGHTS, **BEST, "save_freq": 3}, [3, 2], 5, [("weights", "w.ckpt")] * 2),
    ("{epoch}.keras", {"period": 2}, [1, 1, 1, 1], 0, [("model", "2.keras"), ("model", "4.keras")]),
]  # fmt: skip


@pytest.mark.parametrize(("path", "arguments", "values", "batches", "expected"), SAVINGS)
def test_savings(path, arguments, values, batches, expected, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    saved = run(ModelCheckpoint(path, **arguments), values, batches)
    assert saved == [(*each, True) for each in expected]


def test_words(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    run(ModelCheckpoint("m.keras", verbose=1, save_best_only=True), [3, 2, 2.5])
    assert capsys.readouterr().out == (
        "\nEpoch 1: val_loss improved from None to 3.00000, saving model to m.keras\n"
        "\nEpoch 1: finished saving model to m.keras\n"
        "\nEpoch 2: val_loss improved from 3.00000 to 2.00000, saving model to m.keras\n"
        "\nEpoch 2: finished saving model to m.keras\n"
        "\nEpoch 3: val_loss did not improve from 2.00000\n"
    )
    run(ModelCheckpoint("m.keras", verbose=1), [3])
    assert capsys.readouterr().out == (
        "\nEpoch 1: saving model to m.keras\n\nEpoch 1: finished saving model to m.keras\n"
    )


def test_only_counting_batches_wakes_the_loop():
    assert not CallbackList(ModelCheckpoint("m.keras")).listens_to_batches("train")
    assert CallbackList(ModelCheckpoint("m.keras", save_freq=2)).listens_to_batches("train")


def test_the_folder_is_made(tmp_path):
    run(ModelCheckpoint(tmp_path / "a" / "m.keras"), [1])
    assert (tmp_path / "a").is_dir()


def test_what_cannot_be_compared_is_saved_with_a_warning(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.warns(UserWarning, match="Can save best model only with val_x available.*loss,val_loss"):
        assert len(run(ModelCheckpoint("m.keras", monitor="val_x", save_best_only=True), [1])) == 1
    with pytest.warns(UserWarning, match=r"only when `monitor` is a scalar value. Received: \[1. 2.\]"):
        assert len(run(ModelCheckpoint("m.keras", save_best_only=True), [np.array([1.0, 2.0])])) == 1


@pytest.mark.parametrize("freq", ["foo", 0, -1, 1.5])
def test_unknown_frequency(freq):
    with pytest.raises(InvalidArgumentError, match="Unrecognized save_freq: .* 'epoch' or integer values"):
        ModelCheckpoint("m.keras", save_freq=freq)


def test_a_path_with_an_unknown_name():
    with pytest.raises(
        InvalidArgumentError, match="filepath: \"{foo}.keras\". There is no 'foo' among epoch, loss, val_"
    ):
        run(ModelCheckpoint("{foo}.keras"), [1])
