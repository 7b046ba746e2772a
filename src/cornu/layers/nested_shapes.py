"""Shapes in lists and dicts, as `build` gets them and configs keep them."""

from typing import Any

import numpy as np

from cornu.core import symbolic
from cornu.core.context import context
from cornu.layers.call_values import is_tensor


def is_shape(x: Any) -> bool:
    """True for a tuple or list of sizes and None."""
    return isinstance(x, (tuple, list)) and all(s is None or isinstance(s, (int, np.integer)) for s in x)


def normal_shape(shape: Any) -> Any:
    """A shape as a plain tuple, with the sizes that stand for unknown ones while tracing back to None."""
    if is_shape(shape):
        return tuple(None if context.inferring and s in symbolic.PROBES else s for s in shape)
    if isinstance(shape, (list, tuple)):
        return type(shape)(normal_shape(s) for s in shape) if type(shape) in (list, tuple) else shape
    if isinstance(shape, dict):
        return {name: normal_shape(s) for name, s in shape.items()}
    return shape


def as_shapes(shape: Any) -> Any:
    """Shapes from JSON, where tuples are lists."""
    if is_shape(shape):
        return tuple(shape)
    if isinstance(shape, dict):
        return {name: as_shapes(s) for name, s in shape.items()}
    return [as_shapes(s) for s in shape] if isinstance(shape, (list, tuple)) else shape


def shapes_of(value: Any) -> Any:
    """The shapes of tensors in lists and dicts, None for anything else."""
    if is_tensor(value):
        return normal_shape(tuple(value.shape))
    if isinstance(value, (list, tuple)):
        return [shapes_of(item) for item in value]
    if isinstance(value, dict):
        return {name: shapes_of(item) for name, item in value.items()}
    return None
