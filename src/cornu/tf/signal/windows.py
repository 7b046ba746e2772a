"""Windows of `tf.signal`: weights of the entries of a piece of a signal. Shape: (window_length,). Source: tf.signal."""

from collections.abc import Callable
from typing import Any

import numpy as np

from cornu._base.errors import InvalidArgumentError
from cornu.core import dtypes
from cornu.core.tensor import Tensor, convert_to_tensor


def hann_window(window_length: Any, periodic: bool = True, dtype: Any = "float32", name: str | None = None) -> Tensor:
    """`(1 - cos) / 2` over one turn. A periodic window repeats seamlessly; of odd length it is the symmetric one."""
    return _raised_cosine(window_length, periodic, dtype, 0.5)


def hamming_window(
    window_length: Any, periodic: bool = True, dtype: Any = "float32", name: str | None = None
) -> Tensor:
    """`0.54 - 0.46 cos` over one turn; otherwise as `hann_window`."""
    return _raised_cosine(window_length, periodic, dtype, 0.54)


def _raised_cosine(window_length: Any, periodic: bool, dtype: Any, level: float) -> Tensor:
    length = _length(window_length)
    if length == 1:
        return _tensor(np.ones(1), dtype)
    turn = length if periodic and length % 2 == 0 else length - 1
    return _tensor(level - (1 - level) * np.cos(2 * np.pi * np.arange(length) / turn), dtype)


def kaiser_window(window_length: Any, beta: float = 12.0, dtype: Any = "float32", name: str | None = None) -> Tensor:
    """`i0(beta * sqrt(1 - t**2)) / i0(beta)` for t from -1 to 1."""
    return _tensor(np.kaiser(_length(window_length), float(beta)), dtype)


def kaiser_bessel_derived_window(
    window_length: Any, beta: float = 12.0, dtype: Any = "float32", name: str | None = None
) -> Tensor:
    """Root of the running sum of a Kaiser window of half the length, and its mirror image: perfect for `mdct`."""
    half = _length(window_length) // 2
    total = np.cumsum(np.kaiser(half + 1, float(beta)))
    rising = np.sqrt(total[:-1] / total[-1])
    return _tensor(np.concatenate([rising, rising[::-1]]), dtype)


def vorbis_window(window_length: Any, dtype: Any = "float32", name: str | None = None) -> Tensor:
    """`sin(pi / 2 sin(t)**2)` for t from 0 to pi: perfect for `mdct`."""
    length = _length(window_length)
    return _tensor(np.sin(np.pi / 2 * np.sin(np.pi / length * (np.arange(length) + 0.5)) ** 2), dtype)


def inverse_stft_window_fn(
    frame_step: Any, forward_window_fn: Callable = hann_window, name: str | None = None
) -> Callable:
    """The window function with which `inverse_stft` undoes `stft` with the forward one and that step."""
    step = _length(frame_step)

    def inverse(frame_length: Any, dtype: Any) -> Tensor:
        """The forward window over the sum of squares of all that overlap."""
        length = _length(frame_length)
        window = np.asarray(forward_window_fn(length, dtype=dtype), np.float64)
        overlaps = -(-length // step)
        squares = np.pad(window**2, (0, overlaps * step - length)).reshape(overlaps, step).sum(0)
        total = np.tile(squares, overlaps)[:length]
        return _tensor(np.divide(window, total, out=np.zeros(length), where=total != 0), dtype)

    return inverse


def _length(value: Any) -> int:
    length = int(value)
    if length < 1:
        raise InvalidArgumentError(f"Expected a length of at least 1; received {length}.")
    return length


def _tensor(values: np.ndarray, dtype: Any) -> Tensor:
    dtype = dtypes.as_dtype(dtype)
    if not dtype.is_floating:
        raise InvalidArgumentError(f"Expected a floating dtype of a window; received {dtype.name}.")
    return convert_to_tensor(values, dtype)
