"""Penalties on weights or activations, added to the loss. Source: keras.regularizers."""

import abc
import math
from typing import Any

import jax.numpy as jnp
import numpy as np

from cornu._base.catalog import Catalog
from cornu._base.configurable import Configurable
from cornu._base.errors import InvalidArgumentError, InvalidTypeError
from cornu._base.suggest import attribute_error
from cornu.core import serialization
from cornu.core.dispatch import op
from cornu.ops.elementwise import magnitude


class Regularizer(Configurable, abc.ABC):
    """A penalty. A subclass defines `__call__(x)`, a scalar tensor; `get_config` reads its arguments.

    Source: keras.regularizers.Regularizer.
    """

    @abc.abstractmethod
    def __call__(self, x: Any) -> Any:
        """The penalty of the tensor `x`. Shape: any -> ()."""


REGULARIZERS = Catalog("regularizer", "keras.regularizers", base=Regularizer)


def _factor(name: str, value: Any) -> float:
    """Raises: InvalidArgumentError unless the value is a finite number of 0 or more."""
    if not isinstance(value, (int, float, np.number)) or not math.isfinite(value) or value < 0:
        raise InvalidArgumentError(f"Expected `{name}` as a finite number of 0 or more; received {value!r}.")
    return float(value)


def _by_older_name(factor: float | None, older: dict[str, float]) -> float | None:
    """The factor, also under the name `l` of Keras 1 and 2. Raises: InvalidTypeError on another name."""
    if unknown := older.keys() - {"l"}:
        raise InvalidTypeError(f"The regularizer got the unknown argument {sorted(unknown)[0]!r}; it takes one factor.")
    return older.get("l", factor)


@op(inexact=True)
def elastic_penalty(x, l1=0.0, l2=0.0):
    """`l1 * sum(|x|) + l2 * sum(x**2)`. Shape: any -> (). Source: keras.regularizers.L1L2."""
    penalty = jnp.zeros((), x.dtype)
    if l1:
        penalty += l1 * jnp.sum(magnitude(x))
    if l2:
        penalty += l2 * jnp.sum(jnp.square(x))
    return penalty


@op(inexact=True)
def orthogonality_penalty(x, factor=0.01, mode="rows"):
    """`factor` times the mean absolute cosine between different rows (or columns) of a matrix. Shape: (m, n) -> ()."""
    x = x if mode == "rows" else x.T
    unit = x / jnp.sqrt(jnp.maximum(jnp.sum(jnp.square(x), axis=1, keepdims=True), 1e-12))
    size = x.shape[0]
    cosines = (unit @ unit.T) * (1 - jnp.eye(size, dtype=x.dtype))
    return factor * 0.5 * jnp.sum(magnitude(cosines)) / (size * (size - 1) / 2)


@REGULARIZERS.add("l1")
class L1(Regularizer):
    """`l1 * sum(|x|)`. Raises: InvalidArgumentError on a negative factor. Source: keras.regularizers.L1."""

    def __init__(self, l1: float | None = 0.01, **older: float):
        l1 = _by_older_name(l1, older)
        self.l1 = float(np.float32(_factor("l1", 0.01 if l1 is None else l1)))  # Keras keeps this one in float32

    def __call__(self, x: Any) -> Any:
        return elastic_penalty(x, l1=self.l1)


@REGULARIZERS.add("l2")
class L2(Regularizer):
    """`l2 * sum(x**2)`. Raises: InvalidArgumentError on a negative factor. Source: keras.regularizers.L2."""

    def __init__(self, l2: float | None = 0.01, **older: float):
        l2 = _by_older_name(l2, older)
        self.l2 = _factor("l2", 0.01 if l2 is None else l2)

    def __call__(self, x: Any) -> Any:
        return elastic_penalty(x, l2=self.l2)


@REGULARIZERS.add("l1_l2", "l1l2")
class L1L2(Regularizer):
    """`l1 * sum(|x|) + l2 * sum(x**2)`.

    Raises: InvalidArgumentError on a negative factor. Source: keras.regularizers.L1L2.
    """

    def __init__(self, l1: float | None = 0.0, l2: float | None = 0.0):
        self.l1, self.l2 = _factor("l1", l1 or 0.0), _factor("l2", l2 or 0.0)

    def __call__(self, x: Any) -> Any:
        return elastic_penalty(x, l1=self.l1, l2=self.l2)


@REGULARIZERS.add("orthogonal_regularizer")
class OrthogonalRegularizer(Regularizer):
    """Pushes rows (or columns) of a matrix towards being at right angles: `factor` times their mean absolute cosine.

    Args: `mode`, `"rows"` or `"columns"`.
    Shape: (m, n) -> ().
    Raises: InvalidArgumentError on an unknown mode, or if the tensor is not a matrix.
    Source: keras.regularizers.OrthogonalRegularizer.
    """

    def __init__(self, factor: float = 0.01, mode: str = "rows"):
        if mode not in ("rows", "columns"):
            raise InvalidArgumentError(f"Expected `mode` as 'rows' or 'columns'; received {mode!r}.")
        self.factor, self.mode = float(np.float32(_factor("factor", factor))), mode  # Keras keeps it in float32

    def __call__(self, x: Any) -> Any:
        if len(x.shape) != 2:
            raise InvalidArgumentError(f"OrthogonalRegularizer expects a matrix; received shape {tuple(x.shape)}.")
        return orthogonality_penalty(x, factor=self.factor, mode=self.mode)


l1, l2, l1_l2, orthogonal_regularizer = L1, L2, L1L2, OrthogonalRegularizer


def get(identifier: Any) -> Any:
    """The regularizer that is meant: None, a name, a config, a class, an object or a function.

    Raises: InvalidArgumentError naming the nearest known names.
    """
    return serialization.resolve(REGULARIZERS, identifier)


def serialize(regularizer: Any) -> Any:
    """The regularizer as JSON-able data."""
    return serialization.serialize(regularizer)


def deserialize(config: Any, custom_objects: dict[str, Any] | None = None) -> Any:
    """The regularizer that `serialize` described, or of that name."""
    with serialization.custom_object_scope(custom_objects or {}):
        return serialization.resolve(REGULARIZERS, config)


__getattr__ = attribute_error(__name__)
