"""Losses of probabilities: Poisson, Kullback-Leibler, crossentropies (formulas in `ops.crossentropy`)."""

import functools
from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp

from cornu._base.errors import InvalidArgumentError
from cornu.core import config
from cornu.core.dispatch import Op, op
from cornu.core.shapes import text
from cornu.losses.alignment import aligned, floating, same_rank
from cornu.losses.base import LOSSES, FunctionLoss
from cornu.ops import crossentropy as formulas


def starts_from_logits(activation: str) -> Callable[[Op], Callable]:
    """Let a loss of probabilities start from the logits, where `activation` made the probabilities from them.

    That is exact where clipped probabilities are not, and less work. Keras does the same on TensorFlow and torch.
    """

    def decorate(loss: Op) -> Callable:
        @functools.wraps(loss.raw)
        def start(y_true: Any, y_pred: Any, from_logits: bool = False, *args: Any, **options: Any) -> Any:
            made_by, logits = getattr(y_pred, "_logits", None) or (None, None)
            if made_by == activation and not from_logits and not args and options.get("axis", -1) == -1:
                return loss(y_true, logits, True, **options)
            return loss(y_true, y_pred, from_logits, *args, **options)

        return start

    return decorate


@LOSSES.add()
@op
def poisson(y_true, y_pred):
    """Mean of `y_pred - y_true * log(y_pred + epsilon)` over the last axis. Shape: (..., n), (..., n) -> (...,).

    Raises: InvalidArgumentError if the shapes do not fit. Source: keras.losses.poisson.
    """
    y_true, y_pred = aligned("poisson", y_true, y_pred)
    return jnp.mean(y_pred - y_true * jnp.log(y_pred + config.epsilon()), axis=-1)


@LOSSES.add("kld", "KLD", "kullback_leibler_divergence")
@op
def kl_divergence(y_true, y_pred):
    """Sum of `y_true * log(y_true / y_pred)` over the last axis, both clipped to [epsilon, 1].

    Shape: (..., n), (..., n) -> (...,).
    Raises: InvalidArgumentError if the shapes do not fit. Source: keras.losses.kl_divergence.
    """
    y_true, y_pred = aligned("kl_divergence", y_true, y_pred)
    y_true, y_pred = (jnp.clip(y, config.epsilon(), 1) for y in (y_true, y_pred))
    return jnp.sum(y_true * jnp.log(y_true / y_pred), axis=-1)


@LOSSES.add("bce", "BCE")
@starts_from_logits("sigmoid")
@op
def binary_crossentropy(y_true, y_pred, from_logits=False, label_smoothing=0.0, axis=-1):
    """Mean crossentropy of independent yes-or-no targets over `axis`.

    Args: from_logits: `y_pred` is logits, not probabilities. label_smoothing: in [0, 1], how far targets move to 1/2.
    Shape: (..., n), (..., n) -> (...,).
    Raises: InvalidArgumentError if the shapes differ. Source: keras.losses.binary_crossentropy.
    """
    y_true, y_pred = _binary_targets("binary_crossentropy", y_true, y_pred, label_smoothing)
    return jnp.mean(formulas.binary_crossentropy.raw(y_true, y_pred, from_logits=from_logits), axis=axis)


@LOSSES.add()
@op
def binary_focal_crossentropy(
    y_true,
    y_pred,
    apply_class_balancing=False,
    alpha=0.25,
    gamma=2.0,
    from_logits=False,
    label_smoothing=0.0,
    axis=-1,
):
    """Binary crossentropy times `(1 - p_right)**gamma`, so that easy examples count less.

    Args: alpha: weight of class 1 (1 - alpha of class 0) with `apply_class_balancing`. Others: `binary_crossentropy`.
    Shape: (..., n), (..., n) -> (...,).
    Raises: InvalidArgumentError if the shapes differ.
    Source: Lin et al. 2017, equations 4 and 5; keras.losses.binary_focal_crossentropy.
    """
    y_true, y_pred = _binary_targets("binary_focal_crossentropy", y_true, y_pred, label_smoothing)
    p = jax.nn.sigmoid(y_pred) if from_logits else y_pred
    right = y_true * p + (1 - y_true) * (1 - p)
    values = (1 - right) ** gamma * formulas.binary_crossentropy.raw(y_true, p)
    if apply_class_balancing:
        values *= y_true * alpha + (1 - y_true) * (1 - alpha)
    return jnp.mean(values, axis=axis)


@LOSSES.add("cce", "CCE")
@starts_from_logits("softmax")
@op
def categorical_crossentropy(y_true, y_pred, from_logits=False, label_smoothing=0.0, axis=-1):
    """Crossentropy of one-hot targets (or distributions) and predicted classes.

    Args: from_logits: `y_pred` is logits, not probabilities. label_smoothing: the share of a target, in [0, 1], that is
    spread evenly over the classes.
    Shape: (..., classes), (..., classes) -> (...,).
    Raises: InvalidArgumentError if the shapes differ. Source: keras.losses.categorical_crossentropy.
    """
    y_true, y_pred = _one_hot_targets("categorical_crossentropy", y_true, y_pred, label_smoothing, axis)
    return formulas.categorical_crossentropy.raw(y_true, y_pred, from_logits=from_logits, axis=axis)


@LOSSES.add()
@op
def categorical_focal_crossentropy(
    y_true, y_pred, alpha=0.25, gamma=2.0, from_logits=False, label_smoothing=0.0, axis=-1
):
    """Categorical crossentropy whose terms are weighted by `alpha * (1 - p)**gamma`.

    Args: alpha: a number, or one for each class. Others: `categorical_crossentropy`.
    Shape: (..., classes), (..., classes) -> (...,).
    Raises: InvalidArgumentError if the shapes differ.
    Source: Lin et al. 2017; keras.losses.categorical_focal_crossentropy.
    """
    y_true, y_pred = _one_hot_targets("categorical_focal_crossentropy", y_true, y_pred, label_smoothing, axis)
    p = jax.nn.softmax(y_pred, axis) if from_logits else y_pred / jnp.sum(y_pred, axis=axis, keepdims=True)
    p = jnp.clip(p, config.epsilon(), 1 - config.epsilon())
    alpha = jnp.asarray(alpha, p.dtype)
    return jnp.sum(-y_true * jnp.log(p) * alpha * (1 - p) ** gamma, axis=axis)


@LOSSES.add("scce")
@starts_from_logits("softmax")
@op
def sparse_categorical_crossentropy(y_true, y_pred, from_logits=False, ignore_class=None, axis=-1):
    """Crossentropy of integer targets and predicted classes.

    Args: from_logits: `y_pred` is logits, not probabilities. ignore_class: targets of this class have loss 0.
    Shape: (...) or (..., 1), and (..., classes) -> (...).
    Raises: InvalidArgumentError if the shapes do not fit. Source: keras.losses.sparse_categorical_crossentropy.
    """
    y_pred = floating(y_pred)
    if y_true.ndim == y_pred.ndim and y_true.shape[-1] == 1:
        y_true = jnp.squeeze(y_true, -1)
    elif y_true.shape == y_pred.shape:
        raise InvalidArgumentError(
            "sparse_categorical_crossentropy expects y_true as class numbers, one axis fewer than y_pred; received "
            f"y_true of shape {text(y_true.shape)} and y_pred of shape {text(y_pred.shape)}. "
            "If the targets are one-hot, use categorical_crossentropy."
        )
    elif _without(y_pred.shape, axis) != y_true.shape:
        raise InvalidArgumentError(
            "sparse_categorical_crossentropy expects y_true of y_pred's shape without its axis of classes; received "
            f"y_true of shape {text(y_true.shape)} and y_pred of shape {text(y_pred.shape)}. "
            "Make the last layer's output fit the targets."
        )
    if ignore_class is None:
        return formulas.sparse_categorical_crossentropy.raw(y_true, y_pred, from_logits=from_logits, axis=axis)
    counts = y_true != ignore_class
    y_true = jnp.where(counts, y_true, 0)  # the ignored class need not exist
    values = formulas.sparse_categorical_crossentropy.raw(y_true, y_pred, from_logits=from_logits, axis=axis)
    return jnp.where(counts, values, 0)


@LOSSES.add()
@op
def categorical_generalized_cross_entropy(y_true, y_pred, q=0.5):
    """`(1 - p[y_true]**q) / q` for integer targets, which forgives wrong labels; q near 0 is crossentropy, 1 is MAE.

    Shape: (...) or (..., 1), and (..., classes) -> (...).
    Raises: InvalidArgumentError if the shapes do not fit.
    Source: Zhang and Sabuncu 2018, equation 6; keras.losses.categorical_generalized_cross_entropy.
    """
    y_pred = floating(y_pred)
    if y_true.ndim == y_pred.ndim and y_true.shape[-1] == 1:
        y_true = jnp.squeeze(y_true, -1)
    if y_true.shape != y_pred.shape[:-1]:
        raise InvalidArgumentError(
            "categorical_generalized_cross_entropy expects y_true as class numbers, one axis fewer than y_pred; "
            f"received y_true of shape {text(y_true.shape)} and y_pred of shape {text(y_pred.shape)}. "
            "Use argmax on one-hot targets."
        )
    chosen = jax.nn.one_hot(y_true.astype(jnp.int32), y_pred.shape[-1], dtype=y_pred.dtype)
    return (1 - jnp.sum(chosen * y_pred, axis=-1) ** q) / q


def _without(shape: tuple[int, ...], axis: int) -> tuple[int, ...]:
    return tuple(size for place, size in enumerate(shape) if place != axis % len(shape))


def _binary_targets(name: str, y_true: Any, y_pred: Any, smoothing: float) -> tuple[jax.Array, jax.Array]:
    """Smoothed targets and predictions of the same shape."""
    y_true, y_pred = same_rank(y_true, floating(y_pred))
    if y_true.shape != y_pred.shape:
        raise InvalidArgumentError(
            f"{name} expects y_true and y_pred of the same shape; received y_true of shape {text(y_true.shape)} and "
            f"y_pred of shape {text(y_pred.shape)}. For one yes-or-no answer end the model with "
            "Dense(1, activation='sigmoid'); for one class of several use sparse_categorical_crossentropy."
        )
    y_true = y_true.astype(y_pred.dtype)
    return (y_true * (1 - smoothing) + 0.5 * smoothing if smoothing else y_true), y_pred


def _one_hot_targets(name: str, y_true: Any, y_pred: Any, smoothing: float, axis: int) -> tuple[jax.Array, jax.Array]:
    """Smoothed one-hot targets and predictions of the same shape."""
    y_pred = floating(y_pred)
    if isinstance(axis, bool) or not -y_pred.ndim <= axis < y_pred.ndim:
        raise InvalidArgumentError(
            f"{name} expects `axis` as an integer in [{-y_pred.ndim}, {y_pred.ndim}) for y_pred of shape "
            f"{text(y_pred.shape)}; received axis={axis!r}."
        )
    if y_true.shape != y_pred.shape:
        sparse = y_true.shape in (_without(y_pred.shape, axis), (*y_pred.shape[:-1], 1))
        advice = (
            "The targets look like class numbers: use sparse_categorical_crossentropy, or one-hot targets "
            "(to_categorical(y, num_classes))."
            if sparse
            else "The last layer needs one unit for each class of the targets."
        )
        raise InvalidArgumentError(
            f"{name} expects one-hot y_true of y_pred's shape; received y_true of shape {text(y_true.shape)} and "
            f"y_pred of shape {text(y_pred.shape)}. {advice}"
        )
    y_true = y_true.astype(y_pred.dtype)
    return (y_true * (1 - smoothing) + smoothing / y_true.shape[axis] if smoothing else y_true), y_pred


@LOSSES.add()
class Poisson(FunctionLoss):
    """Negative log-likelihood of Poisson counts, up to a constant. Source: keras.losses.Poisson."""

    def __init__(self, reduction="sum_over_batch_size", name="poisson", dtype=None):
        super().__init__(poisson, reduction, name, dtype)


@LOSSES.add()
class KLDivergence(FunctionLoss):
    """Kullback-Leibler divergence of the prediction from the target. Source: keras.losses.KLDivergence."""

    def __init__(self, reduction="sum_over_batch_size", name="kl_divergence", dtype=None):
        super().__init__(kl_divergence, reduction, name, dtype)


@LOSSES.add()
class BinaryCrossentropy(FunctionLoss):
    """Crossentropy of yes-or-no targets. Source: keras.losses.BinaryCrossentropy."""

    def __init__(
        self,
        from_logits=False,
        label_smoothing=0.0,
        axis=-1,
        reduction="sum_over_batch_size",
        name="binary_crossentropy",
        dtype=None,
    ):
        options = {"from_logits": from_logits, "label_smoothing": label_smoothing, "axis": axis}
        super().__init__(binary_crossentropy, reduction, name, dtype, **options)


@LOSSES.add()
class BinaryFocalCrossentropy(FunctionLoss):
    """Crossentropy of yes-or-no targets that plays down easy examples. Source: keras.losses.BinaryFocalCrossentropy."""

    def __init__(
        self,
        apply_class_balancing=False,
        alpha=0.25,
        gamma=2.0,
        from_logits=False,
        label_smoothing=0.0,
        axis=-1,
        reduction="sum_over_batch_size",
        name="binary_focal_crossentropy",
        dtype=None,
    ):
        options = {"from_logits": from_logits, "label_smoothing": label_smoothing, "axis": axis}
        options |= {"apply_class_balancing": apply_class_balancing, "alpha": alpha, "gamma": gamma}
        super().__init__(binary_focal_crossentropy, reduction, name, dtype, **options)


@LOSSES.add()
class CategoricalCrossentropy(FunctionLoss):
    """Crossentropy of one-hot targets. Source: keras.losses.CategoricalCrossentropy."""

    def __init__(
        self,
        from_logits=False,
        label_smoothing=0.0,
        axis=-1,
        reduction="sum_over_batch_size",
        name="categorical_crossentropy",
        dtype=None,
    ):
        options = {"from_logits": from_logits, "label_smoothing": label_smoothing, "axis": axis}
        super().__init__(categorical_crossentropy, reduction, name, dtype, **options)


@LOSSES.add()
class CategoricalFocalCrossentropy(FunctionLoss):
    """Crossentropy of one-hot targets, less for easy examples. Source: keras.losses.CategoricalFocalCrossentropy."""

    def __init__(
        self,
        alpha=0.25,
        gamma=2.0,
        from_logits=False,
        label_smoothing=0.0,
        axis=-1,
        reduction="sum_over_batch_size",
        name="categorical_focal_crossentropy",
        dtype=None,
    ):
        options = {"from_logits": from_logits, "label_smoothing": label_smoothing, "axis": axis}
        super().__init__(categorical_focal_crossentropy, reduction, name, dtype, **options, alpha=alpha, gamma=gamma)


@LOSSES.add()
class SparseCategoricalCrossentropy(FunctionLoss):
    """Crossentropy of integer targets. Source: keras.losses.SparseCategoricalCrossentropy."""

    _quiet = ("axis",)

    def __init__(
        self,
        from_logits=False,
        ignore_class=None,
        reduction="sum_over_batch_size",
        axis=-1,
        name="sparse_categorical_crossentropy",
        dtype=None,
    ):
        options = {"from_logits": from_logits, "ignore_class": ignore_class, "axis": axis}
        super().__init__(sparse_categorical_crossentropy, reduction, name, dtype, **options)

    def call(self, y_true, y_pred):
        """A value per sample; targets of the ignored class are masked, so that they do not count in the mean."""
        values = super().call(y_true, y_pred)
        if self.ignore_class is not None:
            values._keras_mask = _counting(y_true, values, ignore_class=self.ignore_class)
        return values


@op
def _counting(y_true, values, ignore_class=0):
    """Which targets are not of the ignored class, in the shape of the values per sample."""
    return jnp.reshape(y_true != ignore_class, values.shape)


@LOSSES.add()
class CategoricalGeneralizedCrossEntropy(FunctionLoss):
    """Crossentropy that forgives wrong labels. Source: keras.losses.CategoricalGeneralizedCrossEntropy.

    Raises: InvalidArgumentError unless 0 < q < 1.
    """

    def __init__(
        self, q=0.5, reduction="sum_over_batch_size", name="categorical_generalized_cross_entropy", dtype=None
    ):
        if not 0 < q < 1:
            raise InvalidArgumentError(f"Expected q between 0 and 1, both excluded; received {q!r}.")
        super().__init__(categorical_generalized_cross_entropy, reduction, name, dtype, q=q)
