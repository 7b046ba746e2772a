"""From every format to every other: the same weights, and the optimizer's state where the format has a place for it."""

import itertools
import json
import zipfile

import numpy as np
import pytest

import cornu
from cornu import layers, saving
from cornu._base.errors import InvalidArgumentError, NotFoundError
from cornu.optimizers import legacy
from cornu.saving.conversion import convert

X = np.linspace(-1, 1, 8, dtype="float32").reshape(2, 4)
WHOLE = ("m.keras", "m.h5")
WEIGHTS = ("m.weights.h5", "m.weights.json", "m.safetensors", "m.ckpt")


def stack():
    model = cornu.Sequential([cornu.Input((4,)), layers.Dense(3, "tanh"), layers.BatchNormalization(), layers.Dense(2)])
    model.compile(cornu.optimizers.Adam(0.1), "mse")
    return model


@pytest.fixture(scope="module")
def trained():
    model = stack()
    model.train_on_batch(X, np.ones((2, 2)))
    return model


@pytest.fixture(scope="module")
def sources(tmp_path_factory, trained):
    """A file of each kind, and another model of the same architecture with other weights."""
    folder = tmp_path_factory.mktemp("sources")
    for name in WHOLE:
        trained.save(folder / name)
    for name in WEIGHTS:
        trained.save_weights(folder / name, max_shard_size=1 if name.endswith(".json") else None)
    other = stack()
    other.save(folder / "other.keras")
    (folder / "other.json").write_text(other.to_json())
    return folder


def loaded(path):
    if path.suffix in (".keras", ".h5") and not path.name.endswith(".weights.h5"):
        return saving.load_model(path)
    model = stack()
    model.optimizer.build(model.trainable_variables)
    model.load_weights(path)
    return model


def same(one, two):
    return all(np.array_equal(a.numpy(), b.numpy()) for a, b in zip(one, two, strict=True))


@pytest.mark.parametrize("source, target", list(itertools.product((*WHOLE, *WEIGHTS), repeat=2)))
def test_every_pair(tmp_path, sources, trained, source, target):
    architecture = None if source in WHOLE else sources / "other.keras"
    done = convert(sources / source, tmp_path / target, architecture)
    again = loaded(tmp_path / target)
    assert done.matched == 8 and same(again.weights, trained.weights)
    if "m.safetensors" in (source, target):
        assert bool(done.notes) == (source != "m.safetensors")
        assert again.optimizer is None or int(again.optimizer.iterations) == 0
    else:
        assert done.notes == []
        assert same(again.optimizer.variables, trained.optimizer.variables)


def test_shards_need_no_architecture(tmp_path, sources, trained):
    done = convert(sources / "m.weights.h5", tmp_path / "x.weights.json", max_shard_size=1e-7)
    assert done.target.kind.startswith("Keras 3 weights in ") and len(list(tmp_path.iterdir())) > 3
    assert done.matched == 8 + 14
    convert(tmp_path / "x.weights.json", tmp_path / "y.weights.h5")
    assert same(loaded(tmp_path / "y.weights.h5").weights, trained.weights)


def test_an_architecture_as_json(tmp_path, sources, trained):
    convert(sources / "m.ckpt", tmp_path / "x.keras", sources / "other.json")
    again = saving.load_model(tmp_path / "x.keras")
    assert same(again.weights, trained.weights) and same(again.optimizer.variables, trained.optimizer.variables)
    config = json.loads((sources / "other.json").read_text())
    del config["compile_config"]
    (tmp_path / "plain.json").write_text(json.dumps(config))
    done = convert(sources / "m.ckpt", tmp_path / "y.keras", tmp_path / "plain.json")
    again = saving.load_model(tmp_path / "y.keras")
    assert same(again.weights, trained.weights) and again.optimizer is None
    assert done.notes == ["left out: the state of the optimizer and of metrics (14 arrays)"]


def test_old_optimizers_and_functions_become_those_of_keras_3(tmp_path):
    model = cornu.Sequential([cornu.Input((4,)), layers.Dense(2, "keras2_hard_sigmoid")])
    model.compile(legacy.Adam(0.1, decay=0.5), "mse")
    model.train_on_batch(X, np.ones((2, 2)))
    model.save(tmp_path / "old.keras")
    done = convert(tmp_path / "old.keras", tmp_path / "x.keras")
    assert [note.partition(" of ")[0] for note in done.notes] == ["note: hard_sigmoid"]
    again = saving.load_model(tmp_path / "x.keras")
    assert type(again.optimizer).__module__ == "cornu.optimizers.adam" and int(again.optimizer.iterations) == 1
    for own, other in zip(again.optimizer._slots, model.optimizer._slots, strict=True):
        assert same(own.values(), other.values())
    for one in (model, again):
        one.train_on_batch(X, np.ones((2, 2)))
    assert float(again.optimizer.learning_rate) == pytest.approx(0.1 / (1 + 0.5 * 2))
    np.testing.assert_allclose(again.predict(X, verbose=0), model.predict(X, verbose=0), atol=1e-6)
    assert '"config": "keras2_hard_sigmoid"' in member(tmp_path / "x.keras", "config.json")


def member(path, name):
    with zipfile.ZipFile(path) as archive:
        return archive.read(name).decode()


def test_what_is_refused(tmp_path, sources):
    with pytest.raises(InvalidArgumentError, match=r"holds weights only .*--architecture FILE"):
        convert(sources / "m.ckpt", tmp_path / "x.keras")
    with pytest.raises(InvalidArgumentError, match=r"m\.h5 exists. Pass overwrite=True"):
        convert(sources / "m.keras", sources / "m.h5")
    with pytest.raises(InvalidArgumentError, match=r"m\.ckpt exists. Pass overwrite=True"):
        convert(sources / "m.keras", sources / "m.ckpt")
    with pytest.raises(InvalidArgumentError, match="Expected two files"):
        convert(sources / "m.keras", sources / "m.keras", overwrite=True)
    with pytest.raises(InvalidArgumentError, match=r"ends in \.weights\.h5, .* received .*x\.onnx"):
        convert(sources / "m.keras", tmp_path / "x.onnx")
    with pytest.raises(InvalidArgumentError, match="ends in .weights.json for a max_shard_size"):
        convert(sources / "m.keras", tmp_path / "x.h5", max_shard_size=1)
    with pytest.raises(InvalidArgumentError, match=r"other\.json is: Keras architecture"):
        convert(sources / "other.json", tmp_path / "x.keras")
    with pytest.raises(
        InvalidArgumentError, match=r"Expected a model as architecture; .*m\.ckpt is: TensorFlow checkpoint"
    ):
        convert(sources / "m.weights.h5", tmp_path / "x.keras", sources / "m.ckpt")
    with pytest.raises(NotFoundError, match="There is no file"):
        convert(tmp_path / "nothing.keras", tmp_path / "x.h5")
    assert list(tmp_path.iterdir()) == []


def test_an_architecture_that_does_not_fit(tmp_path, sources):
    cornu.Sequential([cornu.Input((4,)), layers.Dense(7)]).save(tmp_path / "small.keras")
    with pytest.raises((InvalidArgumentError, NotFoundError), match="does not fit|change nothing"):
        convert(sources / "m.weights.h5", tmp_path / "x.keras", tmp_path / "small.keras")
    assert not (tmp_path / "x.keras").exists()


def test_overwriting(tmp_path, sources, trained):
    (tmp_path / "x.h5").write_bytes(b"old")
    convert(sources / "m.keras", tmp_path / "x.h5", overwrite=True)
    assert same(loaded(tmp_path / "x.h5").weights, trained.weights)
