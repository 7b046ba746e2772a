"""Nested structures: lists, tuples, named tuples, dicts (in the order of their keys). Source: keras.tree."""

from collections.abc import Callable, Sequence
from typing import Any

import jax

from cornu._base.errors import InvalidArgumentError, InvalidTypeError
from cornu.core.tensor import Tensor
from cornu.core.variable import Variable


class _MapToNone:
    def __repr__(self) -> str:
        return "MAP_TO_NONE"


MAP_TO_NONE = _MapToNone()  # what `traverse`'s function returns to put None in place of a part


def _is_leaf(x: Any) -> bool:
    return x is None or isinstance(x, (Tensor, Variable))


def is_nested(structure: Any) -> bool:
    """True for what has parts: lists, tuples, dicts."""
    return not jax.tree_util.all_leaves([structure], is_leaf=_is_leaf)


def flatten(structure: Any) -> list:
    """All leaves in order; None counts as one."""
    return jax.tree.leaves(structure, is_leaf=_is_leaf)


def flatten_with_path(structure: Any) -> list[tuple[tuple, Any]]:
    """(path, leaf) for all leaves. A path is the tuple of keys and positions that lead there."""
    pairs, _ = jax.tree_util.tree_flatten_with_path(structure, is_leaf=_is_leaf)
    return [(tuple(map(_step, path)), leaf) for path, leaf in pairs]


def _step(entry: Any) -> Any:
    for attribute in ("key", "idx", "name"):
        if hasattr(entry, attribute):
            return getattr(entry, attribute)
    return str(entry)


def map_structure(func: Callable, *structures: Any, none_is_leaf: bool = True) -> Any:
    """`func` of the corresponding leaves of all structures, in the structure of the first.

    Args:
        none_is_leaf: whether `func` is called for None, which otherwise stays.
    Raises: InvalidArgumentError if the structures differ, InvalidTypeError if `func` cannot be called.
    """
    if not callable(func):
        raise InvalidTypeError(f"Expected a function to map; received {func!r} of type {type(func).__name__}.")
    if not structures:
        raise InvalidArgumentError("Expected at least one structure to map over; received none.")
    try:
        return jax.tree.map(
            func, *structures, is_leaf=_is_leaf if none_is_leaf else lambda x: isinstance(x, (Tensor, Variable))
        )
    except ValueError:
        for other in structures[1:]:
            assert_same_structure(structures[0], other)
        raise


def map_structure_up_to(shallow_structure: Any, func: Callable, *structures: Any) -> Any:
    """`func` of what the structures have where `shallow_structure` has leaves."""
    parts = [_up_to(shallow_structure, structure) for structure in structures]
    treedef = jax.tree.structure(shallow_structure, is_leaf=_is_leaf)
    return jax.tree.unflatten(treedef, [func(*items) for items in zip(*parts, strict=True)])


def _up_to(shallow: Any, structure: Any) -> list:
    treedef = jax.tree.structure(shallow, is_leaf=_is_leaf)
    try:
        return treedef.flatten_up_to(structure)
    except ValueError as error:
        raise InvalidArgumentError(
            f"Expected a structure that begins as {treedef}; received {structure!r:.80}. {error}"
        ) from None


def map_shape_structure(func: Callable, structure: Any) -> Any:
    """`func` of every shape (a tuple or list of sizes and None) in a structure of shapes."""

    def is_shape(x: Any) -> bool:
        return isinstance(x, (list, tuple)) and all(item is None or isinstance(item, int) for item in x)

    return jax.tree.map(lambda x: func(tuple(x)) if isinstance(x, list) else func(x), structure, is_leaf=is_shape)


def assert_same_structure(a: Any, b: Any, check_types: bool | None = None) -> None:
    """Check that both have the same containers with as many parts.

    Raises: InvalidArgumentError with both structures if they differ.
    """
    one, two = (jax.tree.structure(x, is_leaf=_is_leaf) for x in (a, b))
    if one != two:
        raise InvalidArgumentError(f"Expected two equal structures; received {one} and {two}.")


def assert_same_paths(a: Any, b: Any) -> None:
    """Check that the same paths lead to leaves in both; lists and tuples count as equal.

    Raises: InvalidArgumentError with the paths that only one of them has.
    """
    one, two = ({path for path, _ in flatten_with_path(x)} for x in (a, b))
    if one != two:
        raise InvalidArgumentError(
            f"Expected the same paths in both structures; only the first has {sorted(one - two, key=str)}, only the "
            f"second {sorted(two - one, key=str)}."
        )


def pack_sequence_as(structure: Any, flat_sequence: Sequence) -> Any:
    """The leaves of `flat_sequence` in the form of `structure`. Raises: InvalidArgumentError if their number differs."""
    treedef = jax.tree.structure(structure, is_leaf=_is_leaf)
    if treedef.num_leaves != len(flat_sequence):
        raise InvalidArgumentError(
            f"Expected {treedef.num_leaves} leaves for {treedef}; received {len(flat_sequence)}."
        )
    return jax.tree.unflatten(treedef, list(flat_sequence))


def lists_to_tuples(structure: Any) -> Any:
    """The structure with tuples in place of all lists."""
    return traverse(lambda x: tuple(x) if type(x) is list else None, structure, top_down=False)


def traverse(func: Callable, structure: Any, top_down: bool = True) -> Any:
    """Rebuild a structure part by part: what `func(part)` returns takes the part's place, None keeps it.

    From the top, the parts of what was replaced are not visited; from the bottom, `func` sees containers of replaced parts.
    `MAP_TO_NONE` puts None there.
    """
    if top_down:
        found = func(structure)
        if found is not None:
            return None if found is MAP_TO_NONE else found
    rebuilt = structure
    if is_nested(structure):
        parts, treedef = jax.tree.flatten(structure, is_leaf=lambda x: x is not structure)
        rebuilt = jax.tree.unflatten(treedef, [traverse(func, part, top_down) for part in parts])
    if not top_down:
        found = func(rebuilt)
        if found is not None:
            return None if found is MAP_TO_NONE else found
    return rebuilt
