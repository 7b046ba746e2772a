"""Functions of the namespace that also take ragged tensors."""

import functools
from collections.abc import Callable
from typing import Any

from cornu.core.tensor import Tensor


def or_ragged(function: Callable) -> Callable:
    """The function, and for ragged tensors its namesake in `cornu.tf.ragged.functions`, which is imported when needed."""

    @functools.wraps(function)
    def call(*args: Any, **kwargs: Any) -> Any:
        first = args[0] if args else next(iter(kwargs.values()), None)
        if type(first) is not Tensor and _is_ragged(first):
            from cornu.tf.ragged import functions

            return getattr(functions, function.__name__)(*args, **kwargs)
        return function(*args, **kwargs)

    return call


def _is_ragged(x: Any) -> bool:
    """Whether it is a ragged tensor, or a list with one."""
    if isinstance(x, (list, tuple)):
        return any(hasattr(type(item), "ragged_rank") for item in x)
    return hasattr(type(x), "ragged_rank")
