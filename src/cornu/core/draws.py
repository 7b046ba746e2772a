"""Uniform, normal and truncated normal numbers, and integers, of a Philox state, with TensorFlow's bits.

`state` as in `philox`: a NumPy array gives a NumPy array, small ones made by NumPy and large ones by a compiled program; a JAX
array (in compiled code) gives a JAX array. Established by asking TensorFlow: every draw moves its state by `BLOCKS_PER_NUMBER`
blocks for each number, whatever it used.
"""

import functools
import math
import threading
from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from cornu.core import philox, single_precision
from cornu.core.dtypes import _NUMPY

BLOCKS_PER_NUMBER = 256
_LARGE = 2**17  # numbers; a compiled program pays from here on
_MANTISSA_BITS = {"float16": 10, "bfloat16": 7, "float32": 23, "float64": 52}
_LEAST = np.float32(1e-7)  # in place of 0 under the logarithm
_RESERVED = 64  # blocks for each number of a truncated normal draw


def uniform(state: Any, shape: tuple[int, ...], dtype: str) -> Any:
    """Numbers in [0, 1), as fine as the mantissa. Shape: (3,) -> shape."""
    return _made(_fractions, state, shape, dtype)


def full_range(state: Any, shape: tuple[int, ...], dtype: str) -> Any:
    """Integers over all values of the dtype: int32, int64, uint32 or uint64. Shape: (3,) -> shape."""
    return _made(_words, state, shape, dtype)


def integers(state: Any, shape: tuple[int, ...], low: Any, high: Any, dtype: str) -> Any:
    """Integers from `low` to `high - 1`: `low + word % (high - low)`. Shape: (3,) -> shape."""
    unsigned = np.dtype(f"uint{8 * _NUMPY[dtype].itemsize}")
    words = full_range(state, shape, unsigned.name)
    if all(isinstance(value, (int, np.integer, np.ndarray)) for value in (low, high)):
        low, size = unsigned.type(int(low) % 2**64 & np.iinfo(unsigned).max), unsigned.type(int(high) - int(low))
    else:
        low = jnp.asarray(low).astype(dtype).astype(unsigned)
        size = jnp.asarray(high).astype(dtype).astype(unsigned) - low
    return (words % size + low).astype(dtype)


def normal(state: Any, shape: tuple[int, ...], dtype: str) -> Any:
    """Standard normal numbers by Box and Muller. Shape: (3,) -> shape."""
    if dtype == "float64" and not isinstance(state, np.ndarray):
        return on_host(functools.partial(normal, shape=shape, dtype=dtype), shape, dtype, state)
    return _made(_normals, state, shape, dtype)


def truncated_normal(state: Any, shape: tuple[int, ...], dtype: str) -> Any:
    """Standard normal numbers, those further out than 2 drawn again. Shape: (3,) -> shape.

    Each group of four numbers (two in float64) has a stream of its own, so that groups do not wait for each other.
    """
    if not isinstance(state, np.ndarray):
        return on_host(functools.partial(truncated_normal, shape=shape, dtype=dtype), shape, dtype, state)
    size = math.prod(shape)
    width = 2 if dtype == "float64" else 4
    groups = np.arange(-(-size // width), dtype=np.uint64)
    first = state[0] + groups * np.uint64(width * _RESERVED)
    high = state[1] + (first < state[0]).astype(np.uint64)
    found = np.empty((groups.size, width), np.float64 if dtype == "float64" else np.float32)
    filled = np.zeros(groups.size, np.intp)
    unfilled, block = np.arange(groups.size), np.uint64(0)
    while unfilled.size:
        low = first[unfilled] + block
        above = high[unfilled] + (low < block).astype(np.uint64)
        for drawn in _normals_at(low, above, state[2], dtype, is_large=not block and 4 * low.size >= _LARGE):
            fits = np.flatnonzero((np.abs(drawn) < 2) & (filled[unfilled] < width))
            row = unfilled[fits]
            found[row, filled[row]] = drawn[fits]
            filled[row] += 1
        unfilled, block = unfilled[filled[unfilled] < width], block + np.uint64(1)
    return found.reshape(-1)[:size].reshape(shape).astype(_NUMPY[dtype], copy=False)


def permutation(state: np.ndarray, size: int) -> np.ndarray:
    """0 to `size - 1` in random order: each place from the first on swaps with one that is not before it. Shape: (size,)."""
    order = list(range(size))
    words = philox.words(state, max(size - 1, 0)).astype(np.int64)
    for i, j in enumerate((words % np.arange(size, 1, -1) + np.arange(len(words))).tolist()):
        order[i], order[j] = order[j], order[i]
    return np.array(order, np.int64)


def permutation_blocks(size: int) -> int:
    """By how many blocks a permutation moves its state."""
    return -(-max(size - 1, 0) // 4)


def on_host(function: Callable, shape: tuple[int, ...], dtype: str, state: Any, *arrays: Any) -> Any:
    """`function(state, *arrays)` as a part of compiled code that runs on the host, with NumPy arrays."""

    def run(*given: Any) -> np.ndarray:
        _callback.is_running = True
        try:
            return np.asarray(function(*map(np.asarray, given)))
        finally:
            _callback.is_running = False

    return jax.pure_callback(run, jax.ShapeDtypeStruct(shape, _NUMPY[dtype]), state, *arrays)


class _Callback(threading.local):
    is_running = False  # then nothing may be compiled or run on the device, which waits for the callback


_callback = _Callback()


def _made(make: Callable, state: Any, shape: tuple[int, ...], dtype: str) -> Any:
    size = math.prod(shape)
    count = -(-size // (2 if _NUMPY[dtype].itemsize == 8 else 4))  # blocks
    if not isinstance(state, np.ndarray):
        parts = [make(*pair, dtype, jnp) for pair in philox.block_pairs(state, count, jnp)]
        return philox.interleaved(parts, jnp)[:size].reshape(shape)
    if size < _LARGE or (make is _normals and dtype == "float64") or _callback.is_running:
        flat = philox.interleaved([make(*pair, dtype, np) for pair in philox.block_pairs(state, count)])
    else:
        parts = _compiled(make, count, dtype)(state)
        flat = np.empty((count, len(parts)), _NUMPY[dtype])
        for i, part in enumerate(parts):
            flat[:, i] = part
    return flat.reshape(-1)[:size].reshape(shape)


@functools.lru_cache(maxsize=64)
def _compiled(make: Callable, count: int, dtype: str) -> Callable:
    """The parts of blocks as separate arrays: XLA would run the rounds once for each part of an interleaved one."""

    def run(state: Any) -> list[Any]:
        return [part for pair in philox.block_pairs(state, count, jnp) for part in make(*pair, dtype, jnp)]

    return jax.jit(run)


# Each of the following makes of a pair of words (see philox.encrypt) the one or two numbers that they give, in their order.


def _words(x: Any, y: Any, dtype: str, numpy: Any) -> tuple[Any, ...]:
    if _NUMPY[dtype].itemsize == 8:
        return ((x | y << philox.SHIFT).astype(dtype),)
    return x.astype(np.uint32).astype(dtype), y.astype(np.uint32).astype(dtype)


def _fractions(x: Any, y: Any, dtype: str, numpy: Any) -> tuple[Any, ...]:
    if dtype == "float64":
        return (_double_fraction(x, y),)
    return _fraction(x, dtype), _fraction(y, dtype)


def _fraction(word: Any, dtype: str) -> Any:
    bits = _MANTISSA_BITS[dtype]
    return ((word & np.uint64(2**bits - 1)).astype(np.int32).astype(np.float32) * np.float32(2.0**-bits)).astype(
        _NUMPY[dtype]
    )


def _double_fraction(x: Any, y: Any) -> Any:
    return ((x & np.uint64(0xFFFFF)) << philox.SHIFT | y).astype(np.float64) * 2.0**-52


def _normals(x: Any, y: Any, dtype: str, numpy: Any) -> tuple[Any, ...]:
    if dtype == "float64":
        return (_normal_double(x, y),)
    return tuple(values.astype(_NUMPY[dtype]) for values in _normal_pair(x, y, numpy))


def _normal_pair(x: Any, y: Any, numpy: Any) -> tuple[Any, Any]:
    """Two normal numbers in float32."""
    radius = single_precision.log(numpy.maximum(_fraction(x, "float32"), _LEAST), numpy)
    radius = numpy.sqrt(np.float32(-2) * radius)
    angle = (_fraction(y, "float32").astype(np.float64) * (2 * math.pi)).astype(np.float32)
    sin, cos = single_precision.sin_cos(angle, numpy)
    return sin * radius, cos * radius


def _normal_double(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """A block's two normal numbers in float64, of words 0 and 1, 2 and 3. Shape: (2, n) twice -> (2, n).

    By the C library's own functions: NumPy's differ from them in the last bit.
    """
    fractions = _double_fraction(x, y)
    logs = np.array([*map(math.log, np.maximum(fractions[0], 1e-7).tolist())], np.float64)
    radius, angle = np.sqrt(-2 * logs), (2 * math.pi * fractions[1]).tolist()
    return np.stack([np.array([*map(math.sin, angle)]) * radius, np.array([*map(math.cos, angle)]) * radius])


def _normals_at(low: np.ndarray, high: np.ndarray, key: np.uint64, dtype: str, is_large: bool) -> list[np.ndarray]:
    """The two (float64) or four normal numbers of each of many blocks. Shape: (n,), (n,), () -> (n,) each."""
    if is_large and dtype != "float64" and not _callback.is_running:
        return [np.asarray(part) for part in _compiled_normals_at(low, high, key)]
    ((x, y),) = philox.encrypt(low, high, key)
    if dtype == "float64":
        return [*_normal_double(x, y)]
    sin, cos = _normal_pair(x, y, np)
    return [sin[0], cos[0], sin[1], cos[1]]


@jax.jit
def _compiled_normals_at(low: Any, high: Any, key: Any) -> list[Any]:
    return [part for pair in philox.encrypt(low, high, key, jnp) for part in _normal_pair(*pair, jnp)]
