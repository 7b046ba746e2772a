"""The objects below a model as TensorFlow's checkpoints name them: attributes, `layer_with_weights-0`, numbers in lists."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from cornu.core.variable import Variable
from cornu.layers.base import Layer
from cornu.models import Model, Sequential
from cornu.optimizers import Optimizer, legacy
from cornu.saving.tree import attribute_names

# Attributes that Keras 2 called otherwise, by the class that has them.
_OLDER_NAMES = {
    "Embedding": {"_kernel": "embeddings"},
    "DepthwiseConv": {"kernel": "depthwise_kernel"},
    "Normalization": {"adapt_mean": "mean", "adapt_variance": "variance"},
}


class Constant:
    """A number that an optimizer of older generations kept among its variables; a checkpoint's value is read into nothing."""

    def __init__(self, value: Any, name: str):
        self.value, self.name = value, name


def children(thing: Any) -> dict[str, Any]:
    """What an object consists of, by name, in the order of Keras 2: variables, layers, containers of them, an optimizer."""
    if isinstance(thing, Mapping):
        return {str(key): item for key, item in thing.items() if is_part(item)}
    if isinstance(thing, (list, tuple)):
        return {str(place): item for place, item in enumerate(thing) if is_part(item)}
    if isinstance(thing, Optimizer):
        return _of_optimizer(thing)
    if hasattr(thing, "_checkpoint_children"):
        return thing._checkpoint_children()
    found = _of_graph(thing) if _is_graph(thing) else {}
    if isinstance(thing, Layer):
        known = {id(item) for item in found.values()}
        older = {k: v for cls in type(thing).__mro__ for k, v in _OLDER_NAMES.get(cls.__name__, {}).items()}
        for name in attribute_names(thing):
            item = thing.__dict__.get(name)
            if name not in ("layers", "optimizer", "_state_variables") and is_part(item) and id(item) not in known:
                if isinstance(item, Variable) and name == f"_{item._name}":  # behind a property
                    name = name[1:]
                name = older.get(name, name)
                found[name] = item
        known = {id(item) for item in found.values()}
        for variable in thing._trainable_variables + thing._non_trainable_variables:
            if id(variable) not in known:
                found.setdefault(variable._name, variable)
    else:
        found.update((name, item) for name, item in getattr(thing, "__dict__", {}).items() if is_part(item))
    optimizer = getattr(thing, "optimizer", None) if isinstance(thing, Model) else None
    if isinstance(optimizer, Optimizer):
        found["optimizer"] = optimizer
    return found


def is_part(item: Any) -> bool:
    """Whether something holds variables: a variable, layer or optimizer, or a container of such."""
    if isinstance(item, (Variable, Layer, Optimizer)) or hasattr(item, "_checkpoint_children"):
        return True
    if isinstance(item, (list, tuple)):
        return any(map(is_part, item))
    return isinstance(item, Mapping) and any(map(is_part, item.values()))


def _is_graph(thing: Any) -> bool:
    return isinstance(thing, Sequential) or (isinstance(thing, Model) and getattr(thing, "_graph", None) is not None)


def _of_graph(model: Any) -> dict[str, Any]:
    found: dict[str, Any] = {}
    count = 0
    for place, layer in enumerate(model.layers):
        if layer.weights:
            found[f"layer_with_weights-{count}"] = layer
            count += 1
        found[f"layer-{place}"] = layer
    return found


def _of_optimizer(optimizer: Any) -> dict[str, Any]:
    """Those of TensorFlow 2.11 and later: `_iterations` and a list of all. Legacy ones: `iter`, settings, and slots apart."""
    rate = optimizer._rate_variable
    if not isinstance(optimizer, legacy.Optimizer):
        found: dict[str, Any] = {"_variables": [variable for variable in optimizer._variables if variable is not rate]}
        found["_iterations"] = optimizer._iterations
        return found if rate is None else {**found, "_learning_rate": rate}
    found = {"iter": optimizer._iterations}
    for name in ("beta_1", "beta_2", "rho", "momentum", "decay"):
        if isinstance(value := getattr(optimizer, name, None), float):
            found[name] = Constant(np.float32(value), f"{type(optimizer).__name__}/{name}")
    return found if rate is None else {**found, "learning_rate": rate}


def slots(optimizer: Any) -> list[tuple[Variable, str, Variable]]:
    """(trained variable, name of the slot in older generations, the slot) of an optimizer that is built."""
    names = legacy_names(optimizer)
    return [
        (variable, names.get(name) or name, slot)
        for variable, own in zip(optimizer._trainable, optimizer._slots)
        for name, slot in own.items()
    ]


def legacy_names(optimizer: Any) -> dict[str, str]:
    """How the older generation called the slots that have another name now."""
    older = getattr(legacy, type(optimizer).__name__, None)
    return getattr(older, "slot_names", {})
