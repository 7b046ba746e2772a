"""Counts of hits and errors, precision, recall, and the best of one rate at a given other."""

from typing import Any

import jax.numpy as jnp

from cornu._base.errors import InvalidArgumentError
from cornu.core.dispatch import op
from cornu.metrics.base import METRICS, Metric, divide_no_nan
from cornu.metrics.thresholds import COUNTS, count_update, standard_thresholds


class _Counting(Metric):
    """A metric whose state is some of the four counts, each at all thresholds."""

    kinds: tuple[str, ...] = ()

    def _make_counts(self, shape: tuple[int, ...]) -> None:
        for kind in self.kinds:
            setattr(self, kind, self.add_variable(shape, name=kind))

    def _count(self, y_true: Any, y_pred: Any, sample_weight: Any, **options: Any) -> None:
        counts = [getattr(self, kind) for kind in self.kinds]
        options["thresholds"] = tuple(self.thresholds)
        added = count_update(counts, y_true, y_pred, sample_weight=sample_weight, kinds=self.kinds, **options)
        for variable, value in zip(counts, added, strict=True):
            variable.assign(value)


class _OneCount(_Counting):
    def __init__(self, thresholds=None, name=None, dtype=None):
        super().__init__(name=name, dtype=dtype)
        self.init_thresholds = thresholds
        self.thresholds = standard_thresholds(thresholds, default=0.5)
        self.accumulator = self.add_variable((len(self.thresholds),), name="accumulator")

    def update_state(self, y_true, y_pred, sample_weight=None):
        """Take in a batch of targets (0 or 1) and predictions (in [0, 1])."""
        (count,) = count_update(
            [self.accumulator], y_true, y_pred, sample_weight=sample_weight, kinds=self.kinds,
            thresholds=tuple(self.thresholds),
        )  # fmt: skip
        self.accumulator.assign(count)

    def result(self):
        """The count, one for each threshold if there are several."""
        return _one_or_all(self.accumulator.value, self.thresholds)

    def get_config(self):
        """The constructor's arguments."""
        return {**super().get_config(), "thresholds": self.init_thresholds}


@METRICS.add(also_snake=True)
class TruePositives(_OneCount):
    """Number of positives found. Source: keras.metrics.TruePositives."""

    kinds = ("true_positives",)


@METRICS.add(also_snake=True)
class FalsePositives(_OneCount):
    """Number of negatives taken for positives. Source: keras.metrics.FalsePositives."""

    kinds = ("false_positives",)


@METRICS.add(also_snake=True)
class TrueNegatives(_OneCount):
    """Number of negatives found. Source: keras.metrics.TrueNegatives."""

    kinds = ("true_negatives",)


@METRICS.add(also_snake=True)
class FalseNegatives(_OneCount):
    """Number of positives missed. Source: keras.metrics.FalseNegatives."""

    kinds = ("false_negatives",)


class _Share(_Counting):
    """True positives over true positives plus one kind of error.

    Args: thresholds: a number or several in [0, 1], default 0.5. top_k: only the k highest scores of a row can be
    positive. class_id: only this class counts.
    """

    def __init__(self, thresholds=None, top_k=None, class_id=None, name=None, dtype=None):
        super().__init__(name=name, dtype=dtype)
        self.init_thresholds, self.top_k, self.class_id = thresholds, top_k, class_id
        self.thresholds = standard_thresholds(thresholds, default=0.5 if top_k is None else -1e10)
        self._make_counts((len(self.thresholds),))

    def update_state(self, y_true, y_pred, sample_weight=None):
        """Take in a batch of targets (0 or 1) and predictions (in [0, 1])."""
        self._count(y_true, y_pred, sample_weight, top_k=self.top_k, class_id=self.class_id)

    def result(self):
        """The share, one for each threshold if there are several; 0 where nothing was counted."""
        hits, errors = (getattr(self, kind) for kind in self.kinds)
        return _one_or_all(share(hits, errors), self.thresholds)

    def get_config(self):
        """The constructor's arguments."""
        options = {"thresholds": self.init_thresholds, "top_k": self.top_k, "class_id": self.class_id}
        return {**super().get_config(), **options}


@METRICS.add(also_snake=True)
class Precision(_Share):
    """Share of the predicted positives that are positive. Source: keras.metrics.Precision."""

    kinds = ("true_positives", "false_positives")


@METRICS.add(also_snake=True)
class Recall(_Share):
    """Share of the positives that are found. Source: keras.metrics.Recall."""

    kinds = ("true_positives", "false_negatives")


@op
def share(part, rest):
    """`part / (part + rest)`, 0 where both are 0. Shape: (...), (...) -> (...)."""
    return divide_no_nan(part, part + rest)


@op(tensors="true_positives false_positives true_negatives false_negatives", static="best given at_least")
def best_at(true_positives, false_positives, true_negatives, false_negatives, best, given, at_least):
    """The highest rate `best` over thresholds where the rate `given` is `at_least` that; 0 if there is none."""
    rates = {
        "sensitivity": divide_no_nan(true_positives, true_positives + false_negatives),
        "specificity": divide_no_nan(true_negatives, true_negatives + false_positives),
        "precision": divide_no_nan(true_positives, true_positives + false_positives),
    }
    return jnp.max(jnp.where(rates[given] >= at_least, rates[best], 0))


class _BestAt(_Counting):
    kinds = COUNTS
    best = given = ""

    def __init__(self, at_least: float, num_thresholds: int, class_id: int | None, name: str | None, dtype: Any):
        super().__init__(name=name, dtype=dtype)
        if not 0 <= at_least <= 1:
            raise InvalidArgumentError(f"Expected {self._argument()} in [0, 1]; received {at_least!r}.")
        if num_thresholds <= 0:
            raise InvalidArgumentError(f"Expected num_thresholds of 1 or more; received {num_thresholds!r}.")
        self._at_least, self.num_thresholds, self.class_id = at_least, num_thresholds, class_id
        setattr(self, self._argument(), at_least)
        last = num_thresholds - 1
        self.thresholds = [place / last for place in range(num_thresholds)] if last else [0.5]
        self._make_counts((num_thresholds,))

    @classmethod
    def _argument(cls) -> str:
        """Name of the constructor's first argument."""
        return "recall" if cls.best == "precision" else cls.given

    def update_state(self, y_true, y_pred, sample_weight=None):
        """Take in a batch of targets (0 or 1) and predictions (in [0, 1])."""
        self._count(y_true, y_pred, sample_weight, class_id=self.class_id)

    def result(self):
        """The best rate, 0 if no threshold satisfies the condition."""
        counts = (getattr(self, kind) for kind in self.kinds)
        return best_at(*counts, best=self.best, given=self.given, at_least=self._at_least)

    def get_config(self):
        """The constructor's arguments."""
        options = {"num_thresholds": self.num_thresholds, "class_id": self.class_id}
        return {**super().get_config(), **options, self._argument(): self._at_least}


@METRICS.add(also_snake=True)
class SensitivityAtSpecificity(_BestAt):
    """Best sensitivity where the specificity is at least the given one. Source: keras.metrics.SensitivityAtSpecificity.

    Raises: InvalidArgumentError unless `specificity` is in [0, 1] and `num_thresholds` positive.
    """

    best, given = "sensitivity", "specificity"

    def __init__(self, specificity, num_thresholds=200, class_id=None, name=None, dtype=None):
        super().__init__(specificity, num_thresholds, class_id, name, dtype)


@METRICS.add(also_snake=True)
class SpecificityAtSensitivity(_BestAt):
    """Best specificity where the sensitivity is at least the given one. Source: keras.metrics.SpecificityAtSensitivity.

    Raises: InvalidArgumentError unless `sensitivity` is in [0, 1] and `num_thresholds` positive.
    """

    best, given = "specificity", "sensitivity"

    def __init__(self, sensitivity, num_thresholds=200, class_id=None, name=None, dtype=None):
        super().__init__(sensitivity, num_thresholds, class_id, name, dtype)


@METRICS.add(also_snake=True)
class PrecisionAtRecall(_BestAt):
    """Best precision where the recall is at least the given one. Source: keras.metrics.PrecisionAtRecall.

    Raises: InvalidArgumentError unless `recall` is in [0, 1] and `num_thresholds` positive.
    """

    best, given = "precision", "sensitivity"

    def __init__(self, recall, num_thresholds=200, class_id=None, name=None, dtype=None):
        super().__init__(recall, num_thresholds, class_id, name, dtype)


@METRICS.add(also_snake=True)
class RecallAtPrecision(_BestAt):
    """Best recall where the precision is at least the given one. Source: keras.metrics.RecallAtPrecision.

    Raises: InvalidArgumentError unless `precision` is in [0, 1] and `num_thresholds` positive.
    """

    best, given = "sensitivity", "precision"

    def __init__(self, precision, num_thresholds=200, class_id=None, name=None, dtype=None):
        super().__init__(precision, num_thresholds, class_id, name, dtype)


def _one_or_all(values: Any, thresholds: list[float]) -> Any:
    return values[0] if len(thresholds) == 1 else values
