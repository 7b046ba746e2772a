"""Losses of maximum-margin classification; targets are -1 or 1 (or 0 or 1, which become -1 or 1)."""

import jax
import jax.numpy as jnp

from cornu.core.dispatch import op
from cornu.losses.alignment import aligned
from cornu.losses.base import LOSSES, FunctionLoss


def _signs(y_true: jax.Array) -> jax.Array:
    """Targets that are all 0 or 1 as -1 or 1; others as they are."""
    is_binary = jnp.all((y_true == 0) | (y_true == 1))
    return jnp.where(is_binary, 2 * y_true - 1, y_true)


@LOSSES.add()
@op
def hinge(y_true, y_pred):
    """Mean of `max(1 - y_true * y_pred, 0)` over the last axis. Shape: (..., n), (..., n) -> (...,).

    Raises: InvalidArgumentError if the shapes do not fit. Source: keras.losses.hinge.
    """
    y_true, y_pred = aligned("hinge", y_true, y_pred)
    return jnp.mean(jnp.maximum(1 - _signs(y_true) * y_pred, 0), axis=-1)


@LOSSES.add()
@op
def squared_hinge(y_true, y_pred):
    """Mean of `max(1 - y_true * y_pred, 0)**2` over the last axis. Shape: (..., n), (..., n) -> (...,).

    Raises: InvalidArgumentError if the shapes do not fit. Source: keras.losses.squared_hinge.
    """
    y_true, y_pred = aligned("squared_hinge", y_true, y_pred)
    return jnp.mean(jnp.square(jnp.maximum(1 - _signs(y_true) * y_pred, 0)), axis=-1)


@LOSSES.add()
@op
def categorical_hinge(y_true, y_pred):
    """`max(best wrong score - right score + 1, 0)` for one-hot targets. Shape: (..., n), (..., n) -> (...,).

    Raises: InvalidArgumentError if the shapes do not fit. Source: keras.losses.categorical_hinge.
    """
    y_true, y_pred = aligned("categorical_hinge", y_true, y_pred)
    right = jnp.sum(y_true * y_pred, axis=-1)
    wrong = jnp.max((1 - y_true) * y_pred, axis=-1)
    return jnp.maximum(wrong - right + 1, 0)


@LOSSES.add()
class Hinge(FunctionLoss):
    """Linear penalty of scores inside the margin. Source: keras.losses.Hinge."""

    def __init__(self, reduction="sum_over_batch_size", name="hinge", dtype=None):
        super().__init__(hinge, reduction, name, dtype)


@LOSSES.add()
class SquaredHinge(FunctionLoss):
    """Squared penalty of scores inside the margin. Source: keras.losses.SquaredHinge."""

    def __init__(self, reduction="sum_over_batch_size", name="squared_hinge", dtype=None):
        super().__init__(squared_hinge, reduction, name, dtype)


@LOSSES.add()
class CategoricalHinge(FunctionLoss):
    """Margin between the right class and the best wrong one. Source: keras.losses.CategoricalHinge."""

    def __init__(self, reduction="sum_over_batch_size", name="categorical_hinge", dtype=None):
        super().__init__(categorical_hinge, reduction, name, dtype)
