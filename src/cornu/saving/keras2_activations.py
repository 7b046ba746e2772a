"""The piecewise linear sigmoid as Keras 1 and 2 had it: files of those generations mean this one by `hard_sigmoid`."""

from typing import Any

from cornu import activations, ops

NAME = "keras2_hard_sigmoid"


@activations.ACTIVATIONS.add()
def keras2_hard_sigmoid(x: Any) -> Any:
    """`clip(0.2 * x + 0.5, 0, 1)`. Shape: any, kept. Source: tf.keras.activations.hard_sigmoid."""
    return ops.clip(0.2 * ops.convert_to_tensor(x) + 0.5, 0.0, 1.0)
