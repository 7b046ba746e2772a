"""STFTSpectrogram: sounds as spectra over time, by a convolution with windowed waves."""

from typing import Any

import numpy as np

from cornu import ops
from cornu._base.errors import InvalidArgumentError
from cornu.layers import arguments
from cornu.layers.arguments import choice, positive_int
from cornu.layers.base import Layer
from cornu.layers.catalog import LAYERS
from cornu.layers.input_spec import InputSpec
from cornu.layers.preprocessing.window_shapes import window_shape

_MODES = ("log", "magnitude", "psd", "real", "imag", "angle", "stft")
_SMALLEST = 1e-7  # power, before roots and logarithms


@LAYERS.add()
class STFTSpectrogram(Layer):
    """The spectrum of every frame of a sound. The waves are weights, which training may change.

    Args:
        mode: "log" of the magnitude, "magnitude", "psd" (its square), "real", "imag", "angle", or "stft": real and
            imaginary parts one after the other.
        frame_length: Entries of a frame.
        frame_step: From one frame to the next; default half a frame.
        fft_length: Points of the transform; default the next power of two.
        window: A name such as "hann", `frame_length` numbers, or None.
        periodic: The window goes on periodically; False: it is symmetric.
        scaling: "density", "spectrum" or None: of the window, if there is one.
        padding: "valid", or "same": frames at the ends are filled up with zeros.
        expand_dims: Spectra of several channels stay apart, in an axis of their own.
        data_format: "channels_last" or "channels_first"; default the configured one.

    Shape: (n, time, channels) -> (n, frames, channels * frequencies); with expand_dims (n, frames, frequencies, channels);
    with channels first the last axis comes second.
    Source: keras.layers.STFTSpectrogram.
    """

    def __init__(
        self, mode: str = "log", frame_length: int = 256, frame_step: int | None = None, fft_length: int | None = None,
        window: Any = "hann", periodic: bool = False, scaling: str | None = "density", padding: str = "valid",
        expand_dims: bool = False, data_format: str | None = None, **common: Any,
    ):  # fmt: skip
        super().__init__(**common)
        self.mode, self.padding = choice("mode", mode, _MODES), choice("padding", padding, ("valid", "same"))
        self.frame_length = positive_int("frame_length", frame_length)
        self.frame_step = None if frame_step is None else positive_int("frame_step", frame_step)
        if self.frame_step is not None and self.frame_step > frame_length:
            raise InvalidArgumentError(
                f"Expected frame_step of at most frame_length={frame_length}; received {frame_step}."
            )
        self.fft_length = None if fft_length is None else positive_int("fft_length", fft_length)
        if self.fft_length is not None and self.fft_length < frame_length:
            raise InvalidArgumentError(
                f"Expected fft_length of at least frame_length={frame_length}; received {fft_length}."
            )
        self.scaling = None if scaling is None else choice("scaling", scaling, ("density", "spectrum"))
        self.window, self.periodic, self.expand_dims = window, bool(periodic), bool(expand_dims)
        self.data_format = arguments.data_format(data_format)
        self._window = self._window_numbers()
        self.input_spec = InputSpec(ndim=3)

    def _window_numbers(self) -> np.ndarray:
        length = self.frame_length
        if self.window is None:
            window = np.ones(length)
        elif isinstance(self.window, str):
            window = window_shape(self.window, length, self.periodic)
        else:
            window = np.asarray(self.window, "float64")
        if window.shape != (length,):
            raise InvalidArgumentError(
                f"Expected a window of frame_length={length} numbers; received shape {window.shape}."
            )
        if self.window is None:
            return window
        if self.scaling == "density":
            return window / np.sqrt(np.sum(window**2))
        return window / np.sum(window) if self.scaling == "spectrum" else window

    @property
    def _points(self) -> int:
        return self.fft_length or 1 << (self.frame_length - 1).bit_length()

    def build(self, input_shape):
        frequencies = self._points // 2 + 1
        # Spread from 0 to half the sampling rate, as Keras does also where an odd fft_length has no such frequency.
        angle = np.outer(np.arange(self.frame_length), np.linspace(0, np.pi, frequencies))
        shape = (self.frame_length, 1, frequencies)
        for name, wave in (("real", np.cos(angle)), ("imag", -np.sin(angle))):
            if {"real": "imag", "imag": "real"}[name] == self.mode:
                continue
            values = (self._window[:, None] * wave).reshape(shape)
            kernel = self.add_weight(f"{name}_kernel", shape, lambda *_, values=values, **__: values)
            setattr(self, f"{name}_kernel", kernel)

    def call(self, inputs):
        x = inputs if self.data_format == "channels_first" else ops.transpose(inputs, (0, 2, 1))
        batch, channels, time = ops.shape(x)
        x = ops.reshape(x, (batch * channels, time, 1))  # (n * channels, time, 1)
        y = self._spectrum(x)
        frames, features = y.shape[1:]
        y = ops.reshape(y, (batch, channels, frames, features))
        if self.expand_dims:
            return y if self.data_format == "channels_first" else ops.transpose(y, (0, 2, 3, 1))
        y = ops.reshape(ops.transpose(y, (0, 2, 1, 3)), (batch, frames, channels * features))
        return ops.transpose(y, (0, 2, 1)) if self.data_format == "channels_first" else y

    def _spectrum(self, x: Any) -> Any:
        step = self.frame_step or max(self.frame_length // 2, 1)

        def part(kernel: Any) -> Any:
            return ops.conv(x, kernel, strides=step, padding=self.padding, data_format="channels_last")

        if self.mode == "real":
            return part(self.real_kernel)
        if self.mode == "imag":
            return part(self.imag_kernel)
        real, imaginary = part(self.real_kernel), part(self.imag_kernel)
        if self.mode == "stft":
            return ops.concatenate([real, imaginary], axis=-1)
        if self.mode == "angle":
            return ops.arctan2(imaginary, real)
        power = ops.square(real) + ops.square(imaginary)
        if self.mode == "psd":  # negative frequencies are counted with the positive ones
            both = np.full(power.shape[-1], 2.0)
            both[[0, -1]] = 1.0
            return power * ops.cast(ops.convert_to_tensor(both), power.dtype)
        power = ops.maximum(power, _SMALLEST)
        return ops.sqrt(power) if self.mode == "magnitude" else ops.log(power) / 2

    def get_config(self):
        """The arguments; numbers of a window as a list."""
        config = super().get_config()
        plain = self.window is None or isinstance(self.window, str)
        return {**config, "window": self.window if plain else np.asarray(self.window).tolist()}
