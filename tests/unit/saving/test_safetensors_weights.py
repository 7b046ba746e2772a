"""Weights in safetensors files: names, order, dtypes, and what does not fit."""

import numpy as np
import pytest

import cornu
from cornu import layers
from cornu._base.errors import DataLossError, FailedPreconditionError, InvalidArgumentError, NotFoundError
from cornu.io import safetensors


def named(units=2, **options):
    hidden = layers.Dense(3, name="hidden", **options)
    return cornu.Sequential([cornu.Input((4,)), hidden, layers.BatchNormalization(name="norm"), layers.Dense(units)])


def equal(one, two):
    return all(np.array_equal(a, b) for a, b in zip(one.get_weights(), two.get_weights(), strict=True))


def test_names_are_paths(tmp_path):
    model = cornu.Sequential([cornu.Input((4,)), layers.Dense(3, name="hidden")], name="m")
    model.save_weights(tmp_path / "x.safetensors")
    with safetensors.reading(tmp_path / "x.safetensors") as file:
        assert list(file) == ["m/hidden/kernel", "m/hidden/bias"] and file.metadata == {"format": "cornu"}
        np.testing.assert_array_equal(file["m/hidden/kernel"], model.layers[0].kernel.numpy())


def test_weights_come_back_whatever_the_layers_are_called(tmp_path):
    model, other = named(), named()
    model.save_weights(tmp_path / "x.safetensors")
    assert [variable.path for variable in model.weights] != [variable.path for variable in other.weights]
    report = other.load_weights(tmp_path / "x.safetensors")
    assert len(report.matched) == 8 and report.is_complete and not report.unexpected
    assert equal(model, other)


def test_a_file_in_another_order_is_matched_by_name(tmp_path):
    model = cornu.Sequential([cornu.Input((3,)), layers.Dense(3, name="a"), layers.Dense(3, name="b")], name="m")
    other = cornu.Sequential([cornu.Input((3,)), layers.Dense(3, name="a"), layers.Dense(3, name="b")], name="m")
    arrays = {variable.path: variable.numpy() for variable in model.weights}
    safetensors.write(tmp_path / "x.safetensors", dict(reversed(arrays.items())))
    other.load_weights(tmp_path / "x.safetensors")
    assert equal(model, other)


class Twins(cornu.Model):
    """Two layers of one name."""

    def __init__(self):
        super().__init__()
        self.twins = [layers.Dense(3, name="a"), layers.Dense(3, name="a")]

    def call(self, x):
        return self.twins[1](self.twins[0](x))


def test_equal_paths_get_numbers(tmp_path):
    model, other = Twins(), Twins()
    for one in (model, other):
        one(np.ones((1, 3)))
    model.save_weights(tmp_path / "x.safetensors")
    with safetensors.reading(tmp_path / "x.safetensors") as file:
        assert [name.partition("/")[2] for name in file] == ["a/kernel", "a/bias", "a/kernel_1", "a/bias_1"]
    assert len(other.load_weights(tmp_path / "x.safetensors").matched) == 4
    assert equal(model, other)


def test_bfloat16_stays_bfloat16(tmp_path):
    model, other = named(dtype="bfloat16"), named(dtype="bfloat16")
    model.save_weights(tmp_path / "x.safetensors")
    with safetensors.reading(tmp_path / "x.safetensors") as file:
        assert file.dtype(next(iter(file))) == "bfloat16"
    other.load_weights(tmp_path / "x.safetensors")
    assert equal(model, other)


def test_the_content_says_what_a_file_is(tmp_path):
    model, other = named(), named()
    model.save_weights(tmp_path / "x.safetensors")
    (tmp_path / "x.safetensors").rename(tmp_path / "x.weights.h5")
    other.load_weights(tmp_path / "x.weights.h5")
    assert equal(model, other)


def test_what_does_not_fit_is_told_before_anything_is_assigned(tmp_path):
    model, other = named(2), named(5)
    model.save_weights(tmp_path / "x.safetensors")
    before = other.get_weights()
    with pytest.raises(InvalidArgumentError, match=r"nothing was loaded:\n.*the model has \(3, 5\), the file \(3, 2\)"):
        other.load_weights(tmp_path / "x.safetensors")
    assert all(np.array_equal(a, b) for a, b in zip(before, other.get_weights(), strict=True))
    with pytest.warns(UserWarning, match="wrong shape"):
        report = other.load_weights(tmp_path / "x.safetensors", skip_mismatch=True)
    assert len(report.matched) == 6 and len(report.mismatched) == 2
    np.testing.assert_array_equal(other.layers[0].kernel.numpy(), model.layers[0].kernel.numpy())


def test_missing_and_unexpected_names_are_listed(tmp_path):
    model = cornu.Sequential([cornu.Input((4,)), layers.Dense(3, name="a")], name="m")
    kernel = model.layers[0].kernel.numpy()
    safetensors.write(tmp_path / "x", {"m/a/kernel": kernel, "m/b/kernel": kernel})
    with pytest.raises(InvalidArgumentError, match=r"missing in the file: m/a/bias(.|\n)*not in the model: m/b/kernel"):
        model.load_weights(tmp_path / "x")
    safetensors.write(tmp_path / "x", {"0.weight": kernel, "0.bias": np.zeros(3)})
    with pytest.raises(NotFoundError, match="loading would change nothing"):
        model.load_weights(tmp_path / "x")


def test_bad_files_and_models(tmp_path):
    model = named()
    model.save_weights(tmp_path / "x.safetensors")
    with pytest.raises(InvalidArgumentError, match="exists and overwrite=False"):
        model.save_weights(tmp_path / "x.safetensors", overwrite=False)
    whole = (tmp_path / "x.safetensors").read_bytes()
    (tmp_path / "x.safetensors").write_bytes(whole[:-1])
    with pytest.raises(DataLossError, match="are there. Copy or save it again"):
        model.load_weights(tmp_path / "x.safetensors")
    with pytest.raises(FailedPreconditionError, match="is not built"):
        cornu.Sequential([layers.Dense(2)]).save_weights(tmp_path / "y.safetensors")
    with pytest.raises(InvalidArgumentError, match=r"by_name=True"):
        model.load_weights(tmp_path / "x.safetensors", by_name=True)
