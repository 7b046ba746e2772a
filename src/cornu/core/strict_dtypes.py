"""TensorFlow's rule for the dtypes of an op's arguments: tensors are never promoted, everything else takes the first one's dtype.

The functions of `cornu.tf` always follow it; operators between tensors do in the style `"tf2"`. The functions of
`cornu.ops` promote, as Keras' do.
"""

from typing import Any

import jax
import numpy as np

from cornu._base.errors import InvalidArgumentError, InvalidTypeError
from cornu.core import config, dtypes, op_arguments
from cornu.core.context import context
from cornu.core.symbolic import KerasTensor
from cornu.core.tensor import HostTensor, Tensor, convert_to_tensor
from cornu.core.variable import Variable

_TENSORS = (Tensor, Variable, jax.Array)
_FLOATING = "fV"  # kinds of NumPy dtypes; V: bfloat16
_EXACT = 2**53  # integers up to here are floats, too


class _Style:
    """Whether operators follow the rule; read at every operator, hence an attribute."""

    __slots__ = ("is_strict", "promotes")

    def __init__(self) -> None:
        self.promotes = False  # asked for by tf.experimental.numpy
        self.follow()
        config.on_change.append(self.follow)

    def follow(self) -> None:
        self.is_strict = config.style() == "tf2" and not self.promotes


style = _Style()


def alike(name: str, values: list[Any]) -> list[Any]:
    """The values, all tensors of one dtype: that of the first tensor, or of the first value if none is a tensor.

    Python floats beside floating tensors stay as they are; text and symbolic tensors are left alone.
    Raises: InvalidArgumentError if two tensors differ in dtype; InvalidTypeError if a Python float meets integers.
    """
    dtype = None
    for value in values:
        if isinstance(value, KerasTensor):
            return values
        if dtype is None and isinstance(value, _TENSORS):
            dtype = _dtype(value)
    if dtype is None:
        first = convert_to_tensor(values[0])
        dtype = first.dtype
        values = [first, *values[1:]]
    if dtype == "string":
        return values
    return [_beside(name, value, dtype) for value in values]


def beside(name: str, tensor: Any, other: Any) -> Any:
    """The other operand of an operator between a tensor and something else, in the tensor's dtype. Raises as `alike` does."""
    mine = array_of(tensor)
    if mine is not None:
        if type(other) is float:
            if mine.dtype.kind in _FLOATING:
                return other
        elif (its := array_of(other)) is not None and its.dtype == mine.dtype:
            return other
    if isinstance(tensor, KerasTensor) or isinstance(other, KerasTensor) or tensor.dtype == "string":
        return other
    return _beside(name, other, tensor.dtype)


def floating(name: str, value: Any) -> Any:
    """The value, which must be a floating or complex tensor once it is one. Raises: InvalidArgumentError if it is of integers."""
    if isinstance(value, KerasTensor):
        return value
    if not isinstance(value, _TENSORS):
        value = convert_to_tensor(value)
    dtype = _dtype(value)
    if not (dtype.is_floating or dtype.is_complex):
        raise InvalidArgumentError(
            f"{name}: expected a floating tensor; received {dtype.name}. Cast it first: tf.cast(x, tf.float32)."
        )
    return value


def numeric(name: str, value: Any) -> Any:
    """The value, which must be a tensor of numbers once it is one. Raises: InvalidArgumentError if it is of bools or text."""
    if isinstance(value, KerasTensor):
        return value
    if not isinstance(value, _TENSORS):
        value = convert_to_tensor(value)
    if (dtype := _dtype(value)).is_bool or dtype == "string":
        raise InvalidArgumentError(
            f"{name}: expected numbers; received {dtype.name}. Cast it first: tf.cast(x, tf.int32)."
        )
    return value


def logical(name: str, value: Any) -> Any:
    """The value, which must be a tensor of bools once it is one. Raises: InvalidTypeError if it is of numbers or text."""
    if not isinstance(value, (*_TENSORS, KerasTensor)):
        value = convert_to_tensor(value)
    if not (dtype := _dtype(value)).is_bool:
        raise InvalidTypeError(f"{name}: expected bools; received {dtype.name}. Compare first: x != 0.")
    return value


def array_of(value: Any) -> Any:
    """The array behind a plain tensor or variable, for a quick look at dtype and rank; None where a look has to be longer."""
    kind = type(value)
    if kind is Tensor or kind is HostTensor:
        return value._value
    return value._stored if kind is Variable and context.autocast is None else None


def quotient_dtype(value: Any) -> Any:
    """An integer tensor as the dtype its quotients have: float64, float32 for 8 and 16 bits; others as they are."""
    if isinstance(value, (Tensor, Variable)) and value.dtype.is_integer:
        return convert_to_tensor(value, "float32" if value.dtype.size < 4 else "float64")
    return value


def _dtype(value: Any) -> dtypes.DType:
    return dtypes.as_dtype(value.dtype)


def _beside(name: str, value: Any, dtype: dtypes.DType) -> Any:
    if isinstance(value, _TENSORS):
        if (own := _dtype(value)) != dtype:
            wider = own if own.is_floating and not dtype.is_floating else dtype
            raise InvalidArgumentError(
                f"{name}: expected tensors of one dtype; received {dtype.name} and {own.name}. "
                f"Cast one of them: tf.cast(x, tf.{wider.name})."
            )
        return value
    if isinstance(value, float) and not isinstance(value, np.generic):
        if dtype.is_floating:
            return value
        if not dtype.is_complex:
            raise InvalidTypeError(
                f"{name}: expected {dtype.name}, as the tensor beside it; received the Python float {value!r}. "
                "Cast the tensor first: tf.cast(x, tf.float32)."
            )
    if isinstance(value, (list, tuple)) and not dtype.is_floating and not dtype.is_complex and _has_float(value):
        raise InvalidTypeError(
            f"{name}: expected {dtype.name}, as the tensor beside it; received floats, {value!r:.60}."
        )
    if type(value) is int and dtype.is_floating and abs(value) <= _EXACT:
        return float(value)
    if type(value) is list and dtype == config.floatx() and (known := _known(value, dtype)) is not None:
        return known
    if value is None or isinstance(value, (str, bytes)):
        raise InvalidTypeError(f"{name}: expected numbers of dtype {dtype.name}; received {value!r}.")
    return convert_to_tensor(value, dtype)


def _known(value: list, dtype: dtypes.DType) -> Tensor | None:
    """A list that was met before, or is worth remembering, as a tensor."""
    wanted = dtypes._NUMPY[dtype]
    array = op_arguments.beside(value, wanted)
    return Tensor(array) if isinstance(array, jax.Array) and array.dtype == wanted else None


def _has_float(value: Any) -> bool:
    if isinstance(value, (list, tuple)):
        return any(map(_has_float, value))
    return isinstance(value, float) and not isinstance(value, np.generic)
