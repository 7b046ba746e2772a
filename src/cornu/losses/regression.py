"""Losses of regression: distances between numbers, directions of vectors."""

import math

import jax
import jax.numpy as jnp

from cornu.core import config
from cornu.core.dispatch import op
from cornu.losses.alignment import aligned
from cornu.losses.base import LOSSES, FunctionLoss
from cornu.ops.elementwise import magnitude


@LOSSES.add("mse", "MSE")
@op
def mean_squared_error(y_true, y_pred):
    """Mean of `(y_true - y_pred)**2` over the last axis. Shape: (..., n), (..., n) -> (...,).

    Raises: InvalidArgumentError if the shapes do not fit. Source: keras.losses.mean_squared_error.
    """
    y_true, y_pred = aligned("mean_squared_error", y_true, y_pred)
    return jnp.mean(jnp.square(y_true - y_pred), axis=-1)


@LOSSES.add("mae", "MAE")
@op
def mean_absolute_error(y_true, y_pred):
    """Mean of `|y_true - y_pred|` over the last axis. Shape: (..., n), (..., n) -> (...,).

    Raises: InvalidArgumentError if the shapes do not fit. Source: keras.losses.mean_absolute_error.
    """
    y_true, y_pred = aligned("mean_absolute_error", y_true, y_pred)
    return jnp.mean(magnitude(y_true - y_pred), axis=-1)


@LOSSES.add("mape", "MAPE")
@op
def mean_absolute_percentage_error(y_true, y_pred):
    """100 times the mean of `|y_true - y_pred| / max(|y_true|, epsilon)`. Shape: (..., n), (..., n) -> (...,).

    Raises: InvalidArgumentError if the shapes do not fit. Source: keras.losses.mean_absolute_percentage_error.
    """
    y_true, y_pred = aligned("mean_absolute_percentage_error", y_true, y_pred)
    return 100 * jnp.mean(magnitude((y_true - y_pred) / jnp.maximum(jnp.abs(y_true), config.epsilon())), axis=-1)


@LOSSES.add("msle", "MSLE")
@op
def mean_squared_logarithmic_error(y_true, y_pred):
    """Mean squared difference of `log(max(y, epsilon) + 1)`. Shape: (..., n), (..., n) -> (...,).

    Raises: InvalidArgumentError if the shapes do not fit. Source: keras.losses.mean_squared_logarithmic_error.
    """
    y_true, y_pred = aligned("mean_squared_logarithmic_error", y_true, y_pred)
    true_log, pred_log = (jnp.log(jnp.maximum(y, config.epsilon()) + 1) for y in (y_true, y_pred))
    return jnp.mean(jnp.square(pred_log - true_log), axis=-1)


@LOSSES.add("huber_loss")
@op
def huber(y_true, y_pred, delta=1.0):
    """Mean of `e**2 / 2` where `|e| <= delta`, else `delta * |e| - delta**2 / 2`. Shape: (..., n), (..., n) -> (...,).

    Raises: InvalidArgumentError if the shapes do not fit. Source: keras.losses.huber.
    """
    y_true, y_pred = aligned("huber", y_true, y_pred)
    distance = magnitude(y_pred - y_true)
    return jnp.mean(
        jnp.where(distance <= delta, 0.5 * jnp.square(distance), delta * distance - 0.5 * delta**2), axis=-1
    )


@LOSSES.add("logcosh")
@op
def log_cosh(y_true, y_pred):
    """Mean of `log(cosh(y_pred - y_true))`, safe for large errors. Shape: (..., n), (..., n) -> (...,).

    Raises: InvalidArgumentError if the shapes do not fit. Source: keras.losses.log_cosh.
    """
    y_true, y_pred = aligned("log_cosh", y_true, y_pred)
    error = y_pred - y_true
    return jnp.mean(error + jax.nn.softplus(-2 * error) - math.log(2), axis=-1)


@LOSSES.add("cosine", "cosine_proximity")
@op
def cosine_similarity(y_true, y_pred, axis=-1):
    """Minus the cosine of the angle between targets and predictions: -1 is the same direction, 1 the opposite.

    Shape: (..., n, ...), (..., n, ...) -> (..., ...), without `axis`.
    Raises: InvalidArgumentError if the shapes do not fit. Source: keras.losses.cosine_similarity.
    """
    y_true, y_pred = aligned("cosine_similarity", y_true, y_pred)
    return -jnp.sum(unit(y_true, axis) * unit(y_pred, axis), axis=axis)


def unit(x: jax.Array, axis: int) -> jax.Array:
    """Vectors along `axis` at length 1; shorter than epsilon they stay shorter, and 0 stays 0."""
    return x / jnp.sqrt(jnp.maximum(jnp.sum(jnp.square(x), axis=axis, keepdims=True), config.epsilon() ** 2))


@LOSSES.add()
class MeanSquaredError(FunctionLoss):
    """Mean of squared errors. Source: keras.losses.MeanSquaredError."""

    def __init__(self, reduction="sum_over_batch_size", name="mean_squared_error", dtype=None):
        super().__init__(mean_squared_error, reduction, name, dtype)


@LOSSES.add()
class MeanAbsoluteError(FunctionLoss):
    """Mean of absolute errors. Source: keras.losses.MeanAbsoluteError."""

    def __init__(self, reduction="sum_over_batch_size", name="mean_absolute_error", dtype=None):
        super().__init__(mean_absolute_error, reduction, name, dtype)


@LOSSES.add()
class MeanAbsolutePercentageError(FunctionLoss):
    """Mean of absolute errors in percent of the target. Source: keras.losses.MeanAbsolutePercentageError."""

    def __init__(self, reduction="sum_over_batch_size", name="mean_absolute_percentage_error", dtype=None):
        super().__init__(mean_absolute_percentage_error, reduction, name, dtype)


@LOSSES.add()
class MeanSquaredLogarithmicError(FunctionLoss):
    """Mean of squared errors of logarithms. Source: keras.losses.MeanSquaredLogarithmicError."""

    def __init__(self, reduction="sum_over_batch_size", name="mean_squared_logarithmic_error", dtype=None):
        super().__init__(mean_squared_logarithmic_error, reduction, name, dtype)


@LOSSES.add()
class Huber(FunctionLoss):
    """Squared up to an error of `delta`, linear beyond. Source: Huber 1964; keras.losses.Huber."""

    _quiet = ("delta",)

    def __init__(self, delta=1.0, reduction="sum_over_batch_size", name="huber_loss", dtype=None):
        super().__init__(huber, reduction, name, dtype, delta=delta)


@LOSSES.add()
class LogCosh(FunctionLoss):
    """Logarithm of the hyperbolic cosine of the error. Source: keras.losses.LogCosh."""

    def __init__(self, reduction="sum_over_batch_size", name="log_cosh", dtype=None):
        super().__init__(log_cosh, reduction, name, dtype)


@LOSSES.add()
class CosineSimilarity(FunctionLoss):
    """Minus the cosine of the angle between target and prediction. Source: keras.losses.CosineSimilarity."""

    _quiet = ("axis",)

    def __init__(self, axis=-1, reduction="sum_over_batch_size", name="cosine_similarity", dtype=None):
        super().__init__(cosine_similarity, reduction, name, dtype, axis=axis)
