"""Arguments of ops that are no tensors, made hashable: they are part of the keys of compiled functions and of tapes."""

from typing import Any

import jax
import numpy as np

from cornu._base.errors import InvalidArgumentError
from cornu.core import dtypes
from cornu.core.symbolic import KerasTensor
from cornu.core.tensor import Tensor
from cornu.core.variable import Variable

PLAIN = frozenset(
    {type(None), str, bool, int, dtypes.DType}
)  # types whose values are hashable and tell themselves apart


class _Frozen:
    """An unhashable static value (array, dict, slice) with a hashable identity."""

    __slots__ = ("key", "value")

    def __init__(self, key: Any, value: Any):
        self.key, self.value = key, value

    def __hash__(self) -> int:
        return hash(self.key)

    def __eq__(self, other: object) -> bool:
        return type(other) is _Frozen and self.key == other.key

    def __repr__(self) -> str:
        return repr(self.value)


def thaw(value: Any) -> Any:
    """What was frozen."""
    if type(value) is _Frozen:
        return value.value
    return tuple(map(thaw, value)) if type(value) is tuple else value


def freeze(value: Any, op_name: str, name: str) -> Any:
    """A hashable twin of a static argument. `1` and `1.0` stay apart because floats are tagged."""
    if isinstance(value, (Tensor, Variable, jax.Array)):
        array = value if isinstance(value, jax.Array) else value._value if isinstance(value, Tensor) else value._read()
        if isinstance(array, jax.core.Tracer):
            raise InvalidArgumentError(
                f"{op_name} needs {name!r} as a plain Python value; received a tensor that is computed inside the compiled "
                "function. Use a Python number or the static x.shape."
            )
        value = np.asarray(array)
        value = value.item() if value.ndim == 0 else tuple(value.tolist())
    if isinstance(value, KerasTensor):
        raise InvalidArgumentError(f"{op_name} needs {name!r} as a plain Python value; received a symbolic tensor.")
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, (list, tuple)):
        return tuple(freeze(item, op_name, name) for item in value)
    if isinstance(value, float):
        return _Frozen(("float", value.hex()), value)  # tells -0.0 from 0.0, and finds nan again
    if isinstance(value, slice):
        return _Frozen(("slice", value.start, value.stop, value.step), value)
    if isinstance(value, np.ndarray):
        return _Frozen(("array", value.shape, str(value.dtype), value.tobytes()), value)
    if isinstance(value, dict):
        frozen = tuple((k, freeze(v, op_name, name)) for k, v in value.items())
        return _Frozen(("dict", frozen), value)
    if isinstance(value, np.dtype):
        return dtypes.as_dtype(value)
    return value
