"""MelSpectrogram: sounds as the power in bands that sound equally wide, over time."""

from typing import Any

import numpy as np

from cornu import ops
from cornu._base.errors import InvalidArgumentError
from cornu.core import dtypes
from cornu.layers.arguments import at_least, positive_int
from cornu.layers.base import Layer
from cornu.layers.catalog import LAYERS


def mel(hertz: Any) -> Any:
    """Pitch of a frequency. Source: O'Shaughnessy, 1987: `2595 log10(1 + f / 700)`."""
    return 2595 * np.log10(1 + np.asarray(hertz, "float64") / 700)


@LAYERS.add()
class MelSpectrogram(Layer):
    """`|stft(sound)| ** mag_exp` in bands of equal width in mel, in decibels with `power_to_db`.

    Args:
        fft_length, sequence_stride, sequence_length, window: as for `ops.stft`; sequence_length is fft_length by default.
        sampling_rate: Entries of a second.
        num_mel_bins: Number of bands, between `min_freq` and `max_freq` (default half the sampling rate) in hertz.
        power_to_db: `10 log10` of the power over `ref_power`, with at least `min_power`, and at most `top_db` below the
            loudest entry of all.
        mag_exp: 2 for power, 1 for magnitude.

    Shape: (..., time) -> (..., num_mel_bins, frames).
    Raises: InvalidArgumentError if `fft_length` is smaller than `sequence_length`.
    Source: keras.layers.MelSpectrogram.
    """

    def __init__(
        self, fft_length: int = 2048, sequence_stride: int = 512, sequence_length: int | None = None, window: Any = "hann",
        sampling_rate: int = 16000, num_mel_bins: int = 128, min_freq: float = 20.0, max_freq: float | None = None,
        power_to_db: bool = True, top_db: float = 80.0, mag_exp: float = 2.0, min_power: float = 1e-10,
        ref_power: float = 1.0, **common: Any,
    ):  # fmt: skip
        super().__init__(**common)
        self.fft_length = positive_int("fft_length", fft_length)
        self.sequence_stride = positive_int("sequence_stride", sequence_stride)
        self.sequence_length = positive_int("sequence_length", sequence_length or fft_length)
        if self.fft_length < self.sequence_length:
            raise InvalidArgumentError(
                f"Expected fft_length of at least sequence_length={self.sequence_length}; received {fft_length}."
            )
        self.window, self.sampling_rate = window, at_least("sampling_rate", sampling_rate, 1)
        self.num_mel_bins = positive_int("num_mel_bins", num_mel_bins)
        self.min_freq = at_least("min_freq", min_freq, 0)
        self.max_freq = int(sampling_rate / 2) if max_freq is None else max_freq
        self.power_to_db, self.top_db, self.mag_exp = bool(power_to_db), at_least("top_db", top_db, 0), mag_exp
        self.min_power, self.ref_power = min_power, ref_power

    def call(self, inputs):
        x = inputs if inputs.dtype in ("float32", "float64") else ops.cast(inputs, "float32")  # no half transforms
        real, imaginary = ops.stft(
            x, sequence_length=self.sequence_length, sequence_stride=self.sequence_stride,
            fft_length=self.fft_length, window=self.window,
        )  # fmt: skip
        power = (ops.square(real) + ops.square(imaginary)) ** (self.mag_exp / 2)
        matrix = self.linear_to_mel_weight_matrix(
            self.num_mel_bins, self.fft_length // 2 + 1, self.sampling_rate, self.min_freq, self.max_freq,
            x.dtype,
        )  # fmt: skip
        bands = ops.swapaxes(ops.matmul(power, matrix), -1, -2)
        return ops.cast(self._decibels(bands) if self.power_to_db else bands, self.compute_dtype)

    def _decibels(self, power: Any) -> Any:
        reference = float(10 * np.log10(max(abs(self.ref_power), self.min_power)))
        level = 10 * ops.log10(ops.maximum(power, self.min_power)) - reference
        return ops.maximum(level, ops.max(level) - self.top_db)

    def linear_to_mel_weight_matrix(
        self, num_mel_bins: int = 20, num_spectrogram_bins: int = 129, sampling_rate: float = 8000,
        lower_edge_hertz: float = 125.0, upper_edge_hertz: float = 3800.0, dtype: Any = "float32",
    ) -> Any:  # fmt: skip
        """What each frequency adds to each band: triangles over the mel scale, whose feet are their neighbours' tips.

        Shape: (num_spectrogram_bins, num_mel_bins). Source: tf.signal.linear_to_mel_weight_matrix.
        """
        pitch = mel(np.linspace(0, sampling_rate / 2, num_spectrogram_bins))[1:, None]  # without the constant part
        edges = np.linspace(mel(lower_edge_hertz), mel(upper_edge_hertz), num_mel_bins + 2)
        lower, center, upper = edges[:-2], edges[1:-1], edges[2:]
        weights = np.maximum(0, np.minimum((pitch - lower) / (center - lower), (upper - pitch) / (upper - center)))
        return ops.convert_to_tensor(np.pad(weights, ((1, 0), (0, 0))), dtype=dtypes.name(dtype))

    def get_config(self):
        """The arguments; numbers of a window as a list."""
        config = super().get_config()
        plain = self.window is None or isinstance(self.window, str)
        return {**config, "window": self.window if plain else np.asarray(self.window).tolist()}
