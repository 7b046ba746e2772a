"""Saving and loading: what comes back, what a report says, and what is refused."""

import json
import os
import warnings
import zipfile

import h5py
import numpy as np
import pytest

import cornu
from cornu import layers, saving
from cornu._base.errors import (
    DataLossError,
    FailedPreconditionError,
    InvalidArgumentError,
    InvalidTypeError,
    NotFoundError,
    UnsafeFileError,
)
from cornu.core import registry
from cornu.io.archive import write_archive


@pytest.fixture(autouse=True)
def empty_registry(monkeypatch):
    monkeypatch.setattr(registry, "_registered", {})
    monkeypatch.setattr(registry, "_names", {})


def small(units=2, depth=1):
    hidden = [layers.Dense(3, activation="relu") for _ in range(depth)]
    return cornu.Sequential([cornu.Input((4,)), *hidden, layers.Dense(units)])


X = np.linspace(-1, 1, 12, dtype="float32").reshape(3, 4)


def rewritten(path, **members):
    """The archive at `path` with members replaced (None: left out); underscores in names stand for dots."""
    with zipfile.ZipFile(path) as archive:
        contents = {name: archive.read(name) for name in archive.namelist()}
    contents |= {name.replace("_", "."): content for name, content in members.items()}
    with open(path, "wb") as file:
        write_archive(file, [(name, content) for name, content in contents.items() if content is not None])
    return path


def test_model_round_trip(tmp_path):
    model = small()
    model.compile("adam", "mse", metrics=["mae"])
    model.train_on_batch(X, np.ones((3, 2), "float32"))
    saving.save_model(model, tmp_path / "a.keras")
    again = saving.load_model(tmp_path / "a.keras")
    np.testing.assert_array_equal(again.predict(X, verbose=0), model.predict(X, verbose=0))
    assert again.name == model.name
    assert int(again.optimizer.iterations) == 1
    for one, two in zip(model.optimizer.variables, again.optimizer.variables, strict=True):
        np.testing.assert_array_equal(one.numpy(), two.numpy())
    assert saving.load_model(tmp_path / "a.keras", compile=False).optimizer is None
    assert os.listdir(tmp_path) == ["a.keras"]


def test_archive_members(tmp_path):
    saving.save_model(small(), tmp_path / "a.keras")
    with zipfile.ZipFile(tmp_path / "a.keras") as archive:
        assert archive.namelist() == ["metadata.json", "config.json", "model.weights.h5"]
        metadata = json.loads(archive.read("metadata.json"))
    assert metadata["keras_version"] == "3.15.0"
    assert len(metadata["date_saved"]) == len("2024-01-31@23:59:59")


def test_weights_round_trip(tmp_path):
    model, other = small(), small()
    saving.save_weights(model, tmp_path / "a.weights.h5")
    report = saving.load_weights(other, tmp_path / "a.weights.h5")
    assert report.matched == [f"layers/{name}/vars/{i}" for name in ("dense", "dense_1") for i in (0, 1)]
    assert not report.unexpected
    for one, two in zip(model.get_weights(), other.get_weights(), strict=True):
        np.testing.assert_array_equal(one, two)


def test_weights_of_an_archive(tmp_path):
    model, other = small(), small()
    saving.save_model(model, tmp_path / "a.keras")
    saving.load_weights(other, tmp_path / "a.keras")
    np.testing.assert_array_equal(model.get_weights()[0], other.get_weights()[0])


class Tree(cornu.Model):
    """Layers in every kind of place."""

    def __init__(self):
        super().__init__()
        self.first = layers.Dense(2)
        self._private = layers.Dense(2)
        self.many = [layers.Dense(2), layers.LayerNormalization(), [layers.Dense(2)], {"x": layers.Dense(2)}]
        self.Upper = layers.Dense(2)
        self.again = self.first
        self.gain = self.add_weight(shape=(2,), initializer="ones", name="gain")

    def call(self, x):
        x = self.Upper(self._private(self.first(x)))
        for layer in (*self.many[:2], *self.many[2], self.many[3]["x"]):
            x = layer(x)
        return x * self.gain


TREE = [  # recorded from Keras 3.15: public attributes come first, by name, and each object is written once
    *("Upper/vars/0", "Upper/vars/1", "again/vars/0", "again/vars/1"),
    *(f"layers/dense_{i}/vars/{j}" for i in (1, 2, 3, 4) for j in (0, 1)),
    *("layers/layer_normalization/vars/0", "layers/layer_normalization/vars/1", "vars/0"),
]


def paths_in(path):
    found = []
    with h5py.File(path) as file:
        file.visititems(lambda name, thing: found.append(name) if isinstance(thing, h5py.Dataset) else None)
    return sorted(found)


def test_paths_of_a_subclassed_model(tmp_path):
    model, other = Tree(), Tree()
    wanted = model(X)
    other(X)
    saving.save_weights(model, tmp_path / "a.weights.h5")
    assert paths_in(tmp_path / "a.weights.h5") == TREE
    saving.load_weights(other, tmp_path / "a.weights.h5")
    np.testing.assert_array_equal(other(X).numpy(), wanted.numpy())


class Block(layers.Layer):
    """A layer (not a model) with layers in attributes."""

    def __init__(self, **common):
        super().__init__(**common)
        self._inner = layers.Dense(2)
        self.alias = self._inner
        self.several = {"b": layers.Dense(2), "a": [layers.Dense(2)]}
        self._hidden = [layers.Dense(2)]

    def call(self, x):
        return self._hidden[0](self.several["a"][0](self.several["b"](self.alias(x))))

    @property
    def broken(self):
        raise RuntimeError("not now")


def test_paths_of_a_layer(tmp_path):
    x = cornu.Input((4,))
    model = cornu.Model(x, Block()(x))
    saving.save_weights(model, tmp_path / "a.weights.h5")
    assert paths_in(tmp_path / "a.weights.h5") == sorted(
        f"layers/block/{place}/vars/{i}"
        for place in ("_hidden/dense", "alias", "several/container/dense", "several/dense")
        for i in (0, 1)
    )


def test_own_formats_of_a_layer(tmp_path):
    class Memory(layers.Layer):
        def __init__(self, **common):
            super().__init__(**common)
            self.notes = []

        def call(self, x):
            return x

        def save_own_variables(self, store):
            store["counts"] = np.arange(len(self.notes))

        def load_own_variables(self, store):
            self.notes = list(store["counts"][:])

        def save_assets(self, folder):
            with open(os.path.join(folder, "notes.txt"), "w") as file:
                file.write("\n".join(map(str, self.notes)))

        def load_assets(self, folder):
            with open(os.path.join(folder, "notes.txt")) as file:
                self.text = file.read()

    layer = Memory()
    model = cornu.Sequential([cornu.Input((1,)), layer])
    layer.notes = [5, 6]
    saving.save_model(model, tmp_path / "a.keras")
    assert "assets/layers/memory/notes.txt" in zipfile.ZipFile(tmp_path / "a.keras").namelist()
    again = saving.load_model(tmp_path / "a.keras", custom_objects={"Memory": Memory}).layers[-1]
    assert again.notes == [0, 1]
    assert again.text == "5\n6"


def test_wrong_shapes_are_listed_and_nothing_is_changed(tmp_path):
    saving.save_weights(small(units=2), tmp_path / "a.weights.h5")
    other = small(units=5)
    before = other.get_weights()
    with pytest.raises(InvalidArgumentError) as caught:
        saving.load_weights(other, tmp_path / "a.weights.h5")
    text = str(caught.value)
    assert "layers/dense_1/vars/0" in text
    assert "the model has (3, 5), the file (3, 2)" in text
    assert "skip_mismatch=True" in text
    for one, two in zip(before, other.get_weights(), strict=True):
        np.testing.assert_array_equal(one, two)
    with pytest.warns(UserWarning, match=r"\(3, 5\), the file \(3, 2\)"):
        report = saving.load_weights(other, tmp_path / "a.weights.h5", skip_mismatch=True)
    assert report.matched == ["layers/dense/vars/0", "layers/dense/vars/1"]


def test_missing_and_unexpected_layers(tmp_path):
    saving.save_weights(small(depth=1), tmp_path / "one.weights.h5")
    saving.save_weights(small(depth=2), tmp_path / "two.weights.h5")
    with pytest.raises(InvalidArgumentError, match=r"missing in the file: layers/dense_2 \(dense"):
        saving.load_weights(small(units=3, depth=2), tmp_path / "one.weights.h5")
    deeper = small(units=3, depth=1)
    with pytest.warns(UserWarning, match="not in the model: layers/dense_2/vars/0"):
        report = saving.load_weights(deeper, tmp_path / "two.weights.h5", skip_mismatch=True)
    assert report.unexpected == ["layers/dense_2/vars/0", "layers/dense_2/vars/1"]


def test_a_load_that_would_change_nothing(tmp_path):
    saving.save_weights(small(), tmp_path / "a.weights.h5")
    image = cornu.Sequential([cornu.Input((4, 4, 1)), layers.Conv2D(2, 3)])
    for skip in (False, True):
        with pytest.raises(NotFoundError, match="loading would change nothing"):
            saving.load_weights(image, tmp_path / "a.weights.h5", skip_mismatch=skip)


def test_models_that_are_not_built(tmp_path):
    model = cornu.Sequential([layers.Dense(2)])
    with pytest.raises(FailedPreconditionError, match="not built, so it has no weights to save"):
        saving.save_weights(model, tmp_path / "a.weights.h5")
    saving.save_weights(small(), tmp_path / "a.weights.h5")
    with pytest.raises(NotFoundError, match="not built"):
        saving.load_weights(model, tmp_path / "a.weights.h5")
    with pytest.warns(UserWarning, match="will hold no weights"):
        saving.save_model(model, tmp_path / "a.keras")
    again = saving.load_model(tmp_path / "a.keras")
    assert not again.built
    assert again(X).shape == (3, 2)


def test_state_of_an_optimizer_without_slots(tmp_path):
    model = small()
    model.compile("adam", "mse")
    model.train_on_batch(X, np.ones((3, 2), "float32"))
    saving.save_weights(model, tmp_path / "a.weights.h5")
    other = small()
    other.compile("adam", "mse")
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        saving.load_weights(other, tmp_path / "a.weights.h5")
    if not other.optimizer.built:
        assert "optimizer's state" in str(caught[0].message)
        other.optimizer.build(other.trainable_variables)
        saving.load_weights(other, tmp_path / "a.weights.h5")
    assert int(other.optimizer.iterations) == 1


def test_names_of_files(tmp_path):
    model = small()
    with pytest.raises(InvalidArgumentError, match=r"ends in \.keras .*Did you mean .*model\.keras\?"):
        saving.save_model(model, tmp_path / "model.tf")
    with pytest.raises(InvalidArgumentError, match=r"Did you mean .*model\.weights\.h5\?"):
        saving.save_weights(model, tmp_path / "model.weights")
    with pytest.raises(InvalidArgumentError, match=r"Call save_weights .*model\.keras"):
        saving.save_model(model, tmp_path / "model.weights.h5")
    with pytest.raises(NotFoundError, match=r"does not exist\. Create it"):
        saving.save_model(model, tmp_path / "no" / "model.keras")
    saving.save_model(model, tmp_path / "model.keras")
    with pytest.raises(InvalidArgumentError, match="exists and overwrite=False"):
        saving.save_model(model, tmp_path / "model.keras", overwrite=False)
    with pytest.raises(NotFoundError, match=r"There is no file .*modle\.keras\. Did you mean .*model\.keras"):
        saving.load_model(tmp_path / "modle.keras")
    with pytest.raises(InvalidArgumentError, match="is a folder"):
        saving.load_model(tmp_path)
    with pytest.raises(InvalidTypeError, match="Expected a Model to save; received 3"):
        saving.save_model(3, tmp_path / "a.keras")


def test_hdf5_under_the_name_of_an_archive(tmp_path):
    model = small()
    saving.save_weights(model, tmp_path / "a.weights.h5")
    with pytest.raises(InvalidArgumentError, match=r"holds weights only.*model\.load_weights"):
        saving.load_model(tmp_path / "a.weights.h5")
    os.rename(tmp_path / "a.weights.h5", tmp_path / "a.keras")
    with pytest.raises(InvalidArgumentError, match=r"a\.keras holds weights only"):
        saving.load_model(tmp_path / "a.keras")
    other = small()
    saving.load_weights(other, tmp_path / "a.keras")  # what it holds counts, not its name
    np.testing.assert_array_equal(model.get_weights()[0], other.get_weights()[0])


def test_damaged_files(tmp_path):
    path = tmp_path / "a.keras"
    path.write_bytes(b"hello")
    with pytest.raises(DataLossError, match="not a whole zip archive"):
        saving.load_model(path)
    saving.save_model(small(), path)
    whole = path.read_bytes()
    for length in (len(whole) // 3, len(whole) - 5):
        path.write_bytes(whole[:length])
        with pytest.raises(DataLossError, match="not a whole zip archive"):
            saving.load_model(path)
    path.write_bytes(whole)
    for text in (b"{", b"[]", b'{"a":' * 100_000):
        with pytest.raises(DataLossError, match=r"config\.json in .* is no JSON"):
            saving.load_model(rewritten(path, config_json=text))
    with pytest.raises(InvalidArgumentError, match=r"no Keras model: it has no config\.json"):
        saving.load_model(rewritten(path, config_json=None))


def test_a_crash_while_saving_keeps_the_old_file(tmp_path, monkeypatch):
    saving.save_model(small(), tmp_path / "a.keras")
    before = (tmp_path / "a.keras").read_bytes()

    def full(*arguments):
        raise OSError("no space left on device")

    monkeypatch.setattr(saving.keras_v3, "write_archive", full)
    with pytest.raises(OSError, match="no space left"):
        saving.save_model(small(), tmp_path / "a.keras")
    assert (tmp_path / "a.keras").read_bytes() == before
    assert os.listdir(tmp_path) == ["a.keras"]


def test_links_out_of_the_weights_are_refused(tmp_path):
    saving.save_weights(small(), tmp_path / "a.weights.h5")
    with h5py.File(tmp_path / "a.weights.h5", "a") as file:
        del file["layers/dense/vars/0"]
        file["layers/dense/vars/0"] = h5py.ExternalLink("/etc/passwd", "x")
    with pytest.raises(UnsafeFileError, match="layers/dense/vars/0 of .* is a ExternalLink"):
        saving.load_weights(small(), tmp_path / "a.weights.h5")


def test_names_out_of_the_archive_are_refused(tmp_path):
    saving.save_model(small(), tmp_path / "a.keras")
    with zipfile.ZipFile(tmp_path / "a.keras", "a") as archive:
        archive.writestr("assets/../../x", b"")
    with pytest.raises(UnsafeFileError, match="outside of the archive"):
        saving.load_model(tmp_path / "a.keras")


def test_lambdas_are_refused_unless_allowed(tmp_path):
    model = cornu.Sequential([cornu.Input((4,)), layers.Lambda(lambda x: x * 2.0)])
    with pytest.warns(UserWarning, match="safe_mode=False"):
        saving.save_model(model, tmp_path / "a.keras")
    with pytest.raises(UnsafeFileError, match="safe_mode=False"):
        saving.load_model(tmp_path / "a.keras")
    again = saving.load_model(tmp_path / "a.keras", safe_mode=False)
    np.testing.assert_array_equal(again(X).numpy(), X * 2)


def test_foreign_classes_are_refused(tmp_path):
    saving.save_model(small(), tmp_path / "a.keras")
    evil = {"module": "os", "class_name": "system", "config": {"command": "true"}, "registered_name": None}
    with pytest.raises(NotFoundError, match="'system' of module 'os'.*not known here"):
        saving.load_model(rewritten(tmp_path / "a.keras", config_json=json.dumps(evil).encode()))


def test_own_classes_by_registration_or_name(tmp_path):
    x = cornu.Input((4,))
    model = cornu.Model(x, Block()(x))
    saving.save_model(model, tmp_path / "a.keras")
    with pytest.raises(NotFoundError, match="class 'Block'.*custom_objects"):
        saving.load_model(tmp_path / "a.keras")
    again = saving.load_model(tmp_path / "a.keras", custom_objects={"Block": Block})
    np.testing.assert_array_equal(again(X).numpy(), model(X).numpy())


def test_shared_and_nested_layers(tmp_path):
    shared = layers.Dense(4, name="shared")
    inner = cornu.Sequential([cornu.Input((4,)), shared, layers.Dense(4)], name="inner")
    x = cornu.Input((4,))
    model = cornu.Model(x, [inner(x) + shared(x), inner(inner(x))])
    saving.save_model(model, tmp_path / "a.keras")
    again = saving.load_model(tmp_path / "a.keras")
    for one, two in zip(model(X), again(X), strict=True):
        np.testing.assert_allclose(one.numpy(), two.numpy(), rtol=1e-6)
