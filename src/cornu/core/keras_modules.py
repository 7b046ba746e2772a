"""Which part of Cornu holds what a Keras module name in a file means; parts are imported when first asked for.

The table below is all that a file can reach: callbacks, datasets and the like, which touch files, are not in it.
"""

import importlib
import inspect
from collections.abc import Iterator
from typing import Any

from cornu._base.catalog import CATALOGS

# Keras' module -> the part of Cornu whose import fills the catalog of that name.
PARTS = {
    "keras": "cornu.models",
    "keras.models": "cornu.models",
    "keras.src.models.functional": "cornu.models",
    "keras.layers": "cornu.layers",
    "keras.activations": "cornu.activations",
    "keras.initializers": "cornu.initializers",
    "keras.regularizers": "cornu.regularizers",
    "keras.constraints": "cornu.constraints",
    "keras.losses": "cornu.losses",
    "keras.metrics": "cornu.metrics",
    "keras.optimizers": "cornu.optimizers",
    "keras.optimizers.schedules": "cornu.optimizers",
    "keras.optimizers.legacy": "cornu.optimizers",
    "keras.random": "cornu.random",
    "keras.ops": "cornu.ops",
    "keras.dtype_policies": "cornu.layers",
    "keras.utils": "cornu.utils.feature_space",
}

# Words of Keras' inner module paths (`keras.src.engine.sequential`) that are not the public module's name.
INNER = {
    "engine": "keras",
    "legacy": "keras",
    "saving": "keras",
    "models": "keras.models",
    "layers": "keras.layers",
    "optimizer_v2": "keras.optimizers",
    "optimizer_experimental": "keras.optimizers",
    "learning_rate_schedule": "keras.optimizers.schedules",
    "backend": "keras.random",
    "mixed_precision": "keras",
    "dtype_policies": "keras.dtype_policies",
}

# Classes that files place in one of Keras' inner modules.
HOMES = {"Functional": "keras.src.models.functional"}

FUNCTION_MODULES = (
    "keras.activations",
    "keras.losses",
    "keras.metrics",
    "keras.initializers",
    "keras.regularizers",
    "keras.constraints",
)


def public_module(module: str) -> str | None:
    """The public Keras module for a module path of any generation, or None if the path tells nothing.

    `keras.src.layers.core.dense` -> `keras.layers`; `tf_keras.optimizers.schedules` -> `keras.optimizers.schedules`.
    """
    if module in PARTS:
        return module
    words = [
        word for word in module.split(".") if word not in ("keras", "tf_keras", "tensorflow", "python", "src", "api")
    ]
    if not words:
        return "keras"
    if "schedules" in words or "learning_rate_schedule" in words:
        return "keras.optimizers.schedules"
    if words[:2] == ["optimizers", "legacy"]:
        return "keras.optimizers.legacy"
    candidate = f"keras.{words[0]}"
    return candidate if candidate in PARTS else INNER.get(words[0])


def load(module: str) -> None:
    """Import the part of Cornu that fills the catalog of a public Keras module."""
    if module in PARTS:
        importlib.import_module(PARTS[module])


def find(module: str | None, class_name: str) -> Any:
    """Cornu's class of that name: from the module's catalog, else from any catalog; None if there is none."""
    if module is not None:
        found = _class_in(public_module(module), class_name)
        if found is not None:
            return found
    return next((found for name in PARTS if (found := _class_in(name, class_name)) is not None), None)


def find_function(name: str) -> Any:
    """The activation, loss, metric, ... or op of that name, or None."""
    for module in FUNCTION_MODULES:
        load(module)
        catalog = CATALOGS.get(module)
        if catalog is not None and name in catalog and not inspect.isclass(found := catalog.find(name)):
            return found
    op = getattr(importlib.import_module(PARTS["keras.ops"]), name, None) if name.isidentifier() else None
    return op if hasattr(op, "raw") else None  # only ops: never whatever else the module's namespace holds


def names(module: str | None) -> Iterator[str]:
    """Known names to suggest: those of the module, or all."""
    public = public_module(module) if module else None
    for catalog_module, catalog in CATALOGS.items():
        if catalog_module in PARTS and public in (None, catalog_module):
            yield from catalog


def _class_in(module: str | None, class_name: str) -> Any:
    if module not in PARTS:
        return None
    load(module)
    catalog = CATALOGS.get(module)
    if catalog is None or class_name not in catalog:
        return None
    found = catalog.find(class_name)
    return found if inspect.isclass(found) else None
