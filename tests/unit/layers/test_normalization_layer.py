"""Normalization: what it adapts to, and what it does with it."""

import numpy as np
import pytest

import cornu
from cornu import layers
from cornu._base.errors import FailedPreconditionError, InvalidArgumentError

DATA = np.random.RandomState(0).normal(3, 2, size=(50, 4)).astype("float32")


def test_it_adapts_to_arrays_and_to_batches():
    layer = layers.Normalization()
    layer.adapt(DATA)
    np.testing.assert_allclose(
        layer(DATA[:1]).numpy()[0], [1.436309, 0.325845, 1.2677554, 2.1117363], rtol=1e-5
    )  # Keras
    assert [(w.name, w.shape, w.trainable) for w in layer.weights] == [
        ("mean", (4,), False), ("variance", (4,), False), ("count", (), False),
    ]  # fmt: skip
    np.testing.assert_allclose(layer.mean.numpy(), DATA.mean(0, keepdims=True), rtol=1e-5)
    batched = layers.Normalization()
    batched.adapt(DATA[i : i + 7] for i in range(0, 50, 7))
    np.testing.assert_allclose(batched.variance.numpy(), layer.variance.numpy(), rtol=1e-5)
    batched.adapt(np.zeros((3, 4)))  # starts afresh; no variance is not divided by
    np.testing.assert_array_equal(batched(np.zeros((1, 4))).numpy(), np.zeros((1, 4)))


def test_axes_given_values_and_the_way_back():
    whole = layers.Normalization(axis=None)
    whole.adapt(DATA)
    np.testing.assert_allclose(whole(DATA[:1]).numpy()[0], [1.6576307, 0.32234108, 0.8887871, 2.1244705], rtol=1e-5)
    pairs = layers.Normalization(axis=(1, 2))
    pairs.adapt(np.ones((5, 2, 3, 4)))
    assert pairs.weights[0].shape == (2, 3)
    given = layers.Normalization(mean=[1.0, 2, 3, 4], variance=[1, 2, 3, 4], invert=True)
    np.testing.assert_allclose(given(DATA[:1]).numpy()[0], [7.528105, 7.374456, 11.5866, 18.963573], rtol=1e-5)
    assert not given.weights
    config = given.get_config()
    assert (config["axis"], config["mean"], config["invert"]) == ((-1,), [1.0, 2, 3, 4], True)
    back = layers.Normalization.from_config(config)
    np.testing.assert_array_equal(back(DATA).numpy(), given(DATA).numpy())


def test_it_is_saved_with_what_it_found(tmp_path):
    layer = layers.Normalization()
    layer.adapt(DATA)
    model = cornu.Sequential([layers.Input((4,)), layer])
    model.save(tmp_path / "model.keras")
    again = cornu.models.load_model(tmp_path / "model.keras")
    np.testing.assert_array_equal(again.predict(DATA, verbose=0), model.predict(DATA, verbose=0))


def test_what_cannot_be_is_said():
    with pytest.raises(InvalidArgumentError, match="Expected both mean and variance, or none"):
        layers.Normalization(mean=1.0)
    with pytest.raises(InvalidArgumentError, match="Expected axis from -2 to 1"):
        layers.Normalization(axis=7).build((None, 3))
    with pytest.raises(InvalidArgumentError, match="Expected known sizes of the axes"):
        layers.Normalization().build((None, None))
    with pytest.raises(FailedPreconditionError, match="were given, so it cannot adapt"):
        layers.Normalization(mean=1.0, variance=1.0).adapt(DATA)
    with pytest.raises(InvalidArgumentError, match="Expected data to adapt to; received none"):
        layers.Normalization().adapt(iter([]))
    with pytest.raises(FailedPreconditionError, match="has no mean before it is built"):
        _ = layers.Normalization().mean
