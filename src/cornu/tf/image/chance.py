"""Random variations of pictures, from the global seed or from explicit ones. Source: tf.image.random_*, stateless_random_*."""

import functools
from collections.abc import Callable
from typing import Any

import numpy as np
from jax import lax

from cornu._base.errors import InvalidArgumentError
from cornu.core.tensor import convert_to_tensor
from cornu.tf.image import color, draws, geometry
from cornu.tf.image.codecs import adjust_jpeg_quality
from cornu.tf.image.conversion import check_rank
from cornu.tf.image.image_op import image_op, library


def _flip(image: Any, uniform: Callable, flip: Callable) -> Any:
    images = convert_to_tensor(image) if not hasattr(image, "shape") else image
    check_rank(flip.__name__, images)
    if images.ndim == 3:
        return _choose(images, flip(images), uniform((), 0.0, 1.0))
    return _choose_each(images, flip(images), uniform((images.shape[0],), 0.0, 1.0))


@image_op(tensors="image flipped number")
def _choose(image, flipped, number):
    return library(image).where(number < 0.5, flipped, image)


@image_op(tensors="images flipped numbers")
def _choose_each(images, flipped, numbers):
    return library(images).where((numbers >= 0.5).reshape(-1, 1, 1, 1), flipped, images)


def random_flip_left_right(image, seed=None):
    """Each picture flipped left to right with probability 1/2. Source: tf.image.random_flip_left_right."""
    return _flip(image, functools.partial(draws.uniform, seed=seed), geometry.flip_left_right)


def random_flip_up_down(image, seed=None):
    """Each picture turned upside down with probability 1/2. Source: tf.image.random_flip_up_down."""
    return _flip(image, functools.partial(draws.uniform, seed=seed), geometry.flip_up_down)


def stateless_random_flip_left_right(image, seed):
    """As `random_flip_left_right`, the same for the same seed of two integers."""
    return _flip(image, functools.partial(draws.stateless_uniform, seed=seed), geometry.flip_left_right)


def stateless_random_flip_up_down(image, seed):
    """As `random_flip_up_down`, the same for the same seed of two integers."""
    return _flip(image, functools.partial(draws.stateless_uniform, seed=seed), geometry.flip_up_down)


def random_brightness(image, max_delta, seed=None):
    """`adjust_brightness` by a number from [-max_delta, max_delta). Source: tf.image.random_brightness."""
    return color.adjust_brightness(image, draws.uniform((), *_around_zero(max_delta), seed))


def stateless_random_brightness(image, max_delta, seed):
    """As `random_brightness`, the same for the same seed of two integers."""
    return color.adjust_brightness(image, draws.stateless_uniform((), *_around_zero(max_delta), seed))


def random_hue(image, max_delta, seed=None):
    """`adjust_hue` by a number from [-max_delta, max_delta). Source: tf.image.random_hue."""
    return color.adjust_hue(image, draws.uniform((), *_around_zero(max_delta, 0.5), seed))


def stateless_random_hue(image, max_delta, seed):
    """As `random_hue`, the same for the same seed of two integers."""
    return color.adjust_hue(image, draws.stateless_uniform((), *_around_zero(max_delta, 0.5), seed))


def random_contrast(image, lower, upper, seed=None):
    """`adjust_contrast` by a factor from [lower, upper). Source: tf.image.random_contrast."""
    return color.adjust_contrast(image, draws.uniform((), *_range(lower, upper), seed))


def stateless_random_contrast(image, lower, upper, seed):
    """As `random_contrast`, the same for the same seed of two integers."""
    return color.adjust_contrast(image, draws.stateless_uniform((), *_range(lower, upper), seed))


def random_saturation(image, lower, upper, seed=None):
    """`adjust_saturation` by a factor from [lower, upper). Source: tf.image.random_saturation."""
    return color.adjust_saturation(image, draws.uniform((), *_range(lower, upper), seed))


def stateless_random_saturation(image, lower, upper, seed=None):
    """As `random_saturation`, the same for the same seed of two integers."""
    return color.adjust_saturation(image, draws.stateless_uniform((), *_range(lower, upper), seed))


def random_jpeg_quality(image, min_jpeg_quality, max_jpeg_quality, seed=None):
    """`adjust_jpeg_quality` with a quality from [min, max). Source: tf.image.random_jpeg_quality."""
    low, high = _qualities(min_jpeg_quality, max_jpeg_quality)
    return adjust_jpeg_quality(image, draws.uniform((), low, high, seed, "int32"))


def stateless_random_jpeg_quality(image, min_jpeg_quality, max_jpeg_quality, seed):
    """As `random_jpeg_quality`, the same for the same seed of two integers."""
    low, high = _qualities(min_jpeg_quality, max_jpeg_quality)
    return adjust_jpeg_quality(image, draws.stateless_uniform((), low, high, seed, "int32"))


def random_crop(value, size, seed=None, name=None):
    """A window of that size at a random place, of a tensor of any rank.

    Raises: InvalidArgumentError if `size` does not fit. Source: tf.image.random_crop.
    """
    return _crop(value, size, functools.partial(draws.uniform, seed=seed))


def stateless_random_crop(value, size, seed, name=None):
    """As `random_crop`, the same for the same seed of two integers."""
    return _crop(value, size, functools.partial(draws.stateless_uniform, seed=seed))


def _crop(value: Any, size: Any, uniform: Callable) -> Any:
    value = value if hasattr(value, "shape") else convert_to_tensor(value)
    wanted = [int(n) for n in size]
    if len(wanted) != len(value.shape) or any(n > have for n, have in zip(wanted, value.shape)):
        raise InvalidArgumentError(
            f"Need value.shape >= size; the value has shape {tuple(value.shape)}, the size is {wanted}."
        )
    return _window(value, uniform((len(wanted),), 0, 2**31 - 1, dtype="int32"), wanted)


@image_op(tensors="value drawn")
def _window(value, drawn, size=()):
    limits = np.array(value.shape, np.int32) - np.array(size, np.int32) + 1
    begin = drawn % limits
    if library(value) is np:
        return value[tuple(slice(b, b + n) for b, n in zip(begin.tolist(), size))]
    return lax.dynamic_slice(value, [begin[i] for i in range(len(size))], tuple(size))


def _around_zero(max_delta: Any, most: float = float("inf")) -> tuple[float, float]:
    if not 0 <= max_delta <= most:
        limit = "" if most == float("inf") else f" and at most {most}"
        raise InvalidArgumentError(f"max_delta must be non-negative{limit}; received {max_delta}.")
    return -float(max_delta), float(max_delta)


def _range(lower: Any, upper: Any) -> tuple[float, float]:
    if upper <= lower or lower < 0:
        raise InvalidArgumentError(f"upper must be > lower >= 0; received lower={lower}, upper={upper}.")
    return float(lower), float(upper)


def _qualities(low: Any, high: Any) -> tuple[int, int]:
    if not 0 <= low < high <= 100:
        raise InvalidArgumentError(
            f"Expected 0 <= min_jpeg_quality < max_jpeg_quality <= 100; received {low} and {high}."
        )
    return int(low), int(high)
