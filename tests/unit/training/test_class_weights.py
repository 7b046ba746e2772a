"""Class weights become sample weights."""

import jax.numpy as jnp
import numpy as np
import pytest

from cornu._base.errors import InvalidArgumentError
from cornu.training.adapters import adapt
from cornu.training.class_weights import apply_class_weight

TABLE = {0: 2.0, 2: 5.0}

LABELS = [
    (np.array([0, 1, 2, 7, -1]), [2, 1, 5, 1, 1]),
    (np.array([[0], [2], [1]]), [2, 5, 1]),
    (np.eye(3)[[2, 0, 1]], [5, 2, 1]),
    (np.array([0.2, 1.9]), [2, 5]),
    (np.array([False, True]), [2, 1]),
    (jnp.array([2, 2]), [5, 5]),
    (np.eye(3)[[[0, 1], [2, 2]]], [[2, 1], [5, 5]]),
]


@pytest.mark.parametrize(("y", "expected"), LABELS)
def test_one_output(y, expected):
    weights = apply_class_weight(y, None, TABLE)
    assert weights.tolist() == expected
    assert weights.dtype == "float32"


@pytest.mark.parametrize("table", [{2: 5, 0: 2}, {np.int64(0): 2, 2.0: 5}, [2, 1, 5], np.array([2.0, 1.0, 5.0])])
def test_forms_of_the_table(table):
    assert apply_class_weight(np.array([0, 1, 2]), None, table).tolist() == [2, 1, 5]


def test_an_empty_table_weighs_nothing():
    assert apply_class_weight(np.array([0, 1]), None, {}).tolist() == [1, 1]


@pytest.mark.parametrize("given", [np.array([1.0, 0.5]), np.array([[1.0], [0.5]]), jnp.array([1.0, 0.5])])
def test_times_sample_weight(given):
    assert apply_class_weight(np.array([0, 2]), given, TABLE).tolist() == [2, 2.5]


def test_row_weights_spread_over_sequences():
    y = np.eye(3)[[[0, 1], [2, 2]]]
    assert apply_class_weight(y, np.array([1.0, 0.5]), TABLE).tolist() == [[2, 1], [2.5, 2.5]]


def test_several_outputs():
    y = {"a": np.array([0, 1]), "b": np.array([2, 2])}
    found = apply_class_weight(y, None, {"a": TABLE})
    assert found["a"].tolist() == [2, 1] and found["b"] is None
    found = apply_class_weight(y, {"b": np.array([3.0, 4.0])}, {"a": TABLE})
    assert found["b"].tolist() == [3, 4]
    found = apply_class_weight([y["a"], y["b"]], np.array([1.0, 2.0]), {"b": TABLE, "a": {1: 10}}, ["a", "b"])
    assert [each.tolist() for each in found] == [[1, 20], [5, 10]]
    found = apply_class_weight((y["a"], y["b"]), None, [None, TABLE])
    assert found[0] is None and found[1].tolist() == [5, 5] and isinstance(found, tuple)
    assert apply_class_weight({"a": y["a"]}, None, TABLE)["a"].tolist() == [2, 1]
    assert apply_class_weight(y["a"], None, {"a": TABLE}, ["a"]).tolist() == [2, 1]


def test_refusals():
    with pytest.raises(InvalidArgumentError, match="received no y"):
        adapt(np.ones(2), class_weight=TABLE)
    with pytest.raises(InvalidArgumentError, match="dict from class numbers to weights.*'cat'"):
        apply_class_weight(np.array([0]), None, {"cat": 1.0})
    with pytest.raises(InvalidArgumentError, match=r"for 2 outputs as a dict of dicts by output name \(\['a', 'b'\]\)"):
        apply_class_weight({"a": np.array([0]), "b": np.array([0])}, None, TABLE)


def test_many_classes_at_once():
    labels = np.random.default_rng(0).integers(0, 1000, 5000)
    table = {label: float(label) for label in range(0, 1000, 2)}
    expected = np.where(labels % 2 == 0, labels, 1)
    assert (apply_class_weight(labels, None, table) == expected).all()


def test_adapt_puts_them_into_the_data():
    assert adapt(np.ones(3), np.array([0, 1, 2]), class_weight=TABLE).data[2].tolist() == [2, 1, 5]
