"""Initializers, regularizers, constraints and activations of a layer, stored under their argument names."""

from typing import Any

from cornu import activations, constraints, initializers, regularizers

_GETTERS = {
    "activation": activations.get,
    "initializer": initializers.get,
    "regularizer": regularizers.get,
    "constraint": constraints.get,
}


def store_parts(layer: Any, **given: Any) -> None:
    """Turn each given name, object or config into the object its argument name asks for, and store it on the layer.

    The last word of the argument name says which kind it is: `kernel_initializer=` is an initializer.

    Raises: InvalidArgumentError for unknown names.
    """
    for name, identifier in given.items():
        setattr(layer, name, _GETTERS[name.rpartition("_")[2]](identifier))
