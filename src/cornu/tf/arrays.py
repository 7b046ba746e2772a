"""Casting, reshaping, joining and splitting with TensorFlow's names. Source: tf."""

from typing import Any

import numpy as np

from cornu import ops
from cornu._base.errors import InvalidArgumentError, InvalidTypeError
from cornu.core import dtypes, strict_dtypes
from cornu.core.tensor import Tensor, convert_to_tensor, is_tensor
from cornu.tf.naming import named
from cornu.tf.ragged_rows import or_ragged
from cornu.tf.shapes import static_shape

broadcast_to = named("broadcast_to(input, shape)", lambda x, shape: ops.broadcast_to(x, static_shape(shape)))
expand_dims = or_ragged(named("expand_dims(input, axis)", ops.expand_dims))
stop_gradient = named("stop_gradient(input)", ops.stop_gradient)


@or_ragged
def cast(x: Any, dtype: Any, name: str | None = None) -> Any:
    """The values in another dtype; floats are cut off towards zero on the way to integers. Source: tf.cast."""
    return ops.cast(x, dtypes.as_dtype(dtype))


saturate_cast = named("saturate_cast(value, dtype)", ops.saturate_cast)


def reshape(tensor: Any, shape: Any, name: str | None = None) -> Any:
    """The same values in another shape; one size may be -1. Source: tf.reshape."""
    if is_text(tensor):
        return Tensor(text_of(tensor).reshape(np.asarray(shape)))
    if is_tensor(shape):
        shape = np.asarray(shape).tolist()
    return ops.reshape(
        tensor, tuple(int(size) if size is not None else -1 for size in np.ravel(np.asarray(shape, object)))
    )


def squeeze(input: Any, axis: Any = None, name: str | None = None) -> Any:
    """The tensor without its axes of size 1, or without those in `axis`. Source: tf.squeeze."""
    return ops.squeeze(input, tuple(axis) if isinstance(axis, (list, tuple)) and axis else axis if axis != [] else None)


def transpose(a: Any, perm: Any = None, conjugate: bool = False, name: str | None = None) -> Any:
    """The axes in another order, by default reversed. Source: tf.transpose."""
    perm = None if perm is None else tuple(np.asarray(perm).tolist())
    turned = ops.transpose(a, perm)
    return ops.conjugate(turned) if conjugate and dtypes.as_dtype(turned.dtype).is_complex else turned


@or_ragged
def concat(values: Any, axis: Any, name: str | None = None) -> Any:
    """Tensors of one dtype one after the other along an axis. Source: tf.concat."""
    values = list(values) if isinstance(values, (list, tuple)) else [values]
    if len(values) == 1:
        return convert_to_tensor(values[0]) if not is_tensor(values[0]) else values[0]
    values = strict_dtypes.alike("concat", values)
    if is_text(values[0]):
        return Tensor(np.concatenate([np.asarray(text_of(v)) for v in values], int(axis)))
    return ops.concatenate(values, int(axis))


@or_ragged
def stack(values: Any, axis: int = 0, name: str | None = None) -> Any:
    """Tensors of one shape and dtype beside each other along an added axis. Source: tf.stack."""
    values = strict_dtypes.alike("stack", list(values))
    if is_text(values[0]):
        return Tensor(np.stack([np.asarray(text_of(v)) for v in values], axis))
    return ops.stack(values, axis)


parallel_stack = named("parallel_stack(values)", stack)


def unstack(value: Any, num: int | None = None, axis: int = 0, name: str | None = None) -> list[Any]:
    """The tensors that `stack` would put together. Raises: InvalidArgumentError if `num` is not the size of the axis."""
    value = tensor_of(value)
    size = value.shape[axis]
    if num is not None and size is not None and num != size:
        raise InvalidArgumentError(f"unstack: expected num={size}, the size of axis {axis}; received {num}.")
    return list(ops.unstack(value, num, axis))


def split(
    value: Any, num_or_size_splits: Any, axis: Any = 0, num: int | None = None, name: str | None = None
) -> list[Any]:
    """The tensor in pieces along an axis: so many equal ones, or pieces of the listed sizes (one may be -1).

    Raises: InvalidArgumentError if the sizes do not add up. Source: tf.split.
    """
    value = tensor_of(value)
    axis = int(axis)
    whole = value.shape[axis]
    if np.ndim(num_or_size_splits) == 0:
        count = int(num_or_size_splits)
        if whole is not None and whole % count:
            raise InvalidArgumentError(
                f"split: expected a divisor of {whole}, the size of axis {axis}; received {count}."
            )
        return list(ops.split(value, count, axis))
    sizes = [int(size) for size in num_or_size_splits]
    if -1 in sizes:
        sizes[sizes.index(-1)] = whole - sum(size for size in sizes if size != -1)
    if whole is not None and sum(sizes) != whole:
        raise InvalidArgumentError(
            f"split: expected sizes that add up to {whole}, the size of axis {axis}; received {sizes}."
        )
    return list(ops.split(value, np.cumsum(sizes)[:-1].tolist(), axis))


def tile(input: Any, multiples: Any, name: str | None = None) -> Any:
    """The tensor repeated so many times along every axis. Source: tf.tile."""
    return ops.tile(input, static_shape(multiples))


def repeat(input: Any, repeats: Any, axis: int | None = None, name: str | None = None) -> Any:
    """Every entry repeated, `repeats` times or a number for each. Source: tf.repeat."""
    counts = np.asarray(repeats)
    return ops.repeat(input, int(counts) if counts.ndim == 0 else tuple(counts.tolist()), axis)


_PAD_MODES = {"CONSTANT": "constant", "REFLECT": "reflect", "SYMMETRIC": "symmetric"}


def pad(tensor: Any, paddings: Any, mode: str = "CONSTANT", constant_values: Any = 0, name: str | None = None) -> Any:
    """The tensor with more rows around it. `paddings`: (rank, 2), how many before and after. Source: tf.pad."""
    if mode.upper() not in _PAD_MODES:
        raise InvalidArgumentError(f"pad: expected mode CONSTANT, REFLECT or SYMMETRIC; received {mode!r}.")
    width = [tuple(pair) for pair in np.asarray(paddings).tolist()]
    kind = _PAD_MODES[mode.upper()]
    return ops.pad(tensor, width, kind, constant_values if kind == "constant" else None)


def reverse(tensor: Any, axis: Any, name: str | None = None) -> Any:
    """The tensor read backwards along the axes. Source: tf.reverse."""
    return ops.flip(tensor, tuple(np.ravel(np.asarray(axis)).tolist()))


def reverse_sequence(
    input: Any, seq_lengths: Any, seq_axis: int | None = None, batch_axis: int | None = None, name: str | None = None
) -> Any:
    """The first `seq_lengths` entries of every row backwards, the others where they are. Source: tf.reverse_sequence."""
    input = tensor_of(input)
    seq_axis, batch_axis = (1 if seq_axis is None else seq_axis), (0 if batch_axis is None else batch_axis)
    moved = ops.moveaxis(input, (batch_axis, seq_axis), (0, 1))  # (batch, time, ...)
    time = ops.arange(moved.shape[1], dtype="int32")
    lengths = ops.expand_dims(ops.cast(seq_lengths, "int32"), 1)
    place = ops.where(ops.less(time, lengths), lengths - 1 - time, time)  # (batch, time)
    place = ops.reshape(place, (*place.shape, *(1 for _ in moved.shape[2:])))
    return ops.moveaxis(
        ops.take_along_axis(moved, ops.broadcast_to(place, tuple(moved.shape)), 1), (0, 1), (batch_axis, seq_axis)
    )


def roll(input: Any, shift: Any, axis: Any, name: str | None = None) -> Any:
    """The entries moved along the axes; what falls out at the end comes in at the front. Source: tf.roll."""
    plain = lambda value: tuple(value) if np.ndim(value) else int(value)
    return ops.roll(input, plain(np.asarray(shift).tolist()), plain(np.asarray(axis).tolist()))


def tensor_of(value: Any) -> Any:
    """The value as something that ops take as a tensor."""
    return value if is_tensor(value) else convert_to_tensor(value)


def bitcast(input: Any, type: Any, name: str | None = None) -> Any:
    """The same bits read as another dtype. Source: tf.bitcast."""
    return ops.view(input, dtypes.as_dtype(type))


def is_text(value: Any) -> bool:
    """Whether a value is text, or a tensor or list of it."""
    return (
        isinstance(value, (str, bytes))
        or getattr(value, "dtype", None) == "string"
        or (isinstance(value, (list, tuple)) and bool(value) and is_text(value[0]))
    )


def text_of(value: Any) -> Any:
    """The array of a tensor of text. Raises: InvalidTypeError if it holds something else."""
    tensor = value if isinstance(value, Tensor) else convert_to_tensor(value)
    if tensor.dtype != "string":
        raise InvalidTypeError(f"Expected text beside text; received dtype {tensor.dtype.name}.")
    return np.asarray(tensor)
