"""Pooling by factors that are no whole numbers, of `tf.nn`. Source: Graham 2014, Fractional max-pooling."""

from typing import Any, NamedTuple

import numpy as np

from cornu import ops
from cornu._base.errors import InvalidArgumentError
from cornu.core.random_state import host_rng
from cornu.ops.region_pool import region_pool


class FractionalPool(NamedTuple):
    """The pooled images, and where the regions begin (and the last one ends) in rows and columns."""

    output: Any
    row_pooling_sequence: Any
    col_pooling_sequence: Any


def fractional_max_pool(
    value: Any,
    pooling_ratio: Any,
    pseudo_random: bool = False,
    overlapping: bool = False,
    seed: int = 0,
    name: str | None = None,
) -> FractionalPool:
    """Largest entry of regions of random sizes, `pooling_ratio` on average.

    Args:
        pooling_ratio: at least 1: a number, or four of which batch and channels have 1.
        pseudo_random: sizes that follow a random line, rather than in random order.
        overlapping: neighbouring regions share their border.
        seed: other than 0: the same regions every time. They are not those of TensorFlow.

    Shape: (n, h, w, c) -> (n, h // ratio, w // ratio, c), (h' + 1,), (w' + 1,).
    Raises: InvalidArgumentError on other ratios or ranks. Source: tf.nn.fractional_max_pool.
    """
    return _pool("fractional_max_pool", value, pooling_ratio, pseudo_random, overlapping, seed, mean=False)


def fractional_avg_pool(
    value: Any,
    pooling_ratio: Any,
    pseudo_random: bool = False,
    overlapping: bool = False,
    seed: int = 0,
    name: str | None = None,
) -> FractionalPool:
    """Mean of regions of random sizes; otherwise as `fractional_max_pool`. Source: tf.nn.fractional_avg_pool."""
    return _pool("fractional_avg_pool", value, pooling_ratio, pseudo_random, overlapping, seed, mean=True)


def _pool(name, value, pooling_ratio, pseudo_random, overlapping, seed, mean) -> FractionalPool:
    x = ops.convert_to_tensor(value)
    ratios = np.atleast_1d(np.asarray(pooling_ratio, float))
    ratios = np.array([1, ratios[0], ratios[0], 1]) if ratios.size == 1 else ratios
    if len(x.shape) != 4 or ratios.shape != (4,) or ratios.min() < 1 or ratios[0] != 1 or ratios[3] != 1:
        raise InvalidArgumentError(
            f"{name}: expected images (n, h, w, c) and a ratio of at least 1, or [1, rows, columns, 1]; received shape "
            f"{tuple(x.shape)} and {pooling_ratio}."
        )
    rng = host_rng(seed or None)
    rows, columns = (_borders(x.shape[axis], ratios[axis], pseudo_random, rng) for axis in (1, 2))
    found = region_pool(x, tuple(rows), tuple(columns), overlapping=bool(overlapping), mean=mean)
    return FractionalPool(found, *(ops.convert_to_tensor(np.asarray(each, np.int64)) for each in (rows, columns)))


def _borders(length: int, ratio: float, is_line: bool, rng: np.random.Generator) -> list[int]:
    count = int(length / ratio)
    if is_line:
        share = length / count
        start = rng.uniform() * (1 if share <= 1 else min(1.0, (length - 1 - (count - 1) * share) + 1))
        inner = np.ceil(share * (np.arange(1, count) - 1 + start)).astype(int)
        inner = np.clip(inner, np.arange(1, count), length - count + np.arange(1, count))
        return [0, *inner.tolist(), length]
    least, more = divmod(length, count)
    steps = rng.permutation(np.repeat([least + 1, least], [more, count - more]))
    return [0, *np.cumsum(steps).tolist()]
