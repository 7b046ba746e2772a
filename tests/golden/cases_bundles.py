"""Arrays that TensorFlow put into checkpoints of several shards and into variables in parts: what they hold."""

import ml_dtypes
import numpy as np

_NUMBERS = (
    "float16", "float32", "float64", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64", "bool",
    "complex64", "complex128",
)  # fmt: skip
ARRAYS = {
    **{name: np.arange(-2, 4).reshape(2, 3).astype(name) for name in _NUMBERS},
    "bfloat16": np.array([[1.5, -2.0], [0.25, 3e38]], ml_dtypes.bfloat16),
    "float8_e5m2": np.array([1.5, -2.0], ml_dtypes.float8_e5m2),
    "float8_e4m3fn": np.array([1.5, -448.0], ml_dtypes.float8_e4m3fn),
    "scalar": np.float32(2.5),
    "empty": np.zeros((0, 3), "float32"),
    "strings": np.array([["", "é\n"], ["x" * 300, "\0"]], object),
}
# Name: array and (start, length) of every axis of its parts.
PARTS = {
    "rows": (np.arange(15, dtype="float32").reshape(5, 3), [((0, 2), (0, 3)), ((2, 3), (0, 3))]),
    "tiles": (np.arange(16).reshape(4, 4), [((r, 2), (c, 2)) for r in (0, 2) for c in (0, 2)]),
}
GRAPH = {
    "scope/table": np.arange(14, dtype="float32").reshape(7, 2),
    "scope/w": np.ones(3, "float32"),
    "step": np.int64(9),
}
