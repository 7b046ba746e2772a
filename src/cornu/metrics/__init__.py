"""Metrics: numbers gathered over batches, as classes; and their values per sample, as functions.

Source: keras.metrics.
"""

from typing import Any

from cornu._base.suggest import attribute_error
from cornu.core import serialization
from cornu.losses import binary_crossentropy as binary_crossentropy
from cornu.losses import binary_focal_crossentropy as binary_focal_crossentropy
from cornu.losses import categorical_crossentropy as categorical_crossentropy
from cornu.losses import categorical_focal_crossentropy as categorical_focal_crossentropy
from cornu.losses import categorical_hinge as categorical_hinge
from cornu.losses import cosine_similarity as cosine_similarity
from cornu.losses import hinge as hinge
from cornu.losses import huber as huber
from cornu.losses import kl_divergence as kl_divergence
from cornu.losses import log_cosh as log_cosh
from cornu.losses import mean_absolute_error as mean_absolute_error
from cornu.losses import mean_absolute_percentage_error as mean_absolute_percentage_error
from cornu.losses import mean_squared_error as mean_squared_error
from cornu.losses import mean_squared_logarithmic_error as mean_squared_logarithmic_error
from cornu.losses import poisson as poisson
from cornu.losses import sparse_categorical_crossentropy as sparse_categorical_crossentropy
from cornu.losses import squared_hinge as squared_hinge
from cornu.metrics.accuracy import Accuracy as Accuracy
from cornu.metrics.accuracy import BinaryAccuracy as BinaryAccuracy
from cornu.metrics.accuracy import CategoricalAccuracy as CategoricalAccuracy
from cornu.metrics.accuracy import SparseCategoricalAccuracy as SparseCategoricalAccuracy
from cornu.metrics.accuracy import SparseTopKCategoricalAccuracy as SparseTopKCategoricalAccuracy
from cornu.metrics.accuracy import TopKCategoricalAccuracy as TopKCategoricalAccuracy
from cornu.metrics.accuracy import binary_accuracy as binary_accuracy
from cornu.metrics.accuracy import categorical_accuracy as categorical_accuracy
from cornu.metrics.accuracy import resolve_accuracy as resolve_accuracy
from cornu.metrics.accuracy import sparse_categorical_accuracy as sparse_categorical_accuracy
from cornu.metrics.accuracy import sparse_top_k_categorical_accuracy as sparse_top_k_categorical_accuracy
from cornu.metrics.accuracy import top_k_categorical_accuracy as top_k_categorical_accuracy
from cornu.metrics.auc import AUC as AUC
from cornu.metrics.base import METRICS as METRICS
from cornu.metrics.base import Metric as Metric
from cornu.metrics.confusion import FalseNegatives as FalseNegatives
from cornu.metrics.confusion import FalsePositives as FalsePositives
from cornu.metrics.confusion import Precision as Precision
from cornu.metrics.confusion import PrecisionAtRecall as PrecisionAtRecall
from cornu.metrics.confusion import Recall as Recall
from cornu.metrics.confusion import RecallAtPrecision as RecallAtPrecision
from cornu.metrics.confusion import SensitivityAtSpecificity as SensitivityAtSpecificity
from cornu.metrics.confusion import SpecificityAtSensitivity as SpecificityAtSensitivity
from cornu.metrics.confusion import TrueNegatives as TrueNegatives
from cornu.metrics.confusion import TruePositives as TruePositives
from cornu.metrics.correlation import ConcordanceCorrelation as ConcordanceCorrelation
from cornu.metrics.correlation import PearsonCorrelation as PearsonCorrelation
from cornu.metrics.correlation import concordance_correlation as concordance_correlation
from cornu.metrics.correlation import pearson_correlation as pearson_correlation
from cornu.metrics.f_score import F1Score as F1Score
from cornu.metrics.f_score import FBetaScore as FBetaScore
from cornu.metrics.iou import BinaryIoU as BinaryIoU
from cornu.metrics.iou import IoU as IoU
from cornu.metrics.iou import MeanIoU as MeanIoU
from cornu.metrics.iou import OneHotIoU as OneHotIoU
from cornu.metrics.iou import OneHotMeanIoU as OneHotMeanIoU
from cornu.metrics.margin import CategoricalHinge as CategoricalHinge
from cornu.metrics.margin import Hinge as Hinge
from cornu.metrics.margin import SquaredHinge as SquaredHinge
from cornu.metrics.probabilistic import BinaryCrossentropy as BinaryCrossentropy
from cornu.metrics.probabilistic import CategoricalCrossentropy as CategoricalCrossentropy
from cornu.metrics.probabilistic import KLDivergence as KLDivergence
from cornu.metrics.probabilistic import Poisson as Poisson
from cornu.metrics.probabilistic import SparseCategoricalCrossentropy as SparseCategoricalCrossentropy
from cornu.metrics.reduction import Mean as Mean
from cornu.metrics.reduction import MeanMetricWrapper as MeanMetricWrapper
from cornu.metrics.reduction import Sum as Sum
from cornu.metrics.regression import CosineSimilarity as CosineSimilarity
from cornu.metrics.regression import LogCoshError as LogCoshError
from cornu.metrics.regression import MeanAbsoluteError as MeanAbsoluteError
from cornu.metrics.regression import MeanAbsolutePercentageError as MeanAbsolutePercentageError
from cornu.metrics.regression import MeanSquaredError as MeanSquaredError
from cornu.metrics.regression import MeanSquaredLogarithmicError as MeanSquaredLogarithmicError
from cornu.metrics.regression import R2Score as R2Score
from cornu.metrics.regression import RootMeanSquaredError as RootMeanSquaredError

# Names of both generations of Keras.
mse = MSE = mean_squared_error
mae = MAE = mean_absolute_error
mape = MAPE = mean_absolute_percentage_error
msle = MSLE = mean_squared_logarithmic_error
bce = BCE = binary_crossentropy
kld = KLD = kullback_leibler_divergence = kl_divergence
logcosh = log_cosh


def get(identifier: Any) -> Any:
    """The metric meant by a name, a serialized dict, a class, an object, a function, or None.

    Raises: InvalidArgumentError naming the nearest known names. Source: keras.metrics.get.
    """
    return serialization.resolve(METRICS, identifier)


def serialize(metric: Any) -> Any:
    """A metric as JSON-able data. Source: keras.metrics.serialize."""
    return serialization.serialize(metric)


def deserialize(config: Any, custom_objects: dict[str, Any] | None = None) -> Any:
    """The metric that `serialize` described, or a metric by name.

    Raises: InvalidArgumentError for an unknown name. Source: keras.metrics.deserialize.
    """
    with serialization.custom_object_scope(custom_objects or {}):
        return get(config)


__getattr__ = attribute_error(__name__)
