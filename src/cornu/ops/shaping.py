"""Other arrangements of the same entries: reshape, transpose, join, split, repeat, pad.

Raises: InvalidArgumentError if an axis is out of range or shapes do not fit together.
"""

import jax.numpy as jnp

from cornu._base.errors import InvalidArgumentError
from cornu.core import shapes
from cornu.core.dispatch import op


@op(static="newshape")
def reshape(x, newshape):
    """The same entries in another shape; one size may be -1 and is computed."""
    newshape = (newshape,) if isinstance(newshape, int) else newshape
    return jnp.reshape(x, tuple(-1 if size is None else size for size in newshape))


@op
def ravel(x):
    """All entries in one axis. Shape: any -> (n,)."""
    return jnp.ravel(x)


@op
def transpose(x, axes=None):
    """Axes in the order `axes`; reversed if None."""
    return jnp.transpose(x, axes)


@op(static="axis1 axis2")
def swapaxes(x, axis1, axis2):
    """Exchange two axes."""
    return jnp.swapaxes(x, axis1, axis2)


@op(static="source destination")
def moveaxis(x, source, destination):
    """Move axes to new places; the others keep their order."""
    return jnp.moveaxis(x, source, destination)


@op(static="axis")
def expand_dims(x, axis):
    """Insert axes of size 1 so that they stand at `axis` of the result."""
    return jnp.expand_dims(x, axis)


@op
def squeeze(x, axis=None):
    """Remove the axes of size 1, or those at `axis`."""
    return jnp.squeeze(x, axis)


@op(static="shape")
def broadcast_to(x, shape):
    """Repeat axes of size 1 (and missing leading ones) up to `shape`."""
    return jnp.broadcast_to(x, shapes.as_shape(shape))


@op(nests="xs", unify=True)
def concatenate(xs, axis=0):
    """Join tensors along an axis they already have."""
    return jnp.concatenate(_sequence(xs), axis)


@op(nests="x", unify=True)
def stack(x, axis=0):
    """Join tensors of one shape along an axis that is added."""
    return jnp.stack(_sequence(x), axis)


@op(nests="xs", unify=True)
def hstack(xs):
    """Join along the second axis; 1-D tensors along their only one."""
    return jnp.hstack(_sequence(xs))


@op(nests="xs", unify=True)
def vstack(xs):
    """Join along the first axis; 1-D tensors become rows."""
    return jnp.vstack(_sequence(xs))


@op(nests="xs", unify=True)
def dstack(xs):
    """Join along the third axis, which is added where missing."""
    return jnp.dstack(_sequence(xs))


def _sequence(xs):
    """A list of arrays from a list, tuple (of lists, too) or one array cut along its first axis."""
    xs = [jnp.stack(_sequence(x)) if isinstance(x, (list, tuple)) else x for x in xs]
    if not xs:
        raise ValueError("expected at least one tensor, received an empty list")
    return xs


@op(unify=True)
def append(x1, x2, axis=None):
    """Join two tensors along `axis`; both flattened if None."""
    return jnp.append(x1, x2, axis)


def _check_sections(x, sections, axis):
    if isinstance(sections, int) and x.shape[axis] % sections:
        raise ValueError(f"axis {axis} of size {x.shape[axis]} cannot be cut into {sections} equal parts")


@op(static="indices_or_sections")
def split(x, indices_or_sections, axis=0):
    """A list of parts along `axis`: a number of equal parts, or cut before each of the given indices."""
    _check_sections(x, indices_or_sections, axis)
    return list(jnp.split(x, indices_or_sections, axis))


@op(static="indices_or_sections")
def array_split(x, indices_or_sections, axis=0):
    """As `split`, but parts may differ by one in size."""
    return list(jnp.array_split(x, indices_or_sections, axis))


@op(static="indices_or_sections")
def hsplit(x, indices_or_sections):
    """`split` along the second axis; 1-D tensors along their only one."""
    axis = 0 if x.ndim == 1 else 1
    _check_sections(x, indices_or_sections, axis)
    return list(jnp.split(x, indices_or_sections, axis))


@op(static="indices_or_sections")
def vsplit(x, indices_or_sections):
    """`split` along the first axis."""
    _check_sections(x, indices_or_sections, 0)
    return list(jnp.split(x, indices_or_sections, 0))


@op(static="indices_or_sections")
def dsplit(x, indices_or_sections):
    """`split` along the third axis."""
    _check_sections(x, indices_or_sections, 2)
    return list(jnp.split(x, indices_or_sections, 2))


@op
def unstack(x, num=None, axis=0):
    """A list of the entries along `axis`, which disappears. `num`, if given, must be its size."""
    if num is not None and x.shape[axis] != num:
        raise InvalidArgumentError(f"Expected axis {axis} to have size num={num}; received shape {tuple(x.shape)}.")
    return [jnp.squeeze(part, axis) for part in jnp.split(x, x.shape[axis], axis)] if x.shape[axis] else []


@op(static="repeats")
def tile(x, repeats):
    """The tensor repeated as a whole, `repeats` times per axis."""
    return jnp.tile(x, repeats)


@op(static="repeats")
def repeat(x, repeats, axis=None):
    """Every entry along `axis` (of the flattened tensor if None) repeated, by one number or one per entry."""
    if not isinstance(repeats, tuple):
        return jnp.repeat(x, repeats, axis)
    total = sum(repeats) if len(repeats) > 1 else None
    return jnp.repeat(x, jnp.asarray(repeats), axis, total_repeat_length=total)


_PAD_MODES = (
    "constant",
    "empty",
    "edge",
    "linear_ramp",
    "maximum",
    "mean",
    "median",
    "minimum",
    "reflect",
    "symmetric",
    "wrap",
)


@op(tensors="x constant_values")
def pad(x, pad_width, mode="constant", constant_values=None):
    """Add entries at the ends of the axes: `pad_width` is ((before, after), ...) per axis, one pair, or one number.

    `mode` is "constant" (filled with `constant_values`, default 0), "reflect", "symmetric", "edge", "wrap", ...
    Raises: InvalidArgumentError if `constant_values` is given for another mode.
    """
    if mode not in _PAD_MODES:
        raise ValueError(f"expected mode to be one of {', '.join(_PAD_MODES)}, received {mode!r}")
    if mode != "constant":
        if constant_values is not None:
            raise ValueError(f"expected constant_values only with mode='constant', received mode={mode!r}")
        return jnp.pad(x, pad_width, mode)
    return jnp.pad(
        x, pad_width, constant_values=0 if constant_values is None else jnp.asarray(constant_values, x.dtype)
    )


@op
def flip(x, axis=None):
    """The order of entries reversed along `axis` (all axes if None)."""
    return jnp.flip(x, axis)


@op
def fliplr(x):
    """The order reversed along the second axis."""
    return jnp.fliplr(x)


@op
def flipud(x):
    """The order reversed along the first axis."""
    return jnp.flipud(x)


@op(static="shift")
def roll(x, shift, axis=None):
    """Entries moved by `shift` places along `axis`, around the end; of the flattened tensor if None."""
    return jnp.roll(x, shift, axis)


@op
def rot90(array, k=1, axes=(0, 1)):
    """Turned `k` times by 90 degrees in the plane of two axes, from the first towards the second."""
    if len(axes) != 2 or axes[0] == axes[1]:
        raise ValueError(f"expected two different axes, received {axes}")
    return jnp.rot90(array, k, axes)


@op
def tril(x, k=0):
    """Entries above the `k`-th diagonal of the last two axes set to 0."""
    return jnp.tril(x, k)


@op
def triu(x, k=0):
    """Entries below the `k`-th diagonal of the last two axes set to 0."""
    return jnp.triu(x, k)


@op
def diag(x, k=0):
    """A matrix with `x` on its `k`-th diagonal, or the `k`-th diagonal of a matrix."""
    return jnp.diag(x, k)


@op
def diagflat(x, k=0):
    """A matrix with the flattened `x` on its `k`-th diagonal."""
    return jnp.diagflat(x, k)


@op
def diagonal(x, offset=0, axis1=0, axis2=1):
    """The diagonal of two axes, as the last axis."""
    return jnp.diagonal(x, offset, axis1, axis2)


@op(static="sequence_length sequence_stride")
def extract_sequences(x, sequence_length, sequence_stride):
    """Windows along the last axis. Shape: (..., n) -> (..., windows, sequence_length)."""
    return frames(x, sequence_length, sequence_stride)


def frames(x, length, stride):
    """Body of `extract_sequences`."""
    count = (x.shape[-1] - length) // stride + 1
    if count < 1:
        raise ValueError(f"expected a last axis of at least sequence_length={length}")
    places = jnp.arange(count, dtype=jnp.int32)[:, None] * stride + jnp.arange(length, dtype=jnp.int32)
    return x[..., places]
