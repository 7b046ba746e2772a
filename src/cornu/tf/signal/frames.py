"""Signals in overlapping pieces: short-time Fourier and modified cosine transforms. Source: tf.signal."""

import math
from collections.abc import Callable
from typing import Any

from cornu import ops
from cornu._base.errors import InvalidArgumentError
from cornu.core import strict_dtypes
from cornu.ops.spectra import overlapped_sum, windows_of
from cornu.tf.signal.transforms import dct, irfft, rfft
from cornu.tf.signal.windows import hann_window, vorbis_window


def frame(
    signal: Any,
    frame_length: Any,
    frame_step: Any,
    pad_end: bool = False,
    pad_value: Any = 0,
    axis: int = -1,
    name: str | None = None,
) -> Any:
    """Pieces of `frame_length` entries, `frame_step` apart; `pad_end` fills up the last ones with `pad_value`.

    Shape: (..., n, ...) -> (..., pieces, frame_length, ...). Raises: InvalidArgumentError on lengths below 1.
    Source: tf.signal.frame.
    """
    length, step = _sizes("frame", frame_length, frame_step)
    x = ops.convert_to_tensor(signal)
    axis %= len(x.shape)
    x = ops.moveaxis(x, axis, -1)
    if pad_end:
        count = -(-x.shape[-1] // step)
        missing = max(0, (count - 1) * step + length - x.shape[-1])
        x = ops.pad(x, [*[(0, 0)] * (len(x.shape) - 1), (0, missing)], constant_values=pad_value)
    pieces = windows_of(x, length, step)
    return ops.moveaxis(pieces, (-2, -1), (axis, axis + 1))


def overlap_and_add(signal: Any, frame_step: Any, name: str | None = None) -> Any:
    """Pieces laid `frame_step` apart and added up. Shape: (..., pieces, length) -> (..., (pieces - 1) * step + length).

    Source: tf.signal.overlap_and_add.
    """
    x = ops.convert_to_tensor(signal)
    if len(x.shape) < 2:
        raise InvalidArgumentError(
            f"overlap_and_add: expected pieces (..., pieces, length); received shape {tuple(x.shape)}."
        )
    return overlapped_sum(x, int(frame_step))


def stft(
    signals: Any,
    frame_length: Any,
    frame_step: Any,
    fft_length: Any = None,
    window_fn: Callable | None = hann_window,
    pad_end: bool = False,
    name: str | None = None,
) -> Any:
    """Fourier transform of overlapping pieces, by default of the least power of 2 that holds one.

    Shape: (..., n) -> (..., pieces, fft_length // 2 + 1). Source: tf.signal.stft.
    """
    length, step = _sizes("stft", frame_length, frame_step)
    x = strict_dtypes.floating("stft", signals)
    pieces = frame(x, length, step, pad_end)
    if window_fn is not None:
        pieces = ops.multiply(pieces, window_fn(length, dtype=x.dtype))
    return rfft(pieces, [_enclosing(length) if fft_length is None else int(fft_length)])


def inverse_stft(
    stfts: Any,
    frame_length: Any,
    frame_step: Any,
    fft_length: Any = None,
    window_fn: Callable | None = hann_window,
    name: str | None = None,
) -> Any:
    """The signal of its `stft`, exact with `inverse_stft_window_fn` as the window. Shape: (..., pieces, bins) -> (..., n).

    Source: tf.signal.inverse_stft.
    """
    length, step = _sizes("inverse_stft", frame_length, frame_step)
    pieces = irfft(stfts, [_enclosing(length) if fft_length is None else int(fft_length)])
    size = pieces.shape[-1]
    if size >= length:
        pieces = pieces[..., :length]
    else:
        pieces = ops.pad(pieces, [*[(0, 0)] * (len(pieces.shape) - 1), (0, length - size)])
    if window_fn is not None:
        pieces = ops.multiply(pieces, window_fn(length, dtype=pieces.dtype))
    return overlap_and_add(pieces, step)


def mdct(
    signals: Any,
    frame_length: Any,
    window_fn: Callable | None = vorbis_window,
    pad_end: bool = False,
    norm: Any = None,
    name: str | None = None,
) -> Any:
    """Modified cosine transform of pieces that overlap by half. Shape: (..., n) -> (..., pieces, frame_length // 2).

    Raises: InvalidArgumentError unless 4 divides `frame_length`. Source: Princen et al. 1987; tf.signal.mdct.
    """
    length = int(frame_length)
    if length < 4 or length % 4:
        raise InvalidArgumentError(f"mdct: expected a frame_length that 4 divides; received {length}.")
    x, half = strict_dtypes.floating("mdct", signals), length // 2
    pieces = ops.multiply(frame(x, length, half, pad_end), _mdct_window(window_fn, length, x.dtype))
    a, b, c, d = (pieces[..., i * half // 2 : (i + 1) * half // 2] for i in range(4))
    first = ops.subtract(ops.negative(ops.flip(c, -1)), d)
    return dct(ops.concatenate([first, ops.subtract(a, ops.flip(b, -1))], -1), type=4, norm=norm)


def inverse_mdct(
    mdcts: Any, window_fn: Callable | None = vorbis_window, norm: Any = None, name: str | None = None
) -> Any:
    """The signal of its `mdct`; the first and last half piece stay aliased. Shape: (..., pieces, m) -> (..., (pieces + 1) * m).

    Source: tf.signal.inverse_mdct.
    """
    x = strict_dtypes.floating("inverse_mdct", mdcts)
    half = x.shape[-1]
    spread = dct(x, type=4, norm=norm)
    spread = spread if norm == "ortho" else ops.multiply(spread, 0.5 / half)
    first, second = spread[..., : half // 2], spread[..., half // 2 :]
    turned = ops.negative(ops.flip(first, -1))
    pieces = ops.concatenate([second, ops.negative(ops.flip(second, -1)), turned, ops.negative(first)], -1)
    pieces = ops.multiply(pieces, _mdct_window(window_fn, 2 * half, x.dtype))
    return overlap_and_add(pieces, half)


def _mdct_window(window_fn: Callable | None, length: int, dtype: Any) -> Any:
    if window_fn is None:
        return ops.full((length,), math.sqrt(0.5), dtype)
    return window_fn(length, dtype=dtype)


def _sizes(name: str, length: Any, step: Any) -> tuple[int, int]:
    sizes = int(length), int(step)
    if min(sizes) < 1:
        raise InvalidArgumentError(f"{name}: expected frame_length and frame_step of at least 1; received {sizes}.")
    return sizes


def _enclosing(length: int) -> int:
    return 1 << (length - 1).bit_length()
