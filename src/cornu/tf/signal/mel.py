"""The mel scale of `tf.signal`: frequencies as the ear tells them apart. Source: O'Shaughnessy 1987; tf.signal."""

from typing import Any

import numpy as np

from cornu import ops
from cornu._base.errors import InvalidArgumentError
from cornu.core.tensor import Tensor, convert_to_tensor
from cornu.tf.signal.transforms import dct


def linear_to_mel_weight_matrix(
    num_mel_bins: Any = 20,
    num_spectrogram_bins: Any = 129,
    sample_rate: Any = 8000,
    lower_edge_hertz: Any = 125.0,
    upper_edge_hertz: Any = 3800.0,
    dtype: Any = "float32",
    name: str | None = None,
) -> Tensor:
    """Weights that turn a spectrogram into one with triangular bands of equal width on the mel scale; frequency 0 has none.

    Shape: (num_spectrogram_bins, num_mel_bins). Raises: InvalidArgumentError on edges that are not rising below half the rate.
    Source: tf.signal.linear_to_mel_weight_matrix.
    """
    bins, count, rate = int(num_spectrogram_bins), int(num_mel_bins), float(sample_rate)
    low, high = float(lower_edge_hertz), float(upper_edge_hertz)
    if count < 1 or bins < 1 or not 0 <= low < high <= rate / 2:
        raise InvalidArgumentError(
            "linear_to_mel_weight_matrix: expected positive numbers of bins and edges "
            f"0 <= lower < upper <= {rate / 2}; received "
            f"{count}, {bins} bins and edges {low}, {high}."
        )
    frequencies = _mel(np.linspace(0, rate / 2, bins)[1:])[:, None]
    edges = np.linspace(_mel(low), _mel(high), count + 2)
    left, middle, right = edges[:-2], edges[1:-1], edges[2:]
    rising, falling = (frequencies - left) / (middle - left), (right - frequencies) / (right - middle)
    weights = np.maximum(0, np.minimum(rising, falling))
    return convert_to_tensor(np.pad(weights, [[1, 0], [0, 0]]), dtype)


def _mel(hertz: Any) -> Any:
    return 1127 * np.log(1 + np.asarray(hertz) / 700)


def mfccs_from_log_mel_spectrograms(log_mel_spectrograms: Any, name: str | None = None) -> Any:
    """Cepstral coefficients: the orthogonal cosine transform as HTK scales it. Shape: (..., bins), kept.

    Source: tf.signal.mfccs_from_log_mel_spectrograms.
    """
    x = ops.convert_to_tensor(log_mel_spectrograms)
    return ops.multiply(dct(x, type=2), float(1 / np.sqrt(2.0 * x.shape[-1])))
