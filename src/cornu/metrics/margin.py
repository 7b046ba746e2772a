"""Metrics of maximum-margin classification."""

from cornu.losses import margin as losses
from cornu.metrics.base import METRICS
from cornu.metrics.reduction import MeanMetricWrapper


@METRICS.add(also_snake=True)
class Hinge(MeanMetricWrapper):
    """Mean hinge loss. Source: keras.metrics.Hinge."""

    def __init__(self, name="hinge", dtype=None):
        super().__init__(losses.hinge, name, dtype)


@METRICS.add(also_snake=True)
class SquaredHinge(MeanMetricWrapper):
    """Mean squared hinge loss. Source: keras.metrics.SquaredHinge."""

    def __init__(self, name="squared_hinge", dtype=None):
        super().__init__(losses.squared_hinge, name, dtype)


@METRICS.add(also_snake=True)
class CategoricalHinge(MeanMetricWrapper):
    """Mean categorical hinge loss. Source: keras.metrics.CategoricalHinge."""

    def __init__(self, name="categorical_hinge", dtype=None):
        super().__init__(losses.categorical_hinge, name, dtype)
