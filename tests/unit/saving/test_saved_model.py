"""SavedModel folders: where Keras' description is looked for, what is damaged, what is refused."""

import json

import numpy as np
import pytest

import cornu
from cornu import layers, saving
from cornu._base.errors import DataLossError, InvalidArgumentError, NotFoundError, UnsafeFileError
from cornu.core import config
from cornu.io.event_file import field
from cornu.saving import saved_model, tf_checkpoint
from cornu.tf import saved_model as tf_saved_model

INPUT = {"class_name": "InputLayer", "config": {"batch_input_shape": [None, 4], "dtype": "float32", "name": "x"}}
DENSE = {
    "class_name": "Dense",
    "config": {"name": "dense", "units": 2, "batch_input_shape": {"class_name": "__tuple__", "items": [None, 4]}},
}
X = np.linspace(-1, 1, 12, dtype="float32").reshape(3, 4)


def described(*items, **more):
    config = {"class_name": "Sequential", "config": {"name": "s", "layers": list(items)}}
    return json.dumps({"class_name": "Sequential", "keras_version": "2.4.0", "model_config": config, **more})


def in_its_own_file(folder, text, kind="_tf_keras_sequential"):
    folder.mkdir(exist_ok=True)
    node = field(3, "root") + field(4, kind) + field(5, text)
    other = field(2, 1) + field(3, "root.layer-0") + field(4, "_tf_keras_layer") + field(5, "{}")
    (folder / "keras_metadata.pb").write_bytes(field(1, node) + field(1, other))
    return folder


def in_the_graphs(folder, text):
    folder.mkdir(exist_ok=True)
    described = field(1, "_tf_keras_sequential") + field(2, field(1, 1)) + field(3, text)
    objects = field(1, field(4, described)) + field(1, field(7, b""))
    (folder / "saved_model.pb").write_bytes(field(1, 1) + field(2, field(1, b"") + field(7, objects)))
    return folder


@pytest.mark.parametrize("place", [in_its_own_file, in_the_graphs])
def test_architecture_and_weights_come_back(tmp_path, place):
    source = cornu.Sequential([layers.Input((4,)), layers.Dense(2)])
    (tmp_path / "m").mkdir()
    tf_checkpoint.save(source, tmp_path / "m" / "variables" / "variables", update_state=False)
    place(tmp_path / "m", described(INPUT, DENSE))
    with pytest.warns(UserWarning, match="says nothing about training"):
        model = saving.load_model(tmp_path / "m")
    assert model.name == "s" and model.optimizer is None
    np.testing.assert_array_equal(model.predict(X, verbose=0), source.predict(X, verbose=0))
    with pytest.warns(UserWarning, match="says nothing about training"):
        again = tf_saved_model.load(tmp_path / "m")
    np.testing.assert_array_equal(again.predict(X, verbose=0), source.predict(X, verbose=0))


@pytest.mark.parametrize(
    "text, said", [("{", "is no JSON text"), ("[]", "is no JSON object"), ("[" * 10**5, "no JSON")]
)
def test_damaged_descriptions(tmp_path, text, said):
    with pytest.raises(DataLossError, match=said):
        saving.load_model(in_its_own_file(tmp_path / "m", text))


def test_damaged_bytes(tmp_path):
    folder = in_its_own_file(tmp_path / "m", described(INPUT, DENSE))
    whole = (folder / "keras_metadata.pb").read_bytes()
    (folder / "keras_metadata.pb").write_bytes(whole[:100])
    with pytest.raises(DataLossError, match="damaged or cut"):
        saved_model.description(folder)


def test_code_is_refused(tmp_path):
    code = {
        "class_name": "Lambda",
        "config": {"name": "l", "function": ["4wEAAAA=", None, None], "function_type": "lambda"},
    }
    with pytest.raises(UnsafeFileError, match="safe_mode"):
        saving.load_model(in_its_own_file(tmp_path / "m", described(INPUT, DENSE, code)))


def test_folders_without_a_model(tmp_path):
    folder = in_its_own_file(tmp_path / "m", "{}", kind="_tf_keras_layer")
    with pytest.raises(InvalidArgumentError, match=r"TensorFlow's graphs only\. Build the model in code"):
        saving.load_model(folder)
    with pytest.raises(InvalidArgumentError, match="holds TensorFlow's graphs. It has no weights"):
        tf_saved_model.load(folder)
    with pytest.raises(NotFoundError, match=r"has no saved_model\.pb"):
        tf_saved_model.load(tmp_path)
    with pytest.raises(InvalidArgumentError, match="Expected a model file; .* is a folder"):
        saving.load_model(tmp_path)


def test_folders_are_not_written(tmp_path):
    model = cornu.Sequential([layers.Input((4,)), layers.Dense(2)])
    before = config.style()
    config.set_style("tf2")
    try:
        with pytest.raises(InvalidArgumentError, match=r"means a SavedModel folder.*Save the model to .*m\.keras"):
            model.save(tmp_path / "m")
    finally:
        config.set_style(before)
    assert list(tmp_path.iterdir()) == []
