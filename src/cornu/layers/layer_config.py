"""The config of a layer, made from the arguments of its `__init__`."""

from typing import Any

from cornu import activations
from cornu._base.errors import InvalidTypeError
from cornu.core import serialization
from cornu.layers.init_arguments import parameters_of, recorded_arguments

_MISSING = object()


def config_of(layer: Any) -> dict[str, Any]:
    """Everything needed to make the layer again: name, trainable, dtype, and the arguments of `__init__`."""
    config: dict[str, Any] = {
        "name": layer.name,
        "trainable": layer._trainable,
        "dtype": serialization.serialize(layer._dtype_policy),
    }
    if layer.activity_regularizer is not None:
        config["activity_regularizer"] = serialization.serialize(layer.activity_regularizer)
    recorded = recorded_arguments(layer)
    for parameter, is_users in parameters_of(type(layer)).items():
        if parameter in config:
            continue
        if is_users and parameter in recorded:  # the attribute may hold what was made of it
            value = recorded[parameter]
        else:
            value = getattr(layer, parameter) if hasattr(layer, parameter) else recorded.get(parameter, _MISSING)
        if value is _MISSING:
            raise InvalidTypeError(
                f"{type(layer).__name__} takes {parameter!r} but does not keep it: store it as self.{parameter} in __init__, "
                "or write get_config."
            )
        is_activation = parameter.endswith("activation") and callable(value)
        config[parameter] = activations.serialize(value) if is_activation else serialization.serialize(value)
    return config
