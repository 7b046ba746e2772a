"""Objects to and from Keras 3's JSON form: `{"module", "class_name", "config", "registered_name"}`.

A name in a file becomes a class only through `CATALOGS` and the user's registry: nothing is imported because a file
says so. The one exception to "no code from files" is `__lambda__`, and only with `safe_mode=False` in that very call, or after
`config.enable_unsafe_deserialization()`.
"""

import contextlib
import contextvars
import inspect
import reprlib
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from cornu._base.catalog import CATALOGS, Catalog
from cornu._base.errors import CornuError, InvalidTypeError, NotFoundError, UnsafeFileError
from cornu._base.suggest import did_you_mean
from cornu.core import config as settings
from cornu.core import dtypes, keras_modules, lambdas, sharing
from cornu.core.registry import (
    CustomObjectScope,
    custom_object_scope,
    find_custom,
    get_custom_objects,
    get_registered_name,
    get_registered_object,
    known_custom_names,
    register_keras_serializable,
)

__all__ = [
    "CustomObjectScope",
    "custom_object_scope",
    "deserialize",
    "deserialize_keras_object",
    "find_class",
    "find_function",
    "get_custom_objects",
    "get_registered_name",
    "get_registered_object",
    "identity",
    "is_loading_safely",
    "register_keras_serializable",
    "resolve",
    "serialize",
    "serialize_keras_object",
]

# Whether the `deserialize` in progress may run lambdas: nested `from_config` calls see the outermost caller's word.
_safe: contextvars.ContextVar[bool] = contextvars.ContextVar("safe_mode", default=True)


def serialize(obj: Any) -> Any:
    """`obj` as JSON-able plain data, as Keras 3.15 writes it.

    Tuples become lists; tensors, variables and arrays become tagged dicts with their values.

    Raises: InvalidTypeError if an object has no `get_config()`.
    Source: keras.saving.serialize_keras_object.
    """
    with sharing.writing() as finish:
        return finish(_write(obj))


def _write(obj: Any) -> Any:
    if obj is None or (isinstance(obj, (bool, int, float)) and not isinstance(obj, np.generic)):
        return obj
    if isinstance(obj, str):
        return str.__str__(obj)  # a plain string also of DType, which prints differently
    if isinstance(obj, Mapping) and not hasattr(obj, "get_config"):
        return {key: _write(value) for key, value in obj.items()}
    if isinstance(obj, (list, tuple)) and not hasattr(obj, "get_config"):
        return [_write(value) for value in obj]
    for is_kind, write in _WRITERS:
        if is_kind(obj):
            return write(obj)
    return _serialize_object(obj)


def deserialize(
    config: Any, custom_objects: Mapping[str, Any] | None = None, safe_mode: bool | None = None, **kwargs: Any
) -> Any:
    """The object that `serialize` described.

    Args: custom_objects: names and the classes or functions they mean, for this call. safe_mode: None means True,
    or inside another `deserialize` (a layer's `from_config`), what that call was given. `module_objects=` is accepted
    for old callers and takes part in the lookup of plain names.
    Raises: NotFoundError for a name that is not known here; UnsafeFileError for a lambda in safe mode.
    Source: keras.saving.deserialize_keras_object.
    """
    module_objects = kwargs.pop("module_objects", None)
    kwargs.pop("printable_module_name", None)
    if kwargs:
        raise InvalidTypeError(f"deserialize() got unexpected arguments {sorted(kwargs)}.")
    with contextlib.ExitStack() as stack:
        if custom_objects:
            stack.enter_context(custom_object_scope(custom_objects))
        if safe_mode is not None:
            token = _safe.set(bool(safe_mode))
            stack.callback(_safe.reset, token)
        if isinstance(config, str) and (module_objects or find_custom(config) is not None):
            found = find_custom(config)
            return found if found is not None else module_objects.get(config, config)
        stack.enter_context(sharing.reading())
        return _read(config)


def is_loading_safely() -> bool:
    """Whether an object is being made from a file that may not run code or read other files.

    For constructors that accept paths, such as vocabularies: a path in an untrusted file must not be opened.
    """
    return sharing.is_reading() and _is_safe()


def _is_safe() -> bool:
    return _safe.get() and not settings.is_unsafe_deserialization_enabled()


def resolve(catalog: Catalog, identifier: Any) -> Any:
    """What the user meant by `identifier`: None, a name, a class, an object, a function or a serialized dict.

    Raises: InvalidArgumentError naming the nearest known names.
    """
    if isinstance(identifier, Mapping):
        return deserialize(_with_module(dict(identifier), catalog))
    return catalog.get(identifier, custom=find_custom)


def identity(cls: type) -> tuple[str | None, str, str | None]:
    """(module, class_name, registered_name) under which files know a class.

    A class of Cornu has Keras' public module and no registered name; `Functional` and the user's classes have both.
    """
    for module, catalog in CATALOGS.items():
        name = catalog.name_of(cls)
        if name is not None:
            home = keras_modules.HOMES.get(name)
            return home or module, name, name if home else None
    module = None if cls.__module__ in ("builtins", "__main__") else cls.__module__
    return module, cls.__name__, get_registered_name(cls)


# --- writing -------------------------------------------------------------------------------------------------------


def _serialize_object(obj: Any) -> dict[str, Any]:
    if inspect.isclass(obj) or not hasattr(obj, "get_config"):
        raise InvalidTypeError(
            f"Expected something that can be written to JSON; received {obj!r} of type {type(obj).__name__}. "
            "Give its class a `get_config(self)` method that returns the constructor's arguments."
        )
    module, class_name, registered_name = identity(type(obj))
    data = {
        "module": module,
        "class_name": class_name,
        "config": _write(obj.get_config()),
        "registered_name": registered_name,
    }
    sharing.mark(obj, data)
    if getattr(obj, "built", True) and hasattr(obj, "get_build_config"):
        build_config = obj.get_build_config()
        if build_config is not None:
            data["build_config"] = _write(build_config)
    if hasattr(obj, "get_compile_config"):
        data["compile_config"] = _write(obj.get_compile_config()) or {}
    return data


def _is_function(obj: Any) -> bool:
    return inspect.isroutine(obj) or (hasattr(obj, "raw") and hasattr(obj, "__name__"))


def _write_function(obj: Any) -> dict[str, Any]:
    name = next((found for catalog in CATALOGS.values() if (found := catalog.name_of(obj))), None)
    if name is None or get_registered_name(obj) != getattr(obj, "__name__", None):
        name = get_registered_name(obj)
    return {"module": "builtins", "class_name": "function", "config": name, "registered_name": "function"}


def _is_tensor(obj: Any) -> bool:
    return not inspect.isclass(obj) and hasattr(obj, "dtype") and hasattr(obj, "shape") and hasattr(obj, "__array__")


def _array_config(obj: Any) -> dict[str, Any]:
    values = np.asarray(obj)
    name = values.dtype.name
    if values.dtype.kind == "V" or name.startswith(("bfloat", "float8")):  # ml_dtypes print as their own scalars
        values = values.astype(np.float32)
    return {"value": values.tolist(), "dtype": name}


def _tagged(tag: str, config: dict[str, Any]) -> dict[str, Any]:
    return {"class_name": tag, "config": config}


def _write_keras_tensor(obj: Any) -> dict[str, Any]:
    operation, node_index, tensor_index = obj._keras_history
    return _tagged(
        "__keras_tensor__",
        {
            "shape": list(obj.shape),
            "dtype": dtypes.name(obj.dtype),
            "keras_history": [operation.name, node_index, tensor_index],
        },
    )


_WRITERS: tuple[tuple[Callable[[Any], bool], Callable[[Any], Any]], ...] = (
    (lambda o: isinstance(o, np.generic) and o.ndim == 0 and o.dtype.kind in "biuf", lambda o: o.item()),
    (lambda o: isinstance(o, np.ndarray), lambda o: _tagged("__numpy__", _array_config(o))),
    (lambda o: isinstance(o, bytes), lambda o: _tagged("__bytes__", {"value": o.decode()})),
    (
        lambda o: isinstance(o, slice),
        lambda o: _tagged(
            "__slice__", {"start": serialize(o.start), "stop": serialize(o.stop), "step": serialize(o.step)}
        ),
    ),
    (lambda o: o is Ellipsis, lambda o: _tagged("__ellipsis__", {})),
    (lambda o: isinstance(o, np.dtype), lambda o: o.name),
    (lambda o: getattr(o, "_keras_history", None) is not None and not _is_tensor(o), _write_keras_tensor),
    (lambda o: hasattr(o, "_typespec_config"), lambda o: o._typespec_config()),
    (_is_tensor, lambda o: _tagged("__tensor__", _array_config(o))),
    (lambda o: hasattr(o, "as_numpy_dtype") and hasattr(o, "name"), lambda o: o.name),
    (lambda o: inspect.isfunction(o) and o.__name__ == "<lambda>", lambda o: _tagged("__lambda__", lambdas.dump(o))),
    (_is_function, _write_function),
    (
        lambda o: inspect.isclass(o) and o.__module__ == "builtins",
        lambda o: {"module": "builtins", "class_name": "type", "config": o.__name__, "registered_name": "type"},
    ),
)


# --- reading -------------------------------------------------------------------------------------------------------


def _read(config: Any) -> Any:
    if isinstance(config, (list, tuple)):
        return [_read(item) for item in config]
    if not isinstance(config, Mapping):
        return config
    if config.get("class_name") in _READERS:
        return _READERS[config["class_name"]](config.get("config", config.get("items")))
    if "class_name" not in config or "config" not in config:
        return {key: _read(value) for key, value in config.items()}
    if config["class_name"] == "function" or not isinstance(config["config"], Mapping):
        return find_function(config["config"])
    return _read_object(config)


def _read_object(config: Mapping[str, Any]) -> Any:
    known = sharing.made_before(config)
    if known is not None:
        return known
    cls = find_class(config.get("module"), config["class_name"], config.get("registered_name"))
    if not inspect.isclass(cls):  # a function of the user, which is meant itself: files do not call it
        return cls
    inner = dict(config["config"])
    try:
        obj = cls.from_config(inner) if hasattr(cls, "from_config") else cls(**inner)
    except CornuError:
        raise
    except TypeError as error:
        raise InvalidTypeError(
            f"{config['class_name']} cannot be made from its config: {error}. Received {reprlib.repr(inner)}. If the "
            "class is yours: `get_config` must return what `__init__` takes, and `from_config` must deserialize nested "
            "objects."
        ) from error
    sharing.note(config, obj)
    if config.get("build_config") and hasattr(obj, "build_from_config") and not getattr(obj, "built", False):
        obj.build_from_config(config["build_config"])
    if config.get("compile_config") and hasattr(obj, "compile_from_config"):
        obj.compile_from_config(config["compile_config"])
    return obj


def find_class(module: str | None, class_name: str, registered_name: str | None = None) -> Any:
    """The class a file means, from the catalogs and the registry.

    A name of one of Keras' own modules means Cornu's class; any other the user's. Old inner paths
    (`keras.src.layers.core.dense`, `keras.engine.sequential`, `tf_keras.layers`) are understood.

    Raises: NotFoundError naming the nearest known names.
    """
    if not isinstance(class_name, str):
        raise InvalidTypeError(f"Expected class_name as a string; received {class_name!r}.")
    if not isinstance(module, (str, type(None))) or not isinstance(registered_name, (str, type(None))):
        raise InvalidTypeError(
            f"Expected module and registered_name as strings; received {module!r:.60}, {registered_name!r:.60}."
        )
    custom = find_custom(registered_name, class_name)
    is_ours = module is not None and module.split(".")[0] in ("keras", "tf_keras", "tensorflow")
    if is_ours and registered_name and custom is not None and find_custom(class_name) is not custom:
        found = keras_modules.find(module, class_name)
        if found is not None and getattr(custom, "__name__", "") != class_name and not _is_kind_of(custom, found):
            raise UnsafeFileError(
                f"The file calls {registered_name!r}, a class of yours, Keras' {class_name}. It was not loaded."
            )
    if custom is not None and not (is_ours and registered_name in (None, class_name) and module in CATALOGS):
        return custom
    if module is None or is_ours:
        found = keras_modules.find(module, class_name)
        if found is not None:
            return found
    if custom is not None:
        return custom
    raise NotFoundError(_unknown("class", class_name, module, registered_name))


def _is_kind_of(thing: Any, cls: type) -> bool:
    return inspect.isclass(thing) and issubclass(thing, cls)


def find_function(name: Any) -> Any:
    """The function a file means by name: the user's, an activation, a loss, a metric or an op.

    Raises: NotFoundError naming the nearest known names.
    """
    if not isinstance(name, str):
        raise InvalidTypeError(f"Expected the name of a function; received {name!r}.")
    found = find_custom(name)
    if found is None:
        found = keras_modules.find_function(name)
    if found is None:
        raise NotFoundError(_unknown("function", name, None, None))
    return found


def _unknown(what: str, name: str, module: str | None, registered_name: str | None) -> str:
    place = f" of module {module!r}" if module else ""
    registered = f", registered as {registered_name!r}" if registered_name not in (None, name) else ""
    known = [*known_custom_names(), *keras_modules.names(module)]
    return (
        f"The file names the {what} {name!r}{place}{registered}, which is not known here."
        f"{did_you_mean(name, known)} If it is your own, import the module that defines it with "
        "`@keras.saving.register_keras_serializable()` before loading, "
        f"or pass `custom_objects={{{name!r}: ...}}`."
    )


def _with_module(config: dict[str, Any], catalog: Catalog) -> dict[str, Any]:
    """Old configs lack the module: it is that of the catalog, unless the user owns the name."""
    if config.get("module") is None and config.get("registered_name") is None and "class_name" in config:
        name = config["class_name"]
        if isinstance(name, str) and name in catalog and find_custom(name) is None:
            config["module"] = catalog.module
    return config


def _read_lambda(config: Any) -> Any:
    if _is_safe():
        raise UnsafeFileError(
            "The file holds a Python lambda, that is code, which is not run when loading safely. If you trust where "
            "the file comes from, pass `safe_mode=False` to this very call; else replace the lambda by a function "
            "registered with `@keras.saving.register_keras_serializable()`."
        )
    return lambdas.load(config)


def _read_array(config: Mapping[str, Any]) -> np.ndarray:
    if config["dtype"] in ("string", "object") or config["dtype"].startswith("str"):
        return np.asarray(config["value"])
    from cornu.core import dtypes

    return np.asarray(config["value"]).astype(np.dtype(dtypes.name(config["dtype"])))


def _read_tensor(config: Mapping[str, Any]) -> Any:
    from cornu.core.tensor import convert_to_tensor

    return convert_to_tensor(_read_array(config))


def _read_keras_tensor(config: Mapping[str, Any]) -> Any:
    from cornu.core.symbolic import KerasTensor

    return KerasTensor(tuple(config["shape"]), config["dtype"])


def _read_typespec(_config: Any) -> Any:
    raise NotFoundError(
        "The file holds a tf.TypeSpec, which only TensorFlow's own graph functions use; it cannot be loaded here."
    )


_READERS: dict[str, Callable[[Any], Any]] = {
    "__tensor__": _read_tensor,
    "__numpy__": _read_array,
    "__bytes__": lambda config: config["value"].encode(),
    "__slice__": lambda config: slice(_read(config["start"]), _read(config["stop"]), _read(config["step"])),
    "__ellipsis__": lambda config: Ellipsis,
    "__tuple__": lambda items: tuple(_read(list(items["value"] if isinstance(items, Mapping) else items))),
    "__lambda__": _read_lambda,
    "__keras_tensor__": _read_keras_tensor,
    "__typespec__": _read_typespec,
}

serialize_keras_object = serialize
deserialize_keras_object = deserialize
