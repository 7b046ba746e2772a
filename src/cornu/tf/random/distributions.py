"""Numbers of each distribution from a Philox state, as tensors; shared by stateful ops, stateless ops and generators."""

import functools
import math
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from cornu._base.errors import InvalidArgumentError, InvalidTypeError
from cornu.core import draws, dtypes, rejection
from cornu.core.shapes import as_shape
from cornu.core.tensor import Tensor, convert_to_tensor, raw
from cornu.ops.casting import cast
from cornu.ops.indexing import take

FLOATS = ("float16", "bfloat16", "float32", "float64")
INTEGERS = ("int32", "int64")


def checked_dtype(function: str, dtype: Any, allowed: tuple[str, ...]) -> str:
    """The name of the dtype. Raises: InvalidArgumentError if it is not among the allowed ones."""
    found = dtypes.name(dtype)
    if found not in allowed:
        raise InvalidArgumentError(f"{function} expects a dtype among {', '.join(allowed)}; received {found!r}.")
    return found


def checked_shape(shape: Any) -> tuple[int, ...]:
    """The sizes. Raises: InvalidArgumentError if it is a single number, as TensorFlow does, or holds a None."""
    if hasattr(shape, "__index__") and not getattr(shape, "shape", ()):
        raise InvalidArgumentError(f"Expected a shape as a list or tuple, such as [{shape}]; received {shape!r}.")
    sizes = as_shape(shape)
    if None in sizes:
        raise InvalidArgumentError(f"Expected a shape without None to draw random numbers; received {sizes}.")
    return tuple(size for size in sizes if size is not None)


def blocks_for(shape: tuple[int, ...]) -> int:
    """The blocks by which a draw of that shape moves its state."""
    return math.prod(shape) * draws.BLOCKS_PER_NUMBER


def uniform(state: Any, shape: tuple[int, ...], minval: Any, maxval: Any, dtype: str) -> Tensor:
    """Numbers in `[minval, maxval)`; both None: all values of an integer dtype."""
    if dtype not in FLOATS:
        if maxval is None:
            return _boxed(draws.full_range(state, shape, dtype))
        low, high = _integer("minval", minval, dtype), _integer("maxval", maxval, dtype)
        if isinstance(low, int) and isinstance(high, int) and low >= high:
            raise InvalidArgumentError(f"Expected minval < maxval; received minval={low} and maxval={high}.")
        return _boxed(draws.integers(state, shape, low, high, dtype))
    drawn = draws.uniform(state, shape, dtype)
    if _is_plain(minval) and _is_plain(maxval):
        low = np.asarray(minval, dtypes._NUMPY[dtype])
        return affine(drawn, np.asarray(maxval, dtypes._NUMPY[dtype]) - low, low, dtype)
    low = cast(minval, dtype)
    return affine(drawn, cast(maxval, dtype) - low, low, dtype)


def normal(state: Any, shape: tuple[int, ...], mean: Any, stddev: Any, dtype: str) -> Tensor:
    """Normal numbers."""
    return affine(draws.normal(state, shape, dtype), stddev, mean, dtype)


def truncated_normal(state: Any, shape: tuple[int, ...], mean: Any, stddev: Any, dtype: str) -> Tensor:
    """Normal numbers within two standard deviations."""
    return affine(draws.truncated_normal(state, shape, dtype), stddev, mean, dtype)


def affine(drawn: Any, scale: Any, shift: Any, dtype: str) -> Tensor:
    """`drawn * scale + shift`, rounded after either step. Gradients go to `scale` and `shift` if they are tensors."""
    if not (_is_plain(scale) and _is_plain(shift)):
        return Tensor(jnp.asarray(drawn)) * cast(scale, dtype) + cast(shift, dtype)
    scale, shift = np.asarray(scale, dtypes._NUMPY[dtype]), np.asarray(shift, dtypes._NUMPY[dtype])
    if scale.ndim == shift.ndim == 0 and scale == 1 and shift == 0:
        return _boxed(drawn)
    return _boxed(_rounded(drawn * scale) + shift)


def _rounded(product: Any) -> Any:
    """The same numbers. In compiled code LLVM would make one instruction, with one rounding, of the product and the sum."""
    if isinstance(product, np.ndarray):
        return product
    bits = product.view(f"uint{8 * product.dtype.itemsize}")
    return jnp.minimum(bits, jnp.iinfo(bits.dtype).max - 1).view(product.dtype)  # the greatest pattern is a nan


def categorical(state: Any, logits: Any, num_samples: int, dtype: str) -> Tensor:
    """Class numbers with probabilities `softmax(logits)`. Shape: (batch, classes) -> (batch, num_samples)."""
    logits = raw(logits)
    if logits.ndim != 2:
        raise InvalidArgumentError(f"Expected logits of shape (batch, classes); received shape {tuple(logits.shape)}.")
    shape = logits.shape[0], num_samples
    return _host_draw(functools.partial(_classes, num_samples=num_samples), shape, dtype, state, logits)


def _classes(state: np.ndarray, logits: np.ndarray, num_samples: int) -> np.ndarray:
    logits = logits.astype(np.float64)
    finite = np.where(np.isfinite(logits), logits, -np.inf)
    highest = finite.max(axis=1, keepdims=True, initial=np.finfo(np.float64).min)
    totals = np.cumsum(np.exp(finite - highest), axis=1)
    chosen = draws.uniform(state, (len(logits), num_samples), "float64")
    found = [np.searchsorted(row, u * row[-1], side="right") for row, u in zip(totals, chosen)]
    return np.reshape(found, (len(logits), num_samples)).astype(np.int64)


def shuffle(state: Any, value: Any) -> Tensor:
    """The slices of the first axis in random order. Shape: unchanged."""
    value = convert_to_tensor(value)
    if not value.ndim:
        return value
    size = value.shape[0] or 0
    order = _host_draw(functools.partial(draws.permutation, size=size), (size,), "int64", state)
    if isinstance(value._value, np.ndarray):  # text
        return Tensor(value._value[np.asarray(order)])
    return take(value, order, axis=0)


def gamma(state: Any, shape: tuple[int, ...], alpha: Any, dtype: str) -> Tensor:
    """Gamma numbers of rate 1. Shape: shape + the shape of alpha."""
    return _per_parameter(rejection.gamma, state, shape, dtype, raw(alpha))


def poisson(state: Any, shape: tuple[int, ...], rate: Any, dtype: str) -> Tensor:
    """Poisson numbers. Shape: shape + the shape of the rate."""
    return _per_parameter(rejection.poisson, state, shape, dtype, raw(rate))


def binomial(state: Any, shape: tuple[int, ...], counts: Any, probs: Any, dtype: str) -> Tensor:
    """Successes among `counts` trials. Shape: `shape`, which has to end with that of the parameters.

    Raises: InvalidArgumentError if it does not.
    """
    parameters = jnp.broadcast_arrays(raw(counts), raw(probs)) if _is_traced(counts, probs) else (
        np.broadcast_arrays(np.asarray(counts), np.asarray(probs)))  # fmt: skip
    inner = parameters[0].shape
    outer = shape[: len(shape) - len(inner)]
    if outer + inner != shape:
        raise InvalidArgumentError(
            f"Expected a shape that ends with that of counts and probs, {inner}; received {shape}."
        )
    return _per_parameter(rejection.binomial, state, outer, dtype, *parameters)


def _per_parameter(draw: Any, state: Any, shape: tuple[int, ...], dtype: str, *parameters: Any) -> Tensor:
    samples = math.prod(shape)
    full = (*shape, *parameters[0].shape)

    def run(state: np.ndarray, *given: np.ndarray) -> np.ndarray:
        return draw(state, *[np.ravel(g) for g in given], samples).reshape(full).astype(dtypes._NUMPY[dtype])

    return _host_draw(run, full, dtype, state, *parameters)


def _host_draw(function: Any, shape: tuple[int, ...], dtype: str, state: Any, *arrays: Any) -> Tensor:
    """The result of a function of NumPy arrays, at once or as a part of compiled code."""
    if isinstance(state, np.ndarray) and not _is_traced(*arrays):
        found = function(state, *map(np.asarray, arrays))
        return Tensor.on_host(found.astype(dtypes._NUMPY[dtype], copy=False))
    as_dtype = lambda *given: function(*given).astype(dtypes._NUMPY[dtype])
    return Tensor(draws.on_host(as_dtype, shape, dtype, jnp.asarray(state), *map(jnp.asarray, arrays)))


def _boxed(values: Any) -> Tensor:
    return Tensor.on_host(values) if isinstance(values, np.ndarray) else Tensor(values)


def _is_plain(x: Any) -> bool:
    return isinstance(x, (int, float, list, tuple, np.ndarray, np.generic))


def _is_traced(*values: Any) -> bool:
    return any(isinstance(getattr(value, "_value", value), jax.core.Tracer) for value in values)


def _integer(name: str, value: Any, dtype: str) -> Any:
    """A bound as a Python integer, or as the array of a traced tensor."""
    if _is_traced(value):
        return raw(value)
    array = np.asarray(value)
    if array.ndim or array.dtype.kind not in "iu":
        raise InvalidTypeError(f"Expected {name} as an integer for the dtype {dtype}; received {value!r}.")
    return int(array)
