"""Assertions on tensors. They raise when they run, eagerly or inside a compiled function. Source: tf.debugging."""

from collections.abc import Callable
from typing import Any

import jax
import numpy as np

from cornu._base.errors import InvalidArgumentError, InvalidTypeError
from cornu.core import config, dtypes
from cornu.core.tensor import convert_to_tensor, is_tensor, raw
from cornu.tf.assertions import assert_true, check_when_run

enable_traceback_filtering = config.enable_traceback_filtering
disable_traceback_filtering = config.disable_traceback_filtering
is_traceback_filtering_enabled = config.is_traceback_filtering_enabled
_checks = {"numerics": False, "placement": False}


def _check(holds: Callable[..., Any], tensors: tuple, sentence: Callable[..., str], message: str | None) -> None:
    arrays = [raw(tensor) for tensor in tensors]

    def problem(*values: Any) -> str | None:
        return None if np.all(holds(*values)) else f"{f'{message} ' if message else ''}{sentence(*values)}"

    if any(isinstance(array, jax.core.Tracer) for array in arrays):
        check_when_run(problem, *arrays)
    elif (text := problem(*map(np.asarray, arrays))) is not None:
        raise InvalidArgumentError(text)


def _short(array: Any) -> str:
    return np.array2string(np.asarray(array), threshold=6, edgeitems=3)


def _comparison(name: str, words: str, holds: Callable) -> Any:
    def check(
        x: Any, y: Any, message: str | None = None, summarize: int | None = None, name: str | None = None
    ) -> None:
        _check(
            holds,
            (x, y),
            lambda a, b: f"Expected x {words} y everywhere; received x={_short(a)}, y={_short(b)}.",
            message,
        )

    check.__name__ = check.__qualname__ = name
    check.__doc__ = (
        f"Raises InvalidArgumentError unless x {words} y for every pair of entries. Source: tf.debugging.{name}."
    )
    return check


assert_equal = _comparison("assert_equal", "==", lambda x, y: x == y)
assert_none_equal = _comparison("assert_none_equal", "!=", lambda x, y: x != y)
assert_less = _comparison("assert_less", "<", lambda x, y: x < y)
assert_less_equal = _comparison("assert_less_equal", "<=", lambda x, y: x <= y)
assert_greater = _comparison("assert_greater", ">", lambda x, y: x > y)
assert_greater_equal = _comparison("assert_greater_equal", ">=", lambda x, y: x >= y)


def _sign(name: str, words: str, holds: Callable) -> Any:
    def check(x: Any, message: str | None = None, summarize: int | None = None, name: str | None = None) -> None:
        _check(holds, (x,), lambda a: f"Expected x {words} everywhere; received x={_short(a)}.", message)

    check.__name__ = check.__qualname__ = name
    check.__doc__ = f"Raises InvalidArgumentError unless x {words} for every entry. Source: tf.debugging.{name}."
    return check


assert_positive = _sign("assert_positive", "> 0", lambda x: x > 0)
assert_negative = _sign("assert_negative", "< 0", lambda x: x < 0)
assert_non_negative = _sign("assert_non_negative", ">= 0", lambda x: x >= 0)
assert_non_positive = _sign("assert_non_positive", "<= 0", lambda x: x <= 0)


def assert_near(
    x: Any,
    y: Any,
    rtol: float | None = None,
    atol: float | None = None,
    message: str | None = None,
    summarize: int | None = None,
    name: str | None = None,
) -> None:
    """Raises InvalidArgumentError unless |x - y| <= atol + rtol |y|; both default to ten times the dtype's epsilon."""
    x = x if is_tensor(x) else convert_to_tensor(x)
    tiny = 10 * float(np.finfo(dtypes._NUMPY[x.dtype]).eps) if x.dtype.is_floating else 0.0
    rtol, atol = (tiny if rtol is None else rtol), (tiny if atol is None else atol)
    _check(
        lambda a, b: np.abs(a - b) <= atol + rtol * np.abs(b),
        (x, y),
        lambda a, b: (
            f"Expected x and y to differ by at most {atol} + {rtol} * |y|; received x={_short(a)}, y={_short(b)}."
        ),
        message,
    )


def assert_all_finite(x: Any, message: str, name: str | None = None) -> Any:
    """The tensor. Raises: InvalidArgumentError if an entry is infinite or not a number."""
    _check(np.isfinite, (x,), lambda a: f"Expected finite numbers; received {_short(a)}.", message)
    return x


check_numerics = assert_all_finite
Assert = assert_true


def enable_check_numerics(stack_height_limit: int = 30, path_length_limit: int = 50) -> None:
    """Every op that makes a NaN raises FloatingPointError from now on (slower; for debugging)."""
    jax.config.update("jax_debug_nans", True)
    jax.config.update("jax_debug_infs", True)


def disable_check_numerics() -> None:
    """Undo `enable_check_numerics`."""
    jax.config.update("jax_debug_nans", False)
    jax.config.update("jax_debug_infs", False)


def _rank_of(x: Any) -> int:
    return len((x if is_tensor(x) else convert_to_tensor(x)).shape)


def _fail(message: str | None, sentence: str, kind: type[Exception] = InvalidArgumentError) -> None:
    raise kind(f"{f'{message} ' if message else ''}{sentence}")


def assert_rank(x: Any, rank: int, message: str | None = None, name: str | None = None) -> None:
    """Raises InvalidArgumentError unless the tensor has so many dimensions."""
    if (found := _rank_of(x)) != int(rank):
        _fail(message, f"Expected {int(rank)} dimensions; received {found}.")


def assert_rank_at_least(x: Any, rank: int, message: str | None = None, name: str | None = None) -> None:
    """Raises InvalidArgumentError unless the tensor has so many dimensions or more."""
    if (found := _rank_of(x)) < int(rank):
        _fail(message, f"Expected at least {int(rank)} dimensions; received {found}.")


def assert_rank_in(x: Any, ranks: Any, message: str | None = None, name: str | None = None) -> None:
    """Raises InvalidArgumentError unless the number of dimensions is one of `ranks`."""
    if (found := _rank_of(x)) not in tuple(map(int, ranks)):
        _fail(message, f"Expected one of {tuple(map(int, ranks))} dimensions; received {found}.")


def assert_scalar(tensor: Any, message: str | None = None, name: str | None = None) -> Any:
    """The tensor. Raises: InvalidArgumentError if it has dimensions."""
    assert_rank(tensor, 0, message)
    return tensor


def assert_type(tensor: Any, tf_type: Any, message: str | None = None, name: str | None = None) -> None:
    """Raises InvalidTypeError unless the tensor has that dtype."""
    found = (tensor if is_tensor(tensor) else convert_to_tensor(tensor)).dtype
    if found != dtypes.as_dtype(tf_type):
        _fail(message, f"Expected dtype {dtypes.as_dtype(tf_type).name}; received {found}.", InvalidTypeError)


def assert_integer(x: Any, message: str | None = None, name: str | None = None) -> None:
    """Raises InvalidTypeError unless the tensor is of integers."""
    found = dtypes.as_dtype((x if is_tensor(x) else convert_to_tensor(x)).dtype)
    if not found.is_integer:
        _fail(message, f"Expected integers; received {found.name}.", InvalidTypeError)


def assert_same_float_dtype(tensors: Any = None, dtype: Any = None) -> Any:
    """The one floating dtype of all tensors. Raises: InvalidTypeError if they have another, or several."""
    found = {dtypes.as_dtype(tensor.dtype).name for tensor in tensors or []}
    found |= set() if dtype is None else {dtypes.as_dtype(dtype).name}
    if len(found) > 1 or not all(dtypes.as_dtype(each).is_floating for each in found):
        raise InvalidTypeError(f"Expected one floating dtype; received {', '.join(sorted(found))}.")
    return dtypes.as_dtype(found.pop() if found else "float32")


def assert_proper_iterable(values: Any) -> None:
    """Raises InvalidTypeError unless the values are a list, tuple or the like, and not one tensor or text."""
    if is_tensor(values) or isinstance(values, (np.ndarray, str, bytes)) or not hasattr(values, "__iter__"):
        raise InvalidTypeError(f"Expected a list or tuple; received {type(values).__name__}.")


def assert_shapes(
    shapes: Any, data: Any = None, summarize: Any = None, message: str | None = None, name: Any = None
) -> None:
    """Raises InvalidArgumentError unless tensors have the shapes beside them.

    Args:
        shapes: {tensor: shape} or pairs. A size is a number, None for any, or a letter that stands for one size everywhere.
    """
    letters: dict[str, int] = {}
    for tensor, wanted in shapes.items() if isinstance(shapes, dict) else shapes:
        sizes = tuple((tensor if is_tensor(tensor) else convert_to_tensor(tensor)).shape)
        pattern = tuple(wanted) if isinstance(wanted, (str, list, tuple)) else (wanted,)
        good = len(pattern) == len(sizes)
        for size, want in zip(sizes, pattern):
            if isinstance(want, str):
                want = letters.setdefault(want, size)
            good = good and (want is None or size == want)
        if not good:
            known = f" with {letters}" if letters else ""
            _fail(message, f"Expected a tensor of shape {pattern}{known}; received shape {sizes}.")


def is_numeric_tensor(tensor: Any) -> bool:
    """True for tensors of numbers."""
    return is_tensor(tensor) and (tensor.dtype.is_integer or tensor.dtype.is_floating or tensor.dtype.is_complex)


def set_log_device_placement(enabled: bool) -> None:
    """Remember the wish; where arrays lie is shown by `tensor.device`."""
    _checks["placement"] = bool(enabled)


def get_log_device_placement() -> bool:
    """The wish of `set_log_device_placement`."""
    return _checks["placement"]
