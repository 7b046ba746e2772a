"""Checks that every exported metric passes. A metric without a row in `ROWS` fails."""

import json

import jax
import numpy as np
import pytest
from tests.contract.exported import classes

from cornu import metrics
from cornu.core.tensor import Tensor

rng = np.random.RandomState(5)
REAL = (rng.normal(size=(6, 3)), rng.normal(size=(6, 3)))
POSITIVE = (rng.uniform(0.2, 1, (6, 3)), rng.uniform(0.2, 1, (6, 3)))
BITS = (rng.randint(0, 2, (6, 3)), rng.uniform(0, 1, (6, 3)))
HOT = (np.eye(3)[[0, 2, 1, 2, 0, 1]], POSITIVE[1] / POSITIVE[1].sum(-1, keepdims=True))
CLASSES = (np.array([0, 2, 1, 2, 0, 1]), HOT[1])
NUMBERS = (np.array([0, 2, 1, 2, 0, 1]), np.array([0, 1, 1, 2, 2, 1]))
SIGNS = (np.sign(REAL[0]), REAL[1])
# metric -> (arguments, what `update_state` takes)
ROWS = {
    "AUC": ({"num_thresholds": 20, "curve": "PR"}, BITS),
    "Accuracy": ({}, NUMBERS),
    "BinaryAccuracy": ({"threshold": 0.4}, BITS),
    "BinaryCrossentropy": ({"label_smoothing": 0.1}, BITS),
    "BinaryIoU": ({"target_class_ids": [1], "threshold": 0.4}, BITS),
    "CategoricalAccuracy": ({}, HOT),
    "CategoricalCrossentropy": ({"from_logits": True}, HOT),
    "CategoricalHinge": ({}, (HOT[0], REAL[1])),
    "ConcordanceCorrelation": ({}, REAL),
    "CosineSimilarity": ({"axis": -1}, REAL),
    "F1Score": ({"average": "macro"}, HOT),
    "FBetaScore": ({"beta": 2.0, "threshold": 0.4}, HOT),
    "FalseNegatives": ({"thresholds": 0.4}, BITS),
    "FalsePositives": ({"thresholds": [0.3, 0.6]}, BITS),
    "Hinge": ({}, SIGNS),
    "IoU": ({"num_classes": 3, "target_class_ids": [0, 2]}, NUMBERS),
    "KLDivergence": ({}, (HOT[1], HOT[1][::-1])),
    "LogCoshError": ({}, REAL),
    "Mean": ({}, REAL[:1]),
    "MeanAbsoluteError": ({}, REAL),
    "MeanAbsolutePercentageError": ({}, POSITIVE),
    "MeanIoU": ({"num_classes": 3}, NUMBERS),
    "MeanMetricWrapper": ({"fn": metrics.mean_squared_error}, REAL),
    "MeanSquaredError": ({}, REAL),
    "MeanSquaredLogarithmicError": ({}, POSITIVE),
    "OneHotIoU": ({"num_classes": 3, "target_class_ids": [0, 1]}, HOT),
    "OneHotMeanIoU": ({"num_classes": 3}, HOT),
    "PearsonCorrelation": ({}, REAL),
    "Poisson": ({}, POSITIVE),
    "Precision": ({"top_k": 2}, BITS),
    "PrecisionAtRecall": ({"recall": 0.5, "num_thresholds": 20}, BITS),
    "R2Score": ({"class_aggregation": "variance_weighted_average"}, REAL),
    "Recall": ({"class_id": 1}, BITS),
    "RecallAtPrecision": ({"precision": 0.5, "num_thresholds": 20}, BITS),
    "RootMeanSquaredError": ({}, REAL),
    "SensitivityAtSpecificity": ({"specificity": 0.5, "num_thresholds": 20}, BITS),
    "SparseCategoricalAccuracy": ({}, CLASSES),
    "SparseCategoricalCrossentropy": ({"from_logits": True}, CLASSES),
    "SparseTopKCategoricalAccuracy": ({"k": 2}, CLASSES),
    "SpecificityAtSensitivity": ({"sensitivity": 0.5, "num_thresholds": 20}, BITS),
    "SquaredHinge": ({}, SIGNS),
    "Sum": ({}, REAL[:1]),
    "TopKCategoricalAccuracy": ({"k": 2}, HOT),
    "TrueNegatives": ({"thresholds": 0.4}, BITS),
    "TruePositives": ({"thresholds": 0.4}, BITS),
}
BASES = {"Metric"}
PASSES_ON = {"MeanMetricWrapper"}  # hands arguments it does not know to its function


def made(kind, **more):
    """The metric of a row."""
    return getattr(metrics, kind)(**{**ROWS[kind][0], **more})


def updated(kind, *batches, **more):
    """The metric of a row after these batches, slices of its data; by default all of it at once."""
    metric = made(kind, **more)
    for rows in batches or (slice(None),):
        metric.update_state(*(values[rows] for values in ROWS[kind][1]))
    return metric


def plain(result):
    """The result as an array."""
    return np.asarray(result.numpy() if isinstance(result, Tensor) else result)


def test_every_metric_has_a_row():
    assert classes(metrics, metrics.Metric).keys() - BASES == ROWS.keys()


@pytest.mark.parametrize("name", ROWS)
def test_config_round_trip(name):
    metric = made(name, name="mine")
    stored = json.loads(json.dumps(metrics.serialize(metric)))
    assert (stored["module"], stored["class_name"], stored["registered_name"]) == ("keras.metrics", name, None)
    again = metrics.deserialize(stored)
    assert type(again) is type(metric)
    assert again.name == "mine"
    assert again.get_config() == metric.get_config()
    again.update_state(*ROWS[name][1])
    np.testing.assert_array_equal(plain(again.result()), plain(updated(name).result()))


@pytest.mark.parametrize("name", ROWS)
def test_batches_add_up_and_are_forgotten(name):
    metric = updated(name, slice(0, 2), slice(2, 6))
    whole = plain(updated(name).result())
    np.testing.assert_allclose(plain(metric.result()), whole, rtol=1e-5, atol=1e-7)
    metric.reset_state()
    metric.update_state(*ROWS[name][1])
    np.testing.assert_array_equal(plain(metric.result()), whole)


@pytest.mark.parametrize("name", ROWS)
def test_variables_round_trip(name):
    metric, twin = updated(name), updated(name, slice(0, 1))
    assert [v.name for v in twin.variables] == [v.name for v in metric.variables]
    assert not any(v.trainable for v in metric.variables)
    for to, variable in zip(twin.variables, metric.variables, strict=True):
        to.assign(variable)
    np.testing.assert_array_equal(plain(twin.result()), plain(metric.result()))


@pytest.mark.parametrize("name", ROWS)
def test_eager_and_compiled_agree(name):
    eager, metric = updated(name), updated(name, slice(0, 1))
    start = [v._value for v in metric.stateless_reset_state()]
    before = [v.numpy() for v in metric.variables]

    @jax.jit
    def compiled(state, *batch):
        state = [v._value for v in metric.stateless_update_state(state, *batch)]
        return state, jax.tree.map(
            lambda t: t._value, metric.stateless_result(state), is_leaf=lambda t: isinstance(t, Tensor)
        )

    state, result = compiled(start, *ROWS[name][1])
    np.testing.assert_allclose(plain(result), plain(eager.result()), rtol=1e-5, atol=1e-7)
    for after, variable in zip(state, eager.variables, strict=True):
        np.testing.assert_allclose(after, variable.numpy(), rtol=1e-5, atol=1e-6)
    for variable, value in zip(metric.variables, before, strict=True):  # the metric itself is as it was
        np.testing.assert_array_equal(variable.numpy(), value)


@pytest.mark.parametrize("name", ROWS)
def test_a_weight_of_zero_leaves_a_row_out(name):
    metric, weights = made(name), np.array([1, 1, 1, 1, 0, 0], "float32")
    metric.update_state(*ROWS[name][1], sample_weight=weights[:, None].repeat(3, 1) if name == "BinaryIoU" else weights)
    kept = updated(name, slice(0, 4))
    np.testing.assert_allclose(plain(metric.result()), plain(kept.result()), rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("name", ROWS)
def test_dtype_is_kept(name):
    metric = updated(name, dtype="float64")
    assert metric.dtype == "float64"
    assert {str(v.dtype.name) for v in metric.variables} <= {"float64", "int32", "int64"}


@pytest.mark.parametrize("name", ROWS)
def test_repr_is_stable(name):
    assert repr(made(name, name="mine")) == f"<{name} name=mine>"


@pytest.mark.parametrize("name", [name for name in ROWS if name not in PASSES_ON])
def test_unknown_argument_is_named(name):
    with pytest.raises(TypeError, match="colour"):
        made(name, colour=1)


@pytest.mark.parametrize(
    "name, bad, expected",
    [
        ("AUC", {"curve": "LINE"}, "curve.*'LINE'"),
        ("AUC", {"num_thresholds": 1}, "num_thresholds.*1"),
        ("F1Score", {"average": "mean"}, "average.*'mean'"),
        ("FBetaScore", {"beta": -1.0}, "beta.*-1"),
        ("Precision", {"thresholds": 2.0}, "threshold.*2"),
        ("PrecisionAtRecall", {"recall": 1.5}, "recall.*1.5"),
        ("R2Score", {"class_aggregation": "sum"}, "class_aggregation.*'sum'"),
        ("SensitivityAtSpecificity", {"specificity": -0.5}, "specificity.*-0.5"),
    ],
)
def test_bad_argument_is_named(name, bad, expected):
    with pytest.raises(ValueError, match=expected):
        made(name, **bad)
