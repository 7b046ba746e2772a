"""What is told about files: their kind by their content, who wrote them, layers, arrays, and what is damaged."""

import json
import shutil

import h5py
import numpy as np
import pytest

import cornu
from cornu import layers
from cornu._base.errors import DataLossError, InvalidArgumentError, NotFoundError
from cornu.io import safetensors, tensor_bundle
from cornu.io.archive import write_archive
from cornu.saving.config_summary import summarize
from cornu.saving.inspection import as_json, inspect


@pytest.fixture(scope="module")
def model():
    inner = cornu.Sequential([cornu.Input((3,)), layers.Dense(3, name="deep")], name="inner")
    model = cornu.Sequential([cornu.Input((4,)), layers.Dense(3, activation="relu", name="first"), inner], name="outer")
    model.compile(cornu.optimizers.Adam(0.5), "mse", metrics=["mae"])
    model.train_on_batch(np.ones((2, 4)), np.ones((2, 3)))
    return model


SAVES = {
    "m.keras": (lambda m, path: m.save(path), "Keras model (.keras)"),
    "m.h5": (lambda m, path: m.save(path), "Keras model (HDF5)"),
    "w.h5": (lambda m, path: m.save_weights(path), "Keras weights (HDF5, by layer)"),
    "m.weights.h5": (lambda m, path: m.save_weights(path), "Keras 3 weights (.weights.h5)"),
    "m.weights.json": (
        lambda m, path: m.save_weights(path, max_shard_size=1),
        "Keras 3 weights in 1 shard (.weights.json)",
    ),
    "m.safetensors": (lambda m, path: m.save_weights(path), "safetensors weights"),
    "m.ckpt": (lambda m, path: m.save_weights(path), "TensorFlow checkpoint"),
}


@pytest.mark.parametrize("name", SAVES)
def test_every_kind(tmp_path, model, name):
    save, kind = SAVES[name]
    save(model, tmp_path / name)
    contents = inspect(tmp_path / name)
    assert contents.kind == kind and contents.path == str(tmp_path / name)
    assert sorted(array.shape for array in contents.weights) == [(3,), (3,), (3, 3), (4, 3)]
    assert {array.dtype for array in contents.weights} == {"float32"}
    assert sum(array.count for array in contents.weights) == 27
    has_optimizer = name not in ("w.h5", "m.safetensors")
    assert bool(contents.training_state) == has_optimizer
    if has_optimizer:
        assert sum(array.count for array in contents.training_state if array.shape) == 54
    files = [path for path in tmp_path.iterdir() if path.name not in ("checkpoint",)]
    assert contents.size == sum(path.stat().st_size for path in files)
    assert contents.has_model == (name in ("m.keras", "m.h5"))
    assert json.loads(json.dumps(as_json(contents)))["arrays"][0]["shape"] == [*contents.arrays[0].shape]


@pytest.mark.parametrize("name", ["m.keras", "m.h5"])
def test_the_model(tmp_path, model, name):
    model.save(tmp_path / name)
    contents = inspect(tmp_path / name)
    found = contents.model
    assert (found.class_name, found.name) == ("Sequential", "outer")
    assert [(layer.name, layer.class_name) for layer in found.layers][1:] == [
        ("first", "Dense"),
        ("inner", "Sequential"),
    ]
    assert found.layers[1].arguments["units"] == 3 and found.layers[1].arguments["activation"] == "relu"
    assert [layer.name for layer in found.layers[2].layers][1:] == ["deep"]
    assert found.compiled["optimizer"] == "Adam" and found.compiled["learning_rate"] == 0.5
    assert contents.writer.startswith("Keras ") and (contents.date is not None) == (name == "m.keras")


def test_the_content_decides(tmp_path, model):
    model.save(tmp_path / "m.h5")
    shutil.move(tmp_path / "m.h5", tmp_path / "m.keras")
    assert inspect(tmp_path / "m.keras").kind == "Keras model (HDF5)"
    (tmp_path / "text.h5").write_text(model.to_json())
    contents = inspect(tmp_path / "text.h5")
    assert contents.kind == "Keras architecture (JSON)" and contents.model.name == "outer" and not contents.has_model


def test_checkpoints_by_folder_and_index(tmp_path, model):
    model.save_weights(tmp_path / "c" / "m.ckpt")
    for path in (tmp_path / "c", tmp_path / "c" / "m.ckpt.index"):
        assert inspect(path).path == str(tmp_path / "c" / "m.ckpt")
    tensor_bundle.write(tmp_path / "named", {"dense/kernel": np.zeros((2, 3)), "global_step": np.int64(3)})
    contents = inspect(tmp_path / "named")
    assert contents.kind == "TensorFlow 1 checkpoint"
    assert [(array.name, array.dtype) for array in contents.arrays] == [
        ("dense/kernel", "float64"),
        ("global_step", "int64"),
    ]


def test_arrays_of_others(tmp_path):
    np.savez(tmp_path / "a.npz", one=np.zeros((2, 3), "int16"), two=np.float64(1))
    arrays = inspect(tmp_path / "a.npz").arrays
    assert [(array.name, array.shape, array.dtype) for array in arrays] == [
        ("one", (2, 3), "int16"),
        ("two", (), "float64"),
    ]
    with h5py.File(tmp_path / "a.h5", "w") as file:
        file["x/y"] = np.arange(3.0)
        file["text"] = "words"
    contents = inspect(tmp_path / "a.h5")
    assert contents.kind == "HDF5 arrays, not in an order that Keras writes"
    assert {array.name: array.dtype for array in contents.arrays} == {"text": "string", "x/y": "float64"}
    safetensors.write(tmp_path / "a.safetensors", {"0.weight": np.zeros((2, 2), "float16")}, {"format": "pt"})
    contents = inspect(tmp_path / "a.safetensors")
    assert contents.writer == "pt" and contents.arrays[0].dtype == "float16"


@pytest.mark.parametrize("name", ["m.keras", "m.h5", "m.weights.h5", "m.safetensors"])
def test_cut_files(tmp_path, model, name):
    SAVES[name][0](model, tmp_path / name)
    whole = (tmp_path / name).read_bytes()
    (tmp_path / name).write_bytes(whole[: len(whole) // 2])
    with pytest.raises(DataLossError, match="Copy or save it again"):
        inspect(tmp_path / name)


def test_a_cut_checkpoint(tmp_path, model):
    model.save_weights(tmp_path / "m.ckpt")
    data = tmp_path / "m.ckpt.data-00000-of-00001"
    data.write_bytes(data.read_bytes()[:-1])
    with pytest.raises(DataLossError, match="was cut"):
        inspect(tmp_path / "m.ckpt")
    data.unlink()
    with pytest.raises(NotFoundError, match="is not complete"):
        inspect(tmp_path / "m.ckpt")


def test_files_of_another_kind(tmp_path):
    for name, content, said in (
        ("empty", b"", "It is empty"),
        ("text", b"hello", "It begins with b'he'"),
        ("list.json", b'{"a": 1}', "no model that to_json"),
    ):
        (tmp_path / name).write_bytes(content)
        with pytest.raises(InvalidArgumentError, match=said):
            inspect(tmp_path / name)
    (tmp_path / "half.json").write_text('{"class_name": ')
    with pytest.raises(DataLossError, match="begins like JSON but is not"):
        inspect(tmp_path / "half.json")
    with open(tmp_path / "a.zip", "wb") as file:
        write_archive(file, [("a.txt", b"a")])
    with pytest.raises(InvalidArgumentError, match="neither a Keras model nor NumPy arrays"):
        inspect(tmp_path / "a.zip")
    with pytest.raises(InvalidArgumentError, match="is another folder"):
        inspect(tmp_path)
    (tmp_path / "runs" / "3" / "state").mkdir(parents=True)
    with pytest.raises(InvalidArgumentError, match="holds Orbax checkpoints.*Load the model with load_model"):
        inspect(tmp_path / "runs")
    with pytest.raises(NotFoundError, match=r"There is no file .*a\.zop.*Did you mean .*a\.zip"):
        inspect(tmp_path / "a.zop")


@pytest.mark.parametrize(
    "config", [None, [], {}, {"config": 3}, {"class_name": [], "config": {"layers": [1, None, {}]}}]
)
def test_configs_without_sense_are_summarized(config):
    found = summarize(config, {"optimizer_config": {"class_name": "SGD"}, "loss": [None, {"a": ["mse"]}]})
    assert found.compiled["optimizer"] == "SGD" and found.compiled["loss"] == [None, {"a": ["mse"]}]
    assert len(found.layers) == (3 if config and isinstance(config.get("config"), dict) else 0)


def test_wrapped_losses_and_functions_have_their_names():
    function = {"module": "builtins", "class_name": "function", "config": "huber", "registered_name": "function"}
    metric = {"class_name": "MeanMetricWrapper", "config": {"name": "mae", "fn": "mean_absolute_error"}}
    found = summarize(
        {}, {"optimizer": {"class_name": "Custom>Adam", "config": {"lr": 0.1}}, "loss": function, "metrics": [metric]}
    )
    assert found.compiled == {"optimizer": "Adam", "learning_rate": 0.1, "loss": "huber", "metrics": ["mae"]}
