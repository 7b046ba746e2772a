"""Category, word and sound layers and FeatureSpace give what Keras 3.15 gives; files go both ways."""

import json
import zipfile
from pathlib import Path

import cases_categories as cases
import numpy as np
import pytest

import cornu

HERE = Path(__file__).parent
FILES = HERE / "categories_files"
NOTES = json.loads((HERE / "categories.json").read_text())
ARRAYS = np.load(HERE / "categories.npz")
WRITTEN = sorted(NOTES["files read by keras"])


def same(found, noted, rtol=1e-6):
    """Values, dtype and shape, also in dicts."""
    if "values" not in noted:
        assert list(found) == list(noted)
        for name, value in noted.items():
            same(found[name], value, rtol)
        return
    array = np.asarray(found)
    assert list(array.shape) == noted["shape"]
    assert cornu.backend.standardize_dtype(array.dtype) == noted["dtype"]
    if noted["dtype"] == "string":
        expected = np.array(noted["values"], object).reshape(array.shape)
        assert np.vectorize(lambda text: text.decode(), otypes=[object])(array).tolist() == expected.tolist()
    else:
        np.testing.assert_allclose(
            array, noted["values"] if array.size else np.empty(array.shape), rtol=rtol, atol=1e-6
        )


def config_of(layer):
    """As a file would have it."""
    return json.loads(json.dumps(cornu.utils.serialize_keras_object(layer)["config"]))


def close(found, expected, place=""):
    """Configs are equal; floats nearly. Keras also notes the shapes that layers without weights were built for."""
    if isinstance(expected, dict):
        found, expected = ({k: v for k, v in c.items() if k != "build_config"} for c in (found, expected))
        assert sorted(found) == sorted(expected), place
        for name in expected:
            close(found[name], expected[name], f"{place}/{name}")
    elif isinstance(expected, list) and expected and isinstance(expected[0], float):
        np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-6)
    elif isinstance(expected, list):
        assert len(found) == len(expected), place
        for number, (one, other) in enumerate(zip(found, expected, strict=True)):
            close(one, other, f"{place}/{number}")
    else:
        assert found == expected, place


def layer_of(name):
    kind, arguments, _, *adaptation = cases.CASES[name]
    layer = getattr(cornu.layers, kind)(**arguments, name=name)
    if adaptation:
        data, rows = adaptation
        layer.adapt(np.array(data) if rows is None else cases.dataset(cornu, data, rows))
    return layer


@pytest.mark.parametrize("name", cases.CASES)
def test_layer(name):
    layer, noted = layer_of(name), NOTES["cases"][name]
    inputs = cases.CASES[name][2]
    same(layer(inputs), noted["output"])
    close(config_of(layer), noted["config"])
    if "vocabulary" in noted:
        assert layer.get_vocabulary() == noted["vocabulary"]
        assert layer.get_vocabulary(include_special_tokens=False) == noted["tokens"]
        assert layer.vocabulary_size() == noted["size"]


@pytest.mark.parametrize("name", [name for name, case in cases.CASES.items() if len(case) == 3])
def test_layer_from_the_config_of_keras(name):
    layer = type(layer_of(name)).from_config(NOTES["cases"][name]["config"])
    same(layer(cases.CASES[name][2]), NOTES["cases"][name]["output"])


@pytest.mark.parametrize("name", cases.CROSSINGS)
def test_crossing(name):
    arguments, features = cases.CROSSINGS[name]
    layer = cornu.layers.HashedCrossing(**arguments, name=name)
    same(layer(features), NOTES["crossings"][name]["output"])
    close(config_of(layer), NOTES["crossings"][name]["config"])


@pytest.mark.parametrize("number", range(len(cases.SPECTROGRAMS)))
def test_stft_spectrogram(number):
    arguments, x = cases.SPECTROGRAMS[number], cases.sound(2)
    x = x.transpose(0, 2, 1)[..., :400] if arguments.get("data_format") == "channels_first" else x[:, :400]
    layer = cornu.layers.STFTSpectrogram(**arguments, name="stft")
    np.testing.assert_allclose(np.asarray(layer(x))[:1], ARRAYS[f"stft{number}"], rtol=2e-4, atol=2e-4)
    close(config_of(layer), NOTES["stft"][number])


@pytest.mark.parametrize("number", range(len(cases.MEL_SPECTROGRAMS)))
def test_mel_spectrogram(number):
    layer = cornu.layers.MelSpectrogram(**cases.MEL_SPECTROGRAMS[number], name="mel")
    found = np.asarray(layer(cases.sound()[..., 0]))
    np.testing.assert_allclose(found, ARRAYS[f"mel{number}"], rtol=1e-3, atol=1e-3)
    assert found.dtype == "float32"
    close(config_of(layer), NOTES["mel"][number])


@pytest.mark.parametrize("name", cases.SPACES)
@pytest.mark.parametrize("is_batched", [False, True])
def test_feature_space(name, is_batched):
    cornu.backend.clear_session()
    space = cases.SPACES[name](cornu)
    space.adapt(cases.dataset(cornu, cases.COLUMNS, 3 if is_batched else None))
    noted = NOTES["spaces"][name]
    same(space(cases.COLUMNS), noted["output"])
    same(space({column: values[:, None] for column, values in cases.COLUMNS.items()}), noted["output"])
    same(space({column: values[1] for column, values in cases.COLUMNS.items()}), noted["row"])
    close(config_of(space), noted["config"])


def predicted(name, folder):
    inputs = cases.COLUMNS if name == "space" else cases.models(cornu)[name][1]
    model = cornu.saving.load_model(folder / f"{name}.keras")
    return np.asarray(model(inputs) if name == "space" else model.predict(inputs, verbose=0))[:, :3]


@pytest.mark.parametrize("name", NOTES["files"])
def test_file_of_keras(name):
    np.testing.assert_allclose(predicted(name, FILES), NOTES["files"][name]["values"], rtol=1e-3, atol=1e-3)


@pytest.mark.parametrize("name", WRITTEN)
def test_files_written_here_mean_the_same_to_keras(name):
    noted = NOTES["files read by keras"][name]["values"]
    np.testing.assert_allclose(predicted(name, FILES / "written_here"), noted, rtol=1e-3, atol=1e-3)


@pytest.mark.parametrize("name", NOTES["files"])
def test_a_file_written_here_holds_what_that_of_keras_holds(name, tmp_path):
    if name == "space":
        space = cases.space(cornu)
        space.adapt(cases.dataset(cornu, cases.COLUMNS))
        space.save(tmp_path / "space.keras")
    else:
        cases.models(cornu)[name][0].save(tmp_path / f"{name}.keras")
    with zipfile.ZipFile(tmp_path / f"{name}.keras") as own, zipfile.ZipFile(FILES / f"{name}.keras") as original:
        assert sorted(own.namelist()) == sorted(original.namelist())
        for member in own.namelist():
            if member.startswith("assets/"):
                assert own.read(member) == original.read(member)
