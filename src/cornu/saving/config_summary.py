"""What a model's config says, of any generation of Keras, without making anything of it: layers, and how it was compiled."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

_COMMON = ("name", "trainable", "dtype")  # of every layer, and no news
_DEEPEST = 50  # models in models


@dataclass
class LayerSummary:
    """A layer: its class, and those of its arguments that are numbers, words or shapes. Nested models have layers."""

    name: str
    class_name: str
    arguments: dict[str, Any] = field(default_factory=dict)
    layers: list["LayerSummary"] = field(default_factory=list)


@dataclass
class ModelSummary:
    """A model: its class, its layers, and what `compile` was given, None if it was not compiled."""

    name: str
    class_name: str
    layers: list[LayerSummary]
    compiled: dict[str, Any] | None = None


def summarize(config: Any, training: Any = None) -> ModelSummary:
    """A summary of a serialized model. Args: training: what an HDF5 file or a SavedModel says about compiling."""
    entry = config if isinstance(config, Mapping) else {}
    found = _layer(entry, 0)
    given = training if isinstance(training, Mapping) else entry.get("compile_config")
    return ModelSummary(found.name, found.class_name, found.layers, _compiled(given))


def _layer(entry: Any, depth: int) -> LayerSummary:
    entry = entry if isinstance(entry, Mapping) else {}
    inner = entry.get("config")
    if isinstance(inner, list):  # a Sequential of Keras before 2.2.3
        inner = {"layers": inner}
    config: Mapping[str, Any] = inner if isinstance(inner, Mapping) else {}
    nested = config.get("layers")
    layers = [_layer(item, depth + 1) for item in nested] if isinstance(nested, list) and depth < _DEEPEST else []
    if isinstance(wrapped := config.get("layer"), Mapping):  # TimeDistributed, Bidirectional
        layers = [_layer(wrapped, depth + 1)] if depth < _DEEPEST else []
    name = config.get("name") or entry.get("name") or ""
    arguments = {} if nested is not None else {k: v for k, v in config.items() if k not in _COMMON and _is_short(v)}
    return LayerSummary(str(name), str(entry.get("class_name", "")), arguments, layers)


def _is_short(value: Any) -> bool:
    """Whether a value fits into a table: numbers, words, shapes."""
    if isinstance(value, list):
        return len(value) <= 8 and all(item is None or isinstance(item, (int, float)) for item in value)
    return isinstance(value, (int, float)) or (isinstance(value, str) and len(value) <= 40)


def _compiled(given: Any) -> dict[str, Any] | None:
    """Optimizer, loss and metrics by name."""
    if not isinstance(given, Mapping):
        return None
    optimizer = given.get("optimizer") or given.get("optimizer_config")
    settings = optimizer.get("config") if isinstance(optimizer, Mapping) else None
    rate = (
        next((settings[key] for key in ("learning_rate", "lr") if key in settings), None)
        if isinstance(settings, Mapping)
        else None
    )
    found = {"optimizer": named(optimizer), "loss": named(given.get("loss")), "metrics": named(given.get("metrics"))}
    if isinstance(rate, (int, float)):
        found["learning_rate"] = rate
    return found


def named(value: Any, depth: int = 0) -> Any:
    """What a serialized object, or a nest of them, is called."""
    if depth > _DEEPEST:
        return "..."
    if isinstance(value, Mapping):
        if "class_name" in value:
            return _name(str(value["class_name"]).rpartition(">")[2], value.get("config"))
        return {str(key): named(item, depth + 1) for key, item in value.items()}
    if isinstance(value, list):
        return [named(item, depth + 1) for item in value]
    return value if value is None or isinstance(value, (int, float)) else str(value)


def _name(class_name: str, config: Any) -> str:
    """The class; of functions, and of metrics that wrap one, the function."""
    if class_name == "function":
        return str(config)
    if class_name.endswith("Wrapper") and isinstance(config, Mapping):
        return str(config.get("name", class_name))
    return class_name
