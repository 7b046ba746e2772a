"""Configs of Keras 1 in the words of Keras 2: names of classes and arguments, kernel sizes, merges.

Reading only; `keras2_config` takes what `upgraded` returns on to Keras 3.
"""

from collections.abc import Mapping
from typing import Any

from cornu._base.errors import InvalidArgumentError
from cornu.layers.legacy_names import RENAMED

# class of Keras 1 -> class
_CLASSES = {
    "TimeDistributedDense": "Dense",
    "Convolution1D": "Conv1D",
    "Convolution2D": "Conv2D",
    "Convolution3D": "Conv3D",
    "AtrousConvolution1D": "Conv1D",
    "AtrousConvolution2D": "Conv2D",
    "Deconvolution2D": "Conv2DTranspose",
    "SeparableConvolution2D": "SeparableConv2D",
}
_MERGES = {"sum": "Add", "mul": "Multiply", "ave": "Average", "max": "Maximum", "concat": "Concatenate"}
_LAYOUTS = {"th": "channels_first", "tf": "channels_last", "default": None}
# Arguments without a meaning here, with the values that change nothing; True: any value.
_DROPPED: dict[str, Any] = {
    "input_dtype": True,
    "consume_less": True,
    "input_length": True,
    "sparse": (False,),
    "uses_learning_phase": True,
    "dropout": (0, 0.0, None),
    "node_indices": True,
    "tensor_indices": True,
    "output_shape_type": True,
    "output_mask_type": True,
    "mode_type": True,
}
_INITIALIZERS = {"normal": "random_normal", "uniform": "random_uniform", "one": "ones", "zero": "zeros"}
_FAMILIES = {  # classes whose argument names `RENAMED` lists under the name of a base class
    "Conv1D": "Conv", "Conv2D": "Conv", "Conv3D": "Conv", "Conv2DTranspose": "ConvTranspose",
    "LocallyConnected1D": "LocallyConnected", "LocallyConnected2D": "LocallyConnected",
    "SeparableConv2D": "SeparableConv", "ConvLSTM2D": "ConvLSTM", "SimpleRNN": "CellRNN", "LSTM": "CellRNN",
    "GRU": "CellRNN", "SpatialDropout1D": "SpatialDropout", "SpatialDropout2D": "SpatialDropout",
    "SpatialDropout3D": "SpatialDropout",
}  # fmt: skip


def upgraded(config: Any) -> Any:
    """A serialized model or layer of Keras 1, and all inside it, as Keras 2 writes it.

    Raises: InvalidArgumentError for a merge by a function, or a mode of BatchNormalization that is gone.
    """
    if isinstance(config, list):
        return [upgraded(item) for item in config]
    if not isinstance(config, Mapping):
        return config
    if config.get("class_name") == "Sequential" and isinstance(config.get("config"), list):
        return _sequential(config)
    new = {key: value if key == "inbound_nodes" else upgraded(value) for key, value in config.items()}
    if isinstance(new.get("config"), dict) and isinstance(new.get("class_name"), str):
        return {**new, **_layer(new["class_name"], new["config"])}
    return new


def _sequential(config: Mapping[str, Any]) -> dict[str, Any]:
    """A list of layers; one that begins with a Merge of models becomes a graph."""
    stack = config["config"]
    if not stack or stack[0].get("class_name") != "Merge":
        return {**config, "config": {"layers": [upgraded(item) for item in stack]}}
    merge = stack[0]["config"]
    branches = [upgraded(branch) for branch in merge["layers"]]
    entries, ends = [], []
    for number, branch in enumerate(branches):
        name = f"{merge['name']}_branch_{number}"
        shape = _input_shape(branch)
        entries.append(
            _entry("InputLayer", {"name": f"{name}_input", "batch_input_shape": shape, "dtype": "float32"}, [])
        )
        branch = {**branch, "config": {**branch["config"], "name": name}}
        entries.append({**branch, "name": name, "inbound_nodes": [[[f"{name}_input", 0, 0, {}]]]})
        ends.append([name, 1, 0, {}])
    inputs = [[f"{merge['name']}_branch_{number}_input", 0, 0] for number in range(len(branches))]
    for item in [{**stack[0], "config": {k: v for k, v in merge.items() if k != "layers"}}, *stack[1:]]:
        item = upgraded(item)
        entries.append(_entry(item["class_name"], item["config"], [ends]))
        ends = [[item["config"]["name"], 0, 0, {}]]
    graph = {"name": "sequential", "layers": entries, "input_layers": inputs, "output_layers": [ends[0][:3]]}
    return {"class_name": "Model", "config": graph}


def _entry(class_name: str, config: dict[str, Any], nodes: list[Any]) -> dict[str, Any]:
    return {"class_name": class_name, "name": config["name"], "config": config, "inbound_nodes": nodes}


def _input_shape(branch: Mapping[str, Any]) -> Any:
    """The shape that the first layer of a model tells."""
    while "layers" in branch["config"]:
        branch = branch["config"]["layers"][0]
    if "batch_input_shape" not in branch["config"]:
        raise InvalidArgumentError(
            f"Expected an input shape on the first layer of each model that Merge joins; {branch['class_name']} has none."
        )
    return branch["config"]["batch_input_shape"]


def _layer(class_name: str, config: dict[str, Any]) -> dict[str, Any]:
    """Class and arguments of one layer."""
    if class_name == "Merge":
        return _merge(config)
    name = _CLASSES.get(class_name, class_name)
    config = {key: value for key, value in config.items() if not _is_dropped(key, value, class_name)}
    if name == "Embedding" and "dropout" in config:
        raise InvalidArgumentError(
            f"Embedding with dropout={config['dropout']} is gone. Put a SpatialDropout1D behind it."
        )
    config = _sizes(config)
    if name == "BatchNormalization":
        config = _normalization(config)
    if name in ("LSTM", "ConvLSTM2D"):
        config["unit_forget_bias"] = config.pop("forget_bias_init", "one") in ("one", "ones")
    table = {"inner_activation": "recurrent_activation", **_renamed(name)}
    config = {table.get(key, key): value for key, value in config.items()}
    for key, value in config.items():
        if key.endswith("_initializer") and isinstance(value, str):
            config[key] = _INITIALIZERS.get(value, value)
    if isinstance(config.get("data_format"), str):
        config["data_format"] = _LAYOUTS.get(config["data_format"], config["data_format"])
    return {"class_name": name, "config": config}


def _is_dropped(key: str, value: Any, class_name: str) -> bool:
    if key == "dropout":
        return class_name == "Embedding" and not value
    return key in _DROPPED and (_DROPPED[key] is True or value in _DROPPED[key]) and class_name != "InputLayer"


def _renamed(class_name: str) -> dict[str, str]:
    family = _FAMILIES.get(class_name, class_name)
    if "GlobalMaxPooling" in class_name or "GlobalAveragePooling" in class_name:
        family = "GlobalPooling"
    else:
        for part in ("Pooling", "ZeroPadding", "Cropping", "UpSampling"):
            family = part if part in class_name else family
    return {old: new for old, new in RENAMED.get(family, {}).items() if old != "consume_less"}


def _sizes(config: dict[str, Any]) -> dict[str, Any]:
    """`nb_row` and `nb_col` as a kernel size, and so on."""
    rows = [
        config.pop(key) for key in ("kernel_dim1", "kernel_dim2", "kernel_dim3", "nb_row", "nb_col") if key in config
    ]
    if rows:
        config["kernel_size"] = rows
    if "atrous_rate" in config and not isinstance(config["atrous_rate"], list):
        config["atrous_rate"] = [config["atrous_rate"]]
    config.pop("output_shape", None) if "nb_filter" in config else None
    return config


def _normalization(config: dict[str, Any]) -> dict[str, Any]:
    mode = config.pop("mode", 0)
    if mode not in (0, 2):
        raise InvalidArgumentError(
            f"BatchNormalization with mode={mode} is gone. Build the model in code, with LayerNormalization in its place."
        )
    for key in ("gamma_regularizer", "beta_regularizer"):
        config.setdefault(key, None)
    return config


def _merge(config: dict[str, Any]) -> dict[str, Any]:
    mode = config.pop("mode", "sum")
    options = {key: config[key] for key in ("name", "trainable") if key in config}
    if mode in _MERGES:
        axis = {"axis": config.get("concat_axis", -1)} if mode == "concat" else {}
        return {"class_name": _MERGES[mode], "config": options | axis}
    if mode in ("dot", "cos"):
        axes = config.get("dot_axes", -1)
        return {"class_name": "Dot", "config": options | {"axes": axes, "normalize": mode == "cos"}}
    raise InvalidArgumentError(
        f"Merge with a function as its mode ({mode!r:.40}) is code. Build the model in code, with a layer in its place."
    )
