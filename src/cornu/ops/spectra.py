"""Fourier and cosine transforms of tensors, complex ones included, over the last axes or over named ones."""

import jax.numpy as jnp
import numpy as np

from cornu._base.errors import InvalidArgumentError
from cornu.core.dispatch import op

_KINDS = {"fft": jnp.fft.fftn, "ifft": jnp.fft.ifftn, "rfft": jnp.fft.rfftn, "irfft": jnp.fft.irfftn}


@op(static="kind axes")
def fourier(x, kind, axes, lengths=None, norm=None):
    """`kind` "fft", "ifft", "rfft" or "irfft" over `axes`, cut or filled up with zeros to `lengths`; "rfft" halves the last."""
    if kind in ("rfft", "irfft") and lengths is not None:
        x = _sized(x, axes, [n if kind == "rfft" or axis != axes[-1] else n // 2 + 1 for n, axis in zip(lengths, axes)])
    return _KINDS[kind](x, lengths, axes, norm)


def _sized(x, axes, lengths):
    for axis, length in zip(axes, lengths, strict=True):
        if x.shape[axis] < length:
            around = [(0, 0)] * x.ndim
            around[axis] = (0, length - x.shape[axis])
            x = jnp.pad(x, around)
        else:
            x = jnp.take(x, jnp.arange(length), axis)
    return x


@op
def cosine_transform(x, type=2, norm=None):
    """Discrete cosine transform of `type` 1 to 4 along the last axis. Shape: (..., n), kept.

    Args: norm: None, or "ortho", which makes the transform its own inverse's transpose.
    """
    size = x.shape[-1]
    if type == 1:
        if norm is not None or size < 2:
            raise InvalidArgumentError("dct: expected norm=None and at least two entries for type 1.")
        mirrored = jnp.concatenate([x, x[..., -2:0:-1]], -1)
        return jnp.real(jnp.fft.rfft(mirrored)).astype(x.dtype)
    if type == 2:
        turn = jnp.asarray(2 * np.exp(-0.5j * np.pi * np.arange(size) / size), _complex_of(x.dtype))
        found = jnp.real(jnp.fft.rfft(x, 2 * size)[..., :size] * turn).astype(x.dtype)
        return found * jnp.asarray(_ortho(size), x.dtype) if norm == "ortho" else found
    if type == 3:
        weights = (
            np.where(np.arange(size) == 0, np.sqrt(1 / size), np.sqrt(2 / size)) if norm == "ortho" else _plain(size)
        )
        turn = jnp.asarray(weights * np.exp(0.5j * np.pi * np.arange(size) / size), _complex_of(x.dtype))
        padded = jnp.concatenate([x * turn, jnp.zeros((*x.shape[:-1], size), turn.dtype)], -1)
        return jnp.real(jnp.fft.ifft(padded) * 2 * size)[..., :size].astype(x.dtype)
    found = _cosines_at_odd_places(x)
    return found * jnp.asarray(np.sqrt(0.5 / size), x.dtype) if norm == "ortho" else found


def _cosines_at_odd_places(x):
    """Type 4: every second entry of type 2 of twice as many entries, the additional ones 0."""
    size = x.shape[-1]
    spread = jnp.zeros((*x.shape[:-1], 2 * size), x.dtype).at[..., :size].set(x)
    return cosine_transform.raw(spread, 2)[..., 1::2]


def _ortho(size):
    return np.where(np.arange(size) == 0, 0.5, np.sqrt(0.5)) * np.sqrt(1 / size)


def _plain(size):
    return np.where(np.arange(size) == 0, 1.0, 2.0)


def _complex_of(dtype):
    return jnp.complex128 if dtype == jnp.float64 else jnp.complex64


@op(static="length step")
def windows_of(x, length, step):
    """Pieces of `length` entries, `step` apart, along the last axis. Shape: (..., n) -> (..., pieces, length)."""
    count = max(0, 1 + (x.shape[-1] - length) // step)
    places = np.arange(count)[:, None] * step + np.arange(length)
    return jnp.take(x, places.astype(np.int32), -1)


@op(static="step")
def overlapped_sum(x, step):
    """Pieces laid `step` apart and added up. Shape: (..., pieces, length) -> (..., (pieces - 1) * step + length)."""
    count, length = x.shape[-2:]
    places = np.arange(count)[:, None] * step + np.arange(length)
    total = jnp.zeros((*x.shape[:-2], max(count - 1, 0) * step + length), x.dtype)
    return total.at[..., places].add(x)
