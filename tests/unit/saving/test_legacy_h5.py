"""The HDF5 format of Keras 1 and 2: names, order and matching of weights, old words, errors."""

import json

import h5py
import numpy as np
import pytest

import cornu
from cornu import config, layers
from cornu._base.errors import (
    CornuError,
    DataLossError,
    FailedPreconditionError,
    InvalidArgumentError,
    InvalidTypeError,
    NotFoundError,
    UnsafeFileError,
)
from cornu.saving import layer_groups

rng = np.random.default_rng(0)


def stack(names=("one", "two"), units=(4, 2)):
    model = cornu.Sequential(
        [cornu.Input((3,)), *(layers.Dense(n, name=name) for n, name in zip(units, names, strict=True))]
    )
    model.compile("sgd", "mse", metrics=["mae"])
    return model


def equal(one, two):
    assert len(one) == len(two)
    for a, b in zip(one, two, strict=True):
        np.testing.assert_array_equal(a, b)


def test_layout_and_words(tmp_path):
    model = stack()
    model.save(tmp_path / "m.h5")
    with h5py.File(tmp_path / "m.h5") as file:
        assert file.attrs["keras_version"] == "3.15.0"
        assert list(file["model_weights"].attrs["layer_names"]) == [b"one", b"two"]
        assert [name.split(b"/")[-1] for name in file["model_weights/one"].attrs["weight_names"]] == [
            b"kernel",
            b"bias",
        ]
        stored = json.loads(file.attrs["model_config"])["config"]["layers"]
        training = json.loads(file.attrs["training_config"])
        assert "optimizer_weights" not in file  # no step was made
    assert stored[0]["config"]["batch_input_shape"] == [None, 3]
    assert stored[1]["config"]["dtype"] == "float32"
    assert "quantization_config" not in stored[1]["config"]
    assert (training["loss"], training["metrics"]) == ("mean_squared_error", ["mean_absolute_error"])
    assert training["optimizer_config"]["class_name"] == "Custom>SGD"


def test_names_of_the_style_do_not_matter(tmp_path):
    model = stack()
    config.set_style("tf2")
    try:
        model.save_weights(tmp_path / "w.h5")
    finally:
        config.set_style("keras3")
    other = stack(names=("x", "y"))
    report = other.load_weights(tmp_path / "w.h5")
    equal(other.get_weights(), model.get_weights())
    assert len(report.matched) == 4
    assert report.is_complete


@pytest.mark.parametrize("ending", ["h5", "hdf5", "H5"])
def test_optimizer_state_and_options(tmp_path, ending):
    model = stack()
    model.compile(cornu.optimizers.Adam(0.1), cornu.losses.Huber(delta=2.0), loss_weights=[0.5], steps_per_execution=3)
    x, y = rng.normal(size=(6, 3)), rng.normal(size=(6, 2))
    model.fit(x, y, verbose=0)
    path = tmp_path / f"m.{ending}"
    model.save(path)
    again = cornu.saving.load_model(path)
    assert int(again.optimizer.iterations) == 1
    assert again.steps_per_execution == 3
    for one in (model, again):
        one.train_on_batch(x, y)
    equal(again.get_weights(), model.get_weights())
    model.save(path, include_optimizer=False)
    with pytest.warns(UserWarning, match="not compiled"):
        assert cornu.saving.load_model(path).optimizer is None
    assert cornu.saving.load_model(path, compile=False).optimizer is None


def test_any_name_with_save_format_and_wrong_name(tmp_path):
    model = stack()
    model.save(tmp_path / "plain", save_format="h5")
    (tmp_path / "plain").rename(tmp_path / "m.keras")  # what it holds decides
    equal(cornu.saving.load_model(tmp_path / "m.keras").get_weights(), model.get_weights())
    with pytest.raises(InvalidArgumentError, match="SavedModel"):
        model.save(tmp_path / "m", save_format="tf")
    with pytest.raises(InvalidArgumentError, match="exists"):
        model.save(tmp_path / "m.keras", overwrite=False, save_format="h5")


def test_checkpoint_callback(tmp_path):
    model = stack()
    path = str(tmp_path / "{epoch}.h5")
    model.fit(np.ones((4, 3)), np.ones((4, 2)), epochs=2, verbose=0, callbacks=[cornu.callbacks.ModelCheckpoint(path)])
    equal(cornu.saving.load_model(tmp_path / "2.h5").get_weights(), model.get_weights())


def test_by_name_and_skip_mismatch(tmp_path):
    model = stack(names=("one", "two"))
    model.save_weights(tmp_path / "w.h5")
    other = stack(names=("one", "other"), units=(4, 5))
    before = other.get_weights()
    with pytest.raises(InvalidArgumentError, match="wrong shape"):
        other.load_weights(tmp_path / "w.h5")
    equal(other.get_weights(), before)
    report = other.load_weights(tmp_path / "w.h5", by_name=True)
    assert [name for name, _, _ in report.missing] == ["other"]
    assert len(report.matched) == 2
    assert len(report.unexpected) == 2
    equal(other.get_weights()[:2], model.get_weights()[:2])
    equal(other.get_weights()[2:], before[2:])
    with pytest.warns(UserWarning, match="wrong shape"):
        stack(names=("one", "two"), units=(4, 5)).load_weights(tmp_path / "w.h5", by_name=True, skip_mismatch=True)
    with pytest.raises(NotFoundError, match="would change nothing"):
        stack(names=("a", "b")).load_weights(tmp_path / "w.h5", by_name=True)
    with pytest.raises(InvalidArgumentError, match="3 layers with weights, the file 2"):
        stack(names=("a", "b", "c"), units=(4, 2, 2)).load_weights(tmp_path / "w.h5")


def test_layers_of_the_same_names_may_stand_in_another_order(tmp_path):
    model = stack(names=("one", "two"), units=(3, 3))
    model.save_weights(tmp_path / "w.h5")
    other = stack(names=("two", "one"), units=(3, 3))
    other.load_weights(tmp_path / "w.h5")
    equal(other.get_layer("one").get_weights(), model.get_layer("one").get_weights())


def test_errors(tmp_path):
    model = stack()
    model.save_weights(tmp_path / "w.h5")
    with pytest.raises(InvalidArgumentError, match="holds weights only"):
        cornu.saving.load_model(tmp_path / "w.h5")

    class Own(cornu.Model):
        def call(self, x):
            return x

    with pytest.raises(InvalidTypeError, match="Sequential or functional"):
        Own().save(tmp_path / "own.h5")
    with pytest.raises(FailedPreconditionError, match="not built"):
        cornu.Sequential([layers.Dense(1)]).save(tmp_path / "m.h5")
    model.save(tmp_path / "m.h5")
    with pytest.raises(InvalidArgumentError, match="by_name"):
        model.save_weights(tmp_path / "m.weights.h5")
        model.load_weights(tmp_path / "m.weights.h5", by_name=True)
    with h5py.File(tmp_path / "m.h5", "r+") as file:
        del file["model_weights/one"]
    with pytest.raises(CornuError):
        cornu.saving.load_model(tmp_path / "m.h5")
    with h5py.File(tmp_path / "m.h5", "r+") as file:
        file.attrs["model_config"] = "{"
    with pytest.raises(DataLossError, match="no JSON text"):
        cornu.saving.load_model(tmp_path / "m.h5")
    assert not [path.name for path in tmp_path.iterdir() if path.name.endswith(".tmp")]


def test_lambdas_need_leave(tmp_path):
    model = cornu.Sequential([cornu.Input((2,)), layers.Lambda(lambda x: x * 3)])
    with pytest.warns(UserWarning, match="bytecode"):
        model.save(tmp_path / "m.h5")
    with pytest.raises(UnsafeFileError, match="lambda"):
        cornu.saving.load_model(tmp_path / "m.h5", compile=False)
    again = cornu.saving.load_model(tmp_path / "m.h5", compile=False, safe_mode=False)
    np.testing.assert_array_equal(again.predict(np.ones((1, 2)), verbose=0), [[3.0, 3.0]])


def test_ops_in_a_graph(tmp_path):
    x = cornu.Input((3,))
    model = cornu.Model(x, layers.Dense(2)(cornu.ops.relu(x * 2.0)[:, :2]))
    with pytest.warns(UserWarning, match="cannot read from an .h5 file"):
        model.save(tmp_path / "m.h5")
    again = cornu.saving.load_model(tmp_path / "m.h5", compile=False)
    values = rng.normal(size=(4, 3))
    np.testing.assert_array_equal(again.predict(values, verbose=0), model.predict(values, verbose=0))


def test_long_lists_of_names_are_split():
    names = [f"layer_{number:05}_with_quite_a_long_name" for number in range(3000)]
    pieces = layer_groups.names_attribute("layer_names", names)
    assert list(pieces) == ["layer_names0", "layer_names1"]
    assert [name.decode() for piece in pieces.values() for name in piece] == names
    assert layer_groups.unique_names(["a", "a", "b", "b/c"]) == ["a", "a_1", "b_1", "b/c"]


def keras_1_file(path, stored, arrays):
    """A file as Keras 1 wrote it: `arrays` by layer."""
    with h5py.File(path, "w") as file:
        file.attrs["keras_version"] = "1.2.2"
        file.attrs["model_config"] = json.dumps(stored)
        group = file.create_group("model_weights")
        group.attrs["layer_names"] = np.array([name.encode() for name in arrays])
        for name, values in arrays.items():
            inner = group.create_group(name)
            inner.attrs["weight_names"] = np.array([f"{name}_{i}".encode() for i in range(len(values))], "S30")
            for i, value in enumerate(values):
                inner[f"{name}_{i}"] = value


def test_keras_1_images(tmp_path):
    entries = [
        ("Convolution2D", {"name": "c", "nb_filter": 2, "nb_row": 3, "nb_col": 2, "init": "glorot_uniform",
                           "activation": "relu", "border_mode": "same", "subsample": [1, 1], "dim_ordering": "th",
                           "W_regularizer": None, "b_regularizer": None, "activity_regularizer": None,
                           "W_constraint": None, "b_constraint": None, "bias": True, "trainable": True,
                           "batch_input_shape": [None, 1, 4, 4], "input_dtype": "float32"}),
        ("MaxPooling2D", {"name": "p", "pool_size": [2, 2], "strides": [2, 2], "border_mode": "valid",
                          "dim_ordering": "th", "trainable": True}),
        ("Flatten", {"name": "f", "trainable": True}),
        ("Dropout", {"name": "o", "p": 0.25, "trainable": True}),
        ("Dense", {"name": "d", "output_dim": 3, "init": "normal", "activation": "softmax", "bias": True, "input_dim": None,
                   "W_regularizer": None, "trainable": True}),
    ]  # fmt: skip
    stored = {"class_name": "Sequential", "config": [{"class_name": name, "config": c} for name, c in entries]}
    kernel, dense = rng.normal(size=(2, 1, 3, 2)).astype("float32"), rng.normal(size=(8, 3)).astype("float32")
    weights = {"c": [kernel, np.zeros(2)], "p": [], "f": [], "o": [], "d": [dense, np.ones(3)]}
    keras_1_file(tmp_path / "m.h5", stored, weights)
    model = cornu.saving.load_model(tmp_path / "m.h5", compile=False)
    assert model.get_layer("c").data_format == "channels_first"
    assert model.get_layer("o").rate == 0.25
    np.testing.assert_array_equal(model.get_layer("c").get_weights()[0], kernel.transpose(2, 3, 1, 0))
    np.testing.assert_array_equal(model.get_layer("d").get_weights()[0], dense)
    assert model.output_shape == (None, 3)


def test_keras_1_gates_wrappers_and_sequences(tmp_path):
    common = {"init": "glorot_uniform", "inner_init": "orthogonal", "activation": "tanh", "inner_activation": "hard_sigmoid",
              "return_sequences": True, "go_backwards": False, "stateful": False, "unroll": False, "consume_less": "cpu",
              "dropout_W": 0.0, "dropout_U": 0.0, "input_dim": 3, "input_length": None, "trainable": True}  # fmt: skip
    lstm = {"class_name": "LSTM", "config": {**common, "name": "l", "output_dim": 2, "forget_bias_init": "one"}}
    gru = {"class_name": "GRU", "config": {**common, "name": "g", "output_dim": 2}}
    both = {"class_name": "Bidirectional", "config": {"name": "b", "merge_mode": "concat", "layer": lstm, "trainable": True,
                                                      "batch_input_shape": [None, 5, 3]}}  # fmt: skip
    each = {"class_name": "TimeDistributedDense", "config": {"name": "t", "output_dim": 1, "activation": "linear"}}
    gates = lambda names, inputs: {
        name: [rng.normal(size=shape).astype("float32") for shape in ((inputs, 2), (2, 2), (2,))] for name in names
    }
    forward, backward, other = gates("icfo", 3), gates("icfo", 3), gates("zrh", 4)
    flat = lambda parts: [array for part in parts.values() for array in part]
    weights = {"b": flat(forward) + flat(backward), "g": flat(other), "t": [np.ones((2, 1)), np.zeros(1)]}
    keras_1_file(tmp_path / "m.h5", {"class_name": "Sequential", "config": [both, gru, each]}, weights)
    model = cornu.saving.load_model(tmp_path / "m.h5", compile=False)
    join = lambda parts, order, which: np.concatenate([parts[gate][which] for gate in order], -1)
    wanted = [join(parts, "ifco", which) for parts in (forward, backward) for which in range(3)]
    equal(model.get_layer("b").get_weights(), wanted)
    equal(model.get_layer("g").get_weights(), [join(other, "zrh", which) for which in range(3)])
    assert model.get_layer("g").reset_after is False
    hard = model.get_layer("g").recurrent_activation
    np.testing.assert_allclose(hard(np.array([-3.0, 0.0, 1.0, 3.0], "float32")), [0.0, 0.5, 0.7, 1.0], rtol=1e-6)
    model.save(tmp_path / "again.h5")  # the meaning of hard_sigmoid is kept
    again = cornu.saving.load_model(tmp_path / "again.h5", compile=False)
    x = rng.normal(size=(2, 5, 3))
    np.testing.assert_allclose(again.predict(x, verbose=0), model.predict(x, verbose=0), rtol=1e-6)


def test_keras_1_merge(tmp_path):
    branch = lambda name: {"class_name": "Sequential", "config": [
        {"class_name": "Dense", "config": {"name": name, "output_dim": 2, "batch_input_shape": [None, 3]}}]}  # fmt: skip
    merge = {"class_name": "Merge", "config": {"name": "m", "mode": "concat", "concat_axis": -1,
                                               "layers": [branch("x"), branch("y")]}}  # fmt: skip
    top = {"class_name": "Dense", "config": {"name": "d", "output_dim": 1}}
    model = cornu.models.model_from_json(
        json.dumps({"class_name": "Sequential", "config": [merge, top], "keras_version": "1.1.0"})
    )
    assert [tuple(t.shape) for t in model.inputs] == [(None, 3), (None, 3)]
    assert model.get_layer("d").kernel.shape == (4, 1)


def test_theano_turns_kernels(tmp_path):
    build = lambda: cornu.Sequential([cornu.Input((5, 5, 1)), layers.Conv2D(2, 3, name="c")])
    model, other = build(), build()
    model.save_weights(tmp_path / "w.h5")
    with h5py.File(tmp_path / "w.h5", "r+") as file:
        file.attrs["backend"] = "theano"
        file.attrs["keras_version"] = "2.0.4"
    other.load_weights(tmp_path / "w.h5")
    np.testing.assert_array_equal(other.get_weights()[0], model.get_weights()[0][::-1, ::-1])
