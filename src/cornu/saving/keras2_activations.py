"""The piecewise linear sigmoid as Keras 1 and 2 had it: files of those generations mean this one by `hard_sigmoid`."""

from typing import Any

from cornu import activations, ops

NAME = "keras2_hard_sigmoid"


@activations.ACTIVATIONS.add()
def keras2_hard_sigmoid(x: Any) -> Any:
    """`clip(0.2 * x + 0.5, 0, 1)`. Shape: any, kept. Source: tf.keras.activations.hard_sigmoid."""
    return ops.clip(0.2 * ops.convert_to_tensor(x) + 0.5, 0.0, 1.0)


def as_function(config: Any) -> Any:
    """A config with this activation written as a function: then Keras 3, which lacks it, takes it from `custom_objects`."""
    if config == NAME:
        return {"module": "builtins", "class_name": "function", "config": NAME, "registered_name": "function"}
    if isinstance(config, dict) and config.get("class_name") != "function":
        return {key: as_function(value) for key, value in config.items()}
    return [as_function(value) for value in config] if isinstance(config, list) else config
