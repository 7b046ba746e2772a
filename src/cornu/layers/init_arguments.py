"""The arguments a layer was made with, and how they come back from a config."""

import functools
import inspect
from typing import Any

from cornu.core import serialization


@functools.cache
def parameters_of(cls: type) -> dict[str, bool]:
    """The named parameters of `cls.__init__`, without those that every layer has; True for those of a user's class.

    A user's class has those of the classes it extends as well, up to the first of Cornu's.
    """
    common = {"name", "dtype", "trainable", "activity_regularizer", "autocast"}
    kinds = (inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY)
    found: dict[str, bool] = {}
    for base in cls.__mro__:
        if "__init__" not in base.__dict__:
            continue
        is_users = not base.__module__.startswith("cornu.")
        parameters = list(inspect.signature(base.__init__).parameters.values())
        for p in parameters[1:]:  # without `self`, whatever it is called
            if p.kind in kinds and p.name not in common:
                found.setdefault(p.name, is_users)
        if not is_users:
            break
    return found


def recorded_arguments(layer: Any) -> dict[str, Any]:
    """The arguments the layer was made with, by name, defaults included."""
    args, kwargs = layer._init_arguments
    try:
        bound = inspect.signature(type(layer).__init__).bind(layer, *args, **kwargs)
    except TypeError:
        return dict(kwargs)
    bound.apply_defaults()
    return dict(bound.arguments)


def from_json(value: Any) -> Any:
    """A value of a config, with objects in place of their descriptions."""
    if isinstance(value, dict) and "class_name" in value:
        return serialization.deserialize(value)
    if isinstance(value, list):
        return [from_json(item) for item in value]
    return value
