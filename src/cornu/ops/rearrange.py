"""`rearrange`: reshape and transpose, written as a pattern of named axes."""

import math
import re

import jax.numpy as jnp

from cornu._base.errors import InvalidArgumentError
from cornu.core.dispatch import op

_TOKEN = re.compile(r"\s*(->|\(|\)|\.\.\.|[A-Za-z_]\w*|1\b)")


def rearrange(tensor, pattern, **axes_lengths):
    """Split, reorder and merge axes: `rearrange(x, "b (h s) c -> b h (s c)", s=2)`.

    `(a b)` on the left splits an axis (all but one length are given), on the right merges; `...` stands for further axes;
    `1` is an axis of size 1.
    Raises: InvalidArgumentError if the pattern cannot be read or does not fit the shape. Source: einops.
    """
    return rearrange_axes(tensor, pattern, lengths=tuple(sorted(axes_lengths.items())))


@op(static="pattern")
def rearrange_axes(tensor, pattern, lengths=()):
    """What `rearrange` computes; `lengths` are pairs (name, length)."""
    left, right = _parse(pattern)
    left, right = _open_ellipsis(left, right, tensor.ndim, pattern)
    if len(left) != tensor.ndim:
        raise InvalidArgumentError(
            f"Expected {len(left)} axes for the pattern {pattern!r}; received shape {tensor.shape}."
        )
    sizes = dict(lengths)
    for group, size in zip(left, tensor.shape, strict=True):
        _solve(group, size, sizes, pattern)
    source = [name for group in left for name in group]
    target = [name for group in right for name in group]
    if sorted(source) != sorted(target) or len(set(source)) != len(source):
        raise InvalidArgumentError(f"Expected every axis exactly once on both sides of {pattern!r}.")
    if unknown := dict(lengths).keys() - set(source):
        raise InvalidArgumentError(
            f"The pattern {pattern!r} has no axis {sorted(unknown)[0]!r}, but a length was given."
        )
    split = jnp.reshape(tensor, [sizes[name] for name in source])
    moved = jnp.transpose(split, [source.index(name) for name in target])
    return jnp.reshape(moved, [math.prod(sizes[name] for name in group) for group in right])


def _parse(pattern):
    """Two lists of groups of names; `1` is an empty group, a bare `...` the text itself."""
    tokens, position = [], 0
    text = pattern.strip()
    while position < len(text):
        found = _TOKEN.match(text, position)
        if not found:
            raise InvalidArgumentError(f"Cannot read the pattern {pattern!r} at {text[position:]!r}.")
        tokens.append(found[1])
        position = found.end()
    if tokens.count("->") != 1:
        raise InvalidArgumentError(f"Expected one '->' in the pattern; received {pattern!r}.")
    arrow = tokens.index("->")
    return _groups(tokens[:arrow], pattern), _groups(tokens[arrow + 1 :], pattern)


def _groups(tokens, pattern):
    groups, inside = [], None
    for token in tokens:
        if token in "()":
            if (token == "(") != (inside is None):
                raise InvalidArgumentError(f"The brackets of the pattern {pattern!r} do not match.")
            if token == "(":
                inside = []
            else:
                groups.append(inside)
                inside = None
        elif inside is not None:
            inside += [] if token == "1" else [token]
        else:
            groups.append([] if token == "1" else "..." if token == "..." else [token])  # a bare ... stays text
    if inside is not None:
        raise InvalidArgumentError(f"The brackets of the pattern {pattern!r} do not match.")
    return groups


def _open_ellipsis(left, right, ndim, pattern):
    """`...` replaced by as many named axes as the tensor has there."""
    count = ndim - (len(left) - 1) if "..." in left else 0
    if count < 0 or ("..." in left) != any("..." in group for group in right):
        raise InvalidArgumentError(f"Expected '...' on both sides of {pattern!r}, and a tensor with enough axes.")
    names = [f"... {i}" for i in range(count)]
    opened = [part for group in left for part in ([[n] for n in names] if group == "..." else [group])]
    merged = []
    for group in right:
        if group == "...":
            merged += [[name] for name in names]
        else:
            merged.append([part for name in group for part in (names if name == "..." else [name])])
    return opened, merged


def _solve(group, size, sizes, pattern):
    """Fill in the one length of a group that is not given."""
    open_names = [name for name in group if name not in sizes]
    known = math.prod(sizes[name] for name in group if name in sizes)
    if len(open_names) > 1:
        raise InvalidArgumentError(
            f"Lengths of {', '.join(open_names[1:])} are needed to split an axis in {pattern!r}."
        )
    if (open_names and (not known or size % known)) or (not open_names and known != size):
        raise InvalidArgumentError(
            f"An axis of size {size} does not fit ({' '.join(group)}) in the pattern {pattern!r}."
        )
    if open_names:
        sizes[open_names[0]] = size // known
