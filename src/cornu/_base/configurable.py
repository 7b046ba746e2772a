"""Objects that are their constructor's arguments: config out, config in."""

import inspect
from functools import cache
from typing import Any, Self


@cache
def parameters(cls: type) -> tuple[str, ...]:
    """Names of the arguments of `cls.__init__`, without `*args` and `**kwargs`."""
    if cls.__init__ is object.__init__:
        return ()
    named = list(inspect.signature(cls.__init__).parameters.values())[1:]
    return tuple(p.name for p in named if p.kind not in (p.VAR_POSITIONAL, p.VAR_KEYWORD))


class Configurable:
    """Base of what keeps each constructor argument in the attribute of the same name."""

    def get_config(self) -> dict[str, Any]:
        """The constructor's arguments by name."""
        return {name: getattr(self, name) for name in parameters(type(self)) if hasattr(self, name)}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Self:
        """An object made from what `get_config` returned."""
        return cls(**config)

    def __repr__(self) -> str:
        arguments = ", ".join(f"{name}={value!r}" for name, value in self.get_config().items())
        return f"{type(self).__name__}({arguments})"
