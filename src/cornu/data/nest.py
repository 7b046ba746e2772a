"""Elements of datasets: nests of tuples, named tuples and dicts. A list is an array, as in tf.data; None is a leaf."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from cornu._base.errors import InvalidArgumentError


def map_nest(function: Callable[..., Any], nest: Any, *others: Any) -> Any:
    """Apply `function` to the leaves of nests of the same structure."""
    if type(nest) is tuple:
        return tuple([map_nest(function, *items) for items in zip(nest, *others)])
    if isinstance(nest, Mapping):
        return _same_mapping(nest, {key: map_nest(function, nest[key], *(o[key] for o in others)) for key in nest})
    if isinstance(nest, tuple):
        return type(nest)(*[map_nest(function, *items) for items in zip(nest, *others)])
    return function(nest, *others)


def _same_mapping(like: Mapping[Any, Any], items: dict[Any, Any]) -> Any:
    return items if type(like) is dict else type(like)(items)  # type: ignore[call-arg]


def flatten(nest: Any) -> list[Any]:
    """The leaves, entries of dicts in the order of their keys."""
    if isinstance(nest, tuple):
        return [leaf for item in nest for leaf in flatten(item)]
    if isinstance(nest, Mapping):
        return [leaf for key in _ordered(nest) for leaf in flatten(nest[key])]
    return [nest]


def pack(nest: Any, leaves: Iterable[Any]) -> Any:
    """The structure of `nest` with those leaves, in the order of `flatten`."""
    return _pack(nest, iter(leaves))


def _pack(nest: Any, leaves: Iterator[Any]) -> Any:
    if isinstance(nest, tuple):
        items = [_pack(item, leaves) for item in nest]
        return type(nest)(*items) if hasattr(nest, "_fields") else tuple(items)
    if isinstance(nest, Mapping):
        made = {key: _pack(nest[key], leaves) for key in _ordered(nest)}
        return _same_mapping(nest, {key: made[key] for key in nest})
    return next(leaves)


def _ordered(nest: Mapping[Any, Any]) -> list[Any]:
    try:
        return sorted(nest)
    except TypeError:  # keys of several types
        return list(nest)


def check_structure(expected: Any, nest: Any, what: str) -> None:
    """Compare structures. Raises: InvalidArgumentError saying what differs in `what`."""
    if not _alike(expected, nest):
        raise InvalidArgumentError(
            f"Expected {what} to have the structure {outline(expected)}; received {outline(nest)}."
        )


def _alike(a: Any, b: Any) -> bool:
    if isinstance(a, Mapping):
        return isinstance(b, Mapping) and set(a) == set(b) and all(_alike(a[key], b[key]) for key in a)
    if isinstance(a, tuple):
        return isinstance(b, tuple) and len(a) == len(b) and all(map(_alike, a, b))
    return not isinstance(b, (tuple, Mapping))


def outline(nest: Any) -> str:
    """The structure in short, leaves as `*`: `(*, {'a': *})`."""
    if isinstance(nest, Mapping):
        return "{" + ", ".join(f"{key!r}: {outline(nest[key])}" for key in nest) + "}"
    if isinstance(nest, tuple):
        return "(" + ", ".join(map(outline, nest)) + ("," if len(nest) == 1 else "") + ")"
    return "*"
