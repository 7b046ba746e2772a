"""Metrics: names, state, pure twins, subclasses of both generations, errors."""

import copy

import jax
import numpy as np
import pytest

from cornu import metrics
from cornu._base.errors import InvalidArgumentError
from cornu.core.tensor import raw
from cornu.metrics import thresholds

ONES = np.ones((2, 3), "float32")
NEEDED = {
    "IoU": {"num_classes": 3, "target_class_ids": [0]},
    "MeanIoU": {"num_classes": 3},
    "OneHotIoU": {"num_classes": 3, "target_class_ids": [0]},
    "OneHotMeanIoU": {"num_classes": 3},
    "PrecisionAtRecall": {"recall": 0.5},
    "RecallAtPrecision": {"precision": 0.5},
    "SensitivityAtSpecificity": {"specificity": 0.5},
    "SpecificityAtSensitivity": {"sensitivity": 0.5},
    "MeanMetricWrapper": {"fn": metrics.mean_squared_error},
}


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("mse", "MeanSquaredError"),
        ("MAE", "MeanAbsoluteError"),
        ("accuracy", "Accuracy"),
        ("AUC", "AUC"),
        ("auc", "AUC"),
        ("binary_accuracy", "BinaryAccuracy"),
        ("top_k_categorical_accuracy", "TopKCategoricalAccuracy"),
        ("kl_divergence", "KLDivergence"),
        ("logcosh", "LogCoshError"),
        ("f1_score", "F1Score"),
        ("Precision", "Precision"),
    ],
)
def test_names_of_both_generations(name, kind):
    assert type(metrics.get(name)).__name__ == kind


@pytest.mark.parametrize("name", [n for n in metrics.METRICS if n[0].isupper() and (len(n) > 5 or n in ("AUC", "IoU"))])
def test_every_class_comes_back_from_its_config(name):
    metric = getattr(metrics, name)(**NEEDED.get(name, {}))
    again = metrics.deserialize(metrics.serialize(metric))
    assert type(again) is type(metric)
    assert again.get_config() == metric.get_config()


@pytest.mark.parametrize(
    ("kind", "y_true", "y_pred", "expected"),
    [
        ("accuracy", (None, 1), (None, 1), "BinaryAccuracy"),
        ("acc", (None,), (None, 1), "BinaryAccuracy"),
        ("Accuracy", (None, 3), (None, 3), "CategoricalAccuracy"),
        ("acc", (None, 1), (None, 3), "SparseCategoricalAccuracy"),
        ("acc", (None,), (None, 3), "SparseCategoricalAccuracy"),
        ("acc", (None, 5), (None, 5, 3), "SparseCategoricalAccuracy"),
        ("acc", (None, 5, 1), (None, 5, 1), "BinaryAccuracy"),
        ("ce", (None, 1), (None, 1), "BinaryCrossentropy"),
        ("crossentropy", (None,), (None, 3), "SparseCategoricalCrossentropy"),
        ("crossentropy", (None, 3), (None, 3), "CategoricalCrossentropy"),
    ],
)
def test_what_accuracy_means(kind, y_true, y_pred, expected):
    metric = metrics.resolve_accuracy(kind, y_true, y_pred)
    assert (type(metric).__name__, metric.name) == (expected, kind)


def test_other_words_are_not_accuracy():
    assert metrics.resolve_accuracy("mse", (None, 1), (None, 1)) is None


def test_pure_twins_leave_the_metric_alone():
    metric = metrics.MeanSquaredError()
    start = metric.stateless_reset_state()

    @jax.jit
    def run(state, y_true, y_pred):
        return [raw(v) for v in metric.stateless_update_state(state, y_true, y_pred)]

    state = run([raw(v) for v in start], ONES, 3 * ONES)
    state = run(state, ONES, ONES)
    assert [float(v) for v in state] == [8.0, 4.0]
    assert float(metric.stateless_result(state)) == 2.0
    assert float(metric.result()) == 0.0


def test_resetting_while_a_function_is_traced_keeps_nothing_of_the_trace():
    metric = metrics.Mean()
    traced = jax.jit(lambda: [raw(value) for value in metric.stateless_reset_state()])()
    assert [float(value) for value in traced] == [0, 0]
    metric.update_state([4.0])
    metric.reset_state()
    metric.update_state([2.0])
    assert float(metric.result()) == 2


def test_pure_update_needs_a_value_for_each_variable():
    with pytest.raises(InvalidArgumentError, match="2 variables of the metric 'mean'; received 1"):
        metrics.Mean().stateless_update_state([0.0], ONES)


def test_call_updates_and_tells():
    metric = metrics.Mean()
    assert float(metric([1.0, 3.0])) == 2.0
    assert float(metric([5.0])) == 3.0
    metric.reset_state()
    assert float(metric.result()) == 0.0


def test_mean_of_numbers_and_weights():
    metric = metrics.Mean()
    metric.update_state(3.0)
    metric.update_state(5.0, sample_weight=3.0)
    assert float(metric.result()) == 4.5
    with pytest.raises(InvalidArgumentError, match=r"sample_weight that fits the values of shape \(2, 3\).*\(5,\)"):
        metric.update_state(ONES, sample_weight=np.ones(5))


def test_subclass_as_keras_3_has_it():
    class Count(metrics.Metric):
        def __init__(self, name="count", **kwargs):
            super().__init__(name=name, **kwargs)
            self.n = self.add_variable(shape=(), initializer="zeros", name="n")
            self.inner = metrics.Mean(name="inner")

        def update_state(self, y_true, y_pred, sample_weight=None):
            self.n.assign_add(2)
            self.inner.update_state(y_pred)

        def result(self):
            return {"n": self.n.value, "mean": self.inner.result()}

    metric = Count()
    metric.update_state(ONES, 3 * ONES)
    assert [v.path for v in metric.variables] == ["count/n", "inner/total", "inner/count"]
    assert {key: float(value) for key, value in metric.result().items()} == {"n": 2.0, "mean": 3.0}
    metric.reset_state()
    assert [float(v.numpy()) for v in metric.variables] == [0.0, 0.0, 0.0]


def test_subclass_as_tf_keras_has_it():
    class Old(metrics.Metric):
        def __init__(self, name="old", **kwargs):
            super().__init__(name, **kwargs)
            self.n = self.add_weight("n", (2,), initializer="ones")
            self.resets = 0

        def update_state(self, y_true, y_pred, sample_weight=None):
            self.n.assign_add([1.0, 2.0])

        def result(self):
            return self.n.value[1]

        def reset_states(self):
            self.resets += 1
            super().reset_states()

    with pytest.raises(TypeError, match="add_weight takes shape, initializer, dtype, name; received 'size'"):
        metrics.Mean().add_weight(size=3)
    metric = Old()
    assert metric.name == "old"
    metric.update_state(None, None)
    assert metric.n.numpy().tolist() == [2.0, 3.0]
    metric.reset_state()
    assert (metric.resets, metric.n.numpy().tolist()) == (1, [0.0, 0.0])


def test_a_metric_without_methods():
    with pytest.raises(NotImplementedError, match="must define `update_state"):
        metrics.Metric().update_state()
    with pytest.raises(NotImplementedError, match="must define `result"):
        metrics.Metric().result()


def test_a_copy_has_its_own_state():
    metric = metrics.Mean()
    twin = copy.deepcopy(metric)
    metric.update_state([1.0])
    assert float(twin.result()) == 0.0
    twin.update_state([5.0])
    assert (float(metric.result()), float(twin.result())) == (1.0, 5.0)


def test_wrong_shapes():
    with pytest.raises(InvalidArgumentError, match="use sparse_categorical_accuracy"):
        metrics.categorical_accuracy([0, 1], ONES)
    with pytest.raises(InvalidArgumentError, match="use categorical_accuracy"):
        metrics.sparse_categorical_accuracy(ONES, ONES)
    with pytest.raises(InvalidArgumentError, match=r"same shape.*\(2,\).*\(2, 3\)"):
        metrics.Precision().update_state([0, 1], ONES)
    with pytest.raises(InvalidArgumentError, match=r"R2Score expects.*\(3,\)"):
        metrics.R2Score().update_state(np.ones(3), np.ones(3))
    with pytest.raises(InvalidArgumentError, match=r"class_id in \[0, 3\)"):
        metrics.Precision(class_id=5).update_state(ONES, ONES)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: metrics.Precision(thresholds=[1.5]), r"thresholds in \[0, 1\]"),
        (lambda: metrics.AUC(curve="XY"), "curve to be one of"),
        (lambda: metrics.AUC(num_thresholds=1), "num_thresholds of 2 or more"),
        (lambda: metrics.AUC(summation_method="x"), "summation_method to be one of"),
        (lambda: metrics.SensitivityAtSpecificity(1.5), r"specificity in \[0, 1\]"),
        (lambda: metrics.PrecisionAtRecall(-1.0), r"recall in \[0, 1\]"),
        (lambda: metrics.FBetaScore(average="x"), "average to be one of"),
        (lambda: metrics.FBetaScore(beta=-1.0), "beta as a float above 0"),
        (lambda: metrics.FBetaScore(threshold=2.0), "0 < threshold <= 1"),
        (lambda: metrics.R2Score(class_aggregation="x"), "class_aggregation of"),
        (lambda: metrics.R2Score(num_regressors=-1), "num_regressors of 0 or more"),
        (lambda: metrics.IoU(2, [3]), r"target_class_ids in \[0, 2\)"),
        (lambda: metrics.get("acuracy"), "Did you mean 'accuracy'"),
    ],
)
def test_bad_options(make, message):
    with pytest.raises(InvalidArgumentError, match=message):
        make()


def test_counting_in_buckets_is_counting_by_comparison(monkeypatch):
    rng = np.random.default_rng(0)
    y_true, y_pred = rng.integers(0, 2, (50, 3)), rng.integers(0, 9, (50, 3)).astype("float32") / 8
    results = []
    for limit in (1 << 22, 0):
        monkeypatch.setattr(thresholds, "_DENSE", limit)
        for options in ({}, {"by_label": True}):
            state = [np.zeros((4, 3) if options else 4, "float32") for _ in range(4)]
            bars = (0.7, 0.125, 0.5, 0.9)  # any order
            results.append(thresholds.count_update.raw(
                [jax.numpy.asarray(s) for s in state], jax.numpy.asarray(y_true), jax.numpy.asarray(y_pred),
                thresholds=bars, **options,
            ))  # fmt: skip
    for dense, buckets in ((results[0], results[2]), (results[1], results[3])):
        for one, other in zip(dense, buckets, strict=True):
            np.testing.assert_array_equal(one, other)


def test_metrics_without_data():
    for metric in (metrics.R2Score(), metrics.F1Score(), metrics.AUC(multi_label=True), metrics.MeanIoU(3)):
        assert float(metric.result()) == 0.0
