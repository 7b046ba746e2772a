"""CategoryEncoding, Discretization, Hashing and HashedCrossing: what is refused, graphs, compiled functions, copies."""

import copy

import numpy as np
import pytest

import cornu
from cornu import layers
from cornu._base.errors import FailedPreconditionError, InvalidArgumentError, InvalidTypeError
from cornu.data import Dataset
from cornu.layers.preprocessing.hash_bins import bins_of
from cornu.layers.preprocessing.quantile_sketch import QuantileSketch


def test_weighted_counts():
    layer = layers.CategoryEncoding(4, "count")
    found = layer([[0, 1], [3, 3]], count_weights=[[0.5, 0.25], [1.0, 2.0]])
    assert found.numpy().tolist() == [[0.5, 0.25, 0, 0], [0, 0, 0, 3]]
    with pytest.raises(InvalidArgumentError, match="count_weights only with output_mode='count'"):
        layers.CategoryEncoding(4)([[0]], count_weights=[[1.0]])


def test_category_encoding_refuses():
    with pytest.raises(InvalidArgumentError, match="0 or more .* received -1"):
        layers.CategoryEncoding(4)([[0, -1]])
    with pytest.raises(InvalidArgumentError, match="num_tokens, the number of categories; received None"):
        layers.CategoryEncoding()
    with pytest.raises(InvalidArgumentError, match="num_tokens as a positive integer"):
        layers.CategoryEncoding(0)
    with pytest.raises(InvalidArgumentError, match="tensors are dense here; received sparse=True"):
        layers.CategoryEncoding(4, sparse=True)


@pytest.mark.parametrize("mode, shape", [("multi_hot", (None, 4)), ("count", (None, 4)), ("one_hot", (None, 3, 4))])
def test_symbolic_compiled_and_eager_agree(mode, shape):
    layer = layers.CategoryEncoding(4, mode)
    data = np.array([[0, 2, 2], [3, 1, 0]])
    model = cornu.Sequential([cornu.Input((3,), dtype="int64"), layer])
    assert tuple(model.output.shape) == shape
    np.testing.assert_array_equal(model.predict(data, verbose=0), layer(data).numpy())


def test_discretization_refuses():
    with pytest.raises(InvalidArgumentError, match="either bin_boundaries or num_bins; received None and None"):
        layers.Discretization()
    with pytest.raises(InvalidArgumentError, match=r"rising bin_boundaries; received \[2.0, 1.0\]"):
        layers.Discretization([2.0, 1.0])
    with pytest.raises(FailedPreconditionError, match="has no bin_boundaries: call adapt"):
        layers.Discretization(num_bins=3)([1.0])
    with pytest.raises(FailedPreconditionError, match="were given, so it cannot adapt"):
        layers.Discretization([1.0]).adapt([1.0])
    with pytest.raises(InvalidArgumentError, match="received none"):
        layers.Discretization(num_bins=2).adapt(np.empty((0, 1)))


def test_compiled_programs_see_edges_that_are_found_later():
    layer = layers.Discretization(num_bins=3)
    layer.adapt(np.arange(30.0)[:, None])
    model = cornu.Sequential([cornu.Input((1,)), layer])
    data = np.array([[5.0], [15.0], [25.0]])
    assert model.predict(data, verbose=0).tolist() == [[0], [1], [2]]
    layer.adapt(Dataset.from_tensor_slices(np.arange(300.0)[:, None]).batch(32))
    assert model.predict(data * 10, verbose=0).tolist() == [[0], [1], [2]]
    assert model.predict(data, verbose=0).tolist() == [[0], [0], [0]]
    assert layer.weights == []
    np.testing.assert_array_equal(copy.deepcopy(layer)(data * 10).numpy(), [[0], [1], [2]])


def test_fewer_points_than_bins():
    layer = layers.Discretization(num_bins=8, output_mode="one_hot")
    layer.adapt([1.0, 2.0, 3.0])
    assert layer.bin_boundaries == [1.0, 2.0]
    assert layer([[0.0], [9.0]]).numpy().tolist() == [[1, 0, 0], [0, 0, 1]]


def test_a_sketch_of_many_numbers_knows_their_quantiles():
    sketch, rng = QuantileSketch(0.01), np.random.RandomState(0)
    for _ in range(30):
        sketch.add(rng.uniform(size=1000))
    np.testing.assert_allclose(sketch.quantiles(4), [0.25, 0.5, 0.75], atol=0.03)
    assert len(sketch.points) == 100


def test_hashing_refuses():
    with pytest.raises(InvalidArgumentError, match="num_bins as a positive integer"):
        layers.Hashing(0)
    with pytest.raises(InvalidArgumentError, match="salt as an integer or two of them"):
        layers.Hashing(3, salt=[1, 2, 3])
    with pytest.raises(InvalidArgumentError, match="integer dtype for output_mode='int'; received dtype='float32'"):
        layers.Hashing(3, dtype="float32")


def test_equal_things_share_a_bin_whatever_their_type():
    assert bins_of(np.array([12, -3]), 10**6).tolist() == bins_of(np.array([b"12", "-3"], object), 10**6).tolist()
    assert bins_of(np.array([True]), 10**6).tolist() == bins_of(np.array([b"true"], object), 10**6).tolist()
    assert bins_of(np.array([1.5]), 10**6).tolist() == bins_of(np.array([b"1.500000"], object), 10**6).tolist()


def test_integers_are_hashed_inside_of_compiled_functions():
    layer = layers.Hashing(100, salt=4)
    data = cornu.ops.convert_to_tensor([[1, 2], [3, 4]])
    eager = layer(data).numpy()
    np.testing.assert_array_equal(cornu.function(lambda x: layer(x))(data).numpy(), eager)
    mapped = Dataset.from_tensor_slices(data.numpy()).map(layer)
    np.testing.assert_array_equal([row.numpy() for row in mapped], eager)


def test_crossing_refuses():
    layer = layers.HashedCrossing(5)
    with pytest.raises(InvalidArgumentError, match="two or more features to cross; received one tensor"):
        layer(np.array(["a"]))
    with pytest.raises(InvalidArgumentError, match="two or more features to cross; received 1"):
        layer([np.array(["a"])])
    with pytest.raises(InvalidArgumentError, match=r"one shape, \(batch,\), \(batch, 1\) or \(\)"):
        layer([np.ones((2, 2), int), np.ones((2, 2), int)])
    with pytest.raises(InvalidTypeError, match="text or integers to cross; received dtype float32"):
        layers.HashedCrossing(5)([np.array(["a"]), np.array([1.5], "float32")])
    with pytest.raises(InvalidArgumentError, match="output_mode as one of 'int' or 'one_hot'"):
        layers.HashedCrossing(5, output_mode="count")


@pytest.mark.parametrize(
    "window, message", [("hanning", "Unknown window: 'hanning'"), (np.ones(3), "a window of frame_length=8 numbers")]
)
def test_spectrogram_refuses_windows(window, message):
    with pytest.raises(InvalidArgumentError, match=message):
        layers.STFTSpectrogram(frame_length=8, window=window)


def test_spectrograms_refuse():
    with pytest.raises(InvalidArgumentError, match="frame_step of at most frame_length=8; received 9"):
        layers.STFTSpectrogram(frame_length=8, frame_step=9)
    with pytest.raises(InvalidArgumentError, match="fft_length of at least frame_length=8; received 4"):
        layers.STFTSpectrogram(frame_length=8, fft_length=4)
    with pytest.raises(InvalidArgumentError, match="an input with 3 dimensions"):
        layers.STFTSpectrogram(frame_length=8)(np.ones((2, 20)))
    with pytest.raises(InvalidArgumentError, match="fft_length of at least sequence_length=4000"):
        layers.MelSpectrogram(sequence_length=4000)


def test_a_tone_is_heard_in_its_bands():
    time = np.arange(4000) / 8000
    tone = np.sin(2 * np.pi * 1000 * time).astype("float32")
    spectrum = layers.STFTSpectrogram(frame_length=256, mode="psd")(tone[None, :, None]).numpy()
    assert set(spectrum[0].argmax(axis=-1)) == {1000 * 256 // 8000}
    bands = layers.MelSpectrogram(fft_length=512, sampling_rate=8000, num_mel_bins=20, min_freq=0.0)(tone).numpy()
    edges = np.linspace(0, 2595 * np.log10(1 + 4000 / 700), 22)
    heard = 700 * (10 ** (edges[bands.mean(axis=1).argmax() + 1] / 2595) - 1)
    assert abs(heard - 1000) < 100
