"""Dtype policies. Source: keras.dtype_policies."""

from typing import Any

from cornu._base.suggest import attribute_error
from cornu.core import serialization
from cornu.core.dtype_policy import DTypePolicy as DTypePolicy
from cornu.core.dtype_policy import FloatDTypePolicy as FloatDTypePolicy
from cornu.core.dtype_policy import get as get
from cornu.core.dtype_policy_map import DTypePolicyMap as DTypePolicyMap


def serialize(dtype_policy: DTypePolicy | DTypePolicyMap) -> dict[str, Any]:
    """A policy as JSON-able data. Source: keras.dtype_policies.serialize."""
    return serialization.serialize(dtype_policy)


def deserialize(config: Any, custom_objects: dict[str, Any] | None = None) -> Any:
    """The policy that `serialize` described. Source: keras.dtype_policies.deserialize."""
    return serialization.deserialize(config, custom_objects=custom_objects)


__getattr__ = attribute_error(__name__)
