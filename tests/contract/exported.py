"""What a module of Cornu exports."""

from types import ModuleType
from typing import Any


def classes(module: ModuleType, base: type) -> dict[str, Any]:
    """The classes of Cornu's that extend `base` and are attributes of the module, by their own names."""
    found = (thing for thing in vars(module).values() if isinstance(thing, type) and issubclass(thing, base))
    return {thing.__name__: thing for thing in found if thing.__module__.startswith("cornu.")}
