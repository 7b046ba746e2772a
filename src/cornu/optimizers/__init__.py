"""Optimizers: gradients in, better weights out. Source: keras.optimizers."""

from typing import Any

from cornu._base.suggest import attribute_error
from cornu.core import serialization
from cornu.optimizers import legacy as legacy
from cornu.optimizers import schedules as schedules
from cornu.optimizers.adadelta import Adadelta as Adadelta
from cornu.optimizers.adafactor import Adafactor as Adafactor
from cornu.optimizers.adagrad import Adagrad as Adagrad
from cornu.optimizers.adam import Adam as Adam
from cornu.optimizers.adam import AdamW as AdamW
from cornu.optimizers.adamax import Adamax as Adamax
from cornu.optimizers.base import OPTIMIZERS as OPTIMIZERS
from cornu.optimizers.base import Optimizer as Optimizer
from cornu.optimizers.ftrl import Ftrl as Ftrl
from cornu.optimizers.lamb import Lamb as Lamb
from cornu.optimizers.lion import Lion as Lion
from cornu.optimizers.loss_scale import LossScaleOptimizer as LossScaleOptimizer
from cornu.optimizers.multi_optimizer import MultiOptimizer as MultiOptimizer
from cornu.optimizers.multi_optimizer import OptimizerMap as OptimizerMap
from cornu.optimizers.muon import Muon as Muon
from cornu.optimizers.nadam import Nadam as Nadam
from cornu.optimizers.rmsprop import RMSprop as RMSprop
from cornu.optimizers.schedule_free_adam import ScheduleFreeAdamW as ScheduleFreeAdamW
from cornu.optimizers.sgd import SGD as SGD


def get(identifier: Any) -> Any:
    """The optimizer that is meant: None, a name in any case ("adam", "SGD"), a config, a class or an object.

    Raises: InvalidArgumentError naming the nearest known names.
    """
    if isinstance(identifier, str):
        identifier = _known_name(identifier)
    elif isinstance(identifier, dict) and isinstance(identifier.get("class_name"), str):
        identifier = identifier | {"class_name": _known_name(identifier["class_name"])}
    return serialization.resolve(OPTIMIZERS, identifier)


def _known_name(name: str) -> str:
    return next((known for known in OPTIMIZERS if known.lower() == name.lower()), name)


def serialize(optimizer: Optimizer) -> Any:
    """The optimizer as JSON-able data."""
    return serialization.serialize(optimizer)


def deserialize(config: Any, custom_objects: dict[str, Any] | None = None) -> Any:
    """The optimizer that `serialize` described, or of that name."""
    with serialization.custom_object_scope(custom_objects or {}):
        return get(config)


__getattr__ = attribute_error(__name__)
