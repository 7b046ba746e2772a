"""Losses of segmentation: how much two regions overlap."""

import jax.numpy as jnp

from cornu.core import config
from cornu.core.dispatch import op
from cornu.losses.alignment import aligned
from cornu.losses.base import LOSSES, FunctionLoss


@LOSSES.add()
@op
def dice(y_true, y_pred, axis=None):
    """One minus the Dice coefficient, `1 - 2 sum(y_true * y_pred) / (sum(y_true) + sum(y_pred))`.

    Shape: the axes in `axis` are reduced, all by default, the batch too: (...) -> ().
    Raises: InvalidArgumentError if the shapes do not fit. Source: keras.losses.dice.
    """
    y_true, y_pred = aligned("dice", y_true, y_pred)
    shared = jnp.sum(y_true * y_pred, axis=axis)
    return 1 - 2 * shared / (jnp.sum(y_true, axis=axis) + jnp.sum(y_pred, axis=axis) + config.epsilon())


@LOSSES.add()
@op
def tversky(y_true, y_pred, alpha=0.5, beta=0.5, axis=None):
    """One minus the Tversky index: false negatives weigh `alpha`, false positives `beta`; 0.5 and 0.5 is Dice.

    The paper has the two weights the other way round; this is what Keras computes.

    Shape: the axes in `axis` are reduced, all by default, the batch too: (...) -> ().
    Raises: InvalidArgumentError if the shapes do not fit. Source: Salehi et al. 2017; keras.losses.tversky.
    """
    y_true, y_pred = aligned("tversky", y_true, y_pred)
    shared = jnp.sum(y_true * y_pred, axis=axis)
    false_positives = jnp.sum((1 - y_true) * y_pred, axis=axis)
    false_negatives = jnp.sum(y_true * (1 - y_pred), axis=axis)
    return 1 - shared / (shared + alpha * false_negatives + beta * false_positives + config.epsilon())


@LOSSES.add()
class Dice(FunctionLoss):
    """One minus the Dice coefficient. Source: keras.losses.Dice."""

    def __init__(self, reduction="sum_over_batch_size", name="dice", axis=None, dtype=None):
        super().__init__(dice, reduction, name, dtype, axis=axis)


@LOSSES.add()
class Tversky(FunctionLoss):
    """One minus the Tversky index. Source: keras.losses.Tversky."""

    def __init__(self, alpha=0.5, beta=0.5, reduction="sum_over_batch_size", name="tversky", axis=None, dtype=None):
        super().__init__(tversky, reduction, name, dtype, alpha=alpha, beta=beta, axis=axis)
