"""Large arrays of the host on their way to the device; on CPU that is the host's memory, too."""

import os
import threading
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from cornu.io import buffers

_LARGE = 2**18  # bytes above which a copy costs more than its preparation
_HUGE = 2**24  # bytes above which threads are worth their start


def to_device(array: Any) -> jax.Array:
    """A copy of the array on the device.

    On CPU a large array costs as much as the new pages it needs: it is copied once, a huge one by all cores, into a buffer that
    is taken as it is.
    """
    if not isinstance(array, np.ndarray) or array.nbytes < _LARGE or array.dtype == object:
        return jnp.asarray(array)  # device_put would share the memory of an array that happens to lie well
    if jax.default_backend() != "cpu":
        return jax.device_put(array)
    buffer = buffers.empty(array.shape, array.dtype)
    cores = (os.cpu_count() or 1) if array.nbytes >= _HUGE else 1
    if cores == 1 or len(array) < cores:
        np.copyto(buffer, array)
    else:
        _copy_together(buffer, array, cores)
    return jax.device_put(buffer)


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
