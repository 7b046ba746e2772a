"""The tables that drive both `record_keras2_layers.py` and its test: smaller layers that ended with Keras 2, and two functions."""

from typing import Any

import numpy as np

VALUES = np.array([[-3.0, -0.0, 0.5, 0.75], [1.0, 1.5, np.inf, np.nan]], "float32")
THETAS = (0.0, 0.5, 1, 1.5)

IMAGES = np.random.RandomState(3).normal(size=(2, 5, 6, 2)).astype("float32")
# class and arguments: factors that leave nothing to chance
STRETCHES: dict[str, tuple[str, dict[str, Any]]] = {
    f"{kind}_{factor}_{interpolation}": (kind, {"factor": (factor, factor), "interpolation": interpolation})
    for kind in ("RandomHeight", "RandomWidth")
    for factor in (-0.5, -0.1, 0.0, 0.75)
    for interpolation in ("bilinear", "nearest", "bicubic", "area", "lanczos3", "lanczos5")
}
OPTIONS: dict[str, dict[str, Any]] = {
    "number": {"factor": 0.3},
    "pair": {"factor": (-0.2, 0.3), "interpolation": "nearest", "seed": 3},
}
DRAWN = 200  # sizes drawn with the factor 0.3 of 10 pixels

SEQUENCES = np.random.RandomState(4).normal(size=(2, 7, 3)).astype("float32")
# function, arguments behind the kernel, shape of the kernel, whether the channels come first
LOCAL = {
    "local_conv1d": ("local_conv1d", ((3,), (2,)), (3, 9, 4), False),
    "local_conv1d_first": ("local_conv1d", ((2,), (1,)), (6, 6, 2), True),
    "local_conv2d": ("local_conv2d", ((2, 3), (2, 1), (2, 4)), (8, 12, 3), False),
    "local_conv2d_first": ("local_conv2d", ((2, 2), (1, 2), (4, 3)), (12, 8, 2), True),
}

STATES: dict[str, Any] = {"one": 3, "list": [3, 2], "nested": [3, (4, 5)], "tuple": (2, 1)}  # sizes of a cell's states
WEIGHTS = {
    "kernel": np.random.RandomState(5).normal(size=(3, 4)).astype("float32"),
    "recurrent_kernel": np.random.RandomState(6).normal(size=(4, 4)).astype("float32") / 4,
}


def local_arguments(key: str) -> tuple[str, list[Any]]:
    """The name of a function and its arguments."""
    name, sizes, shape, is_first = LOCAL[key]
    x = SEQUENCES if name == "local_conv1d" else IMAGES
    kernel = np.random.RandomState(len(key)).normal(size=shape).astype("float32")
    layout = "channels_first" if is_first else "channels_last"
    return name, [np.moveaxis(x, -1, 1) if is_first else x, kernel, *sizes, layout]


def cell_class(base: Any, dot: Any) -> Any:
    """A cell as the documentation of AbstractRNNCell has it, on the class and the product of a library."""

    class Minimal(base):
        def __init__(self, units: int, **kwargs: Any):
            self.units = units
            super().__init__(**kwargs)

        @property
        def state_size(self) -> int:
            return self.units

        def build(self, input_shape: Any) -> None:
            self.kernel = self.add_weight(shape=(input_shape[-1], self.units), name="kernel")
            self.recurrent_kernel = self.add_weight(shape=(self.units, self.units), name="recurrent_kernel")
            super().build(input_shape)

        def call(self, inputs: Any, states: Any) -> Any:
            output = dot(inputs, self.kernel) + dot(states[0], self.recurrent_kernel)
            return output, output

    return Minimal
