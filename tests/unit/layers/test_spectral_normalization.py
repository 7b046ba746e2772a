"""SpectralNormalization and Rescaling."""

import numpy as np
import pytest

import cornu
from cornu import layers
from cornu._base.errors import InvalidArgumentError, InvalidTypeError


def test_a_call_in_training_does_what_keras_does():
    layer = layers.SpectralNormalization(layers.Dense(3))
    x = np.ones((2, 4), "float32")
    layer(x)
    paths = [w.path.removeprefix(layer.name) for w in layer.weights]
    assert paths == [f"/{layer.layer.name}/kernel", "/vector_u", f"/{layer.layer.name}/bias"]
    rng = np.random.RandomState(0)
    layer.set_weights([rng.normal(size=w.shape) for w in layer.weights])
    np.testing.assert_allclose(layer(x).numpy()[0], [5.6993074, 3.7544808, 1.1473565], rtol=1e-6)  # of Keras 3.15
    np.testing.assert_allclose(layer(x, training=True).numpy()[0], [1.9866068, 2.1904166, 0.21149638], rtol=1e-5)
    kernel, u = layer.get_weights()[:2]
    np.testing.assert_allclose(kernel.ravel()[:4], [0.5434326, 0.12327212, 0.30150926, 0.6903278], rtol=1e-5)
    np.testing.assert_allclose(u[0], [0.88779354, 0.4167768, 0.19524284], rtol=1e-5)


def test_the_kernel_tends_to_spectral_norm_one():
    layer = layers.SpectralNormalization(layers.Conv2D(3, 2, kernel_initializer="he_normal"), power_iterations=3)
    for _ in range(6):
        layer(np.ones((1, 4, 4, 2), "float32"), training=True)
    kernel = layer.layer.kernel.numpy().reshape(-1, 3)
    assert np.linalg.norm(kernel, 2) == pytest.approx(1, rel=1e-3)


def test_what_cannot_be_is_said():
    with pytest.raises(InvalidArgumentError, match="Expected power_iterations as a positive integer"):
        layers.SpectralNormalization(layers.Dense(3), power_iterations=0)
    with pytest.raises(InvalidArgumentError, match="Expected a layer with a kernel or embeddings to normalize"):
        layers.SpectralNormalization(layers.ReLU())(np.ones((2, 3)))
    with pytest.raises(InvalidTypeError, match="Expected a layer for Wrapper; received 3"):
        layers.Wrapper(3)


def test_rescaling_takes_bytes_and_lists():
    pixels = np.array([[0, 255]], "uint8")
    np.testing.assert_allclose(layers.Rescaling(1 / 127.5, offset=-1)(pixels).numpy(), [[-1, 1]], rtol=1e-6)
    by_channel = layers.Rescaling([1, 2], offset=[0.0, 1.0])
    np.testing.assert_allclose(by_channel(np.ones((1, 2), "float32")).numpy(), [[1, 3]])
    again = layers.deserialize(layers.serialize(layers.Rescaling(np.array([1.0, 2.0]))))
    np.testing.assert_allclose(again(cornu.ops.ones((1, 2))).numpy(), [[1, 2]])
