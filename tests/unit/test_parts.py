"""Regularizers and constraints: identifiers and errors. Values: tests/golden/test_parts.py."""

import numpy as np
import pytest

from cornu import constraints, regularizers
from cornu._base.errors import InvalidArgumentError


@pytest.mark.parametrize(
    "make, sentence",
    [
        (lambda: regularizers.L1(-1), "`l1` as a finite number of 0 or more; received -1"),
        (lambda: regularizers.L2("a"), "`l2` as a finite number of 0 or more; received 'a'"),
        (lambda: regularizers.L1L2(l2=float("nan")), "`l2` as a finite number of 0 or more; received nan"),
        (lambda: regularizers.OrthogonalRegularizer(mode="x"), "`mode` as 'rows' or 'columns'; received 'x'"),
        (lambda: regularizers.OrthogonalRegularizer()(np.ones(3)), r"expects a matrix; received shape \(3,\)"),
        (lambda: regularizers.get("l3"), "Unknown regularizer: 'l3'"),
        (lambda: constraints.MaxNorm(-1), "`max_value` of 0 or more; received -1"),
        (
            lambda: constraints.MinMaxNorm(2, 1),
            "Expected 0 <= min_value <= max_value; received min_value=2, max_value=1",
        ),
        (
            lambda: constraints.UnitNorm(axis=5)(np.ones((2, 2), "float32")),
            "unit_norm_rescale cannot take these arguments",
        ),
        (lambda: constraints.get("max_nrom"), "Unknown constraint: 'max_nrom'. Did you mean 'max_norm'"),
    ],
)
def test_errors_say_what_was_expected(make, sentence):
    with pytest.raises(InvalidArgumentError, match=sentence):
        make()


@pytest.mark.parametrize(
    "identifier, kind",
    [("l1", regularizers.L1), ("L2", regularizers.L2), ("l1_l2", regularizers.L1L2), ("l1l2", regularizers.L1L2)],
)
def test_regularizers_by_name(identifier, kind):
    assert type(regularizers.get(identifier)) is kind


@pytest.mark.parametrize(
    "identifier, kind",
    [("max_norm", constraints.MaxNorm), ("NonNeg", constraints.NonNeg), ("min_max_norm", constraints.MinMaxNorm)],
)
def test_constraints_by_name(identifier, kind):
    assert type(constraints.get(identifier)) is kind


def test_none_means_the_default_and_integers_are_made_floats():
    assert regularizers.L2(None).l2 == 0.01
    penalty = regularizers.L2(0.5)(np.array([1, 2]))
    assert (float(penalty), penalty.dtype) == (2.5, "float32")


def test_subclasses_need_their_call_and_get_their_config():
    class Halve(constraints.Constraint):
        def __init__(self, factor=0.5):
            self.factor = factor

        def __call__(self, w):
            return w * self.factor

    assert Halve(0.25).get_config() == {"factor": 0.25}
    assert constraints.get(Halve)(4.0) == 2.0
    with pytest.raises(TypeError, match="abstract"):
        type("Empty", (regularizers.Regularizer,), {})()
