"""Losses, as functions of (y_true, y_pred) that give a value per sample and as classes that reduce them.

Source: keras.losses.
"""

from typing import Any

from cornu._base.suggest import attribute_error
from cornu.core import serialization
from cornu.losses.alignment_free import CTC as CTC
from cornu.losses.alignment_free import ctc as ctc
from cornu.losses.base import LOSSES as LOSSES
from cornu.losses.base import FunctionLoss as FunctionLoss
from cornu.losses.base import Loss as Loss
from cornu.losses.base import Reduction as Reduction
from cornu.losses.circle_loss import Circle as Circle
from cornu.losses.circle_loss import circle as circle
from cornu.losses.margin import CategoricalHinge as CategoricalHinge
from cornu.losses.margin import Hinge as Hinge
from cornu.losses.margin import SquaredHinge as SquaredHinge
from cornu.losses.margin import categorical_hinge as categorical_hinge
from cornu.losses.margin import hinge as hinge
from cornu.losses.margin import squared_hinge as squared_hinge
from cornu.losses.overlap import Dice as Dice
from cornu.losses.overlap import Tversky as Tversky
from cornu.losses.overlap import dice as dice
from cornu.losses.overlap import tversky as tversky
from cornu.losses.probabilistic import BinaryCrossentropy as BinaryCrossentropy
from cornu.losses.probabilistic import BinaryFocalCrossentropy as BinaryFocalCrossentropy
from cornu.losses.probabilistic import CategoricalCrossentropy as CategoricalCrossentropy
from cornu.losses.probabilistic import CategoricalFocalCrossentropy as CategoricalFocalCrossentropy
from cornu.losses.probabilistic import CategoricalGeneralizedCrossEntropy as CategoricalGeneralizedCrossEntropy
from cornu.losses.probabilistic import KLDivergence as KLDivergence
from cornu.losses.probabilistic import Poisson as Poisson
from cornu.losses.probabilistic import SparseCategoricalCrossentropy as SparseCategoricalCrossentropy
from cornu.losses.probabilistic import binary_crossentropy as binary_crossentropy
from cornu.losses.probabilistic import binary_focal_crossentropy as binary_focal_crossentropy
from cornu.losses.probabilistic import categorical_crossentropy as categorical_crossentropy
from cornu.losses.probabilistic import categorical_focal_crossentropy as categorical_focal_crossentropy
from cornu.losses.probabilistic import categorical_generalized_cross_entropy as categorical_generalized_cross_entropy
from cornu.losses.probabilistic import kl_divergence as kl_divergence
from cornu.losses.probabilistic import poisson as poisson
from cornu.losses.probabilistic import sparse_categorical_crossentropy as sparse_categorical_crossentropy
from cornu.losses.regression import CosineSimilarity as CosineSimilarity
from cornu.losses.regression import Huber as Huber
from cornu.losses.regression import LogCosh as LogCosh
from cornu.losses.regression import MeanAbsoluteError as MeanAbsoluteError
from cornu.losses.regression import MeanAbsolutePercentageError as MeanAbsolutePercentageError
from cornu.losses.regression import MeanSquaredError as MeanSquaredError
from cornu.losses.regression import MeanSquaredLogarithmicError as MeanSquaredLogarithmicError
from cornu.losses.regression import cosine_similarity as cosine_similarity
from cornu.losses.regression import huber as huber
from cornu.losses.regression import log_cosh as log_cosh
from cornu.losses.regression import mean_absolute_error as mean_absolute_error
from cornu.losses.regression import mean_absolute_percentage_error as mean_absolute_percentage_error
from cornu.losses.regression import mean_squared_error as mean_squared_error
from cornu.losses.regression import mean_squared_logarithmic_error as mean_squared_logarithmic_error

# Names of both generations of Keras.
mse = MSE = mean_squared_error
mae = MAE = mean_absolute_error
mape = MAPE = mean_absolute_percentage_error
msle = MSLE = mean_squared_logarithmic_error
bce = BCE = binary_crossentropy
kld = KLD = kullback_leibler_divergence = kl_divergence
logcosh = log_cosh
LossFunctionWrapper = FunctionLoss


def get(identifier: Any) -> Any:
    """The loss meant by a name, a serialized dict, a function, a class, an object, or None.

    Raises: InvalidArgumentError naming the nearest known names. Source: keras.losses.get.
    """
    return serialization.resolve(LOSSES, identifier)


def serialize(loss: Any, use_legacy_format: bool = False) -> Any:
    """A loss as JSON-able data, in Keras 3's format or the older one. Source: keras.losses.serialize."""
    data = serialization.serialize(loss)
    if use_legacy_format and isinstance(data, dict):
        is_function = data["class_name"] == "function"
        return data["config"] if is_function else {key: data[key] for key in ("class_name", "config")}
    return data


def deserialize(name: Any, custom_objects: dict[str, Any] | None = None, use_legacy_format: bool = False) -> Any:
    """The loss that `serialize` described, or a loss by name. Both formats are understood.

    Raises: InvalidArgumentError for an unknown name. Source: keras.losses.deserialize.
    """
    with serialization.custom_object_scope(custom_objects or {}):
        return get(name)


__getattr__ = attribute_error(__name__)
