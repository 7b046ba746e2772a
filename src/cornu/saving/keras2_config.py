"""Configs of Keras 2 in the words of Keras 3: nodes of functional graphs, and arguments that changed or went away.

Reading only; what `upgraded` returns is what Keras 3 would have written for the same model.
"""

from collections.abc import Mapping
from typing import Any

# Arguments without a meaning here, with the values that change nothing.
_DROPPED: dict[str, tuple[Any, ...]] = {
    "time_major": (False,),
    "implementation": (0, 1, 2),
    "jit_compile": (False, None),
    "is_legacy_optimizer": (True, False),
    "ragged_inputs": (False,),
}
_COMPILE = {"run_eagerly": False, "steps_per_execution": 1}  # what None meant


def upgraded(config: Any) -> Any:
    """A serialized object of Keras 2, and all inside it, as Keras 3 writes it."""
    if isinstance(config, list):
        return [upgraded(item) for item in config]
    if not isinstance(config, Mapping):
        return config
    new = {key: upgraded(value) for key, value in config.items() if key != "inbound_nodes"}
    if "inbound_nodes" in config:
        new["inbound_nodes"] = config["inbound_nodes"]
    if isinstance(new.get("config"), dict) and isinstance(new.get("class_name"), str):
        new["config"] = _object(new["class_name"], new["config"])
    if isinstance(new.get("compile_config"), dict):
        new["compile_config"] = _compile_arguments(new["compile_config"])
    return new


def _object(class_name: str, config: dict[str, Any]) -> dict[str, Any]:
    config = {key: value for key, value in config.items() if not (key in _DROPPED and value in _DROPPED[key])}
    if "layers" in config and "input_layers" in config:
        return _graph(config)
    if class_name == "InputLayer" and "batch_input_shape" in config:
        config["batch_shape"] = config.pop("batch_input_shape")
    if class_name == "BatchNormalization" and isinstance(config.get("axis"), list) and len(config["axis"]) == 1:
        config["axis"] = config["axis"][0]
    if config.get("reduction") == "auto":
        config["reduction"] = "sum_over_batch_size"
        config.pop("fn", None)
    if class_name == "Lambda" and isinstance(config.get("function"), list):
        config["function"] = {"class_name": "__lambda__", "config": {"value": config["function"]}}
        for key in ("function_type", "module", "output_shape_type", "output_shape_module"):
            config.pop(key, None)
    return config


def _compile_arguments(config: dict[str, Any]) -> dict[str, Any]:
    arguments = {**config}
    for name, default in _COMPILE.items():
        if arguments.get(name, 0) is None:
            arguments[name] = default
    if arguments.get("jit_compile", 0) is None:
        del arguments["jit_compile"]
    return arguments


def _graph(config: dict[str, Any]) -> dict[str, Any]:
    """A functional model's config with Keras 3's nodes: `{"args": [...], "kwargs": {...}}`."""
    layers = config["layers"]
    old = {layer["name"]: layer.get("inbound_nodes") or [] for layer in layers}
    first = _first_nodes(config, old)

    def place(name: str, node: int, tensor: int) -> list[Any]:
        return [name, node - first.get(name, 0), tensor]

    def tensor(entry: list[Any]) -> dict[str, Any]:
        history = place(*entry[:3])
        return {"class_name": "__keras_tensor__", "config": {"shape": None, "dtype": None, "keras_history": history}}

    def value(entry: Any) -> Any:
        if _is_place(entry):
            return entry[2] if entry[0] == "_CONSTANT_VALUE" else tensor(entry)
        if isinstance(entry, list):
            return [value(item) for item in entry]
        return {key: value(item) for key, item in entry.items()} if isinstance(entry, dict) else entry

    def node(entry: Any) -> Any:
        if isinstance(entry, Mapping):  # Keras 3 already
            return entry
        if entry and not isinstance(entry[0], list):
            entry = [entry]
        options = next((item[3] for item in entry if len(item) > 3 and item[3]), {})
        tensors = [value(item[:3]) for item in entry]
        return {
            "args": tensors if len(tensors) == 1 else [tensors],
            "kwargs": {key: value(item) for key, item in options.items()},
        }

    def ends(places: Any) -> Any:
        if _is_place(places):
            return place(*places)
        if isinstance(places, dict):
            return {key: ends(item) for key, item in places.items()}
        return [ends(item) for item in places]

    new_layers = [{**layer, "inbound_nodes": [node(entry) for entry in old[layer["name"]]]} for layer in layers]
    inputs, outputs = ends(config["input_layers"]), ends(config["output_layers"])
    return {**config, "layers": new_layers, "input_layers": _single(inputs), "output_layers": _single(outputs)}


def _first_nodes(config: dict[str, Any], nodes: dict[str, list[Any]]) -> dict[str, int]:
    """The index of each layer's first listed node: nested models have one of their own before those."""
    highest: dict[str, int] = {}

    def look(value: Any) -> None:
        if _is_place(value):
            highest[value[0]] = max(highest.get(value[0], 0), value[1])
        elif isinstance(value, (list, dict)):
            for item in value.values() if isinstance(value, dict) else value:
                look(item)
            if isinstance(value, list) and len(value) == 4 and _is_place(value[:3]):
                look(value[:3])

    for part in (nodes, config["output_layers"]):
        look(part)
    return {name: max(0, index + 1 - len(nodes[name])) for name, index in highest.items() if nodes.get(name)}


def _is_place(value: Any) -> bool:
    return isinstance(value, list) and len(value) == 3 and isinstance(value[0], str) and type(value[1]) is int


def _single(places: Any) -> Any:
    """One input or output of a list of one: Keras 2 did not tell them apart, and gave the tensor itself back."""
    return places[0] if isinstance(places, list) and len(places) == 1 and _is_place(places[0]) else places
