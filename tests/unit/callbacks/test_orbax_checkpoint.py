"""Checkpoints through Orbax: needs the extra `checkpoint`, but for the error without it."""

import os
import sys

import numpy as np
import pytest

import cornu as keras
from cornu._base import names
from cornu.callbacks import OrbaxCheckpoint

X = np.arange(16, dtype="float32").reshape(8, 2) / 16
Y = X.sum(-1, keepdims=True)


def model(units=3):
    names.reset()
    made = keras.Sequential(
        [keras.Input((2,)), keras.layers.Dense(units), keras.layers.BatchNormalization(), keras.layers.Dense(1)]
    )
    made.compile("adam", "mse")
    return made


def steps(folder):
    return sorted(int(name) for name in os.listdir(folder) if name.isdigit())


def trained(callback, epochs=3, **options):
    made = model()
    made.fit(X, Y, batch_size=2, epochs=epochs, verbose=0, callbacks=[callback], **options)
    return made


def test_without_the_package_the_error_says_how_to_install_it(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "orbax.checkpoint", None)
    with pytest.raises(ImportError, match=r'orbax-checkpoint: pip install "cornu\[checkpoint\]"'):
        OrbaxCheckpoint(tmp_path)


@pytest.mark.parametrize("on_background", [True, False])
def test_the_model_comes_back_whole(tmp_path, on_background):
    pytest.importorskip("orbax.checkpoint")
    made = trained(OrbaxCheckpoint(tmp_path / "run", save_on_background=on_background))
    assert steps(tmp_path / "run") == [2]
    again = keras.saving.load_model(tmp_path / "run")
    np.testing.assert_array_equal(again.predict(X, verbose=0), made.predict(X, verbose=0))
    for one, other in zip(again.optimizer.variables, made.optimizer.variables, strict=True):
        np.testing.assert_array_equal(one.numpy(), other.numpy())
    for each in (again, made):  # they go on alike
        each.fit(X, Y, batch_size=2, epochs=1, shuffle=False, verbose=0)
    np.testing.assert_array_equal(again.predict(X, verbose=0), made.predict(X, verbose=0))
    bare = keras.saving.load_model(tmp_path / "run", compile=False)
    assert not getattr(bare, "compiled", False)


def test_checkpoints_are_kept_and_numbered(tmp_path):
    pytest.importorskip("orbax.checkpoint")
    trained(OrbaxCheckpoint(tmp_path, max_to_keep=2))
    assert steps(tmp_path) == [1, 2]
    trained(OrbaxCheckpoint(tmp_path, max_to_keep=None), epochs=2)  # goes on from the last number
    assert steps(tmp_path) == [1, 2, 3, 4]
    older = keras.saving.load_model(tmp_path / "1")
    newest = keras.saving.load_model(tmp_path)
    assert int(older.optimizer.iterations) == 8
    assert int(newest.optimizer.iterations) == 8  # the second run's second epoch


def test_batches_and_only_the_best(tmp_path):
    pytest.importorskip("orbax.checkpoint")
    trained(OrbaxCheckpoint(tmp_path / "batches", save_freq=3, max_to_keep=None))
    assert steps(tmp_path / "batches") == [3, 6, 9, 12]
    best = OrbaxCheckpoint(tmp_path / "best", monitor="loss", mode="max", save_best_only=True, max_to_keep=None)
    trained(best)
    assert steps(tmp_path / "best") == [0]  # the loss only falls
    none = OrbaxCheckpoint(tmp_path / "none", monitor="loss", save_best_only=True, initial_value_threshold=-1.0)
    trained(none)
    assert steps(tmp_path / "none") == []


def test_weights_only(tmp_path):
    pytest.importorskip("orbax.checkpoint")
    made = trained(OrbaxCheckpoint(tmp_path, save_weights_only=True))
    with pytest.raises(ValueError, match=r"holds weights only.*load_weights"):
        keras.saving.load_model(tmp_path)
    other = model()
    report = other.load_weights(tmp_path)
    assert report is None or report.is_complete
    np.testing.assert_array_equal(other.predict(X, verbose=0), made.predict(X, verbose=0))
    with pytest.raises(ValueError, match=r"wrong shape: .*dense/kernel: the model has \(2, 4\), the file \(2, 3\)"):
        model(4).load_weights(tmp_path)


def test_says_what_it_does(tmp_path, capsys):
    pytest.importorskip("orbax.checkpoint")
    trained(OrbaxCheckpoint(tmp_path, verbose=1), epochs=1)
    printed = capsys.readouterr().out
    assert f"Epoch 1: saving model to {tmp_path / '0'}" in printed
    assert "Epoch 1: finished saving" in printed


def test_bad_arguments(tmp_path):
    pytest.importorskip("orbax.checkpoint")
    with pytest.raises(ValueError, match="max_to_keep as a positive integer or None; received 0"):
        OrbaxCheckpoint(tmp_path, max_to_keep=0)
    with pytest.raises(ValueError, match="save_freq: batch"):
        OrbaxCheckpoint(tmp_path, save_freq="batch")
