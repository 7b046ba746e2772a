"""What a compiled function's versions are chosen by: which arguments are traced, and a key for each of the others."""

from typing import Any

import jax
import numpy as np

from cornu.core.tensor import Tensor
from cornu.core.variable import Variable


def sources_of(args: tuple, kwargs: dict) -> list:
    """The tensors of the arguments as tapes know them."""
    leaves = jax.tree.leaves((args, kwargs), is_leaf=lambda x: isinstance(x, (Tensor, Variable)))
    return [leaf if isinstance(leaf, Tensor) else Tensor(leaf) for leaf in leaves if is_array(leaf)]


def is_array(leaf: Any) -> bool:
    """True for what is traced: tensors and arrays."""
    return isinstance(leaf, (Tensor, jax.Array, np.ndarray, np.generic))


def identity_of(leaf: Any) -> Any:
    """A hashable stand-in for a Python value: the value if it can be hashed, else the object itself."""
    if isinstance(leaf, Variable):
        return _Same(leaf)
    try:
        hash(leaf)
    except TypeError:
        return _Same(leaf)
    return (type(leaf), leaf)


class _Same:
    """Equal to itself only: an object as part of a key."""

    __slots__ = ("_object",)

    def __init__(self, thing: Any):
        self._object = thing

    def __hash__(self) -> int:
        return id(self._object)

    def __eq__(self, other: object) -> bool:
        return type(other) is _Same and self._object is other._object
