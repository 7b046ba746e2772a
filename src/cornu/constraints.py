"""Projections that weights go through after every optimizer step. Source: keras.constraints."""

import abc
from collections.abc import Sequence
from typing import Any

import jax.numpy as jnp

from cornu._base.catalog import Catalog
from cornu._base.configurable import Configurable
from cornu._base.errors import InvalidArgumentError
from cornu._base.suggest import attribute_error
from cornu.core import config, serialization
from cornu.core.dispatch import op

Axis = int | Sequence[int]


class Constraint(Configurable, abc.ABC):
    """A projection. A subclass defines `__call__(w)`, the weights it allows; `get_config` reads its arguments.

    Source: keras.constraints.Constraint.
    """

    @abc.abstractmethod
    def __call__(self, w: Any) -> Any:
        """The nearest allowed weights. Shape: unchanged."""


CONSTRAINTS = Catalog("constraint", "keras.constraints", base=Constraint)


@op
def rescale_norm(w, min_value=0.0, max_value=1.0, rate=1.0, axis=0, epsilon=1e-7):
    """Bring the norms of `w` along `axis` into `[min_value, max_value]`, `rate` of the way there. Shape: unchanged."""
    norms = jnp.sqrt(jnp.sum(jnp.square(w), axis=axis, keepdims=True))
    wanted = jnp.clip(norms, min_value, max_value)
    if rate != 1.0:
        wanted = rate * wanted + (1 - rate) * norms
    return w * (wanted / (epsilon + norms))


@op
def unit_norm_rescale(w, axis=0, epsilon=1e-7):
    """Divide `w` by its norms along `axis`. Shape: unchanged."""
    return w / (epsilon + jnp.sqrt(jnp.sum(jnp.square(w), axis=axis, keepdims=True)))


@op
def clip_negative(w):
    """Zero in place of negative entries. Shape: unchanged."""
    return w * (w >= 0).astype(w.dtype)


@CONSTRAINTS.add(also_snake=True)
class MaxNorm(Constraint):
    """Norms along `axis` of at most `max_value`: axis 0 for Dense, (0, 1, 2) for Conv2D kernels, per unit.

    Raises: InvalidArgumentError if `max_value` is negative. Source: keras.constraints.MaxNorm.
    """

    def __init__(self, max_value: float = 2, axis: Axis = 0):
        if max_value < 0:
            raise InvalidArgumentError(f"Expected `max_value` of 0 or more; received {max_value!r}.")
        self.max_value, self.axis = max_value, axis

    def __call__(self, w: Any) -> Any:
        return rescale_norm(w, max_value=self.max_value, axis=self.axis, epsilon=config.epsilon())


@CONSTRAINTS.add(also_snake=True)
class NonNeg(Constraint):
    """No negative weights. Source: keras.constraints.NonNeg."""

    def __call__(self, w: Any) -> Any:
        return clip_negative(w)


@CONSTRAINTS.add(also_snake=True)
class UnitNorm(Constraint):
    """Norms of 1 along `axis`. Source: keras.constraints.UnitNorm."""

    def __init__(self, axis: Axis = 0):
        self.axis = axis

    def __call__(self, w: Any) -> Any:
        return unit_norm_rescale(w, axis=self.axis, epsilon=config.epsilon())


@CONSTRAINTS.add(also_snake=True)
class MinMaxNorm(Constraint):
    """Norms along `axis` between `min_value` and `max_value`.

    Args: `rate`, from 0 to 1, the part of the way that one application goes; 1 enforces the bounds.
    Raises: InvalidArgumentError if the bounds are negative or in the wrong order. Source: keras.constraints.MinMaxNorm.
    """

    def __init__(self, min_value: float = 0.0, max_value: float = 1.0, rate: float = 1.0, axis: Axis = 0):
        if not 0 <= min_value <= max_value:
            raise InvalidArgumentError(
                f"Expected 0 <= min_value <= max_value; received min_value={min_value!r}, max_value={max_value!r}."
            )
        self.min_value, self.max_value, self.rate, self.axis = min_value, max_value, rate, axis

    def __call__(self, w: Any) -> Any:
        return rescale_norm(w, self.min_value, self.max_value, self.rate, self.axis, config.epsilon())


max_norm, non_neg, unit_norm, min_max_norm = MaxNorm, NonNeg, UnitNorm, MinMaxNorm


def maxnorm(max_value: float = 2, axis: Axis = 0, m: float | None = None) -> MaxNorm:
    """A MaxNorm; `m` is Keras 1's name of `max_value`."""
    return MaxNorm(max_value if m is None else m, axis)


def get(identifier: Any) -> Any:
    """The constraint that is meant: None, a name, a config, a class, an object or a function.

    Raises: InvalidArgumentError naming the nearest known names.
    """
    return serialization.resolve(CONSTRAINTS, identifier)


def serialize(constraint: Any) -> Any:
    """The constraint as JSON-able data."""
    return serialization.serialize(constraint)


def deserialize(config: Any, custom_objects: dict[str, Any] | None = None) -> Any:
    """The constraint that `serialize` described, or of that name."""
    with serialization.custom_object_scope(custom_objects or {}):
        return serialization.resolve(CONSTRAINTS, config)


__getattr__ = attribute_error(__name__)
