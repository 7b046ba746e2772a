"""Fourier transforms. Complex tensors are pairs (real part, imaginary part), as in Keras."""

import jax.numpy as jnp
import numpy as np

from cornu.core.dispatch import op
from cornu.ops.shaping import frames


def _complex(x):
    if not isinstance(x, (list, tuple)) or len(x) != 2:
        raise ValueError("expected a pair (real part, imaginary part)")
    real, imaginary = x
    if real.shape != imaginary.shape:
        raise ValueError("expected real and imaginary part of one shape")
    if not jnp.issubdtype(real.dtype, jnp.floating) or not jnp.issubdtype(imaginary.dtype, jnp.floating):
        raise ValueError("expected real and imaginary part to be floating")
    return real + 1j * imaginary


def _pair(z):
    return jnp.real(z), jnp.imag(z)


@op(nests="x")
def fft(x):
    """Discrete Fourier transform along the last axis."""
    return _pair(jnp.fft.fft(_complex(x)))


@op(nests="x")
def fft2(x):
    """Discrete Fourier transform along the last two axes."""
    return _pair(jnp.fft.fft2(_complex(x)))


@op(nests="x")
def ifft2(x):
    """Inverse of `fft2`."""
    return _pair(jnp.fft.ifft2(_complex(x)))


@op
def rfft(x, fft_length=None):
    """Transform of real numbers along the last axis, cut or padded to `fft_length`. Shape: (..., n) -> (..., n // 2 + 1)."""
    return _pair(jnp.fft.rfft(x, fft_length))


@op(nests="x")
def irfft(x, fft_length=None):
    """Inverse of `rfft`. Shape: (..., m) -> (..., fft_length), default 2 (m - 1)."""
    return jnp.fft.irfft(_complex(x), fft_length)


def _window(window, length, fft_length, dtype):
    """The window of `length` points in the middle of `fft_length`."""
    left = (fft_length - length) // 2
    if window is None:
        return jnp.ones(fft_length, dtype)
    if isinstance(window, str):
        if window not in ("hann", "hamming"):
            raise ValueError(f"expected window to be 'hann', 'hamming', None or a tensor, received {window!r}")
        level = 0.5 if window == "hann" else 0.54
        window = level - (1 - level) * np.cos(2 * np.pi * np.arange(length) / length)  # periodic
    window = np.asarray(window)
    if window.shape != (length,):
        raise ValueError(f"expected a window of sequence_length={length} points, received shape {window.shape}")
    return jnp.asarray(np.pad(window, (left, fft_length - length - left)), dtype)


def _check_lengths(sequence_length, fft_length):
    if fft_length < sequence_length:
        raise ValueError(f"expected fft_length of at least sequence_length={sequence_length}, received {fft_length}")


@op(static="sequence_length sequence_stride fft_length")
def stft(x, sequence_length, sequence_stride, fft_length, window="hann", center=True):
    """Transform of overlapping windows along the last axis. Shape: (..., n) -> two of (..., windows, fft_length // 2 + 1).

    Args:
        window: "hann", "hamming", `sequence_length` numbers, or None: all `fft_length` entries count alike.
        center: the i-th window is centred at entry i * sequence_stride; the ends are reflected.
    """
    _check_lengths(sequence_length, fft_length)
    if center:
        x = jnp.pad(x, [(0, 0)] * (x.ndim - 1) + [(fft_length // 2, fft_length // 2)], "reflect")
    pieces = frames(x, fft_length, sequence_stride)
    return _pair(jnp.fft.rfft(pieces * _window(window, sequence_length, fft_length, x.dtype)))


@op(nests="x", static="sequence_length sequence_stride fft_length")
def istft(x, sequence_length, sequence_stride, fft_length, length=None, window="hann", center=True):
    """Inverse of `stft`, given the same arguments: windows are added up and divided by the sum of squared windows."""
    _check_lengths(sequence_length, fft_length)
    pieces = jnp.fft.irfft(_complex(x), fft_length)  # (..., windows, fft_length)
    count = pieces.shape[-2]
    total = (count - 1) * sequence_stride + fft_length
    places = np.arange(count)[:, None] * sequence_stride + np.arange(fft_length)
    shape = _window(window, sequence_length, fft_length, pieces.dtype)
    signal = jnp.zeros((*pieces.shape[:-2], total), pieces.dtype).at[..., places].add(pieces * shape)
    weight = jnp.zeros(total, pieces.dtype).at[places].add(shape * shape)
    signal = signal / jnp.where(weight > 1e-10, weight, 1)  # where no window reaches, the signal is 0 anyway
    start = fft_length // 2 if center else 0
    stop = total - (fft_length // 2 if center else 0) if length is None else start + length
    if stop > total:
        signal = jnp.pad(signal, [(0, 0)] * (signal.ndim - 1) + [(0, stop - total)])
    return signal[..., start:stop]
