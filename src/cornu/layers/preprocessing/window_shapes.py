"""Window functions by name, as weights of the entries of a frame."""

from collections.abc import Callable

import numpy as np

from cornu._base.errors import InvalidArgumentError
from cornu._base.suggest import did_you_mean

_COSINE_SUMS = {  # a0 - a1 cos(t) + a2 cos(2t) - ...
    "hann": (0.5, 0.5),
    "hamming": (0.54, 0.46),
    "blackman": (0.42, 0.5, 0.08),
    "nuttall": (0.3635819, 0.4891775, 0.1365995, 0.0106411),
    "blackmanharris": (0.35875, 0.48829, 0.14128, 0.01168),
    "flattop": (0.21557895, 0.41663158, 0.277263158, 0.083578947, 0.006947368),
}


def _parzen(n: int) -> np.ndarray:
    x = np.abs(np.arange(n) - (n - 1) / 2) / (n / 2)
    return np.where(x <= (n - 1) / 2 / n, 1 - 6 * x**2 * (1 - x), 2 * (1 - x) ** 3)


def _tukey(n: int) -> np.ndarray:
    x = np.minimum(np.arange(n), np.arange(n)[::-1]) / ((n - 1) / 4)  # a quarter on either side is tapered
    return 0.5 * (1 - np.cos(np.pi * np.minimum(x, 1)))


def _from_middle(n: int) -> np.ndarray:
    """The distance from the middle, 1 at both ends."""
    return np.abs(np.linspace(-1, 1, n))


_SHAPES: dict[str, Callable[[int], np.ndarray]] = {
    "boxcar": np.ones,
    "rectangular": np.ones,
    "bartlett": lambda n: 1 - _from_middle(n),
    "triang": lambda n: 1 - np.abs(np.arange(n) - (n - 1) / 2) / ((n + n % 2) / 2),
    "parzen": _parzen,
    "bohman": lambda n: (
        (1 - _from_middle(n)) * np.cos(np.pi * _from_middle(n)) + np.sin(np.pi * _from_middle(n)) / np.pi
    ),
    "cosine": lambda n: np.sin(np.pi / n * (np.arange(n) + 0.5)),
    "tukey": _tukey,
    "barthann": lambda n: 0.62 - 0.24 * _from_middle(n) + 0.38 * np.cos(np.pi * _from_middle(n)),
    "exponential": lambda n: np.exp(-np.abs(np.arange(n) - (n - 1) / 2)),
    "lanczos": lambda n: np.sinc(np.linspace(-1, 1, n)),
}


def window_shape(name: str, length: int, is_periodic: bool) -> np.ndarray:
    """The window of `length` entries: symmetric, or the first entries of a symmetric one that is longer by one.

    Shape: (length,), float64. Raises: InvalidArgumentError naming the nearest known names.
    Source: scipy.signal.get_window.
    """
    known = [*_COSINE_SUMS, *_SHAPES]
    if name not in known:
        raise InvalidArgumentError(
            f"Unknown window: {name!r}.{did_you_mean(name, known)} There are {', '.join(known)}; or give its numbers."
        )
    count = length + is_periodic
    if count == 1:
        return np.ones(1)
    if name in _SHAPES:
        return _SHAPES[name](count)[:length]
    angle = 2 * np.pi * np.arange(count) / (count - 1)
    terms = [(-1) ** k * weight * np.cos(k * angle) for k, weight in enumerate(_COSINE_SUMS[name])]
    return np.sum(terms, axis=0)[:length]
