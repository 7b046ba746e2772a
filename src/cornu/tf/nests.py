"""Arguments and results of functions as flat lists: tuples, lists, dicts, named tuples, dataclasses."""

import dataclasses
from typing import Any

import jax
import numpy as np

from cornu.core.tensor import Tensor, convert_to_tensor
from cornu.core.variable import Variable


class Fields:
    """The fields of a dataclass instance, or the entries of a dict in their order, on the way through a compiled function."""

    def __init__(self, kind: type, values: dict[Any, Any]):
        self.kind, self.values = kind, values


jax.tree_util.register_pytree_node(
    Fields,
    lambda f: (list(f.values.values()), (f.kind, tuple(f.values))),
    lambda data, values: Fields(data[0], dict(zip(data[1], values, strict=True))),
)


def opened(nest: Any) -> Any:
    """The nest with `Fields` in place of dicts and dataclass instances."""

    def open_leaf(leaf: Any) -> Any:
        if type(leaf) is dict:
            return Fields(dict, {key: opened(value) for key, value in leaf.items()})
        if not is_record(leaf):
            return leaf
        return Fields(type(leaf), {f.name: opened(getattr(leaf, f.name)) for f in dataclasses.fields(leaf)})

    return jax.tree.map(open_leaf, nest, is_leaf=_stops)


def _stops(x: Any) -> bool:
    return isinstance(x, (Tensor, Variable)) or type(x) is dict or is_record(x)


def closed(nest: Any) -> Any:
    """The nest with dicts and dataclass instances in place of `Fields`."""

    def close(leaf: Any) -> Any:
        if not isinstance(leaf, Fields):
            return leaf
        if leaf.kind is dict:
            return {key: closed(value) for key, value in leaf.values.items()}
        made = object.__new__(leaf.kind)
        for name, value in leaf.values.items():
            object.__setattr__(made, name, closed(value))
        return made

    return jax.tree.map(close, nest, is_leaf=lambda x: isinstance(x, (Tensor, Variable, Fields)))


def is_record(x: Any) -> bool:
    """True for instances of dataclasses that JAX does not know as nests of their own."""
    if not dataclasses.is_dataclass(x) or isinstance(x, type):
        return False
    return jax.tree_util.all_leaves([x])


def as_result(leaf: Any) -> Any:
    """A result as a function gives it: numbers, arrays and variables become tensors, other objects stay as they are."""
    if isinstance(leaf, Variable):
        return leaf.read_value()
    if isinstance(leaf, (bool, int, float, complex, str, bytes, np.ndarray, np.generic, jax.Array)):
        return convert_to_tensor(leaf)
    return leaf


def results(nest: Any) -> Any:
    """Everything numeric in the nest as tensors."""
    if isinstance(nest, Tensor) or nest is None:
        return nest
    return jax.tree.map(as_result, nest, is_leaf=lambda x: isinstance(x, (Tensor, Variable)))
