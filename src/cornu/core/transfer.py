"""Arrays of the host on their way to the device; on CPU that is the host's memory, too."""

import os
import threading
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from cornu.io import buffers

_LARGE = 2**18  # bytes above which a copy costs more than its preparation
_HUGE = 2**24  # bytes above which threads are worth their start
_OFTEN = 1_000  # arrays of one shape and dtype, after which they are worth a program of their own

_met: dict[tuple, int] = {}  # how many small arrays of a shape and dtype have come


def to_device(array: Any) -> jax.Array:
    """A copy of the array on the device.

    On CPU a large array costs as much as the new pages it needs: it is copied once, a huge one by all cores, into a buffer that
    is taken as it is.
    """
    if not isinstance(array, np.ndarray) or array.dtype == object:
        return jnp.asarray(array)
    if array.nbytes < _LARGE:
        return _small_to_device(array)
    if jax.default_backend() != "cpu":
        return jax.device_put(array)
    buffer = buffers.empty(array.shape, array.dtype)
    cores = (os.cpu_count() or 1) if array.nbytes >= _HUGE else 1
    if cores == 1 or len(array) < cores:
        np.copyto(buffer, array)
    else:
        _copy_together(buffer, array, cores)
    return jax.device_put(buffer)


def _small_to_device(array: np.ndarray) -> jax.Array:
    """`jnp.asarray`, which takes 12 us, but compiles a program of 10 ms for each shape; `device_put` takes 20 us and none."""
    kind = array.shape, array.dtype
    count = _met.get(kind, 0)
    if count == _OFTEN:
        return jnp.asarray(array)
    if len(_met) > _OFTEN:
        _met.clear()
    _met[kind] = count + 1
    return jax.device_put(array.copy())  # it would share the memory of an array that happens to lie well


def _copy_together(buffer: np.ndarray, array: np.ndarray, cores: int) -> None:
    bounds = np.linspace(0, len(array), cores + 1, dtype=int)

    def copy(part: int) -> None:
        rows = slice(bounds[part], bounds[part + 1])
        np.copyto(buffer[rows], array[rows])

    threads = [threading.Thread(target=copy, args=(part,)) for part in range(cores)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
