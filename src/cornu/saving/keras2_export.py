"""Configs of Keras 3 in the words of Keras 2 that both generations read: `keras2_config` the other way round.

Where the two contradict each other, in calls of nested functional models and calls with tensors as further arguments, the
file is for tf.keras in the style "tf2", and for Keras 3 otherwise.
"""

import inspect
from collections.abc import Mapping
from typing import Any

from cornu._base.errors import CornuError
from cornu._base.user_warning import warn
from cornu.core import config as settings
from cornu.core import serialization
from cornu.saving.keras2_activations import NAME as HARD_SIGMOID

# Arguments that classes of Keras 2 do not know, with the values that may be left out. Others are written: Keras 3 reads them.
_ANYWHERE: dict[str, Any] = {
    "quantization_config": None,
    "zero_output_for_mask": False,
    "input_axes": None,
    "output_axes": None,
    "autocast": True,
    "rms_scaling": False,
    "synchronized": False,
    "renorm": False,
    "renorm_clipping": None,
    "renorm_momentum": 0.99,
    "sliding_window": None,
    "use_gate": False,
    "flash_attention": None,
    "optional": False,
    "ragged": False,
    "salt": None,
    "oov_method": "floormod",
    "antialias": False,
    "pad_to_aspect_ratio": False,
}
_OF_CLASSES: tuple[tuple[tuple[str, ...], str, tuple[Any, ...]], ...] = (
    (("LSTM", "GRU", "LSTMCell", "GRUCell", "SimpleRNNCell", "ConvLSTM1D", "ConvLSTM2D", "ConvLSTM3D", "Attention",
      "AdditiveAttention", "MultiHeadAttention", "SimpleRNN"), "seed", (None,)),
    (("AlphaDropout",), "noise_shape", (None,)),
    (("CenterCrop", "Resizing", "RandomBrightness", "RandomContrast", "RandomCrop", "RandomFlip", "RandomHeight",
      "RandomRotation", "RandomTranslation", "RandomWidth", "RandomZoom", "SpatialDropout2D", "SpatialDropout3D",
      "ZeroPadding1D"), "data_format", ("channels_last", None)),
    (("RandomContrast",), "value_range", ([0, 255],)),
    (("Resizing",), "fill_mode", ("constant",)),
    (("Resizing",), "fill_value", (0.0,)),
    (("Conv3DTranspose",), "dilation_rate", ([1, 1, 1],)),
    (("Attention",), "score_mode", ("dot",)),  # Keras 3 takes the word for a function
)  # fmt: skip
_NAMES = {"mse": "mean_squared_error", "mae": "mean_absolute_error", "mape": "mean_absolute_percentage_error",
          "msle": "mean_squared_logarithmic_error", "kld": "kl_divergence", "kullback_leibler_divergence": "kl_divergence",
          "bce": "binary_crossentropy", "logcosh": "log_cosh"}  # fmt: skip


def model_config(model: Any) -> dict[str, Any]:
    """`{"class_name", "config"}` of a sequential or functional model, as the attribute `model_config` of a file."""
    return _layer(serialization.serialize(model))


def training_config(model: Any) -> dict[str, Any]:
    """The arguments of `compile` without the optimizer, as the attribute `training_config` of a file."""
    arguments = {name: value for name, value in model.get_compile_config().items() if name != "optimizer"}
    kept = {name: _compiled(arguments[name]) for name in ("loss", "metrics", "weighted_metrics")}
    kept["loss_weights"] = arguments["loss_weights"]
    kept |= {name: True for name in ("run_eagerly",) if arguments[name]}
    return kept | ({"steps_per_execution": steps} if (steps := arguments["steps_per_execution"]) != 1 else {})


def _compiled(value: Any) -> Any:
    """A loss or metric: a name in full, which both generations know, or class and config."""
    if isinstance(value, str):
        return _NAMES.get(value.lower(), value)
    if isinstance(value, list):
        return [_compiled(item) for item in value]
    if not isinstance(value, Mapping):
        return value
    if value.get("class_name") == "function":
        return _NAMES.get(value["config"], value["config"])
    if "class_name" not in value:
        return {name: _compiled(item) for name, item in value.items()}
    config = {key: _plain(item) for key, item in value["config"].items()}
    if value.get("module") == "keras.losses":
        config.pop("dtype", None)  # losses of Keras 2 have none
    return {"class_name": _class_name(value), "config": config}


def _class_name(data: Mapping[str, Any]) -> str:
    registered = data.get("registered_name")
    return registered if registered and ">" in registered else data["class_name"]


def _layer(data: Mapping[str, Any]) -> dict[str, Any]:
    """A layer or model: class and config, and its place in a graph."""
    config = data["config"]
    if "layers" in config and "input_layers" in config:
        config = _graph(config)
    elif data["class_name"] == "Sequential" and "layers" in config:
        config = {"name": config["name"], "layers": [_layer(item) for item in config["layers"]]} | (
            {} if _has_input(data) else {key: config[key] for key in ("build_input_shape",) if key in config}
        )
    else:
        config = _arguments(data["class_name"], config)
        if data["class_name"] == "MultiHeadAttention" and settings.style() == "tf2":
            shapes = data.get("build_config", {}).get("shapes_dict", {})
            config |= {name: shapes.get(name) for name in ("query_shape", "value_shape", "key_shape")}
    return {"class_name": _class_name(data), "config": config} | {
        key: data[key] for key in ("shared_object_id",) if key in data
    }


def _arguments(class_name: str, config: Mapping[str, Any]) -> dict[str, Any]:
    new = {key: _plain(value) for key, value in config.items() if not _is_default(class_name, key, value)}
    if class_name == "InputLayer" and "batch_shape" in new:
        new["batch_input_shape"] = new.pop("batch_shape")
    if class_name == "LeakyReLU" and "negative_slope" in new:
        new["alpha"] = new.pop("negative_slope")
    if class_name == "Lambda" and isinstance(new.get("function"), Mapping):
        new["function"], new["function_type"] = new["function"]["config"]["value"], "lambda"
    return new


def _is_default(class_name: str, key: str, value: Any) -> bool:
    if key in _ANYWHERE and value == _ANYWHERE[key]:
        return True
    return any(class_name in classes and key == name and value in values for classes, name, values in _OF_CLASSES)


def _plain(value: Any) -> Any:
    """An argument: policies and functions by name, objects without what they were built and compiled for."""
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if value == HARD_SIGMOID:
        return "hard_sigmoid"
    if not isinstance(value, Mapping):
        return value
    if value.get("class_name") == "DTypePolicy":
        return value["config"]["name"]
    if value.get("class_name") == "function":
        return _plain(value["config"])
    if "class_name" in value and isinstance(value.get("config"), Mapping):
        if value["class_name"].startswith("__"):
            return value
        new = _layer(value) if value.get("module") in ("keras", "keras.layers") or "layers" in value["config"] else {}
        new = new or {"class_name": value["class_name"], "config": _arguments(value["class_name"], value["config"])}
        return {"module": value.get("module"), **new, "registered_name": value.get("registered_name")}
    return {key: _plain(item) for key, item in value.items()}


def _has_input(data: Mapping[str, Any]) -> bool:
    """Whether a sequential model begins with its input."""
    return (data["config"].get("layers") or [{}])[0].get("class_name") == "InputLayer"


def _without_input(data: Mapping[str, Any]) -> Mapping[str, Any]:
    """A sequential model inside of a graph without its input, whose node readers would count differently."""
    if data["class_name"] != "Sequential" or not _has_input(data):
        return data
    config = {key: value for key, value in data["config"].items() if key != "build_input_shape"}
    return {**data, "config": {**config, "layers": config["layers"][1:]}}


def _graph(config: Mapping[str, Any]) -> dict[str, Any]:
    """A graph with Keras 2's nodes: `[[layer, node, tensor, other arguments], ...]`."""
    is_for_keras_2 = settings.style() == "tf2"
    first = {layer["name"]: int(is_for_keras_2 and "input_layers" in layer["config"]) for layer in config["layers"]}

    def place(history: list[Any]) -> list[Any]:
        return [history[0], history[1] + first[history[0]], history[2]]

    def value(item: Any) -> Any:
        if _is_tensor(item):
            return place(item["config"]["keras_history"])
        if isinstance(item, list):
            return [value(part) for part in item]
        return {key: value(part) for key, part in item.items()} if isinstance(item, Mapping) else item

    def node(entry: Mapping[str, Any], names: list[str]) -> Any:
        named = dict(zip(names, entry["args"], strict=False)) | entry["kwargs"]
        inputs = named.pop(names[0]) if names and names[0] in named else entry["args"][0]
        if not is_for_keras_2 and any(map(_holds_tensor, named.values())):
            return dict(entry)
        options = {name: value(item) for name, item in named.items() if item is not None}
        if isinstance(inputs, Mapping) and not _is_tensor(inputs):
            return {key: [*value(item), options] for key, item in inputs.items()}
        tensors = [inputs] if _is_tensor(inputs) else inputs
        return [[*value(item), options] for item in tensors]

    def layer(data: Mapping[str, Any]) -> dict[str, Any]:
        if str(data.get("module")).startswith("keras.src.ops"):
            warn(
                f"The model holds the op {data['name']!r}, which TensorFlow and Keras cannot read from an .h5 file. "
                "Save it to a .keras file for them."
            )
            return dict(data)
        nodes = [node(entry, _parameters(data)) for entry in data["inbound_nodes"]]
        return {**_layer(_without_input(data)), "name": data["name"], "inbound_nodes": nodes}

    def ends(places: Any) -> Any:
        if isinstance(places, Mapping):
            return {key: ends(item) for key, item in places.items()}
        return place(places) if isinstance(places[0], str) else [ends(item) for item in places]

    inputs, outputs = ends(config["input_layers"]), ends(config["output_layers"])
    return {
        "name": config["name"],
        "trainable": config["trainable"],
        "layers": [layer(data) for data in config["layers"]],
        "input_layers": [inputs] if _is_single(inputs) else inputs,
        "output_layers": [outputs] if _is_single(outputs) else outputs,
    }


def _is_tensor(item: Any) -> bool:
    return isinstance(item, Mapping) and item.get("class_name") == "__keras_tensor__"


def _holds_tensor(value: Any) -> bool:
    if isinstance(value, (list, Mapping)) and not _is_tensor(value):
        return any(map(_holds_tensor, value.values() if isinstance(value, Mapping) else value))
    return _is_tensor(value)


def _is_single(places: Any) -> bool:
    return isinstance(places, list) and isinstance(places[0], str)


def _parameters(data: Mapping[str, Any]) -> list[str]:
    """Names of the arguments of a layer's `call`."""
    try:
        cls = serialization.find_class(data.get("module"), data["class_name"], data.get("registered_name"))
    except CornuError:  # a class that nobody registered: its tensors come first
        return []
    return list(inspect.signature(cls.call).parameters)[1:]
