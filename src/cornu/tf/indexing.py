"""Slicing, gathering and scattering with TensorFlow's names. Source: tf."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from cornu import ops
from cornu._base.errors import InvalidArgumentError
from cornu.core import strict_dtypes
from cornu.core.symbolic import KerasTensor
from cornu.core.tensor import Tensor, convert_to_tensor
from cornu.tf.arrays import is_text, tensor_of, text_of
from cornu.tf.ragged_rows import or_ragged
from cornu.tf.shapes import static_shape


def slice(input_: Any, begin: Any, size: Any, name: str | None = None) -> Any:
    """The block of `size` that starts at `begin`; -1 in `size` means up to the end. Source: tf.slice."""
    input_ = tensor_of(input_)
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
    return tensor_of(input_)[tuple(key)]


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
    params = tensor_of(params)
    batch_dims = batch_dims + len(indices.shape) if batch_dims < 0 else batch_dims
    axis = batch_dims if axis is None else int(axis)
    axis = axis + len(params.shape) if axis < 0 else axis
    _check_indices("gather", indices, params.shape[axis])
    if isinstance(params, Tensor) and params.dtype == "string":
        return Tensor(np.take(params.numpy(), np.asarray(indices), axis))
    if not batch_dims:
        return ops.take(params, indices, axis)
    indices = tensor_of(indices)
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
    params = tensor_of(params)
    indices = tensor_of(indices)
    depth = indices.shape[-1]
    columns = [indices[..., i] for i in builtin_range(depth)]
    if bad_indices_policy.upper() != "IGNORE":
        for i, column in enumerate(columns):
            _check_indices("gather_nd", column, params.shape[batch_dims + i])
    if is_text(params):
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


def _is_traced(value: Any) -> bool:
    import jax

    return isinstance(getattr(value, "_value", value), jax.core.Tracer)


def boolean_mask(tensor: Any, mask: Any, axis: Any = None, name: str = "boolean_mask") -> Any:
    """The entries where the mask is true. Shape: (..., *mask, ...) -> (..., count, ...). Source: tf.boolean_mask."""
    tensor = tensor_of(tensor)
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
    if is_text(x):
        return Tensor(np.asarray(np.where(np.asarray(condition), text_of(x), text_of(y)), object))
    return ops.where(condition, x, y)


def scatter_nd(indices: Any, updates: Any, shape: Any, name: str | None = None, bad_indices_policy: str = "") -> Any:
    """Zeros of a shape with the updates added at the places in the last axis of `indices`. Source: tf.scatter_nd."""
    updates = tensor_of(updates)
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
    indices = tensor_of(indices)
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
    data = tensor_of(data)
    chosen = np.asarray(partitions)
    _check_indices("dynamic_partition", chosen, num_partitions)
    flat = ops.reshape(data, (chosen.size, *data.shape[chosen.ndim :]))
    return [ops.take(flat, np.flatnonzero(chosen.reshape(-1) == i), 0) for i in builtin_range(num_partitions)]


def dynamic_stitch(indices: Sequence[Any], data: Sequence[Any], name: str | None = None) -> Any:
    """What `dynamic_partition` took apart put together: slice i goes to the place its index names. Source: tf.dynamic_stitch."""
    places = [np.asarray(each) for each in indices]
    parts = [tensor_of(each) for each in data]
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
