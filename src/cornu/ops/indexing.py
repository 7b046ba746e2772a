"""Entries by position: `x[...]`, take, gather and scatter, where, counting."""

import builtins
import functools
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

from cornu._base.errors import InvalidArgumentError, InvalidTypeError, OutOfRangeError
from cornu.core import config
from cornu.core.dispatch import composite, op
from cornu.core.symbolic import KerasTensor
from cornu.core.tensor import Tensor, convert_to_tensor, raw
from cornu.core.variable import Variable


@composite
def get_item(x, key):
    """`x[key]`: integers, slices, `...`, None (a new axis), integer tensors, and outside of compiled functions bool masks.

    Raises: OutOfRangeError if a Python integer is outside the axis; InvalidArgumentError on too many indices.
    """
    if not isinstance(x, (Tensor, KerasTensor)):
        x = convert_to_tensor(x)
    if isinstance(x, Tensor) and isinstance(x._value, np.ndarray):  # text
        keys = key if isinstance(key, tuple) else (key,)
        return Tensor(np.asarray(x._value[tuple(np.asarray(k) if isinstance(k, Tensor) else k for k in keys)], object))
    plan, starts, operands = _plan(x, key if isinstance(key, tuple) else (key,))
    return getitem(x, starts, operands, plan)


def _plan(x, key: tuple) -> tuple[tuple, Any, list]:
    """The key as a hashable plan, start positions (int32) of the eager parts, and tensor operands.

    Outside of compiled functions, integers and slices of step 1 start at run time values: rows `x[0]`, `x[1]`, ... and
    batches `x[32:64]`, `x[64:96]`, ... share one compiled program.
    """
    sizes = tuple(x.shape)
    late = isinstance(x, Tensor) and not isinstance(x._value, jax.core.Tracer)
    key = _expand_masks(key)
    used = sum(1 for part in key if part is not None and part is not Ellipsis)
    if used > len(sizes):
        raise InvalidArgumentError(f"Expected at most {len(sizes)} indices for shape {sizes}; received {used}: {key}.")
    if sum(1 for part in key if part is Ellipsis) > 1:
        raise InvalidArgumentError(f"Expected at most one ... in an index; received {key}.")
    plan, starts, operands, axis = [], [], [], 0
    for part in key:
        if part is None:
            plan.append("new")
        elif part is Ellipsis:
            count = len(sizes) - used
            plan += ["all"] * count
            axis += count
        elif isinstance(part, builtins.slice):
            plan.append(_plan_slice(part, sizes[axis], starts if late else None))
            axis += 1
        elif isinstance(part, (int, np.integer)) or _is_host_integer(part):
            index = _checked_index(int(part), sizes[axis], axis)
            if late:
                plan.append(("at", None))
                starts.append(index)
            else:
                plan.append(("at", index))
            axis += 1
        else:
            plan.append("tensor")
            operands.append(part)
            axis += 1
    return tuple(plan), np.asarray(starts, np.int32) if starts else None, operands


def _is_host_integer(part) -> bool:
    """A concrete integer scalar in a tensor, variable or array."""
    value = part._value if isinstance(part, Tensor) else part
    if not isinstance(value, (jax.Array, np.ndarray)) or isinstance(value, jax.core.Tracer):
        return False
    return value.ndim == 0 and np.issubdtype(value.dtype, np.integer) and isinstance(value, np.ndarray)


def _checked_index(index: int, size: int | None, axis: int) -> int:
    if size is None:
        return index
    if not -size <= index < size:
        raise OutOfRangeError(f"Index {index} is out of range for axis {axis} of size {size}.")
    return index + size if index < 0 else index


def _bound(value):
    """A slice bound as a Python int or None."""
    if value is None or isinstance(value, int):
        return value
    array = value._read() if isinstance(value, Variable) else value._value if isinstance(value, Tensor) else value
    if isinstance(array, (jax.core.Tracer, KerasTensor)):
        raise InvalidArgumentError(
            "A slice bound is a tensor that is computed inside the compiled function, so the size of the result is not known. "
            "Use ops.slice(x, start, shape) with a fixed shape, or a mask with ops.where."
        )
    return int(array)


def _plan_slice(part: Any, size: int | None, starts: list | None):
    start, stop, step = _bound(part.start), _bound(part.stop), _bound(part.step)
    if step == 0:
        raise InvalidArgumentError("Expected a slice step other than 0.")
    if start is None and stop is None and step in (None, 1):
        return "all"
    if starts is None or size is None or step not in (None, 1):
        return ("slice", start, stop, step)
    start, stop, _ = builtins.slice(start, stop).indices(size)
    starts.append(start)
    return ("run", max(stop - start, 0))


def _expand_masks(key: tuple) -> tuple:
    """Lists become arrays; a bool mask becomes one integer index per axis it covers."""
    parts = []
    for part in key:
        if isinstance(part, (list, tuple, range)):
            part = convert_to_tensor(list(part)) if len(part) else np.zeros(0, np.int32)
        kind = getattr(part, "dtype", None)
        if isinstance(part, (bool, np.bool_)):
            raise InvalidArgumentError("Expected integers, slices, ... or tensors as an index; received a Python bool.")
        if isinstance(part, (float, str)):
            raise InvalidTypeError(f"Expected integers, slices, ... or tensors as an index; received {part!r}.")
        if kind is not None and kind == "bool":
            if isinstance(part, KerasTensor) or isinstance(raw(part), jax.core.Tracer):
                raise InvalidArgumentError(
                    "A bool mask inside a compiled function or functional graph picks an unknown number of entries. "
                    "Use ops.where(mask, x, other) to keep the shape."
                )
            parts += [index.astype(np.int32) for index in np.nonzero(np.asarray(raw(part)))]
        elif kind is not None and "int" not in str(kind):
            raise InvalidTypeError(f"Expected an index tensor of integers or bools; received dtype {kind}.")
        else:
            parts.append(part)
    return tuple(parts)


@op(nests="indices", static="plan")
def getitem(x, starts, indices, plan):
    """What `get_item` computes. `plan` has one entry per index: "all", "new", "tensor", ("at", i), ("run", n), a slice."""
    begin, sizes, key = [np.int32(0)] * x.ndim, list(x.shape), []
    firsts = iter(()) if starts is None else iter(starts)
    tensors = iter(indices)
    axis = 0
    for part in plan:
        if part == "new":
            key.append(None)
            continue
        if part == "all":
            key.append(builtins.slice(None))
        elif part == "tensor":
            key.append(next(tensors))
        elif part[0] == "slice":
            key.append(builtins.slice(*part[1:]))
        elif part[0] == "at" and part[1] is not None:
            key.append(part[1])
        else:
            begin[axis], sizes[axis] = next(firsts), 1 if part[0] == "at" else part[1]
            key.append(0 if part[0] == "at" else builtins.slice(None))
        axis += 1
    if starts is not None:
        x = lax.dynamic_slice(x, begin, sizes)
    return x[tuple(key)]


@op
def take(x, indices, axis=None):
    """Entries along `axis` at integer `indices`, negative ones from the end; of the flattened tensor if `axis` is None.

    Shape: the axis is replaced by the shape of `indices`.
    """
    return jnp.take(x, indices.astype(jnp.int32), axis)


@op
def take_along_axis(x, indices, axis=None):
    """Entries along `axis` at positions that differ per row: the partner of argsort and argmax."""
    return jnp.take_along_axis(x, indices.astype(jnp.int32), axis)


def slice(inputs, start_indices, shape):
    """The block of `shape` that begins at `start_indices` (which may be tensors). -1 in `shape` means up to the end."""
    sizes = tuple(shape)
    if any(size == -1 for size in sizes):
        whole = (inputs if hasattr(inputs, "shape") else convert_to_tensor(inputs)).shape
        first = np.asarray(start_indices)
        sizes = tuple(whole[i] - int(first[i]) if size == -1 else size for i, size in enumerate(sizes))
    return slice_at(inputs, start_indices, shape=sizes)


@op(static="shape")
def slice_at(inputs, start_indices, shape):
    """What `slice` computes, with a shape of plain sizes."""
    if len(shape) != inputs.ndim:
        raise ValueError(f"expected one size per axis, received shape={shape}")
    return lax.dynamic_slice(inputs, list(start_indices), shape)


@op
def slice_update(inputs, start_indices, updates):
    """`inputs` with the block that begins at `start_indices` replaced by `updates`."""
    return lax.dynamic_update_slice(inputs, updates.astype(inputs.dtype), list(start_indices))


def _place(indices):
    """(n, k) indices as k arrays for `.at[]`; negative ones count from the end."""
    return tuple(jnp.moveaxis(indices.astype(jnp.int32), -1, 0))


@op(static="shape")
def scatter(indices, values, shape):
    """Zeros of `shape` with `values` added at `indices`. Shape: (n, k), (n, ...) -> shape; k leading axes are indexed."""
    target = jnp.zeros(tuple(shape), values.dtype).at[_place(indices)]
    return target.max(values) if values.dtype == jnp.bool_ else target.add(values)


_REDUCTIONS = {None: "set", "add": "add", "max": "max", "min": "min", "mul": "multiply"}


@op
def scatter_update(inputs, indices, updates, reduction=None):
    """`inputs` with `updates` written at `indices`, or combined with what is there: "add", "max", "min", "mul".

    Shape: (...), (n, k), (n, ...) -> (...).
    """
    if reduction not in _REDUCTIONS:
        raise ValueError(f"expected reduction to be None, 'add', 'max', 'min' or 'mul', received {reduction!r}")
    updates = updates.astype(inputs.dtype)
    if reduction == "mul":
        return inputs * multiply_at(inputs.shape, _place(indices), updates)
    return getattr(inputs.at[_place(indices)], _REDUCTIONS[reduction])(updates)


@functools.partial(jax.custom_jvp, nondiff_argnums=(0,))
def multiply_at(shape, place, values):
    """Ones of `shape`, multiplied at `place` by `values`; places outside are dropped. JAX's own has no gradient."""
    return jnp.ones(shape, values.dtype).at[place].multiply(values, mode="drop")


@multiply_at.defjvp
def _multiply_at_jvp(shape, primals, tangents):
    place, values = primals
    is_zero = values == 0
    nonzero = multiply_at(shape, place, jnp.where(is_zero, 1, values))
    zeros = jnp.zeros(shape, jnp.int32).at[place].add(is_zero.astype(jnp.int32), mode="drop")
    around = zeros[place] - is_zero  # zeros among the other values of the same place
    others = jnp.where(around == 0, nonzero[place] / jnp.where(is_zero, 1, values), 0)
    slope = jnp.zeros(shape, values.dtype).at[place].add(others * tangents[1], mode="drop")
    return jnp.where(zeros == 0, nonzero, 0), slope


def where(condition, x1=None, x2=None):
    """`x1` where the condition is true, else `x2`; without them the indices of true entries, as `nonzero`."""
    if (x1 is None) != (x2 is None):
        raise InvalidArgumentError("Expected both x1 and x2, or neither; received one of them.")
    if x1 is None:
        from cornu.ops.sorting import nonzero

        return nonzero(condition)
    return select_where(condition, x1, x2)


@op
def select_where(condition, x1, x2):
    """What `where` computes with two values."""
    dtype = jnp.result_type(x1, x2)
    return jnp.where(condition.astype(bool), jnp.asarray(x1, dtype), jnp.asarray(x2, dtype))


@op(tensors="condlist choicelist default", nests="condlist choicelist")
def select(condlist, choicelist, default=0):
    """Per entry the choice of the first condition that is true, else `default`."""
    conditions = [jnp.asarray(condition).astype(bool) for condition in condlist]
    if len(conditions) != len(choicelist):
        raise ValueError(f"expected as many choices as conditions, received {len(choicelist)} and {len(conditions)}")
    dtype = jnp.result_type(*choicelist, default)
    dtype = jnp.dtype(jnp.int32) if dtype == jnp.int64 and not _has_int64(choicelist) else dtype
    result = jnp.asarray(default, dtype)
    for condition, choice in zip(reversed(conditions), reversed(list(choicelist)), strict=True):
        result = jnp.where(condition, jnp.asarray(choice, dtype), result)
    return result


def _has_int64(arrays) -> bool:
    return any(array.dtype == jnp.int64 for array in arrays)


@op(static="shape")
def unravel_index(indices, shape):
    """Positions per axis of flat `indices` into a tensor of `shape`: a tuple of tensors."""
    shape = (shape,) if isinstance(shape, int) else shape
    found = jnp.unravel_index(indices.astype(jnp.int32) if indices.dtype == jnp.bool_ else indices, shape)
    return tuple(position.astype(indices.dtype) for position in found)


@composite(tensors="x weights")
def bincount(x, weights=None, minlength=0, sparse=False):
    """How often each of 0, 1, ... occurs (or the sum of their `weights`). Shape: (n,) -> (m,), (b, n) -> (b, m).

    m is the largest entry + 1, at least `minlength`; in compiled functions and functional graphs m is `minlength`.
    """
    if sparse:
        raise InvalidArgumentError("Expected sparse=False: tensors are dense here.")
    length, x = minlength, convert_to_tensor(x)
    if not isinstance(x._value, jax.core.Tracer):
        length = max(minlength, int(np.max(np.asarray(x._value), initial=-1)) + 1)
    return count_bins(x, weights, length=length)


@op(tensors="x weights")
def count_bins(x, weights=None, length=0):
    """What `bincount` computes, for a known `length`. Entries outside of 0 ... length - 1 are left out."""
    dtype = jnp.int32 if weights is None else weights.dtype
    amount = jnp.ones(x.shape, dtype) if weights is None else jnp.broadcast_to(weights, x.shape)
    x = jnp.where(x < 0, length, x).astype(jnp.int32)  # a negative position would count from the end

    def row(positions, amounts):
        return jnp.zeros(length, dtype).at[positions].add(amounts, mode="drop")

    return row(x, amount) if x.ndim == 1 else jax.vmap(row)(x, amount)


@op
def histogram(x, bins=10, range=None):
    """Counts in `bins` equal parts of `range` (default: smallest to largest entry), and the bins + 1 edges."""
    if not isinstance(bins, int) or bins < 1:
        raise ValueError(f"expected bins to be a positive integer, received {bins!r}")
    if range is not None and (len(range) != 2 or range[0] > range[1]):
        raise ValueError(f"expected range to be (low, high) with low <= high, received {range}")
    x = x if jnp.issubdtype(x.dtype, jnp.floating) else x.astype(config.floatx())
    counts, edges = jnp.histogram(x, bins, range)
    return counts.astype(x.dtype), edges.astype(x.dtype)


@op
def diff(a, n=1, axis=-1):
    """Differences of neighbours along `axis`, taken `n` times."""
    return jnp.diff(a, n, axis)
