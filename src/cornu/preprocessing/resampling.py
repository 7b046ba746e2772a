"""Pictures at another size, in NumPy: files come in all sizes, and compiling for each would cost more than the work."""

import functools

import numpy as np

from cornu._base.errors import InvalidArgumentError

INTERPOLATIONS = ("bilinear", "nearest", "bicubic", "area", "lanczos3", "lanczos5", "gaussian", "mitchellcubic")


def check_interpolation(name: str) -> str:
    """Raises: InvalidArgumentError for unknown names."""
    if name not in INTERPOLATIONS:
        raise InvalidArgumentError(
            f"Argument `interpolation` should be one of {INTERPOLATIONS}. Received: interpolation={name}"
        )
    return name


def resample(x: np.ndarray, size: tuple[int, int], interpolation: str = "bilinear") -> np.ndarray:
    """`x` with `size` rows and columns; pixel centres are at half numbers, nothing is smoothed before shrinking.

    Shape: (rows, columns, channels) -> (*size, channels). Returns: float32; `"nearest"` keeps the dtype. Source: tf.image.resize.
    """
    rows, columns = size
    if x.shape[:2] == (rows, columns):
        return x if interpolation == "nearest" else x.astype(np.float32)
    if interpolation == "nearest":
        return x[nearest(x.shape[0], rows)][:, nearest(x.shape[1], columns)]
    x = x.astype(np.float32)
    if interpolation == "bilinear":
        for axis, length in ((0, rows), (1, columns)):
            low, high, part = between(x.shape[axis], length)
            part = part.reshape((-1, 1, 1) if axis == 0 else (1, -1, 1))
            below = np.take(x, low, axis)
            x = below + (np.take(x, high, axis) - below) * part
        return x
    x = np.einsum("ri,ijc->rjc", weights(x.shape[0], rows, interpolation), x, optimize=True)
    return np.einsum("sj,rjc->rsc", weights(x.shape[1], columns, interpolation), x, optimize=True)


def nearest(size: int, length: int) -> np.ndarray:
    """The pixel that each new one is a copy of. Shape: (length,)."""
    return np.minimum(np.floor((np.arange(length) + 0.5) * (size / length)).astype(int), size - 1)


def between(size: int, length: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The two pixels that each new one lies between, and how far from the first."""
    place = (np.arange(length, dtype=np.float32) + np.float32(0.5)) * np.float32(size / length) - np.float32(0.5)
    floor = np.floor(place)
    low, high = (np.clip(floor + step, 0, size - 1).astype(int) for step in (0, 1))
    return low, high, place - floor


@functools.lru_cache(maxsize=256)
def weights(size: int, length: int, interpolation: str, antialias: bool = False) -> np.ndarray:
    """How much each pixel of a row counts for each new one. Shape: (length, size), rows sum to 1.

    Args: antialias: widen the filter when shrinking (no effect on `"area"`).
    """
    scale = size / length
    if interpolation == "area":
        start, edges = np.arange(length)[:, None] * scale, np.arange(size)
        overlap = np.minimum(start + scale, edges + 1) - np.maximum(start, edges)
        return (np.maximum(overlap, 0) / scale).astype(np.float32)
    place = (np.arange(length) + 0.5) * scale - 0.5
    if (
        interpolation == "bicubic" and not antialias
    ):  # TensorFlow reads its cubic from a table of 1024 places between two pixels
        place = np.floor(place) + np.rint((place - np.floor(place)) * 1024) / 1024
        found = _cubic(np.abs(place[:, None] - np.arange(size)), 0.0, 0.5)
    else:
        kernel, radius = _KERNELS[interpolation]
        distance = np.abs(place[:, None] - np.arange(size)) / (max(scale, 1.0) if antialias else 1.0)
        found = np.where(distance < radius, kernel(distance), 0.0)
    # Pixels beyond the border count for nothing; the others are scaled up.
    return (found / found.sum(1, keepdims=True)).astype(np.float32)


def _cubic(x: np.ndarray, b: float, c: float) -> np.ndarray:
    """The cubics of Mitchell and Netravali (1988); b = 0, c = 1/2 is Keys' (1981)."""
    near = ((12 - 9 * b - 6 * c) * x**3 + (-18 + 12 * b + 6 * c) * x**2 + 6 - 2 * b) / 6
    far = ((-b - 6 * c) * x**3 + (6 * b + 30 * c) * x**2 + (-12 * b - 48 * c) * x + 8 * b + 24 * c) / 6
    return np.where(x < 1, near, np.where(x < 2, far, 0.0))


_KERNELS = {
    "bilinear": (lambda x: 1 - x, 1.0),
    "bicubic": (lambda x: _cubic(x, 0.0, 0.5), 2.0),
    "lanczos3": (lambda x: np.sinc(x) * np.sinc(x / 3), 3.0),
    "lanczos5": (lambda x: np.sinc(x) * np.sinc(x / 5), 5.0),
    "gaussian": (lambda x: np.exp(-(x**2) / (2 * 0.5**2)), 1.5),
    "mitchellcubic": (lambda x: _cubic(x, 1 / 3, 1 / 3), 2.0),
}
