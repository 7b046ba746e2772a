"""A catalog: the known objects of one kind (losses, layers, ...) and how a name, dict or object becomes one.

`CATALOGS` maps Keras' module names (`keras.losses`) to catalogs; it is the only way a class name in a file is resolved.
"""

import inspect
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from cornu._base.errors import InvalidArgumentError
from cornu._base.names import snake_case
from cornu._base.suggest import did_you_mean

CATALOGS: dict[str, "Catalog"] = {}


class Catalog:
    """Known objects of one kind, by name. `kind` is the word errors use; `module` is Keras' module (`keras.losses`).

    `base` is the class whose instances pass through `get` (losses: Loss); functions pass through everywhere.
    """

    def __init__(self, kind: str, module: str, base: type | None = None):
        self.kind, self.module, self.base = kind, module, base
        self._objects: dict[str, Any] = {}
        self._names: dict[Any, str] = {}
        CATALOGS[module] = self

    def add(self, *aliases: str, also_snake: bool = False, name: str | None = None) -> Callable[[Any], Any]:
        """Decorator: put a class or function into the catalog under its own name and the aliases.

        Args: name: what it is called in files; default its own name.
        """

        def put(thing: Any) -> Any:
            own = name or thing.__name__
            names = [own, *aliases] + ([snake_case(own)] if also_snake else [])
            for alias in names:
                self._objects[alias] = thing
            self._names.setdefault(thing, own)
            return thing

        return put

    def put(self, things: Iterable[Any], **aliases: Any) -> None:
        """Add several things under their own names, and aliases (`mse=mean_squared_error`)."""
        for thing in things:
            self.add()(thing)
        self._objects.update(aliases)

    def __contains__(self, name: str) -> bool:
        return name in self._objects

    def __iter__(self) -> Iterator[str]:
        return iter(self._objects)

    def name_of(self, thing: Any) -> str | None:
        """The name under which a class or function was added, or None if it is not of this catalog."""
        try:
            return self._names.get(thing)
        except TypeError:  # unhashable
            return None

    def find(self, name: str) -> Any:
        """The class or function of that name.

        Raises: InvalidArgumentError naming the nearest known names.
        """
        if name in self._objects:
            return self._objects[name]
        raise InvalidArgumentError(f"Unknown {self.kind}: {name!r}.{did_you_mean(name, self._objects)}")

    def get(self, identifier: Any, custom: Callable[[str], Any] | None = None) -> Any:
        """What the user meant: None, a name, a class, an instance or a function.

        A class (given or named) is instantiated without arguments. `custom` looks a name up among the user's objects.
        Serialized dicts are handled by `cornu.core.serialization.resolve`, which calls this.
        """
        if isinstance(identifier, str):
            found = custom(identifier) if custom else None
            identifier = self.find(identifier) if found is None else found
        if inspect.isclass(identifier):
            identifier = identifier()
        elif not (identifier is None or callable(identifier) or self._is_own(identifier)):
            raise InvalidArgumentError(
                f"Expected the {self.kind} as a name, an object or a function; "
                f"received {identifier!r} of type {type(identifier).__name__}."
            )
        if not self._is_own(identifier):
            self._refuse_other_kinds(identifier)
        return identifier

    def _is_own(self, thing: Any) -> bool:
        return self.base is not None and isinstance(thing, self.base)

    def _refuse_other_kinds(self, thing: Any) -> None:
        """An initializer, called as an activation, would take the activations for a shape."""
        for other in CATALOGS.values():
            if (
                other.kind in ("initializer", "regularizer", "constraint")
                and other.base
                and isinstance(thing, other.base)
            ):
                raise InvalidArgumentError(
                    f"Expected the {self.kind} as a name, an object or a function; "
                    f"received the {other.kind} {type(thing).__name__}."
                )
