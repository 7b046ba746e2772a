"""Python lambdas as marshalled code, as Keras writes them. Reading one back is running foreign code: see `load`."""

import base64
import builtins
import importlib
import marshal
import types
import warnings
from collections.abc import Callable, Mapping
from typing import Any

from cornu._base.errors import InvalidArgumentError
from cornu.core.registry import find_custom

# Modules that a lambda of a Keras script usually refers to by these names: its own globals are not in the file.
USUAL_MODULES = {
    "np": "numpy",
    "numpy": "numpy",
    "jnp": "jax.numpy",
    "jax": "jax",
    "keras": "cornu",
    "cornu": "cornu",
    "ops": "cornu.ops",
    "tf": "cornu.tf",
    "tensorflow": "cornu.tf",
    "K": "cornu.tf.keras.backend",
}


def dump(function: Callable[..., Any]) -> dict[str, Any]:
    """`{"value": [code, defaults, closure]}` of a lambda, with a warning. Source: keras.saving."""
    warnings.warn(
        f"The lambda {function.__qualname__!r} is written to the file as bytecode. Loading it needs `safe_mode=False` "
        "and the same Python version. A function registered with `@keras.saving.register_keras_serializable()` "
        "has neither problem.",
        stacklevel=3,
    )
    code = base64.encodebytes(marshal.dumps(function.__code__)).decode("ascii")
    closure = [cell.cell_contents for cell in function.__closure__] if function.__closure__ else None
    defaults = list(function.__defaults__) if function.__defaults__ else None
    return {"value": [code, defaults, closure]}


def load(config: Mapping[str, Any]) -> Callable[..., Any]:
    """The function of a `__lambda__` config. It is code from the file: only call this with the user's leave.

    Raises: InvalidArgumentError if the code was written by another Python version.
    """
    code, defaults, closure = (
        config["value"] if "value" in config else (config["code"], config.get("defaults"), config.get("closure"))
    )
    try:
        loaded = marshal.loads(base64.b64decode(code))
        cells = tuple(types.CellType(value) for value in closure or ())
        return types.FunctionType(
            loaded, _globals(loaded), loaded.co_name, tuple(defaults or ()) or None, cells or None
        )
    except (ValueError, EOFError, TypeError, AttributeError) as error:
        raise InvalidArgumentError(
            f"The lambda in the file cannot be read ({error}): bytecode fits only the Python version that wrote it. "
            "Load the file with that version, or rebuild the model with a registered function in its place."
        ) from error


def _globals(code: types.CodeType) -> dict[str, Any]:
    namespace: dict[str, Any] = {"__builtins__": builtins}
    for name in _global_names(code):
        found = find_custom(name)
        if found is None and name in USUAL_MODULES:
            found = importlib.import_module(USUAL_MODULES[name])
        if found is not None:
            namespace[name] = found
    return namespace


def _global_names(code: types.CodeType) -> set[str]:
    """Names the code and the functions inside it look up."""
    inner = (const for const in code.co_consts if isinstance(const, types.CodeType))
    return set(code.co_names).union(*(_global_names(const) for const in inner))
