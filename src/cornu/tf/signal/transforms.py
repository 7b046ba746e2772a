"""Fourier and cosine transforms of `tf.signal`. `fft_length`: sizes of the transformed axes, cut or filled up with zeros.

Raises: InvalidArgumentError on integers, or on lengths that do not fit the axes. Source: tf.signal.
"""

from collections.abc import Callable
from typing import Any

from cornu import ops
from cornu._base.errors import InvalidArgumentError
from cornu.core import strict_dtypes
from cornu.core.tensor import is_tensor
from cornu.ops.spectra import cosine_transform, fourier


def _complex(name: str, x: Any) -> Any:
    x = strict_dtypes.floating(name, x)
    return x if x.dtype.is_complex else ops.cast(x, "complex128" if x.dtype == "float64" else "complex64")


def _real(name: str, x: Any) -> Any:
    x = strict_dtypes.floating(name, x)
    if x.dtype.is_complex:
        raise InvalidArgumentError(f"{name}: expected real numbers; received {x.dtype.name}. Use tf.math.real.")
    return x if x.dtype in ("float32", "float64") else ops.cast(x, "float32")


def _full(name: str, kind: str, rank: int) -> Callable:
    def function(input: Any, name: str | None = None) -> Any:
        return fourier(_complex(title, input), kind, tuple(range(-rank, 0)))

    title = name
    inverse = "Inverse discrete" if kind == "ifft" else "Discrete"
    return _signed(function, name, f"{inverse} Fourier transform of complex numbers over the last {rank} axes.")


def _half(name: str, kind: str, rank: int) -> Callable:
    def function(input_tensor: Any, fft_length: Any = None, name: str | None = None) -> Any:
        x = (_real if kind == "rfft" else _complex)(title, input_tensor)
        return fourier(x, kind, tuple(range(-rank, 0)), lengths=_lengths(title, fft_length, rank))

    title = name
    text = (
        "Half of the Fourier transform of real numbers"
        if kind == "rfft"
        else "Real numbers of half of their transform,"
    )
    return _signed(function, name, f"{text} over the last {rank} axes; the last one has n // 2 + 1 entries of n.")


def _signed(function: Callable, name: str, text: str) -> Callable:
    function.__name__ = function.__qualname__ = name
    function.__doc__ = f"{text} Source: tf.signal.{name}."
    return function


fft, fft2d, fft3d = _full("fft", "fft", 1), _full("fft2d", "fft", 2), _full("fft3d", "fft", 3)
ifft, ifft2d, ifft3d = _full("ifft", "ifft", 1), _full("ifft2d", "ifft", 2), _full("ifft3d", "ifft", 3)
rfft, rfft2d, rfft3d = _half("rfft", "rfft", 1), _half("rfft2d", "rfft", 2), _half("rfft3d", "rfft", 3)
irfft, irfft2d, irfft3d = _half("irfft", "irfft", 1), _half("irfft2d", "irfft", 2), _half("irfft3d", "irfft", 3)


def fftnd(
    input_tensor: Any, fft_length: Any = None, axes: Any = None, norm: Any = None, name: str | None = None
) -> Any:
    """Discrete Fourier transform over `axes` (default: all). `norm`: None or "backward", "ortho", "forward"."""
    return _over_axes("fftnd", "fft", _complex("fftnd", input_tensor), fft_length, axes, norm)


def ifftnd(
    input_tensor: Any, fft_length: Any = None, axes: Any = None, norm: Any = None, name: str | None = None
) -> Any:
    """Inverse of `fftnd`."""
    return _over_axes("ifftnd", "ifft", _complex("ifftnd", input_tensor), fft_length, axes, norm)


def rfftnd(
    input_tensor: Any, fft_length: Any = None, axes: Any = None, norm: Any = None, name: str | None = None
) -> Any:
    """Half of the Fourier transform of real numbers over `axes` (default: all)."""
    return _over_axes("rfftnd", "rfft", _real("rfftnd", input_tensor), fft_length, axes, norm)


def irfftnd(
    input_tensor: Any, fft_length: Any = None, axes: Any = None, norm: Any = None, name: str | None = None
) -> Any:
    """Inverse of `rfftnd`."""
    return _over_axes("irfftnd", "irfft", _complex("irfftnd", input_tensor), fft_length, axes, norm)


def _over_axes(name: str, kind: str, x: Any, fft_length: Any, axes: Any, norm: Any) -> Any:
    if norm not in (None, "backward", "ortho", "forward"):
        raise InvalidArgumentError(f"{name}: expected norm None, 'backward', 'ortho' or 'forward'; received {norm!r}.")
    chosen = tuple(range(len(x.shape))) if axes is None else _integers(axes)
    return fourier(x, kind, chosen, lengths=_lengths(name, fft_length, len(chosen)), norm=norm)


def _lengths(name: str, fft_length: Any, rank: int) -> tuple[int, ...] | None:
    if fft_length is None:
        return None
    lengths = _integers(fft_length)
    if len(lengths) != rank:
        raise InvalidArgumentError(f"{name}: expected fft_length with {rank} numbers; received {lengths}.")
    return lengths


def _integers(values: Any) -> tuple[int, ...]:
    values = ops.convert_to_numpy(values).tolist() if is_tensor(values) or hasattr(values, "__array__") else values
    return tuple(int(each) for each in values) if isinstance(values, (list, tuple)) else (int(values),)


def fftshift(x: Any, axes: Any = None, name: str | None = None) -> Any:
    """The entry of frequency 0 in the middle of `axes` (default: all). Source: tf.signal.fftshift."""
    return _shift(x, axes, lambda n: n // 2)


def ifftshift(x: Any, axes: Any = None, name: str | None = None) -> Any:
    """Inverse of `fftshift`. Source: tf.signal.ifftshift."""
    return _shift(x, axes, lambda n: -(n // 2))


def _shift(x: Any, axes: Any, by: Callable[[int], int]) -> Any:
    x = ops.convert_to_tensor(x)
    chosen = tuple(range(len(x.shape))) if axes is None else _integers(axes)
    return ops.roll(x, tuple(by(x.shape[axis]) for axis in chosen), chosen)


def dct(input: Any, type: int = 2, n: Any = None, axis: int = -1, norm: Any = None, name: str | None = None) -> Any:
    """Discrete cosine transform of `type` 1 to 4 along the last axis, cut or filled up with zeros to `n` entries.

    `norm="ortho"` makes it orthogonal; type 1 has no such form. Source: tf.signal.dct.
    """
    x = _real("dct", input)
    if axis != -1:
        raise InvalidArgumentError(f"dct: expected axis=-1; received {axis}. Move the axis to the end.")
    if type not in (1, 2, 3, 4) or norm not in (None, "ortho") or (n is not None and int(n) < 1):
        raise InvalidArgumentError(
            f"dct: expected type 1 to 4, norm None or 'ortho' and n of at least 1; received type={type!r}, norm={norm!r} "
            f"and n={n!r}."
        )
    if n is not None and int(n) != x.shape[-1]:
        size = x.shape[-1]
        x = x[..., : int(n)] if int(n) < size else ops.pad(x, [*[(0, 0)] * (len(x.shape) - 1), (0, int(n) - size)])
    return cosine_transform(x, type=type, norm=norm)


def idct(input: Any, type: int = 2, n: Any = None, axis: int = -1, norm: Any = None, name: str | None = None) -> Any:
    """Inverse of `dct` of that type; without `norm` up to a factor, 2 n (2 (n - 1) for type 1). `n` must be None.

    Source: tf.signal.idct.
    """
    if n is not None:
        raise InvalidArgumentError(f"idct: expected n=None; received {n!r}.")
    return dct(input, {2: 3, 3: 2}.get(type, type), None, axis, norm)
