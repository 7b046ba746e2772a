"""Arrays that were just read from a file: nobody else holds them, so a variable may keep their memory instead of a copy."""

from collections.abc import Mapping
from typing import Any

import jax
import numpy as np

from cornu.core.variable import Variable


class FreshArrays(dict):
    """Such arrays by name: a store of which every array is read once."""


def adopt(variable: Variable, array: np.ndarray) -> None:
    """Assign an array that nobody else will change. Nothing is copied if XLA can take the memory as it is."""
    variable.assign(jax.device_put(array) if array.dtype == variable._stored.dtype else array)


def read(variable: Variable, store: Mapping[str, Any], key: str) -> None:
    """Assign what a store of any kind has under `key`."""
    if isinstance(store, FreshArrays):
        adopt(variable, store[key])
    else:
        variable.assign(np.asarray(store[key]))
