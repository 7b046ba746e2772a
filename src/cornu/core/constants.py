"""Python numbers and lists beside tensors, as arrays on the device.

A hand-written loop meets the same ones in every step (`targets - y` with a list, `0.002 * gradient`). They are remembered, so
that only the first step converts them and carries them to the device.
"""

import operator
from itertools import chain
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from cornu.core import config
from cornu.core.tensor import host_array

_MOST = 64  # constants of each kind; the oldest one goes
_LONGEST = 1024  # numbers in a remembered list: looking at more would delay the step that it should speed up

_numbers: dict[float, jax.Array] = {}
_lists: dict[tuple[int, Any], tuple[list[int], list, jax.Array]] = {}  # lengths of the rows, all numbers, the array
config.on_change += [_lists.clear]


def of_float(number: float) -> Any:
    """The number as a scalar that takes the dtype of the arrays beside it."""
    found = _numbers.get(number)
    if found is not None:
        return found
    if not number or number != number:  # 0.0 equals -0.0, and nan not even itself
        return number
    with jax.ensure_compile_time_eval():
        return _remember(_numbers, number, jnp.asarray(number))


def known_list(value: list, dtype: Any) -> jax.Array | None:
    """What `of_list` remembers of this list. Its numbers must be the same objects still, in rows of the same length."""
    found = _lists.get((id(value), dtype))
    if found is None:
        return None
    lengths, numbers, array = found
    try:
        if list(map(len, value)) != lengths if lengths else len(value) != len(numbers):
            return None
        rows = value if lengths else [value]
        return array if all(map(operator.is_, chain.from_iterable(rows), numbers)) else None
    except TypeError:  # numbers where rows were
        return None


def of_list(value: list, dtype: Any) -> Any:
    """The list as an array to stand beside a floating tensor of that dtype; None if it does not hold numbers."""
    array = host_array(value)
    if array.dtype.kind not in "fiu":
        return None
    if array.dtype.kind == "f":
        array = array.astype(dtype)
    if array.ndim > 2 or array.size > _LONGEST:
        return array
    lengths = list(map(len, value)) if array.ndim == 2 else []
    numbers = list(chain.from_iterable(value)) if lengths else list(value)
    if not _UNCHANGING.issuperset(map(type, numbers)) or any(type(row) is np.ndarray for row in value):
        return array
    with jax.ensure_compile_time_eval():
        array = jnp.asarray(array)
    _remember(_lists, (id(value), dtype), (lengths, numbers, array))
    return array


_UNCHANGING = {float, int, bool, np.float64, np.float32, np.int64, np.int32}


def _remember(memory: dict, key: Any, value: Any) -> Any:
    if len(memory) >= _MOST and key not in memory:
        del memory[next(iter(memory))]
    memory[key] = value
    return value
