"""Slicing, joining, gathering and scattering with TensorFlow's names. Source: tf."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from cornu import ops
from cornu._base.errors import InvalidArgumentError, InvalidTypeError
from cornu.core import dtypes, strict_dtypes
from cornu.core.symbolic import KerasTensor
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
    if _is_text(tensor):
        return Tensor(_text(tensor).reshape(np.asarray(shape)))
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
    if _is_text(values[0]):
        return Tensor(np.concatenate([np.asarray(_text(v)) for v in values], int(axis)))
    return ops.concatenate(values, int(axis))


@or_ragged
def stack(values: Any, axis: int = 0, name: str | None = None) -> Any:
    """Tensors of one shape and dtype beside each other along an added axis. Source: tf.stack."""
    values = strict_dtypes.alike("stack", list(values))
    if _is_text(values[0]):
        return Tensor(np.stack([np.asarray(_text(v)) for v in values], axis))
    return ops.stack(values, axis)


parallel_stack = named("parallel_stack(values)", stack)


def unstack(value: Any, num: int | None = None, axis: int = 0, name: str | None = None) -> list[Any]:
    """The tensors that `stack` would put together. Raises: InvalidArgumentError if `num` is not the size of the axis."""
    value = _tensor(value)
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
    value = _tensor(value)
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
    input = _tensor(input)
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


def slice(input_: Any, begin: Any, size: Any, name: str | None = None) -> Any:
    """The block of `size` that starts at `begin`; -1 in `size` means up to the end. Source: tf.slice."""
    input_ = _tensor(input_)
    sizes = np.asarray(size).tolist()
    if not isinstance(begin, (Tensor, KerasTensor)) or not _is_traced(begin):
        begin = np.asarray(begin).tolist()
        for axis, (first, length, whole) in enumerate(zip(begin, sizes, input_.shape)):
            if whole is not None and (first < 0 or first > whole or (length != -1 and first + length > whole)):
                raise InvalidArgumentError(
                    f"slice: expected begin and begin + size within 0 and {whole} on axis {axis}; "
                    f"received begin {first}, size {length}."
                )
    return ops.slice(input_, begin, sizes)


def strided_slice(
    input_: Any,
    begin: Any,
    end: Any,
    strides: Any = None,
    begin_mask: int = 0,
    end_mask: int = 0,
    ellipsis_mask: int = 0,
    new_axis_mask: int = 0,
    shrink_axis_mask: int = 0,
    var: Any = None,
    name: str | None = None,
) -> Any:
    """`input_[begin:end:strides]`; bits of the masks leave out an end, add or drop an axis. Source: tf.strided_slice."""
    first, last = np.asarray(begin).tolist(), np.asarray(end).tolist()
    step = [1] * len(first) if strides is None else np.asarray(strides).tolist()
    key: list[Any] = []
    for i, (a, b, s) in enumerate(zip(first, last, step, strict=True)):
        bit = 1 << i
        if ellipsis_mask & bit:
            key.append(...)
        elif new_axis_mask & bit:
            key.append(None)
        elif shrink_axis_mask & bit:
            key.append(a)
        else:
            key.append(builtin_slice(None if begin_mask & bit else a, None if end_mask & bit else b, s))
    return _tensor(input_)[tuple(key)]


builtin_slice = type(np.s_[:])


@or_ragged
def gather(
    params: Any,
    indices: Any,
    validate_indices: Any = None,
    axis: Any = None,
    batch_dims: int = 0,
    name: str | None = None,
) -> Any:
    """The slices of `params` along `axis` that `indices` names. Source: tf.gather.

    Args:
        batch_dims: so many leading axes of both belong together. Default axis: `batch_dims`.

    Raises: InvalidArgumentError if an index is out of range.
    """
    params = _tensor(params)
    batch_dims = batch_dims + len(indices.shape) if batch_dims < 0 else batch_dims
    axis = batch_dims if axis is None else int(axis)
    axis = axis + len(params.shape) if axis < 0 else axis
    _check_indices("gather", indices, params.shape[axis])
    if isinstance(params, Tensor) and params.dtype == "string":
        return Tensor(np.take(params.numpy(), np.asarray(indices), axis))
    if not batch_dims:
        return ops.take(params, indices, axis)
    indices = _tensor(indices)
    moved = ops.moveaxis(params, axis, batch_dims)  # (batch..., n, rest...)
    grid = ops.meshgrid(*(ops.arange(n) for n in moved.shape[:batch_dims]), indexing="ij")
    more = len(indices.shape) - batch_dims
    rows = [ops.reshape(each, (*each.shape, *(1 for _ in builtin_range(more)))) for each in grid]
    found = moved[(*rows, indices)]  # (batch..., indices..., rest...)
    sources = list(builtin_range(batch_dims, batch_dims + more))
    return ops.moveaxis(found, sources, [axis + i for i in builtin_range(more)]) if axis != batch_dims else found


builtin_range = type(range(0))


def gather_nd(
    params: Any, indices: Any, batch_dims: int = 0, name: str | None = None, bad_indices_policy: str = ""
) -> Any:
    """Entries (or slices) of `params` at the places in the last axis of `indices`. Source: tf.gather_nd.

    Shape: params (*batch, a, b, ...), indices (*batch, ..., k) -> (*batch, ..., what is left after k axes).
    Raises: InvalidArgumentError if an index is out of range, unless `bad_indices_policy` is `"IGNORE"` (which gives 0).
    """
    params = _tensor(params)
    indices = _tensor(indices)
    depth = indices.shape[-1]
    columns = [indices[..., i] for i in builtin_range(depth)]
    if bad_indices_policy.upper() != "IGNORE":
        for i, column in enumerate(columns):
            _check_indices("gather_nd", column, params.shape[batch_dims + i])
    if _is_text(params):
        return Tensor(np.asarray(params.numpy()[tuple(np.asarray(c) for c in columns)], object))
    grid = ops.meshgrid(*(ops.arange(n) for n in params.shape[:batch_dims]), indexing="ij") if batch_dims else []
    more = len(indices.shape) - 1 - batch_dims
    rows = [ops.reshape(each, (*each.shape, *(1 for _ in builtin_range(more)))) for each in grid]
    if bad_indices_policy.upper() != "IGNORE":
        return params[(*rows, *columns)]
    sizes = params.shape[batch_dims : batch_dims + depth]
    inside = [ops.logical_and(c >= 0, c < n) for c, n in zip(columns, sizes)]
    good = inside[0]
    for each in inside[1:]:
        good = ops.logical_and(good, each)
    found = params[(*rows, *(ops.clip(c, 0, n - 1) for c, n in zip(columns, sizes)))]
    good = ops.reshape(good, (*good.shape, *(1 for _ in builtin_range(len(found.shape) - len(good.shape)))))
    return ops.where(good, found, ops.zeros_like(found))


def _check_indices(title: str, indices: Any, size: int | None) -> None:
    if isinstance(indices, KerasTensor) or _is_traced(indices) or size is None:
        return
    host = np.asarray(indices)
    if host.size and (host.min() < 0 or host.max() >= size):
        bad = host[(host < 0) | (host >= size)].reshape(-1)[0]
        raise InvalidArgumentError(f"{title}: expected indices from 0 to {size - 1}; received {bad}.")


def _tensor(value: Any) -> Any:
    return value if is_tensor(value) else convert_to_tensor(value)


def _is_traced(value: Any) -> bool:
    import jax

    return isinstance(getattr(value, "_value", value), jax.core.Tracer)


def boolean_mask(tensor: Any, mask: Any, axis: Any = None, name: str = "boolean_mask") -> Any:
    """The entries where the mask is true. Shape: (..., *mask, ...) -> (..., count, ...). Source: tf.boolean_mask."""
    tensor = _tensor(tensor)
    chosen = np.asarray(mask, bool)
    axis = 0 if axis is None else int(axis)
    axis = axis + len(tensor.shape) if axis < 0 else axis
    if not chosen.ndim:
        raise InvalidArgumentError("boolean_mask: expected a mask of one dimension or more; received a scalar.")
    if tuple(tensor.shape[axis : axis + chosen.ndim]) != chosen.shape:
        raise InvalidArgumentError(
            f"boolean_mask: expected a mask of shape {tuple(tensor.shape[axis : axis + chosen.ndim])}; received {chosen.shape}."
        )
    if tensor.dtype == "string":
        return Tensor(tensor.numpy()[(*([builtin_slice(None)] * axis), chosen)])
    flat = ops.reshape(tensor, (*tensor.shape[:axis], chosen.size, *tensor.shape[axis + chosen.ndim :]))
    return ops.take(flat, np.flatnonzero(chosen), axis)


def where(condition: Any, x: Any = None, y: Any = None, name: str | None = None) -> Any:
    """`x` where the condition holds, else `y`; without them the places where it holds. Source: tf.where.

    Shape: without x and y (count, rank) int64, else that of all three broadcast together.
    """
    if (x is None) != (y is None):
        raise InvalidArgumentError("where: expected both x and y, or neither; received one.")
    if x is None:
        return convert_to_tensor(np.argwhere(np.asarray(condition)))
    x, y = strict_dtypes.alike("where", [x, y])
    if _is_text(x):
        return Tensor(np.asarray(np.where(np.asarray(condition), _text(x), _text(y)), object))
    return ops.where(condition, x, y)


def scatter_nd(indices: Any, updates: Any, shape: Any, name: str | None = None, bad_indices_policy: str = "") -> Any:
    """Zeros of a shape with the updates added at the places in the last axis of `indices`. Source: tf.scatter_nd."""
    updates = _tensor(updates)
    base = ops.zeros(static_shape(shape), updates.dtype)
    return _scatter(base, indices, updates, "add", bad_indices_policy)


def _scatter_function(title: str, reduction: str | None) -> Any:
    def scatter(tensor: Any, indices: Any, updates: Any, name: str | None = None, bad_indices_policy: str = "") -> Any:
        tensor, updates = strict_dtypes.alike(title, [tensor, updates])
        return _scatter(tensor, indices, updates, reduction, bad_indices_policy)

    what = {None: "replaced by", "add": "plus", "subtract": "minus", "max": "raised to", "min": "lowered to"}[reduction]
    scatter.__name__ = scatter.__qualname__ = title
    scatter.__doc__ = (
        f"The tensor with the places in the last axis of `indices` {what} the updates. Source: tf.{title}."
    )
    return scatter


tensor_scatter_nd_update = _scatter_function("tensor_scatter_nd_update", None)
tensor_scatter_nd_add = _scatter_function("tensor_scatter_nd_add", "add")
tensor_scatter_nd_sub = _scatter_function("tensor_scatter_nd_sub", "subtract")
tensor_scatter_nd_max = _scatter_function("tensor_scatter_nd_max", "max")
tensor_scatter_nd_min = _scatter_function("tensor_scatter_nd_min", "min")


def _scatter(tensor: Any, indices: Any, updates: Any, reduction: str | None, bad_indices_policy: str) -> Any:
    indices = _tensor(indices)
    depth = indices.shape[-1]
    if bad_indices_policy.upper() != "IGNORE":
        for i in builtin_range(depth):
            _check_indices("scatter", indices[..., i], tensor.shape[i])
    rows = ops.reshape(indices, (-1, depth))
    values = ops.reshape(updates, (-1, *tensor.shape[depth:]))
    if reduction == "subtract":
        reduction, values = "add", -values
    return ops.scatter_update(tensor, rows, values, reduction)


def dynamic_partition(data: Any, partitions: Any, num_partitions: int, name: str | None = None) -> list[Any]:
    """The slices of `data` sorted into so many tensors by their partition numbers. Source: tf.dynamic_partition."""
    data = _tensor(data)
    chosen = np.asarray(partitions)
    _check_indices("dynamic_partition", chosen, num_partitions)
    flat = ops.reshape(data, (chosen.size, *data.shape[chosen.ndim :]))
    return [ops.take(flat, np.flatnonzero(chosen.reshape(-1) == i), 0) for i in builtin_range(num_partitions)]


def dynamic_stitch(indices: Sequence[Any], data: Sequence[Any], name: str | None = None) -> Any:
    """What `dynamic_partition` took apart put together: slice i goes to the place its index names. Source: tf.dynamic_stitch."""
    places = [np.asarray(each) for each in indices]
    parts = [_tensor(each) for each in data]
    parts = strict_dtypes.alike("dynamic_stitch", parts)
    rest = tuple(parts[0].shape[places[0].ndim :])
    flat = ops.concatenate(
        [ops.reshape(part, (place.size, *rest)) for part, place in zip(parts, places, strict=True)], 0
    )
    order = np.concatenate([place.reshape(-1) for place in places])
    size = int(order.max()) + 1 if order.size else 0
    last = np.zeros(size, np.int64)
    last[order] = np.arange(order.size)  # of two with one index the later one stays
    return ops.take(flat, last, 0)


def unique(x: Any, out_idx: Any = "int32", name: str | None = None) -> Any:
    """The distinct values in the order of their first appearance, and for every entry the place of its value.

    Returns: a named tuple (y, idx). Source: tf.unique.
    """
    values, places, _ = _unique(x)
    return Unique(values, ops.cast(places, out_idx))


def unique_with_counts(x: Any, out_idx: Any = "int32", name: str | None = None) -> Any:
    """As `unique`, with how often each value appears: (y, idx, count). Source: tf.unique_with_counts."""
    values, places, counts = _unique(x)
    return UniqueWithCounts(values, ops.cast(places, out_idx), ops.cast(counts, out_idx))


def _unique(x: Any) -> tuple[Any, np.ndarray, np.ndarray]:
    host = np.asarray(_tensor(x))
    if host.ndim != 1:
        raise InvalidArgumentError(f"unique: expected one dimension; received shape {host.shape}.")
    values, first, places, counts = np.unique(host, return_index=True, return_inverse=True, return_counts=True)
    order = np.argsort(first, kind="stable")
    where_to = np.empty_like(order)
    where_to[order] = np.arange(order.size)
    return convert_to_tensor(values[order]), where_to[places.reshape(-1)], counts[order]


class Unique(NamedTuple):
    """Result of `unique`."""

    y: Any
    idx: Any


class UniqueWithCounts(NamedTuple):
    """Result of `unique_with_counts`."""

    y: Any
    idx: Any
    count: Any


def unravel_index(indices: Any, dims: Any, name: str | None = None) -> Any:
    """Flat indices as coordinates. Shape: (n,) -> (rank, n). Source: tf.unravel_index."""
    found = np.unravel_index(np.asarray(indices), static_shape(dims))
    return convert_to_tensor(
        np.stack(found).astype(np.asarray(indices).dtype if hasattr(indices, "dtype") else np.int32)
    )


def searchsorted(
    sorted_sequence: Any, values: Any, side: str = "left", out_type: Any = "int32", name: str | None = None
) -> Any:
    """Where the values would go to keep the last axis sorted. Shape: (..., n), (..., m) -> (..., m).

    Raises: InvalidArgumentError if the shapes differ before the last axis. Source: tf.searchsorted.
    """
    sorted_sequence, values = strict_dtypes.alike("searchsorted", [sorted_sequence, values])
    around = tuple(sorted_sequence.shape[:-1])
    if around != tuple(values.shape[:-1]):
        raise InvalidArgumentError(
            f"searchsorted: expected values of shape {(*around, None)}; received {tuple(values.shape)}."
        )
    if not around:
        return ops.cast(ops.searchsorted(sorted_sequence, values, side), out_type)
    rows = ops.reshape(sorted_sequence, (-1, sorted_sequence.shape[-1]))
    wanted = ops.reshape(values, (-1, values.shape[-1]))
    found = ops.vectorized_map(lambda pair: ops.searchsorted(pair[0], pair[1], side), (rows, wanted))
    return ops.cast(ops.reshape(found, tuple(values.shape)), out_type)


_DIRECTIONS = ("ASCENDING", "DESCENDING")


def sort(values: Any, axis: int = -1, direction: str = "ASCENDING", name: str | None = None) -> Any:
    """The values in order along an axis. Source: tf.sort."""
    _check_direction(direction)
    ordered = ops.sort(values, axis)
    return ordered if direction == "ASCENDING" else ops.flip(ordered, axis)


def argsort(
    values: Any, axis: int = -1, direction: str = "ASCENDING", stable: bool = False, name: str | None = None
) -> Any:
    """Where the values in order come from, int32; equal ones stay in their order. Source: tf.argsort."""
    _check_direction(direction)
    if direction == "ASCENDING":
        return ops.cast(ops.argsort(values, axis), "int32")
    values = _tensor(values)
    backwards = ops.argsort(ops.flip(values, axis), axis)  # flipped twice, so that equal ones keep their order
    return ops.cast(values.shape[axis] - 1 - ops.flip(backwards, axis), "int32")


def _check_direction(direction: str) -> None:
    if direction not in _DIRECTIONS:
        raise InvalidArgumentError(f"Expected direction ASCENDING or DESCENDING; received {direction!r}.")


def bitcast(input: Any, type: Any, name: str | None = None) -> Any:
    """The same bits read as another dtype. Source: tf.bitcast."""
    return ops.view(input, dtypes.as_dtype(type))


def _is_text(value: Any) -> bool:
    return (
        isinstance(value, (str, bytes))
        or getattr(value, "dtype", None) == "string"
        or (isinstance(value, (list, tuple)) and bool(value) and _is_text(value[0]))
    )


def _text(value: Any) -> Any:
    tensor = value if isinstance(value, Tensor) else convert_to_tensor(value)
    if tensor.dtype != "string":
        raise InvalidTypeError(f"Expected text beside text; received dtype {tensor.dtype.name}.")
    return np.asarray(tensor)
