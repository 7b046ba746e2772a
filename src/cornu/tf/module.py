"""tf.Module: an object that owns variables and other modules. Source: tf.Module."""

import functools
import re
from collections.abc import Callable, Iterator
from typing import Any

from cornu._base.errors import InvalidArgumentError
from cornu.core.variable import Variable
from cornu.layers import Layer
from cornu.saving.trackables import children
from cornu.tf.scopes import get_current_name_scope, name_scope


class Module:
    """Base class of objects whose attributes hold variables: directly, in lists and dicts, or in other modules.

    Args:
        name: default the class' name in lower case with underscores.

    Raises: InvalidArgumentError if the name is no Python identifier. Source: tf.Module.
    """

    def __init__(self, name: str | None = None):
        if name is None:
            name = _snake_case(type(self).__name__)
        if not str(name).isidentifier():
            raise InvalidArgumentError(
                f"{name!r} is not a valid module name. Module names must be valid Python identifiers (e.g. a valid class name)."
            )
        outer = get_current_name_scope()
        self._name = name
        self._scope = f"{outer}/{name}/" if outer else f"{name}/"

    @property
    def name(self) -> str:
        """The name given, or made from the class'."""
        return self._name

    @property
    def name_scope(self) -> name_scope:
        """A `with` block inside of which variables are named `name/...`."""
        return name_scope(self._scope)

    @classmethod
    def with_name_scope(cls, method: Callable) -> Callable:
        """Decorator: the method runs inside of the module's name scope."""

        @functools.wraps(method)
        def call(self: Any, *args: Any, **kwargs: Any) -> Any:
            with self.name_scope:
                return method(self, *args, **kwargs)

        return call

    @property
    def variables(self) -> tuple[Variable, ...]:
        """All variables of this module and those below it, by attribute name."""
        return tuple(self._found(lambda x: isinstance(x, Variable)))

    @property
    def trainable_variables(self) -> tuple[Variable, ...]:
        """The trainable ones of `variables`."""
        return tuple(v for v in self.variables if v.trainable)

    @property
    def non_trainable_variables(self) -> tuple[Variable, ...]:
        """The others."""
        return tuple(v for v in self.variables if not v.trainable)

    def _checkpoint_children(self) -> dict[str, Any]:
        """Attributes that checkpoints hold: variables, layers, modules and containers of them."""
        return children(vars(self))

    @property
    def submodules(self) -> tuple[Any, ...]:
        """All modules and layers below this one."""
        return tuple(self._found(_is_module))

    def _found(self, wanted: Callable[[Any], bool]) -> Iterator[Any]:
        """What lies below, level by level: first the module's own, then that of its submodules."""
        seen: set[int] = {id(self)}
        level: list[Any] = [self]
        while level:
            below: list[Any] = []
            for module in level:
                for leaf in _leaves(module):
                    if id(leaf) in seen:
                        continue
                    seen.add(id(leaf))
                    if wanted(leaf):
                        yield leaf
                    if _is_module(leaf):
                        below.append(leaf)
            level = below


def _is_module(x: Any) -> bool:
    """True for modules, and for layers and models, which are modules in TensorFlow."""
    return isinstance(x, (Module, Layer))


def _leaves(module: Any) -> Iterator[Any]:
    """The variables and modules that the attributes hold, in the order of their names."""
    if isinstance(module, Layer):
        yield from module.variables
        yield from module._flatten_layers(include_self=False)
        return
    for name in sorted(vars(module)):
        yield from _opened(vars(module)[name])


def _opened(value: Any) -> Iterator[Any]:
    if isinstance(value, (Variable, Module, Layer)):
        yield value
    elif isinstance(value, dict):
        for key in sorted(value, key=str):
            yield from _opened(value[key])
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from _opened(item)


def _snake_case(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name).lower()
