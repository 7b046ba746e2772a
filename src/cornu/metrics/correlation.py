"""Correlations between targets and predictions."""

import jax.numpy as jnp

from cornu.core import config
from cornu.core.dispatch import op
from cornu.losses.alignment import aligned
from cornu.metrics.base import METRICS
from cornu.metrics.reduction import MeanMetricWrapper


@op
def pearson_correlation(y_true, y_pred, axis=-1):
    """Pearson's correlation of targets and predictions along `axis`. Shape: (..., n), (..., n) -> (...,).

    Constant targets or predictions have none: nan.
    Raises: InvalidArgumentError if the shapes do not fit. Source: keras.metrics.pearson_correlation.
    """
    y_true, y_pred = aligned("pearson_correlation", y_true, y_pred)
    true_part, pred_part = (y - jnp.mean(y, axis=axis, keepdims=True) for y in (y_true, y_pred))
    scale = jnp.sqrt(jnp.sum(jnp.square(true_part), axis=axis) * jnp.sum(jnp.square(pred_part), axis=axis))
    return jnp.sum(true_part * pred_part, axis=axis) / scale


@op
def concordance_correlation(y_true, y_pred, axis=-1):
    """Lin's concordance: Pearson's correlation, less for a shift or scale between the two.

    Shape: (..., n), (..., n) -> (...,).
    Raises: InvalidArgumentError if the shapes do not fit. Source: Lin 1989; keras.metrics.concordance_correlation.
    """
    y_true, y_pred = aligned("concordance_correlation", y_true, y_pred)
    true_mean, pred_mean = (jnp.mean(y, axis=axis, keepdims=True) for y in (y_true, y_pred))
    covariance = jnp.mean((y_true - true_mean) * (y_pred - pred_mean), axis=axis)
    spread = jnp.var(y_true, axis=axis) + jnp.var(y_pred, axis=axis)
    shift = jnp.squeeze(jnp.square(true_mean - pred_mean), axis)
    return 2 * covariance / (spread + shift + config.epsilon())


@METRICS.add(also_snake=True)
class PearsonCorrelation(MeanMetricWrapper):
    """Mean of Pearson's correlation. Source: keras.metrics.PearsonCorrelation."""

    def __init__(self, name="pearson_correlation", dtype=None, axis=-1):
        super().__init__(pearson_correlation, name, dtype, axis=axis)


@METRICS.add(also_snake=True)
class ConcordanceCorrelation(MeanMetricWrapper):
    """Mean of Lin's concordance correlation. Source: keras.metrics.ConcordanceCorrelation."""

    def __init__(self, name="concordance_correlation", dtype=None, axis=-1):
        super().__init__(concordance_correlation, name, dtype, axis=axis)
