"""Settings and small functions that Keras keeps in `keras.backend`, and those of Keras 2 (`K.mean`). Source: keras.backend."""

import gc
from typing import Any

from cornu._base import names
from cornu._base.suggest import attribute_error
from cornu.core import config, random_state
from cornu.core.config import epsilon as epsilon
from cornu.core.config import floatx as floatx
from cornu.core.config import image_data_format as image_data_format
from cornu.core.config import set_epsilon as set_epsilon
from cornu.core.config import set_floatx as set_floatx
from cornu.core.config import set_image_data_format as set_image_data_format
from cornu.core.dtypes import name as standardize_dtype
from cornu.core.dtypes import result_type as result_type
from cornu.core.tensor import is_tensor as is_tensor

__all__ = [
    "backend",
    "clear_session",
    "config",
    "epsilon",
    "floatx",
    "get_uid",
    "image_data_format",
    "is_float_dtype",
    "is_int_dtype",
    "is_keras_tensor",
    "is_tensor",
    "result_type",
    "set_epsilon",
    "set_floatx",
    "set_image_data_format",
    "standardize_dtype",
]


def backend() -> str:
    """The engine: `"jax"`."""
    return "jax"


def clear_session(free_memory: bool = True) -> None:
    """Start automatic names, the global random generator and the learning phase afresh; with `free_memory` collect garbage."""
    names.reset()
    random_state.forget()
    config.set_learning_phase(None)
    if free_memory:
        gc.collect()


def get_uid(prefix: str = "") -> int:
    """How often this prefix has been asked for, from 1."""
    return names.count(prefix)


def is_float_dtype(dtype: object) -> bool:
    """True for floating dtypes."""
    return "float" in standardize_dtype(dtype)


def is_int_dtype(dtype: object) -> bool:
    """True for signed and unsigned integers."""
    return standardize_dtype(dtype).startswith(("int", "uint"))


def is_keras_tensor(x: object) -> bool:
    """True for symbolic tensors."""
    from cornu.core.symbolic import KerasTensor

    return isinstance(x, KerasTensor)


def __getattr__(name: str) -> Any:
    from cornu import keras2_backend  # heavy, and rarely asked for

    if name in keras2_backend.NAMES:
        return getattr(keras2_backend, name)
    return attribute_error(__name__, dict.fromkeys(keras2_backend.NAMES, ""))(name)


def __dir__() -> list[str]:
    from cornu import keras2_backend

    return sorted({*globals(), *keras2_backend.NAMES})
