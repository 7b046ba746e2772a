"""Metrics of regression."""

import jax.numpy as jnp

from cornu._base.errors import InvalidArgumentError
from cornu.core.dispatch import op
from cornu.core.shapes import text
from cornu.core.tensor import convert_to_tensor
from cornu.losses import regression as losses
from cornu.losses.alignment import aligned, fit_weights
from cornu.metrics.base import METRICS, Metric, divide_no_nan
from cornu.metrics.reduction import Mean, MeanMetricWrapper, mean_update


@METRICS.add("mse", "MSE", also_snake=True)
class MeanSquaredError(MeanMetricWrapper):
    """Mean of squared errors. Source: keras.metrics.MeanSquaredError."""

    def __init__(self, name="mean_squared_error", dtype=None):
        super().__init__(losses.mean_squared_error, name, dtype)


@METRICS.add("mae", "MAE", also_snake=True)
class MeanAbsoluteError(MeanMetricWrapper):
    """Mean of absolute errors. Source: keras.metrics.MeanAbsoluteError."""

    def __init__(self, name="mean_absolute_error", dtype=None):
        super().__init__(losses.mean_absolute_error, name, dtype)


@METRICS.add("mape", "MAPE", also_snake=True)
class MeanAbsolutePercentageError(MeanMetricWrapper):
    """Mean of absolute errors in percent of the target. Source: keras.metrics.MeanAbsolutePercentageError."""

    def __init__(self, name="mean_absolute_percentage_error", dtype=None):
        super().__init__(losses.mean_absolute_percentage_error, name, dtype)


@METRICS.add("msle", "MSLE", also_snake=True)
class MeanSquaredLogarithmicError(MeanMetricWrapper):
    """Mean of squared errors of logarithms. Source: keras.metrics.MeanSquaredLogarithmicError."""

    def __init__(self, name="mean_squared_logarithmic_error", dtype=None):
        super().__init__(losses.mean_squared_logarithmic_error, name, dtype)


@METRICS.add("logcosh", "log_cosh", also_snake=True)
class LogCoshError(MeanMetricWrapper):
    """Mean of the logarithm of the hyperbolic cosine of the error. Source: keras.metrics.LogCoshError."""

    def __init__(self, name="logcosh", dtype=None):
        super().__init__(losses.log_cosh, name, dtype)


@op
def cosine_of_angle(y_true, y_pred, axis=-1):
    """Cosine of the angle between targets and predictions: 1 is the same direction, as metrics count.

    Shape: (..., n, ...), (..., n, ...) -> (..., ...), without `axis`.
    Raises: InvalidArgumentError if the shapes do not fit.
    """
    y_true, y_pred = aligned("cosine_similarity", y_true, y_pred)
    return jnp.sum(losses.unit(y_true, axis) * losses.unit(y_pred, axis), axis=axis)


@METRICS.add("cosine", "cosine_proximity", also_snake=True)
class CosineSimilarity(MeanMetricWrapper):
    """Mean cosine of the angle between target and prediction. Source: keras.metrics.CosineSimilarity."""

    _quiet = ("axis",)

    def __init__(self, name="cosine_similarity", dtype=None, axis=-1):
        super().__init__(cosine_of_angle, name, dtype, axis=axis)


@op(tensors="total count y_true y_pred sample_weight")
def squared_error_update(total, count, y_true, y_pred, sample_weight=None):
    """`mean_update` of the squared errors, entry by entry. Shape: (), (), (batch, ...), (batch, ...) -> (), ()."""
    y_true, y_pred = aligned("root_mean_squared_error", y_true, y_pred)
    return mean_update.raw(total, count, jnp.square(y_pred - y_true), sample_weight)


@op(tensors="total count")
def root_ratio(total, count):
    """Square root of a ratio; 0 where the denominator is 0. Shape: (...), (...) -> (...)."""
    return jnp.sqrt(divide_no_nan(total, count))


@METRICS.add("rmse", "RMSE", also_snake=True)
class RootMeanSquaredError(Mean):
    """Square root of the mean of squared errors. Source: keras.metrics.RootMeanSquaredError."""

    def __init__(self, name="root_mean_squared_error", dtype=None):
        super().__init__(name=name, dtype=dtype)

    def update_state(self, y_true, y_pred, sample_weight=None):
        """Take in a batch of targets and predictions."""
        total, count = squared_error_update(self.total, self.count, y_true, y_pred, sample_weight=sample_weight)
        self.total.assign(total)
        self.count.assign(count)

    def result(self):
        """The square root of the mean so far."""
        return root_ratio(self.total, self.count)


@op(tensors="squared_sum sum_ residual count samples y_true y_pred sample_weight")
def r2_update(squared_sum, sum_, residual, count, samples, y_true, y_pred, sample_weight=None):
    """The five sums that R2 needs, with a batch more. Shape: (n,) three times, (n,), (), (batch, n) twice."""
    y_true, y_pred = aligned("r2_score", y_true, y_pred)
    weights = jnp.ones((y_true.shape[0], 1), y_true.dtype)
    if sample_weight is not None:
        weights = fit_weights("a sample_weight", sample_weight.astype(y_true.dtype), y_true)
    weighted = y_true * weights
    dtype = sum_.dtype
    return (
        squared_sum + jnp.sum(y_true * weighted, axis=0).astype(dtype),
        sum_ + jnp.sum(weighted, axis=0).astype(dtype),
        residual + jnp.sum(jnp.square(y_true - y_pred) * weights, axis=0).astype(dtype),
        count + jnp.sum(weights, axis=0).astype(dtype),
        samples + jnp.asarray(y_true.size, samples.dtype),
    )


@op(tensors="squared_sum sum_ residual count samples")
def r2(squared_sum, sum_, residual, count, samples, class_aggregation="uniform_average", num_regressors=0):
    """R2 from its sums: one minus residual over total variation, for each output, aggregated, adjusted."""
    mean = divide_no_nan(sum_, count)
    total = squared_sum - sum_ * mean
    raw_scores = 1 - residual / total
    raw_scores = jnp.where(jnp.isinf(raw_scores), 0, raw_scores)  # constant targets: 0, or nan if predicted exactly
    if class_aggregation == "uniform_average":
        score = jnp.mean(raw_scores)
    elif class_aggregation == "variance_weighted_average":
        score = divide_no_nan(jnp.sum(total * raw_scores), jnp.sum(total))
    else:
        score = raw_scores
    if num_regressors:
        freedom = samples - num_regressors - 1
        adjusted = 1 - (1 - score) * (samples - 1) / jnp.where(freedom > 0, freedom, 1)
        score = jnp.where(freedom > 0, adjusted, score)
    return score.astype(sum_.dtype)


@METRICS.add(also_snake=True)
class R2Score(Metric):
    """Coefficient of determination: 1 is perfect, 0 no better than the mean of the targets.

    Args:
        class_aggregation: "uniform_average" or "variance_weighted_average" over outputs, or None for each.
        num_regressors: number of independent variables, for the adjusted score; 0 for the plain one.

    Shape: (batch, n), (batch, n) -> (), or (n,) without aggregation.
    Raises: InvalidArgumentError on other arguments, or inputs that are not of rank 2.
    Source: keras.metrics.R2Score.
    """

    def __init__(self, class_aggregation="uniform_average", num_regressors=0, name="r2_score", dtype=None):
        super().__init__(name=name, dtype=dtype)
        known = (None, "uniform_average", "variance_weighted_average")
        if class_aggregation not in known:
            raise InvalidArgumentError(f"Expected class_aggregation of {known}; received {class_aggregation!r}.")
        if num_regressors < 0:
            raise InvalidArgumentError(f"Expected num_regressors of 0 or more; received {num_regressors!r}.")
        self.class_aggregation, self.num_regressors = class_aggregation, num_regressors
        self.num_samples = self.add_variable(name="num_samples")
        self._built = False

    def _build(self, shape: tuple[int, ...]) -> None:
        if len(shape) != 2 or shape[1] is None:
            raise InvalidArgumentError(
                f"R2Score expects y_true and y_pred of shape (batch, outputs); received shape {text(shape)}."
            )
        self.squared_sum = self.add_variable(shape[1:], name="squared_sum")
        self.sum = self.add_variable(shape[1:], name="sum")
        self.residual = self.add_variable(shape[1:], name="residual")
        self.count = self.add_variable(shape[1:], name="count")
        self._built = True

    def update_state(self, y_true, y_pred, sample_weight=None):
        """Take in a batch of targets and predictions."""
        if not self._built:
            self._build(tuple(jnp.shape(y_pred) if not hasattr(y_pred, "shape") else y_pred.shape))
        state = (self.squared_sum, self.sum, self.residual, self.count, self.num_samples)
        for variable, value in zip(state, r2_update(*state, y_true, y_pred, sample_weight=sample_weight), strict=True):
            variable.assign(value)

    def result(self):
        """The score so far, 0 before the first update."""
        if not self._built:
            return convert_to_tensor(0.0, self._dtype)
        return r2(
            self.squared_sum, self.sum, self.residual, self.count, self.num_samples,
            class_aggregation=self.class_aggregation, num_regressors=self.num_regressors,
        )  # fmt: skip

    def get_config(self):
        """The constructor's arguments."""
        return {
            **super().get_config(),
            "class_aggregation": self.class_aggregation,
            "num_regressors": self.num_regressors,
        }
