"""The user's own classes and functions: registered for good, or known inside a scope only. Source: keras.saving."""

import contextlib
import contextvars
import inspect
import threading
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from cornu._base.errors import InvalidArgumentError, InvalidTypeError

_registered: dict[str, Any] = {}
_names: dict[Any, str] = {}
_lock = threading.Lock()
_scopes: contextvars.ContextVar[tuple[Mapping[str, Any], ...]] = contextvars.ContextVar("custom_objects", default=())


def register_keras_serializable(package: str = "Custom", name: str | None = None) -> Callable[[Any], Any]:
    """Decorator: let files name this class or function as `package>name`.

    Raises: InvalidArgumentError if a class has no `get_config`.
    Source: keras.saving.register_keras_serializable.
    """

    def register(thing: Any) -> Any:
        if inspect.isclass(thing) and not hasattr(thing, "get_config"):
            raise InvalidArgumentError(
                f"Expected a class with a `get_config()` method; received {thing.__name__}. "
                "Add `get_config(self)` that returns the constructor's arguments as a dict."
            )
        full_name = f"{package}>{name if name is not None else thing.__name__}"
        with _lock:
            _registered[full_name] = thing
            _names[thing] = full_name
        return thing

    return register


def get_registered_name(obj: Any) -> str:
    """`package>name` of a registered class or function, else its own name. Source: keras.saving."""
    try:
        return _names.get(obj) or obj.__name__
    except TypeError:  # unhashable callables cannot have been registered
        return obj.__name__


def get_registered_object(
    name: str, custom_objects: Mapping[str, Any] | None = None, module_objects: Mapping[str, Any] | None = None
) -> Any:
    """The class or function known as `name` in the open scopes, `custom_objects`, the registry or `module_objects`.

    Returns: None if nobody knows the name. Source: keras.saving.get_registered_object.
    """
    for known in (*reversed(_scopes.get()), custom_objects or {}, _registered, module_objects or {}):
        if name in known:
            return known[name]
    return None


def get_custom_objects() -> dict[str, Any]:
    """The live dictionary of registered objects; entries put into it are known from then on."""
    return _registered


@contextlib.contextmanager
def custom_object_scope(custom_objects: Mapping[str, Any]) -> Iterator[None]:
    """Inside the `with` block, names in files and string identifiers may mean these objects.

    Source: keras.saving.custom_object_scope.
    """
    if not isinstance(custom_objects, Mapping):
        raise InvalidTypeError(
            f"Expected custom_objects as a dict of names and classes or functions; received {custom_objects!r}."
        )
    token = _scopes.set((*_scopes.get(), custom_objects))
    try:
        yield
    finally:
        _scopes.reset(token)


CustomObjectScope = custom_object_scope


def find_custom(*names: str | None) -> Any:
    """The first of the names that the user registered or put into a scope, or None.

    A bare name also finds what was registered as `Custom>name`.
    """
    for name in names:
        if name:
            found = get_registered_object(name)
            found = _registered.get(f"Custom>{name}") if found is None else found
            if found is not None:
                return found
    return None


def known_custom_names() -> list[str]:
    """Every registered or scoped name, for suggestions."""
    return [name for known in (*_scopes.get(), _registered) for name in known]
