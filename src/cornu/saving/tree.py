"""The tree of things with weights below a model, under the paths that Keras 3 gives them in files.

Attributes are visited by name, public ones first; whatever was met before is skipped. Inside lists and dicts a thing is
called by its class in snake case, numbered: `layers/dense`, `layers/dense_1`, `blocks/container/conv2d`.
"""

import functools
import logging
from collections.abc import Iterator
from typing import Any

from cornu._base.names import snake_case
from cornu.layers.base import Layer
from cornu.models import Model, Sequential
from cornu.optimizers import Optimizer

_CONTAINERS = (list, tuple, dict, set)


def saveables(root: Any, as_keras_2: bool = False) -> Iterator[tuple[str, Any]]:
    """(path, layer or optimizer) of `root` and everything below it, each once, in Keras' order.

    Args: as_keras_2: visit attributes from the last name to the first, `layers` in its place among them, and do not count
    in lists what was met before.
    """
    seen: dict[int, Any] = {}  # by identity; holding the objects keeps their identities theirs

    def visit(thing: Any, path: str) -> Iterator[tuple[str, Any]]:
        if id(thing) in seen:
            return
        seen[id(thing)] = thing
        yield path, thing
        for name, child in _children(thing, as_keras_2):
            inner = f"{path}/{name}" if path else name
            yield from visit(child, inner) if _has_weights(child) else visit_items(child, inner)

    def visit_items(container: Any, path: str) -> Iterator[tuple[str, Any]]:
        if id(container) in seen:
            return
        seen[id(container)] = container
        counts: dict[str, int] = {}
        for item in _items(container):
            if not (_has_weights(item) or isinstance(item, _CONTAINERS)) or (as_keras_2 and id(item) in seen):
                continue
            name = snake_case(type(item).__name__) if _has_weights(item) else "container"
            number = counts[name] = counts.get(name, -1) + 1
            inner = f"{path}/{name}_{number}" if number else f"{path}/{name}"
            yield from visit(item, inner) if _has_weights(item) else visit_items(item, inner)

    yield from visit(root, "")


def group_of(path: str) -> str:
    """The group of an object's own variables: `vars`, `layers/dense/vars`."""
    return f"{path}/vars" if path else "vars"


def _has_weights(thing: Any) -> bool:
    return isinstance(thing, (Layer, Optimizer))


def _items(container: Any) -> list[Any]:
    if isinstance(container, dict):
        return list(container.values())
    if isinstance(container, set):  # sets have no order of their own
        return sorted((item for item in container if _has_weights(item)), key=lambda item: item.name)
    return list(container)


def _children(thing: Any, as_keras_2: bool) -> Iterator[tuple[str, Any]]:
    found = []
    names = attribute_names(thing)
    for name in sorted(names, reverse=True) if as_keras_2 else names:
        try:
            value = getattr(thing, name)
        except Exception as error:  # a user's property may raise anything; what cannot be read has no weights to save
            logging.getLogger("cornu").debug("%s.%s is not searched for weights: %r", type(thing).__name__, name, error)
            continue
        if _has_weights(value) or (isinstance(value, _CONTAINERS) and value):
            found.append((name, value))
    return iter(found)


def attribute_names(thing: Any) -> list[str]:
    """Names of the attributes that are the user's or the layer's own, not the machinery's; public ones first."""
    hidden = _machinery(isinstance(thing, Model), isinstance(thing, Optimizer))
    own = {name for name in vars(thing) if not name.startswith("_")} & {"layers", "optimizer"}
    names = (set(dir(type(thing))) | set(vars(thing))) - hidden | own
    return sorted(names, key=lambda name: (name.startswith("_"), name))


@functools.cache
def _machinery(is_model: bool, is_optimizer: bool) -> frozenset[str]:
    """Attributes of the base classes, which hold other things than the user's layers."""
    if is_optimizer:
        return frozenset(dir(Optimizer))
    hidden = set(dir(Layer(name="base")))
    if is_model:
        hidden |= {*dir(Model), *dir(Sequential([], name="base"))}
        hidden -= {"layers", "optimizer"}
    return frozenset(hidden)
