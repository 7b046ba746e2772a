"""Sums and means over batches, and means of functions of (y_true, y_pred), which most metrics are."""

import inspect
import math
from collections.abc import Callable
from typing import Any, Self

import jax
import jax.numpy as jnp

from cornu._base.errors import InvalidArgumentError
from cornu.core.dispatch import op
from cornu.core.serialization import deserialize, serialize
from cornu.losses.alignment import fit_weights, tensors_of_same_rank
from cornu.losses.base import mask_of
from cornu.metrics.base import METRICS, Metric, divide_no_nan


@op(tensors="total values sample_weight")
def sum_update(total, values, sample_weight=None):
    """`total` plus the sum of the weighted values. Shape: (), (...) -> ().

    Raises: InvalidArgumentError if the weights do not fit the values.
    """
    values = values.astype(total.dtype)
    if sample_weight is not None:
        values, weights = _weighted(values, sample_weight)
        values = values * weights
    return total + jnp.sum(values)


@op(tensors="total count values sample_weight mask")
def mean_update(total, count, values, sample_weight=None, mask=None):
    """Sum and number of samples so far, with a batch more; a sample's value is the mean of its entries.

    Shape: (), (), (batch, ...) -> (), ().
    Raises: InvalidArgumentError if weights or mask do not fit the values.
    """
    values = values.astype(total.dtype)
    entries = math.prod(values.shape[1:])  # of one sample
    if mask is not None:
        mask = mask.astype(total.dtype)
        sample_weight = mask if sample_weight is None else _join(sample_weight.astype(total.dtype), mask)
    if sample_weight is None:
        samples = values.shape[0] if values.ndim else 1
        added = jnp.sum(values)
        return total + (added / entries if entries > 1 else added), count + jnp.asarray(samples, count.dtype)
    values, weights = _weighted(values, sample_weight)
    added, number = jnp.sum(values * weights), jnp.sum(weights) * (values.size / max(weights.size, 1))
    if entries > 1:
        added, number = added / entries, number / entries
    return total + added, count + number


def _weighted(values: jax.Array, weights: jax.Array) -> tuple[jax.Array, jax.Array]:
    """Values and weights that broadcast against them; scalar weights weigh every value."""
    if values.ndim == 0 and weights.size == 1:
        weights = weights.reshape(())
    return values, fit_weights("a sample_weight", weights.astype(values.dtype), values)


def _join(weights: jax.Array, mask: jax.Array) -> jax.Array:
    """Weights times mask; the shorter of the two gets trailing axes."""
    if weights.ndim <= mask.ndim:
        return fit_weights("a sample_weight", weights, mask) * mask
    return weights * fit_weights("a mask", mask, weights)


ratio = op(divide_no_nan)


@METRICS.add(also_snake=True)
class Sum(Metric):
    """Sum of all values. Shape: (...) -> (). Source: keras.metrics.Sum."""

    def __init__(self, name="sum", dtype=None):
        super().__init__(name=name, dtype=dtype)
        self.total = self.add_variable(name="total")

    def update_state(self, values, sample_weight=None):
        """Add the values, each times its weight."""
        self.total.assign(sum_update(self.total, values, sample_weight=sample_weight))

    def result(self):
        """The sum."""
        return self.total.value


@METRICS.add(also_snake=True)
class Mean(Metric):
    """Mean over samples; a sample's value is the mean of its entries. Shape: (batch, ...) -> ().

    Source: keras.metrics.Mean.
    """

    def __init__(self, name="mean", dtype=None):
        super().__init__(name=name, dtype=dtype)
        self.total = self.add_variable(name="total")
        self.count = self.add_variable(name="count")

    def update_state(self, values, sample_weight=None):
        """Take the values in, each with its weight."""
        self._update(values, sample_weight)

    def _update(self, values: Any, sample_weight: Any = None, mask: Any = None) -> None:
        total, count = mean_update(self.total, self.count, values, sample_weight=sample_weight, mask=mask)
        self.total.assign(total)
        self.count.assign(count)

    def result(self):
        """The mean so far, 0 before the first update."""
        return ratio(self.total, self.count)


@METRICS.add()
class MeanMetricWrapper(Mean):
    """Mean of `fn(y_true, y_pred, **options)` over samples; masks of `y_pred` count. Each option also is an attribute.

    Raises: InvalidArgumentError if `fn` is not callable.
    Source: keras.metrics.MeanMetricWrapper.
    """

    # Options that Keras does not write into configs: written only where they differ from the default.
    _quiet: tuple[str, ...] = ()

    def __init__(self, fn: Callable, name: str | None = None, dtype: Any = None, **options: Any):
        if not callable(fn):
            raise InvalidArgumentError(f"Expected a function of (y_true, y_pred) as the metric; received {fn!r}.")
        super().__init__(name=name, dtype=dtype)
        self._fn, self._options = fn, options
        for key, value in options.items():
            if not isinstance(getattr(type(self), key, None), property):
                setattr(self, key, value)

    def update_state(self, y_true, y_pred, sample_weight=None):
        """Take in a batch of targets and predictions."""
        mask = mask_of(y_pred)
        if type(self) is MeanMetricWrapper:
            y_true, y_pred = tensors_of_same_rank(y_true, y_pred)
        self._update(self._fn(y_true, y_pred, **self._options), sample_weight, mask)

    def get_config(self) -> dict[str, Any]:
        """Name, dtype, options, and the function where the class does not tell it."""
        config = super().get_config()
        if type(self) is MeanMetricWrapper:
            config["fn"] = serialize(self._fn)
        defaults = inspect.signature(type(self).__init__).parameters
        for key, value in self._options.items():
            if key not in self._quiet or value != defaults[key].default:
                config[key] = serialize(value)
        return config

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Self:
        """A metric made from what `get_config` returned."""
        return cls(**{key: deserialize(value) if key == "fn" else value for key, value in config.items()})
