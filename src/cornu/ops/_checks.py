"""Checks of options that the neural-network ops share: layouts, paddings, sizes per axis, named choices."""

import operator
from collections.abc import Iterable
from typing import Any

from cornu._base.errors import InvalidArgumentError
from cornu._base.suggest import did_you_mean
from cornu.core import config

LAYOUTS = ("channels_last", "channels_first")


def choice(op: str, name: str, value: Any, known: Iterable[str]) -> str:
    """The value in lower case if it is one of the known ones. Raises: InvalidArgumentError with the nearest names."""
    known = tuple(known)
    plain = value.lower() if isinstance(value, str) else value
    if plain in known:
        return plain
    hint = did_you_mean(value, known) if isinstance(value, str) else ""
    raise InvalidArgumentError(
        f"{op}: expected {name} to be one of {', '.join(map(repr, known))}; received {value!r}.{hint}"
    )


def layout(op: str, data_format: str | None) -> str:
    """`"channels_last"` or `"channels_first"`; None is the setting. Raises: InvalidArgumentError on anything else."""
    return config.image_data_format() if data_format is None else choice(op, "data_format", data_format, LAYOUTS)


def per_axis(op: str, name: str, value: Any, rank: int, least: int = 1) -> tuple[int, ...]:
    """One integer per spatial axis, of an integer or a sequence of `rank` of them.

    Raises: InvalidArgumentError if the count is wrong or an entry is no integer of at least `least`.
    """
    try:
        values = (operator.index(value),) * rank
    except TypeError:
        try:
            values = tuple(operator.index(entry) for entry in value)
        except TypeError:
            values = ()
    if len(values) != rank or min(values) < least:
        raise InvalidArgumentError(
            f"{op}: expected {name} to be an integer of at least {least}, or {rank} of them; received {value!r}."
        )
    return values


def axes_of(op: str, axis: Any, rank: int) -> tuple[int, ...]:
    """The axes as a tuple of numbers from 0; None means all. Raises: InvalidArgumentError if one is out of range."""
    if axis is None:
        return tuple(range(rank))
    axes = tuple(axis) if isinstance(axis, (list, tuple)) else (axis,)
    if any(not -rank <= a < rank for a in axes):
        raise InvalidArgumentError(f"{op}: expected axis from {-rank} to {rank - 1} for rank {rank}; received {axis}.")
    return tuple(a % rank for a in axes)


def image_axes(op: str, shape: tuple[int, ...], data_format: str | None, spatial: int = 2) -> tuple[int, ...]:
    """The spatial axes, then the channel axis, of one image or a batch of images.

    Raises: InvalidArgumentError unless the rank is `spatial + 1` (one image) or `spatial + 2` (a batch).
    """
    first = layout(op, data_format) == "channels_first"
    rank = len(shape)
    if rank not in (spatial + 1, spatial + 2):
        raise InvalidArgumentError(
            f"{op}: expected an image of rank {spatial + 1} or a batch of rank {spatial + 2}; received shape {tuple(shape)}."
        )
    begin = rank - spatial - 1 + first
    return (*range(begin, begin + spatial), rank - spatial - 1 if first else rank - 1)
