"""Python's built-in functions on traced tensors. On anything else they are Python's own."""

import builtins
from collections.abc import Callable
from typing import Any

from cornu import ops
from cornu.core.tensor import convert_to_tensor
from cornu.data import Dataset
from cornu.tf.autograph.ranges import TensorRange
from cornu.tf.autograph.state import is_traced
from cornu.tf.scopes import inside_function


def _int(*args: Any, **kwargs: Any) -> Any:
    if len(args) == 1 and is_traced(args[0]):
        return ops.cast(args[0], "int32")
    return builtins.int(*args, **kwargs)


def _float(*args: Any) -> Any:
    if len(args) == 1 and is_traced(args[0]):
        return ops.cast(args[0], "float32")
    return builtins.float(*args)


def _bool(*args: Any) -> Any:
    if len(args) == 1 and is_traced(args[0]):
        return ops.cast(args[0], "bool")
    return builtins.bool(*args)


def _range(*args: Any) -> Any:
    return TensorRange(*args) if any(map(is_traced, args)) else builtins.range(*args)


def _enumerate(values: Any, start: Any = 0) -> Any:
    return values.enumerate(start) if isinstance(values, Dataset) else builtins.enumerate(values, start)


def _zip(*args: Any, **kwargs: Any) -> Any:
    if args and all(isinstance(arg, Dataset) for arg in args):
        return Dataset.zip(args)
    return builtins.zip(*args, **kwargs)


def _extreme(builtin: Callable, of_two: Callable, of_all: Callable) -> Callable:
    def choose(*args: Any, **kwargs: Any) -> Any:
        if kwargs or not any(map(is_traced, args)):
            return builtin(*args, **kwargs)
        if len(args) == 1:
            return of_all(args[0])
        best = convert_to_tensor(args[0])
        for other in args[1:]:
            best = of_two(best, other)
        return best

    return choose


def _quantifier(builtin: Callable, of_all: Callable, of_two: Callable) -> Callable:
    def decide(values: Any) -> Any:
        if is_traced(values):
            return of_all(ops.cast(values, "bool"))
        values = list(values)
        if not any(map(is_traced, values)):
            return builtin(values)
        result = convert_to_tensor(values[0])
        for other in values[1:]:
            result = of_two(result, other)
        return result

    return decide


REPLACEMENTS: dict[Any, Callable] = {
    builtins.int: _int,
    builtins.float: _float,
    builtins.bool: _bool,
    builtins.range: _range,
    builtins.enumerate: _enumerate,
    builtins.zip: _zip,
    builtins.min: _extreme(builtins.min, ops.minimum, ops.min),
    builtins.max: _extreme(builtins.max, ops.maximum, ops.max),
    builtins.all: _quantifier(builtins.all, ops.all, ops.logical_and),
    builtins.any: _quantifier(builtins.any, ops.any, ops.logical_or),
}


def iterated_range(function: Any) -> Callable | None:
    """For the `range` of the tensor namespace: a sequence that may have traced bounds. None for other functions."""
    is_range = getattr(function, "__name__", "") == "range" and getattr(function, "__module__", "").startswith("cornu.")
    if not is_range or not inside_function():
        return None

    def tensor_range(*args: Any, name: str | None = None, **kwargs: Any) -> TensorRange:
        return TensorRange(*args, **kwargs)

    return tensor_range
