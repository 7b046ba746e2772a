"""Configs of Keras 2 in the words of Keras 3: nodes of functional graphs, and arguments that changed or went away.

Reading only; what `upgraded` returns is what Keras 3 would have written for the same model.
"""

from collections.abc import Mapping
from typing import Any

from cornu.core import keras_ops
from cornu.core.registry import find_custom
from cornu.initializers import INITIALIZERS as _INITIALIZERS
from cornu.metrics import METRICS
from cornu.saving import keras2_operators
from cornu.saving.keras2_activations import NAME as HARD_SIGMOID

# Arguments without a meaning here, with the values that change nothing.
_DROPPED: dict[str, tuple[Any, ...]] = {
    "time_major": (False,),
    "implementation": (0, 1, 2),
    "jit_compile": (False, None),
    "is_legacy_optimizer": (True, False),
    "ragged_inputs": (False,),
    "softmax_robust_masking": (False,),
    "rng_type": (None, "stateful"),
}
_LAID_OUT = ("LocallyConnected1D", "LocallyConnected2D")  # their `implementation` says how the kernel is kept
_ATTENTION = ("query_shape", "key_shape", "value_shape")
_SEPARABLE = ("groups", "kernel_initializer", "kernel_regularizer", "kernel_constraint")
# Arguments that a class took and did not use.
_UNUSED: dict[str, tuple[str, ...]] = {
    "MultiHeadAttention": _ATTENTION,
    "SeparableConv1D": _SEPARABLE,
    "SeparableConv2D": _SEPARABLE,
    "DepthwiseConv1D": ("groups",),
    "DepthwiseConv2D": ("groups",),
    "Conv1DTranspose": ("groups",),
    "Conv2DTranspose": ("groups",),
    "Conv3DTranspose": ("groups",),
    "SpatialDropout1D": ("noise_shape",),
    "SpatialDropout2D": ("noise_shape",),
    "SpatialDropout3D": ("noise_shape",),
    "Embedding": ("input_length",),
    "Discretization": ("trainable",),
    "HashedCrossing": ("trainable",),
}
_COMPILE = {"run_eagerly": False, "steps_per_execution": 1}  # what None meant


def upgraded(config: Any, generation: int = 2) -> Any:
    """A serialized object of Keras 2, and all inside it, as Keras 3 writes it.

    Args: generation: that of the file; 3 wrote such configs too, with its own meaning of some names.
    """
    if isinstance(config, list):
        return [upgraded(item, generation) for item in config]
    if not isinstance(config, Mapping):
        return config
    if set(config) == {"type", "value"} and config["type"] == "ndarray":
        return config["value"]
    new = {key: upgraded(value, generation) for key, value in config.items() if key != "inbound_nodes"}
    if new.get("class_name") == "Sequential" and isinstance(new.get("config"), list):
        new["config"] = {"layers": new["config"]}
    if "inbound_nodes" in config:
        new["inbound_nodes"] = config["inbound_nodes"]
    if isinstance(new.get("config"), dict) and isinstance(new.get("class_name"), str):
        arguments = _object(new["class_name"], new["config"])
        new["config"] = _in_older_words(new["class_name"], arguments) if generation < 3 else arguments
        if generation > 2 and "module" not in new and _is_op(new):
            new["module"] = keras_ops.keras_module(keras_ops.op_name(new["class_name"]))
    if isinstance(new.get("compile_config"), dict):
        new["compile_config"] = _compile_arguments(new["compile_config"])
    return new


def _object(class_name: str, config: dict[str, Any]) -> dict[str, Any]:
    unused = _UNUSED.get(class_name, ())
    config = {
        key: value
        for key, value in config.items()
        if key not in unused and not (key in _DROPPED and value in _DROPPED[key] and class_name not in _LAID_OUT)
    }
    if "layers" in config and "input_layers" in config:
        return _graph(config)
    if class_name == "InputLayer" and "batch_input_shape" in config:
        config["batch_shape"] = config.pop("batch_input_shape")
    if class_name == "BatchNormalization" and isinstance(config.get("axis"), list) and len(config["axis"]) == 1:
        config["axis"] = config["axis"][0]
    if config.get("reduction") == "auto":
        config["reduction"] = "sum_over_batch_size"
    if "reduction" in config:  # a loss, whose class tells the function
        config.pop("fn", None)
    if class_name in _INITIALIZERS:
        config.pop("dtype", None)
    if class_name == "Lambda" and isinstance(config.get("function"), list):
        config["function"] = {"class_name": "__lambda__", "config": {"value": config["function"]}}
        for key in ("function_type", "module", "output_shape_type", "output_shape_module"):
            config.pop(key, None)
    return config


def _in_older_words(class_name: str, config: dict[str, Any]) -> dict[str, Any]:
    """What a name, or an argument that is not there, meant before Keras 3."""
    config = {key: HARD_SIGMOID if value == "hard_sigmoid" else value for key, value in config.items()}
    if class_name in ("GRU", "GRUCell"):
        config.setdefault("reset_after", False)
    return config


def _is_op(entry: Mapping[str, Any]) -> bool:
    """Whether an entry without a module is an op of a graph: layers say whether they are trained, ops do not."""
    known = ("trainable", "layers", "batch_shape", "batch_input_shape")
    return "inbound_nodes" in entry and not any(name in entry["config"] for name in known)


def compile_arguments(training: Mapping[str, Any], outputs: int) -> dict[str, Any]:
    """The arguments of `compile` that `training_config` of an HDF5 file tells, without the optimizer.

    Args: outputs: how many the model has; of one output, a list of one list of metrics is that list.
    """
    arguments = {name: training.get(name) for name in ("loss", "loss_weights")}
    for name in ("metrics", "weighted_metrics"):
        found: Any = training.get(name)
        is_nested = isinstance(found, list) and len(found) == 1 and isinstance(found[0], list) and outputs == 1
        arguments[name] = _metric(found[0] if is_nested else found)
    arguments["loss"] = upgraded(arguments["loss"])
    kept = ("run_eagerly", "steps_per_execution")
    return arguments | {name: training[name] for name in kept if training.get(name) not in (None, False, 1)}


def _metric(value: Any) -> Any:
    """A metric, alone or in lists and dicts: classes of that name are metrics, not losses."""
    if isinstance(value, list):
        return [_metric(item) for item in value]
    if not isinstance(value, Mapping):
        return value
    if "class_name" not in value:
        return {name: _metric(item) for name, item in value.items()}
    config, class_name = upgraded(value["config"]), value["class_name"]
    function = config.pop("fn") if isinstance(config.get("fn"), str) else None
    if function is not None and function in METRICS:  # `binary_accuracy` is that of a class here
        class_name = METRICS.name_of(METRICS.find(function)) or class_name
    elif function is not None:
        config["fn"] = {"module": "builtins", "class_name": "function", "config": function}
    return {"module": "keras.metrics", **value, "class_name": class_name, "config": config}


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

    nodes = {name: [node(entry) for entry in entries] for name, entries in old.items()}
    new_layers = [{"module": _module(layer), **layer, "inbound_nodes": nodes[layer["name"]]} for layer in layers]
    new_layers = [
        keras2_operators.as_op(layer) if layer["class_name"] in keras2_operators.CLASSES else layer
        for layer in new_layers
    ]
    inputs, outputs = ends(config["input_layers"]), ends(config["output_layers"])
    config = {
        key: item for key, item in config.items() if (key, item) != ("trainable", True)
    }  # would thaw frozen layers
    return {**config, "layers": new_layers, "input_layers": _single(inputs), "output_layers": _single(outputs)}


def _module(layer: Mapping[str, Any]) -> str:
    """Where a layer without a module is from: a class of the user comes before one of the same name."""
    if find_custom(layer["class_name"]) is not None:
        return "custom"
    return "keras" if "layers" in layer["config"] else "keras.layers"


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
