"""The table that drives both `record_locally_connected.py` and its test: layers of Keras 2, and the data they are trained on."""

from typing import Any, NamedTuple

import numpy as np


class Case(NamedTuple):
    """A layer of the rank's class with these arguments, alone in a model that is trained for one step."""

    rank: int
    arguments: dict[str, Any]
    shape: tuple[int, ...]  # of the inputs


def sequence(**arguments: Any) -> Case:
    """A case on sequences."""
    first = arguments.get("data_format") == "channels_first"
    return Case(1, {"filters": 3, "kernel_size": 3, **arguments}, (2, 2, 8) if first else (2, 8, 2))


def image(**arguments: Any) -> Case:
    """A case on images."""
    first = arguments.get("data_format") == "channels_first"
    return Case(2, {"filters": 3, "kernel_size": (3, 2), **arguments}, (2, 2, 6, 5) if first else (2, 6, 5, 2))


FIRST = {"data_format": "channels_first"}
LASSO = {"kernel_regularizer": "l1", "bias_regularizer": "l2", "activity_regularizer": "l2"}
CASES = {
    "1d": sequence(activation="tanh"),
    "1d_strides": sequence(kernel_size=4, strides=3, use_bias=False),
    "1d_first": sequence(**FIRST, **LASSO),
    "1d_pairs": sequence(implementation=2, **LASSO),
    "1d_pairs_same_first": sequence(implementation=2, padding="same", kernel_size=4, strides=2, **FIRST),
    "1d_connections_same": sequence(implementation=3, padding="same", kernel_size=5, strides=2, activation="relu"),
    "1d_connections_first": sequence(implementation=3, strides=2, **FIRST),
    "2d": image(strides=(2, 1), kernel_constraint="non_neg", bias_constraint="unit_norm"),
    "2d_first": image(activation="sigmoid", **FIRST),
    "2d_pairs_same": image(implementation=2, padding="same", kernel_size=(4, 3), strides=(1, 2)),
    "2d_pairs_first": image(implementation=2, strides=2, **FIRST),
    "2d_connections": image(implementation=3, kernel_size=2, **LASSO),
    "2d_connections_same_first": image(implementation=3, padding="same", strides=2, kernel_size=(3, 4), **FIRST),
    "2d_wide_window_same": image(implementation=3, padding="same", kernel_size=(9, 2)),
}
INITIAL = [  # rank, implementation, input shape: large enough to tell how the first weights are spread
    (1, 1, (None, 40, 16)),
    (1, 2, (None, 40, 16)),
    (2, 3, (None, 12, 12, 8)),
]


def data_of(case: Case, shape: tuple[int, ...]) -> np.ndarray:
    """Inputs, or targets, of that shape."""
    return np.random.RandomState(len(shape) + case.rank).normal(size=shape).astype("float32")


def weights_of(shapes: list[tuple[int, ...]]) -> list[np.ndarray]:
    """Values for weights of these shapes."""
    return [np.random.RandomState(n).normal(size=shape).astype("float32") for n, shape in enumerate(shapes)]
