"""Files written by Keras 3.15 give the same predictions and training step here; those written here were read in Keras."""

import json
import zipfile
from pathlib import Path

import cases_files as cases
import h5py
import numpy as np
import pytest

import cornu
from cornu.core import registry

HERE = Path(__file__).parent
FILES = HERE / "files"
RTOL = {"half": 2e-2}  # bfloat16 has 8 bits


@pytest.fixture(autouse=True)
def empty_registry(monkeypatch):
    monkeypatch.setattr(registry, "_registered", {})
    monkeypatch.setattr(registry, "_names", {})


@pytest.fixture(scope="module")
def recorded():
    with np.load(HERE / "files.npz") as file:
        return dict(file)


def load(name):
    if name in cases.WEIGHTS_ONLY:
        model = cases.BUILDERS[name](cornu)
        model.optimizer.build(model.trainable_variables)
        report = cornu.saving.load_weights(model, FILES / f"{name}.weights.h5")
        assert not report.missing
        return model
    if name == "own_layer":
        cases.own_layer(cornu)  # registers the class
    return cornu.saving.load_model(FILES / f"{name}.keras")


def close(name, received, wanted):
    assert len(received) == len(wanted)
    for a, b in zip(received, wanted, strict=True):
        scale = np.abs(b).max(initial=1e-6)
        np.testing.assert_allclose(np.asarray(a, "float32") / scale, b / scale, rtol=0, atol=RTOL.get(name, 1e-5))


def parts(recorded, name, what):
    found = {key: value for key, value in recorded.items() if key.startswith(f"{name}/{what}/")}
    return [found[f"{name}/{what}/{i}"] for i in range(len(found))]


@pytest.mark.parametrize("name", cases.BUILDERS)
def test_predictions_and_next_step(name, recorded):
    model = load(name)
    x, y = cases.data(name)
    close(name, cases.flat(model.predict(x, verbose=0)), parts(recorded, name, "prediction"))
    if name not in cases.RANDOM_STEP:
        model.train_on_batch(x, y)
        close(name, model.get_weights(), parts(recorded, name, "next"))


@pytest.mark.parametrize("path", sorted((FILES / "written_here").glob("*.keras")), ids=lambda path: path.stem)
def test_files_written_here_mean_the_same_to_keras(path, recorded):
    model = cornu.saving.load_model(path)
    received = cases.flat(model.predict(cases.data(path.stem)[0], verbose=0))
    close(path.stem, received, parts(recorded, path.stem, "read by keras"))


@pytest.mark.parametrize("name", cases.BUILDERS)
def test_a_file_written_here_has_the_layout_of_keras(name, tmp_path):
    model = (
        load(name) if name in cases.TRAINED else cases.BUILDERS[name](cornu)
    )  # loading gives the optimizer its slots
    path = tmp_path / f"{name}{cases.ending(name)}"
    (model.save_weights if name in cases.WEIGHTS_ONLY else model.save)(path)
    original = FILES / path.name
    assert differences(arrays(path), arrays(original)) == []
    if name not in cases.WEIGHTS_ONLY:
        assert zipfile.ZipFile(path).namelist() == zipfile.ZipFile(original).namelist()


@pytest.mark.parametrize("name", sorted(set(cases.BUILDERS) - cases.WEIGHTS_ONLY))
def test_the_config_written_here_is_that_of_keras(name, tmp_path):
    load(name).save(tmp_path / "a.keras")
    assert differences(config(tmp_path / "a.keras"), config(FILES / f"{name}.keras")) == []


def differences(received, wanted, place=""):
    """One line for each difference of two nests."""
    if isinstance(received, dict) and isinstance(wanted, dict):
        lines = [f"{place}/{key}: missing" for key in wanted if key not in received]
        lines += [f"{place}/{key}: extra" for key in received if key not in wanted]
        return lines + [
            line
            for key in wanted
            if key in received
            for line in differences(received[key], wanted[key], f"{place}/{key}")
        ]
    if isinstance(received, list) and isinstance(wanted, list) and len(received) == len(wanted):
        pairs = enumerate(zip(received, wanted, strict=True))
        return [line for i, (one, two) in pairs for line in differences(one, two, f"{place}/{i}")]
    return [] if received == wanted else [f"{place}: {received!r} instead of {wanted!r}"]


def config(path):
    return without_ids(json.loads(zipfile.ZipFile(path).read("config.json")))


def without_ids(value):
    """The config without what names Keras' own objects in memory, or the defining module of a test."""
    if isinstance(value, dict):
        skipped = {"shared_object_id"} | (
            {"module"} if str(value.get("registered_name")).startswith("golden>") else set()
        )
        return {key: without_ids(item) for key, item in value.items() if key not in skipped}
    return [without_ids(item) for item in value] if isinstance(value, list) else value


def arrays(path):
    """{path of an array or group of variables: (shape, dtype)}."""
    found = {}

    def note(name, thing):
        if isinstance(thing, h5py.Dataset):  # Keras counts steps in int64 on TensorFlow, in int32 on JAX
            found[name] = thing.shape, str(thing.dtype).replace("int64", "int32")
        else:
            found[name] = sorted(thing.attrs)

    if path.suffix == ".keras":
        with zipfile.ZipFile(path) as archive, archive.open("model.weights.h5") as file, h5py.File(file) as weights:
            weights.visititems(note)
    else:
        with h5py.File(path) as weights:
            weights.visititems(note)
    return found
