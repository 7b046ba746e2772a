"""Learning rates that depend on the step. Source: keras.optimizers.schedules."""

from typing import Any

from cornu._base.suggest import attribute_error
from cornu.core import serialization
from cornu.optimizers.schedules.base import SCHEDULES as SCHEDULES
from cornu.optimizers.schedules.base import LearningRateSchedule as LearningRateSchedule
from cornu.optimizers.schedules.base import traced_or_called as traced_or_called
from cornu.optimizers.schedules.cosine import CosineDecay as CosineDecay
from cornu.optimizers.schedules.cosine import CosineDecayRestarts as CosineDecayRestarts
from cornu.optimizers.schedules.decays import ExponentialDecay as ExponentialDecay
from cornu.optimizers.schedules.decays import InverseTimeDecay as InverseTimeDecay
from cornu.optimizers.schedules.decays import PiecewiseConstantDecay as PiecewiseConstantDecay
from cornu.optimizers.schedules.decays import PolynomialDecay as PolynomialDecay


def serialize(learning_rate_schedule: LearningRateSchedule) -> Any:
    """The schedule as JSON-able data."""
    return serialization.serialize(learning_rate_schedule)


def deserialize(config: Any, custom_objects: dict[str, Any] | None = None) -> Any:
    """The schedule that `serialize` described."""
    with serialization.custom_object_scope(custom_objects or {}):
        return serialization.resolve(SCHEDULES, config)


__getattr__ = attribute_error(__name__)
