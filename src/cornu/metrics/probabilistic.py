"""Metrics of probabilities: crossentropies, Kullback-Leibler, Poisson."""

from cornu.losses import probabilistic as losses
from cornu.metrics.base import METRICS
from cornu.metrics.reduction import MeanMetricWrapper


@METRICS.add("kld", "KLD", "kullback_leibler_divergence", "kl_divergence")
class KLDivergence(MeanMetricWrapper):
    """Mean Kullback-Leibler divergence. Source: keras.metrics.KLDivergence."""

    def __init__(self, name="kl_divergence", dtype=None):
        super().__init__(losses.kl_divergence, name, dtype)


@METRICS.add(also_snake=True)
class Poisson(MeanMetricWrapper):
    """Mean negative log-likelihood of Poisson counts, up to a constant. Source: keras.metrics.Poisson."""

    def __init__(self, name="poisson", dtype=None):
        super().__init__(losses.poisson, name, dtype)


@METRICS.add("bce", "BCE", also_snake=True)
class BinaryCrossentropy(MeanMetricWrapper):
    """Mean crossentropy of yes-or-no targets. Source: keras.metrics.BinaryCrossentropy."""

    def __init__(self, name="binary_crossentropy", dtype=None, from_logits=False, label_smoothing=0):
        options = {"from_logits": from_logits, "label_smoothing": label_smoothing}
        super().__init__(losses.binary_crossentropy, name, dtype, **options)


@METRICS.add("cce", "CCE", also_snake=True)
class CategoricalCrossentropy(MeanMetricWrapper):
    """Mean crossentropy of one-hot targets. Source: keras.metrics.CategoricalCrossentropy."""

    def __init__(self, name="categorical_crossentropy", dtype=None, from_logits=False, label_smoothing=0, axis=-1):
        options = {"from_logits": from_logits, "label_smoothing": label_smoothing, "axis": axis}
        super().__init__(losses.categorical_crossentropy, name, dtype, **options)


@METRICS.add("scce", also_snake=True)
class SparseCategoricalCrossentropy(MeanMetricWrapper):
    """Mean crossentropy of integer targets. Source: keras.metrics.SparseCategoricalCrossentropy."""

    def __init__(
        self, name="sparse_categorical_crossentropy", dtype=None, from_logits=False, ignore_class=None, axis=-1
    ):
        options = {"from_logits": from_logits, "ignore_class": ignore_class, "axis": axis}
        super().__init__(losses.sparse_categorical_crossentropy, name, dtype, **options)
