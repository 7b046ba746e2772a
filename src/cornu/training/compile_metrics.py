"""The metrics of a compiled model: which belong to which output, how they are called in logs."""

from typing import Any

from cornu import metrics
from cornu._base.errors import InvalidArgumentError
from cornu._base.suggest import did_you_mean
from cornu.metrics import Metric
from cornu.training.outputs import as_seen, distinct

_BY_SHAPE = ("accuracy", "acc", "crossentropy", "ce")


class CompileMetrics:
    """Updates and names the metrics of `compile(metrics=, weighted_metrics=)`.

    A name such as "accuracy" is resolved by the shapes of targets and outputs, as Keras does.
    """

    def __init__(self, given: Any, weighted: Any):
        self.given, self.weighted = given, weighted
        self.built = False
        self._entries: list[tuple[int, str, Metric, bool]] = []  # output, name in logs, metric, weighted

    @property
    def metrics(self) -> list[Metric]:
        """All metrics, in the order given."""
        return [metric for _, _, metric, _ in self._entries]

    @property
    def variables(self) -> list:
        """Their variables."""
        return [variable for metric in self.metrics for variable in metric.variables]

    def build(self, names: list[str], named: bool, y: list, y_pred: list) -> None:
        """Make the metrics for targets and outputs with the shapes of `y` and `y_pred`.

        In logs, a metric is called `<output>_<metric>` if the outputs have names and are several. A weighted metric whose
        name an unweighted one has taken becomes `weighted_<metric>`.
        """
        prefixes = [f"{name}_" if named and len(names) > 1 else "" for name in names]
        entries: list[tuple[int, str, Metric, bool]] = []
        for group, is_weighted in ((self.given, False), (self.weighted, True)):
            for i, chosen in enumerate(_per_output(group, names)):
                for identifier in chosen:
                    metric, label = _as_metric(identifier, y[i], y_pred[i])
                    taken = any(is_weighted and prefixes[i] + label == name and not w for _, name, _, w in entries)
                    label = f"weighted_{label}" if taken else label
                    entries.append((i, prefixes[i] + label, metric, is_weighted))
        labels = distinct([name for _, name, _, _ in entries])
        self._entries = [(i, name, metric, w) for name, (i, _, metric, w) in zip(labels, entries, strict=True)]
        self.built = True

    def update(self, y: list, y_pred: list, sample_weight: list) -> None:
        """Feed one batch to every metric."""
        for i, _, metric, is_weighted in self._entries:
            if y[i] is not None:
                metric.update_state(
                    as_seen(y[i], y_pred[i]), y_pred[i], sample_weight=sample_weight[i] if is_weighted else None
                )

    def result(self) -> dict[str, Any]:
        """The results so far by name."""
        logs: dict[str, Any] = {}
        for _, name, metric, _ in self._entries:
            value = metric.result()
            logs.update(value if isinstance(value, dict) else {name: value})
        return logs

    def reset(self) -> None:
        """Start over."""
        for metric in self.metrics:
            metric.reset_state()


def _per_output(group: Any, names: list[str]) -> list[list]:
    """A list of metric identifiers for each output."""
    count = len(names)
    if group is None:
        return [[] for _ in names]
    if isinstance(group, dict):
        if unknown := [key for key in group if key not in names]:
            raise InvalidArgumentError(
                f"metrics has an entry for {unknown[0]!r}, but the outputs are {names}.{did_you_mean(str(unknown[0]), names)}"
            )
        return [_as_list(group.get(name)) for name in names]
    if not isinstance(group, (list, tuple)):
        return [[group] for _ in names]
    if count > 1 and len(group) == count and any(isinstance(item, (list, tuple)) or item is None for item in group):
        return [_as_list(item) for item in group]
    if count > 1 and len(group) == count and all(not isinstance(item, (list, tuple)) for item in group):
        return [[item] for item in group]
    if any(isinstance(item, (list, tuple)) for item in group):
        if count == 1 and len(group) == 1:
            return [_as_list(group[0])]
        raise InvalidArgumentError(
            f"Expected one list of metrics for each of the outputs {names}; received {len(group)}."
        )
    return [list(group) for _ in names]


def _as_list(item: Any) -> list:
    return [] if item is None else list(item) if isinstance(item, (list, tuple)) else [item]


def _as_metric(identifier: Any, y: Any, y_pred: Any) -> tuple[Metric, str]:
    """The metric and its name in logs."""
    if isinstance(identifier, str) and identifier.lower() in _BY_SHAPE:
        if y is None:
            raise InvalidArgumentError(f"The metric {identifier!r} needs targets, but the output has none. Pass y.")
        function = metrics.resolve_accuracy(identifier.lower(), tuple(y.shape), tuple(y_pred.shape))
        if isinstance(function, Metric):
            return function, identifier
        return metrics.MeanMetricWrapper(function, name=identifier), identifier
    found = metrics.get(identifier)
    if isinstance(found, Metric):
        if isinstance(identifier, str):
            found.name = identifier
        return found, found.name
    name = identifier if isinstance(identifier, str) else getattr(found, "name", None) or found.__name__
    return metrics.MeanMetricWrapper(found, name=name), name
