"""Tensors from values: `tf.constant`, `zeros`, `range`, `one_hot`, ... Source: tf."""

from typing import Any

import numpy as np

from cornu import ops
from cornu._base.errors import InvalidArgumentError, InvalidTypeError
from cornu.core import dtypes
from cornu.core.tensor import Tensor, is_tensor
from cornu.core.tensor import convert_to_tensor as to_tensor
from cornu.core.variable import Variable
from cornu.tf.shapes import static_shape


def constant(value: Any, dtype: Any = None, shape: Any = None, name: str | None = None) -> Tensor:
    """A tensor of a number, text, nested list or array; with `shape`, reshaped to it, or one number repeated.

    Raises: InvalidTypeError if floats are to become integers; InvalidArgumentError if the values do not fill the shape.
    Source: tf.constant.
    """
    tensor = _typed(value, dtype)
    if shape is None:
        return tensor
    sizes = static_shape(shape)
    if tuple(tensor.shape) == sizes:
        return tensor
    if tensor.size == int(np.prod(sizes)):
        return ops.reshape(tensor, sizes)
    if tensor.size == 1:
        return ops.broadcast_to(ops.reshape(tensor, ()), sizes)
    raise InvalidArgumentError(
        f"constant: expected {int(np.prod(sizes))} values for shape {sizes}, or one; received {tensor.size}."
    )


def convert_to_tensor(value: Any, dtype: Any = None, dtype_hint: Any = None, name: str | None = None) -> Any:
    """A tensor of anything tensor-like; a tensor itself is returned as it is.

    Args:
        dtype: required of the result. A tensor of another dtype is refused: casting is explicit in TensorFlow.
        dtype_hint: taken if the value converts to it.

    Raises: InvalidArgumentError if a tensor has another dtype; InvalidTypeError if floats are to become integers.
    Source: tf.convert_to_tensor.
    """
    if is_tensor(value):
        if dtype is not None and dtypes.as_dtype(value.dtype) != dtypes.as_dtype(dtype):
            raise InvalidArgumentError(
                f"convert_to_tensor: expected a tensor of dtype {dtypes.as_dtype(dtype).name}; received "
                f"{dtypes.as_dtype(value.dtype).name}. Use tf.cast(x, tf.{dtypes.as_dtype(dtype).name})."
            )
        return to_tensor(value)
    if dtype is None and dtype_hint is not None:
        try:
            return _typed(value, dtype_hint)
        except (InvalidTypeError, InvalidArgumentError):
            return to_tensor(value)
    return _typed(value, dtype)


def _typed(value: Any, dtype: Any) -> Any:
    if isinstance(value, Variable):
        value = value._as_tensor()
    if dtype is None:
        return to_tensor(value)
    dtype = dtypes.as_dtype(dtype)
    if not is_tensor(value) and (dtype.is_integer or dtype.is_bool) and _leaf_kind(value) is float:
        raise InvalidTypeError(
            f"Expected integers to make a {dtype.name} tensor; received floats, {value!r:.60}. Use tf.cast to round them down."
        )
    return to_tensor(value, dtype)


def _leaf_kind(value: Any) -> type | None:
    """Of numbers in nested lists: float if one is; arrays convert as NumPy does."""
    if isinstance(value, (list, tuple)):
        return float if any(_leaf_kind(item) is float for item in value) else None
    return float if type(value) is float else None


def zeros(shape: Any, dtype: Any = "float32", name: str | None = None, layout: Any = None) -> Tensor:
    """Zeros of a shape. Text dtypes give empty text. Source: tf.zeros."""
    return _filled(shape, dtype, 0, b"")


def ones(shape: Any, dtype: Any = "float32", name: str | None = None, layout: Any = None) -> Tensor:
    """Ones of a shape. Source: tf.ones."""
    return _filled(shape, dtype, 1, None)


def _filled(shape: Any, dtype: Any, number: int, text: bytes | None) -> Any:
    dtype = dtypes.as_dtype(dtype)
    if dtype == "string":
        if text is None:
            raise InvalidTypeError("ones: expected a numeric dtype; received string.")
        return Tensor(np.full(static_shape(shape), text, object))
    return ops.full(static_shape(shape), number, dtype)


def zeros_like(input: Any, dtype: Any = None, name: str | None = None, layout: Any = None) -> Any:
    """Zeros of the shape (and dtype, unless given) of a tensor. Source: tf.zeros_like."""
    return ops.zeros_like(input if is_tensor(input) else to_tensor(input), dtype)


def ones_like(input: Any, dtype: Any = None, name: str | None = None, layout: Any = None) -> Any:
    """Ones of the shape (and dtype, unless given) of a tensor. Source: tf.ones_like."""
    return ops.ones_like(input if is_tensor(input) else to_tensor(input), dtype)


def fill(dims: Any, value: Any, name: str | None = None, layout: Any = None) -> Any:
    """One value in every entry; its dtype is the value's. Source: tf.fill."""
    tensor = to_tensor(value)
    if tensor.dtype == "string":
        return Tensor(np.full(static_shape(dims), tensor.numpy(), object))
    return ops.broadcast_to(tensor, static_shape(dims))


def eye(
    num_rows: Any,
    num_columns: Any = None,
    batch_shape: Any = None,
    dtype: Any = "float32",
    name: str | None = None,
) -> Any:
    """The identity matrix, repeated over `batch_shape`. Shape: (*batch_shape, num_rows, num_columns). Source: tf.eye."""
    matrix = ops.eye(int(num_rows), None if num_columns is None else int(num_columns), dtype=dtype)
    return matrix if batch_shape is None else ops.broadcast_to(matrix, (*static_shape(batch_shape), *matrix.shape))


def range(start: Any, limit: Any = None, delta: Any = 1, dtype: Any = None, name: str | None = None) -> Any:
    """Numbers from `start` up to, without, `limit`. One argument is the limit. Source: tf.range.

    int32 if all are Python integers, else the widest dtype among the arguments.
    """
    if limit is None:
        start, limit = 0, start
    given = [to_tensor(value) for value in (start, limit, delta)]
    if dtype is None:
        order = ["int32", "int64", "float16", "bfloat16", "float32", "float64"]
        found = [value.dtype.name for value in given]
        if any(name not in order for name in found):
            raise InvalidTypeError(f"range: expected int32, int64 or floats; received {', '.join(sorted(set(found)))}.")
        dtype = max(found, key=order.index)
    dtype = dtypes.as_dtype(dtype)
    if any(value.dtype.is_floating for value in given) and not dtype.is_floating:
        given = [ops.cast(value, dtype) for value in given]
    numbers = [value.numpy() for value in given]
    if numbers[2] == 0:
        raise InvalidArgumentError("range: expected `delta` other than 0; received 0.")
    count = max(int(np.ceil((numbers[1] - numbers[0]) / numbers[2])), 0)
    kind = dtype.as_numpy_dtype
    return to_tensor(
        (np.asarray(numbers[0], kind) + np.arange(count).astype(kind) * np.asarray(numbers[2], kind)).astype(kind)
    )


def linspace(start: Any, stop: Any, num: Any, name: str | None = None, axis: int = 0) -> Any:
    """`num` evenly spaced numbers from `start` to `stop`, both included. Source: tf.linspace."""
    start = to_tensor(start)
    return ops.linspace(
        start,
        to_tensor(stop, start.dtype),
        int(num),
        dtype=start.dtype if start.dtype.is_floating else "float64",
        axis=axis,
    )


def one_hot(
    indices: Any,
    depth: Any,
    on_value: Any = None,
    off_value: Any = None,
    axis: int | None = None,
    dtype: Any = None,
    name: str | None = None,
) -> Any:
    """`on_value` at the places that the indices name, `off_value` elsewhere; an index outside of the range gives a row of them.

    Shape: (...) -> (..., depth), the new axis at `axis`. Raises: InvalidTypeError if the two values' dtypes differ.
    Source: tf.one_hot.
    """
    axis = -1 if axis is None else axis
    kinds = {to_tensor(value).dtype.name for value in (on_value, off_value) if value is not None}
    if dtype is not None:
        kinds |= {dtypes.as_dtype(dtype).name}
    if len(kinds) > 1:
        raise InvalidTypeError(f"one_hot: expected one dtype; received {', '.join(sorted(kinds))}.")
    dtype = kinds.pop() if kinds else "float32"
    hot = ops.one_hot(indices, int(depth), axis=axis, dtype="bool")
    on = to_tensor(1 if on_value is None else on_value, dtype)
    off = to_tensor(0 if off_value is None else off_value, dtype)
    return ops.where(hot, on, off)


def sequence_mask(lengths: Any, maxlen: Any = None, dtype: Any = "bool", name: str | None = None) -> Any:
    """True at the first `lengths` places of every row. Shape: (...) -> (..., maxlen). Source: tf.sequence_mask."""
    lengths = to_tensor(lengths)
    most = int(ops.max(lengths).numpy()) if maxlen is None else int(maxlen)
    mask = ops.less(ops.arange(most, dtype=lengths.dtype), ops.expand_dims(lengths, -1))
    return ops.cast(mask, dtype)


def meshgrid(*args: Any, indexing: str = "xy", name: str | None = None) -> list[Any]:
    """Coordinates on a grid, one array for every argument. Source: tf.meshgrid."""
    return list(ops.meshgrid(*map(to_tensor, args), indexing=indexing))
