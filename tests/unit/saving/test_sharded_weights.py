"""Weights in several files: what they are cut into, what comes back, and what a crash leaves."""

import json
import os
import pathlib

import h5py
import numpy as np
import pytest

import cornu
from cornu import layers
from cornu._base.errors import DataLossError, InvalidArgumentError, NotFoundError, UnsafeFileError
from cornu.io import sharded_hdf5

GIB = 1 << 30


def model_of(units=4):
    model = cornu.Sequential([cornu.Input((8,)), layers.Dense(16), layers.Dropout(0.5), layers.Dense(units)])
    model.compile("adam", "mse")
    return model


@pytest.fixture(scope="module")
def trained():
    model = model_of()
    model.train_on_batch(np.ones((2, 8)), np.ones((2, 4)))
    return model


def test_no_shard_is_too_large(tmp_path, trained):
    trained.save_weights(tmp_path / "x.weights.json", max_shard_size=600 / GIB)
    index = json.loads((tmp_path / "x.weights.json").read_text())
    files = [f"x_{number:05d}.weights.h5" for number in range(6)]
    assert sorted(os.listdir(tmp_path)) == ["x.weights.json", *files]
    assert (
        index["weight_map"]
        == {
            "/layers/dense/vars": files[:1],  # 576 bytes
            "/layers/dense_1/vars": files[1:2],  # 272 bytes
            "/optimizer/vars": files[1:],
        }
    )
    sizes = [stored_bytes(tmp_path / name) for name in files]
    assert max(sizes) <= 600 and index["metadata"]["total_size"] == sum(sizes)


def stored_bytes(path):
    sizes = []
    with h5py.File(path) as file:
        file.visititems(lambda _, item: sizes.append(getattr(item, "nbytes", 0)))
    return sum(sizes)


def test_what_is_written_is_read_with_the_optimizer(tmp_path, trained):
    trained.save_weights(tmp_path / "x.weights.json", max_shard_size=600 / GIB)
    again = model_of()
    again.optimizer.build(again.trainable_variables)
    report = again.load_weights(tmp_path / "x.weights.json")
    assert report.is_complete and not report.unexpected
    for one, two in zip(trained.weights + trained.optimizer.variables, again.weights + again.optimizer.variables):
        np.testing.assert_array_equal(one.numpy(), two.numpy())


def test_a_second_save_leaves_only_its_own_files(tmp_path, trained):
    path = tmp_path / "x.weights.json"
    (tmp_path / "x_00099.weights.h5").write_bytes(b"another's")
    trained.save_weights(path, max_shard_size=600 / GIB)
    trained.save_weights(path, max_shard_size=1)
    assert sorted(os.listdir(tmp_path)) == ["x.weights.json", "x_00000.weights.h5", "x_00099.weights.h5"]
    assert trained.load_weights(path).is_complete
    with pytest.raises(InvalidArgumentError, match="exists and overwrite=False"):
        trained.save_weights(path, max_shard_size=1, overwrite=False)


def test_a_crash_at_any_step_leaves_old_or_new_weights(tmp_path, monkeypatch):
    """Every rename and link is where a process can be stopped."""
    path = tmp_path / "x.weights.json"
    old, new = model_of(), model_of()
    steps = [0]

    class Stop(BaseException):
        pass

    def counted(function):
        def call(*arguments, **options):
            steps[0] -= 1
            if steps[0] == 0:
                raise Stop
            return function(*arguments, **options)

        return call

    for name in ("replace", "link"):
        monkeypatch.setattr(os, name, counted(getattr(os, name)))
    monkeypatch.setattr(pathlib.Path, "unlink", counted(pathlib.Path.unlink))
    seen = set()
    for number in range(1, 60):
        steps[0] = 0
        old.save_weights(path, max_shard_size=600 / GIB)
        steps[0] = number
        try:
            new.save_weights(path, max_shard_size=600 / GIB)
        except Stop:
            pass
        else:
            break
        reader = model_of()
        steps[0] = 0
        reader.load_weights(path)
        outcome = [
            all(np.array_equal(a, b) for a, b in zip(reader.get_weights(), model.get_weights(), strict=True))
            for model in (old, new)
        ]
        assert outcome.count(True) == 1, number
        seen.add(outcome.index(True))
    assert seen == {0, 1} and number > 10
    assert sorted(os.listdir(tmp_path)) == ["x.weights.json", "x_00000.weights.h5", "x_00001.weights.h5"]


def test_names_and_sizes_that_do_not_fit(tmp_path, trained):
    with pytest.raises(InvalidArgumentError, match=r"at least 4.77e-07 GiB, the size of layers/dense/vars/0"):
        trained.save_weights(tmp_path / "x.weights.json", max_shard_size=500 / GIB)
    with pytest.raises(InvalidArgumentError, match=r"Expected max_shard_size, in gigabytes.*x\.weights\.h5"):
        trained.save_weights(tmp_path / "x.weights.json")
    with pytest.raises(InvalidArgumentError, match=r"ends in .weights.json .*mean .*x\.weights\.json"):
        trained.save_weights(tmp_path / "x.h5", max_shard_size=1)
    with pytest.raises(InvalidArgumentError, match="save_format=None for weights with a max_shard_size; received 'tf'"):
        trained.save_weights(tmp_path / "x.weights.json", max_shard_size=1, save_format="tf")
    assert os.listdir(tmp_path) == []
    with pytest.warns(UserWarning, match=r"the index is written to .*x\.weights\.json"):
        trained.save_weights(tmp_path / "x.weights.h5", max_shard_size=1)
    assert sorted(os.listdir(tmp_path)) == ["x.weights.json", "x_00000.weights.h5"]


@pytest.mark.parametrize(
    "index, error, said",
    [
        ({"weight_map": {"/a/vars": ["../x_00000.weights.h5"]}}, UnsafeFileError, "only files beside it are read"),
        ({"weight_map": {"/a/vars": ["/etc/passwd"]}}, UnsafeFileError, "only files beside it are read"),
        ({"weight_map": {"/a/vars": [""]}}, UnsafeFileError, "names the shard ''"),
        ({"weight_map": {"/a/vars": [1]}}, UnsafeFileError, "names the shard 1"),
        ({"weight_map": {"/a/vars": 1}}, DataLossError, "JSON with a 'weight_map'"),
        ({"weight_map": []}, DataLossError, "JSON with a 'weight_map'"),
        ({"weight_map": {"/a/vars": [f"{i}.h5" for i in range(501)]}}, DataLossError, "names 501 shards"),
        ({"weight_map": {"/a/vars": ["x_00000.weights.h5"]}}, DataLossError, "says that x_00000.weights.h5 holds"),
        ({"weight_map": {"/layers/dense/vars": ["lost.weights.h5"]}}, NotFoundError, "no file .*lost.weights.h5"),
        ({"weight_map": {"/layers/dense/vars": ["x_00000.weights.h5", "copy.h5"]}}, DataLossError, "twice: in"),
    ],
)
def test_damaged_indexes_are_refused(tmp_path, trained, index, error, said):
    trained.save_weights(tmp_path / "x.weights.json", max_shard_size=1)
    (tmp_path / "copy.h5").write_bytes((tmp_path / "x_00000.weights.h5").read_bytes())
    (tmp_path / "x.weights.json").write_text(json.dumps(index))
    assert sharded_hdf5.is_index(tmp_path / "x.weights.json")
    with pytest.raises(error, match=said):
        trained.load_weights(tmp_path / "x.weights.json")
