"""Checks of layer arguments, each written once: they return the normalised value or say what was expected."""

import operator
from collections.abc import Iterable, Sequence
from typing import Any

from cornu._base.errors import InvalidArgumentError, InvalidTypeError
from cornu._base.suggest import did_you_mean
from cornu.core import config


def integer(name: str, value: Any, at_least: int = 0) -> int:
    """`value` as an int of `at_least` or more.

    Raises: InvalidArgumentError if it is no integer or too small.
    """
    try:
        number = operator.index(value) if not isinstance(value, bool) else None
    except TypeError:
        number = int(value) if isinstance(value, float) and value.is_integer() else None
    if number is None or number < at_least:
        kind = {0: "an integer of 0 or more", 1: "a positive integer"}.get(
            at_least, f"an integer of {at_least} or more"
        )
        raise InvalidArgumentError(f"Expected {name} as {kind}; received {name}={value!r}.")
    return number


def positive_int(name: str, value: Any) -> int:
    """`value` as an int of 1 or more. Raises: InvalidArgumentError otherwise."""
    return integer(name, value, at_least=1)


def tuple_of(n: int, name: str, value: Any, at_least: int = 1) -> tuple[int, ...]:
    """One integer for all `n` axes, or `n` integers, as a tuple of `n`.

    Raises: InvalidArgumentError if the length or an entry is wrong.
    """
    if not isinstance(value, Iterable) or isinstance(value, str):
        return (integer(name, value, at_least),) * n
    entries = tuple(value)
    if len(entries) != n:
        raise InvalidArgumentError(
            f"Expected {name} as one integer or {n} of them, one for each axis; received {name}={value!r}."
        )
    return tuple(integer(name, entry, at_least) for entry in entries)


def pairs_of(n: int, name: str, value: Any) -> tuple[tuple[int, int], ...]:
    """(before, after) for each of `n` axes, from one integer, `n` integers or `n` pairs.

    Raises: InvalidArgumentError if the length or an entry is wrong.
    """
    if not isinstance(value, Iterable):
        value = (value,) * n
    entries = tuple(value)
    if len(entries) != n:
        raise InvalidArgumentError(
            f"Expected {name} as one integer, {n} integers or {n} pairs (before, after); received {name}={value!r}."
        )
    return tuple(tuple_of(2, name, entry, at_least=0) for entry in entries)  # type: ignore[misc]


def choice(name: str, value: Any, options: Sequence[str]) -> str:
    """`value` in lower case, if it is one of the options. Raises: InvalidArgumentError naming the nearest one."""
    if isinstance(value, str) and value.lower() in options:
        return value.lower()
    listed = " or ".join(map(repr, options)) if len(options) == 2 else ", ".join(map(repr, options))
    hint = did_you_mean(value, options) if isinstance(value, str) else ""
    raise InvalidArgumentError(f"Expected {name} as one of {listed}; received {name}={value!r}.{hint}")


def data_format(value: str | None) -> str:
    """`"channels_last"` or `"channels_first"`; None means the configured one; Keras 1 said "tf" and "th"."""
    if value is None:
        return config.image_data_format()
    value = {"tf": "channels_last", "th": "channels_first"}.get(value, value)
    return choice("data_format", value, ("channels_last", "channels_first"))


def fraction(name: str, value: Any, below_one: bool = False) -> float:
    """`value` if it is a number from 0 to 1. Raises: InvalidArgumentError otherwise (at 1 too, with `below_one`)."""
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    if not is_number or not 0 <= value <= 1 or (below_one and value == 1):
        top = "below 1" if below_one else "at most 1"
        raise InvalidArgumentError(f"Expected {name} as a number of at least 0 and {top}; received {name}={value!r}.")
    return value


def at_least(name: str, value: Any, smallest: float) -> float:
    """`value` if it is a number of `smallest` or more. Raises: InvalidArgumentError otherwise."""
    try:
        if value >= smallest:
            return value
    except TypeError:
        pass
    raise InvalidArgumentError(f"Expected {name} as a number of at least {smallest}; received {name}={value!r}.")


def axes(name: str, value: Any) -> int | list[int]:
    """One axis as an int, several as a list. Raises: InvalidTypeError if an entry is no integer."""
    try:
        return [operator.index(axis) for axis in value] if isinstance(value, (list, tuple)) else operator.index(value)
    except TypeError:
        raise InvalidTypeError(f"Expected {name} as an integer or a list of them; received {name}={value!r}.") from None


def axis_within(name: str, axis: int, rank: int) -> int:
    """`axis` counted from the front. Raises: InvalidArgumentError if a tensor of that rank has no such axis."""
    if not -rank <= axis < rank:
        raise InvalidArgumentError(
            f"Expected {name} from {-rank} to {rank - 1} for an input of rank {rank}; received {axis}."
        )
    return axis % rank


def no_quantization(value: Any) -> None:
    """None, the only quantization there is. Raises: InvalidArgumentError for anything else."""
    if value is not None:
        raise InvalidArgumentError(
            f"Expected quantization_config=None: weights are kept in floating point; received {value!r}. "
            "Use a dtype policy such as 'mixed_bfloat16' for smaller and faster arithmetic."
        )
