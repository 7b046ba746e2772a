"""What callbacks share that watch one metric: which way is better, and whether it got better."""

import operator
import re
from collections.abc import Callable
from typing import Any

from cornu._base.errors import InvalidArgumentError
from cornu._base.names import snake_case
from cornu._base.suggest import did_you_mean
from cornu._base.user_warning import warn
from cornu.callbacks.callback import Callback

# As the metrics of Keras declare themselves; counts such as true_positives declare nothing.
_HIGHER_IS_BETTER = (
    "acc accuracy binary_accuracy categorical_accuracy sparse_categorical_accuracy top_k_categorical_accuracy "
    "sparse_top_k_categorical_accuracy auc precision recall precision_at_recall recall_at_precision "
    "sensitivity_at_specificity specificity_at_sensitivity f1_score fbeta_score cosine_similarity r2_score "
    "pearson_correlation concordance_correlation io_u binary_io_u mean_io_u one_hot_io_u one_hot_mean_io_u"
)
_LOWER_IS_BETTER = (
    "binary_crossentropy categorical_crossentropy sparse_categorical_crossentropy mean_squared_error mse "
    "mean_absolute_error mae mean_absolute_percentage_error mape mean_squared_logarithmic_error msle "
    "root_mean_squared_error rmse kl_divergence kullback_leibler_divergence log_cosh_error logcosh poisson hinge "
    "squared_hinge categorical_hinge"
)
_BETTER = {"up": _HIGHER_IS_BETTER.split(), "down": _LOWER_IS_BETTER.split()}


def _known_direction(name: str) -> str | None:
    """The direction of a metric's name: `accuracy`, `accuracy_1`, `digit_accuracy`."""
    name = re.sub(r"_\d+$", "", name)
    for direction, known in _BETTER.items():
        if name in known or any(name.endswith(f"_{each}") for each in known):
            return direction
    return None


class MonitorCallback(Callback):
    """Base of callbacks that watch `monitor`. `mode` is `min`, `max`, or `auto`: the direction the metric itself names.

    Raises (when the metric first appears): InvalidArgumentError if `auto` cannot tell the direction.
    """

    def __init__(self, monitor: str = "val_loss", mode: str = "auto", best: float | None = None, min_delta: float = 0):
        super().__init__()
        if mode not in ("auto", "min", "max"):
            warn(f"{type(self).__name__} mode '{mode}' is unknown, fallback to auto mode.")
            mode = "auto"
        self.monitor, self.mode, self.best, self.min_delta = monitor, mode, best, abs(min_delta)
        self.monitor_op: Callable[[Any, Any], bool] | None = None

    remembers: tuple[str, ...] = ("best",)  # the attributes that a backup keeps

    def state(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.remembers}

    def restore(self, state: dict[str, Any]) -> None:
        for name in self.remembers:
            setattr(self, name, state[name])

    def _set_monitor_op(self) -> Callable[[Any, Any], bool]:
        """Settle which way is better; then `monitor_op(new, old)` is True if `new` is better."""
        direction = {"min": "down", "max": "up"}.get(self.mode) or self._metric_direction()
        if direction is None:
            raise InvalidArgumentError(
                f"{type(self).__name__} callback received monitor={self.monitor}, but Cornu isn't able to "
                f"automatically determine whether that metric should be maximized or minimized. Pass `mode='max'` in "
                f"order to monitor based on the highest metric value, or pass `mode='min'` in order to use the lowest "
                f"value."
            )
        self.monitor_op = operator.gt if direction == "up" else operator.lt
        return self.monitor_op

    def _metric_direction(self) -> str | None:
        """`up`, `down`, or None: what the metric says itself, what its class is known for, what the name says."""
        name = self.monitor.removeprefix("val_")
        if name == "loss" or name.endswith("_loss"):
            return "down"
        for metric in _all_metrics(self.model):
            metric_name = getattr(metric, "name", "")
            if name == metric_name or name.endswith(f"_{metric_name}"):  # `output_accuracy` of a model with outputs
                own = getattr(metric, "_direction", None)
                return own or _known_direction(snake_case(type(metric).__name__)) or _known_direction(name)
        return _known_direction(name)

    def _is_improvement(self, value: Any, reference: Any) -> bool:
        """True if `value` is better than `reference` by more than min_delta, or there is no reference yet."""
        if reference is None:
            return True
        better = self.monitor_op or self._set_monitor_op()
        delta = self.min_delta if better is operator.gt else -self.min_delta
        return bool(better(value - delta, reference))

    def _monitored(self, logs: dict[str, Any] | None, what: str) -> Any:
        """The watched value; None, with a warning that names what there is, if the logs lack it."""
        logs = logs or {}
        if self.monitor in logs:
            if self.monitor_op is None:
                self._set_monitor_op()
            return logs[self.monitor]
        hint = did_you_mean(self.monitor, logs)
        if self.monitor.startswith("val_") and not any(name.startswith("val_") for name in logs):
            hint = " Give `fit` validation_data or validation_split to get `val_` metrics."
        warn(f"{what} metric `{self.monitor}` which is not available. Available metrics are: {','.join(logs)}.{hint}")
        return None


def _all_metrics(model: Any) -> list[Any]:
    """The metrics of the model, those inside the compiled ones included."""
    found: list[Any] = []
    waiting = list(getattr(model, "metrics", None) or [])
    while waiting:
        metric = waiting.pop(0)
        found.append(metric)
        waiting += getattr(metric, "metrics", None) or []
    return found
