"""Files of weights, looked into and changed."""

import numpy as np
import pytest

import cornu as keras
from cornu._base.errors import CornuError, DataLossError, NotFoundError
from cornu.saving import KerasFileEditor


def model(units=3):
    made = keras.Sequential([keras.Input((2,)), keras.layers.Dense(units), keras.layers.Dense(1)])
    made.compile("sgd", "mse")
    return made


@pytest.fixture
def saved(tmp_path):
    made = model()
    made.save_weights(tmp_path / "m.weights.h5")
    return made, tmp_path / "m.weights.h5"


def test_summary(saved, capsys):
    KerasFileEditor(saved[1]).summary()
    printed = capsys.readouterr().out
    assert printed.splitlines()[1:6] == [
        "Weights structure",
        "  ├─ layers",
        "  │  ├─ dense",
        "  │  │  ├─ 0: shape=(2, 3), dtype=float32",
        "  │  │  └─ 1: shape=(3,), dtype=float32",
    ]


def test_archives_tell_who_wrote_them(tmp_path, capsys):
    model().save(tmp_path / "m.keras")
    editor = KerasFileEditor(tmp_path / "m.keras")
    assert editor.metadata["keras_version"] == "3.15.0"
    assert editor.objects["layers/dense"]["0"].shape == (2, 3)
    editor.summary()
    assert "Saved with Keras 3.15.0 - date: 20" in capsys.readouterr().out


def test_what_was_saved_again_loads(saved, tmp_path):
    made, path = saved
    editor = KerasFileEditor(path)
    editor.save(tmp_path / "again.weights.h5")
    other = model()
    other.load_weights(tmp_path / "again.weights.h5")
    for one, two in zip(other.get_weights(), made.get_weights(), strict=True):
        np.testing.assert_array_equal(one, two)
    assert KerasFileEditor(tmp_path / "again.weights.h5").object_metadata == editor.object_metadata


def test_a_file_is_made_to_fit_another_architecture(saved, tmp_path):
    made, path = saved
    editor = KerasFileEditor(path)
    editor.rename_object("dense_1", "dense_2")
    editor.add_object("layers/dense_1", {"0": np.eye(3), "1": np.zeros(3)})
    editor.delete_object("optimizer")
    editor.resave_weights(tmp_path / "deeper.weights.h5")
    deeper = keras.Sequential([keras.Input((2,)), *(keras.layers.Dense(n) for n in (3, 3, 1))])
    deeper.load_weights(tmp_path / "deeper.weights.h5")
    x = np.ones((2, 2), "float32")
    np.testing.assert_allclose(deeper(x).numpy(), made(x).numpy(), rtol=1e-6)


def test_weights_come_and_go(saved):
    editor = KerasFileEditor(saved[1])
    editor.delete_weight("layers/dense", "1")
    editor.add_weights("dense", {"0": np.ones((2, 3)), "scale": np.ones(3)})
    assert list(editor.objects["layers/dense"]) == ["0", "scale"]
    np.testing.assert_array_equal(editor.objects["layers/dense"]["0"], np.ones((2, 3)))


def test_compare(saved, capsys):
    editor = KerasFileEditor(saved[1])
    editor.delete_object("optimizer")
    same = editor.compare(keras.Sequential([keras.Input((2,)), keras.layers.Dense(3), keras.layers.Dense(1)]))
    assert same == {"status": "success", "error_count": 0, "match_count": 4}
    editor.delete_weight("dense_1", "1")
    other = keras.Sequential([keras.Input((2,)), *(keras.layers.Dense(n) for n in (4, 1, 2))])
    capsys.readouterr()
    assert editor.compare(other) == {"status": "error", "error_count": 5, "match_count": 0}
    printed = capsys.readouterr().out
    assert "...Weight layers/dense/0: the reference model has shape (2, 4), the saved file shape (2, 3)" in printed
    assert "...Weight layers/dense_1/1: the reference model has shape (1,), the saved file no such weight" in printed
    assert "...Object layers/dense_2 is in the reference model, missing from the saved file" in printed


@pytest.mark.parametrize(
    "change, expected",
    [
        (lambda e: e.delete_object("dens"), "no object 'dens'.*Did you mean"),
        (lambda e: e.delete_weight("dense", "7"), "has the weights 0, 1; received '7'"),
        (lambda e: e.rename_object("dense", "layers/x"), "a name, not a path; received 'layers/x'"),
        (lambda e: e.rename_object("dense", "dense_1"), "an object 'layers/dense_1' already"),
        (lambda e: e.add_object("blocks/dense", {}), "nothing at 'blocks'"),
        (lambda e: e.add_object("layers/dense", {}), "an object 'layers/dense' already"),
        (lambda e: e.add_object(3, {}), "object_path as text.*received 3"),
        (lambda e: e.add_weights("dense", [1]), "weights as a dict.*received list"),
        (lambda e: e.add_weights("layers", {"0": 1}), "no weights of its own"),
        (lambda e: e.save("x.h5"), r"ends in .weights.h5.*received x.h5"),
    ],
)
def test_bad_input(saved, change, expected):
    with pytest.raises(CornuError, match=expected):
        change(KerasFileEditor(saved[1]))


def test_bad_files(tmp_path):
    with pytest.raises(ValueError, match=r"ends in .keras or .weights.h5; received 'x.txt'"):
        KerasFileEditor("x.txt")
    with pytest.raises(NotFoundError, match="no file"):
        KerasFileEditor(tmp_path / "none.weights.h5")
    (tmp_path / "bad.weights.h5").write_bytes(b"no weights")
    with pytest.raises(DataLossError, match="not a whole HDF5 file"):
        KerasFileEditor(tmp_path / "bad.weights.h5")
