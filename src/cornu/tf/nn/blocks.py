"""Blocks of pixels moved to the batch or the channels and back. Source: tf.nn."""

from collections.abc import Callable
from typing import Any

import numpy as np

from cornu import ops
from cornu._base.errors import InvalidArgumentError
from cornu.tf.host_values import host
from cornu.tf.nn.layouts import layout


def space_to_depth(input: Any, block_size: int, data_format: str = "NHWC", name: str | None = None) -> Any:
    """Blocks of pixels stacked as channels. Shape: (n, h, w, c) -> (n, h / b, w / b, b * b * c). Source: tf.nn.space_to_depth."""
    return ops.space_to_depth(input, int(block_size), layout("space_to_depth", data_format, 2).keras)


def depth_to_space(input: Any, block_size: int, data_format: str = "NHWC", name: str | None = None) -> Any:
    """Channels spread over blocks of pixels; undoes `space_to_depth`. Source: tf.nn.depth_to_space."""
    return ops.depth_to_space(input, int(block_size), layout("depth_to_space", data_format, 2).keras)


def space_to_batch(input: Any, block_shape: Any, paddings: Any, name: str | None = None) -> Any:
    """The pixels of each place in blocks as images of their own, after padding with zeros.

    Shape: (n, *spatial, ...) -> (n * b0 * b1 * ..., (spatial + paddings) / block, ...).
    Raises: InvalidArgumentError unless the blocks divide the padded sizes. Source: tf.nn.space_to_batch.
    """
    x, blocks, pads = _checked("space_to_batch", input, block_shape, paddings)
    rank = len(blocks)
    x = ops.pad(x, [(0, 0), *pads, *[(0, 0)] * (len(x.shape) - rank - 1)])
    sizes, rest = tuple(x.shape[1 : rank + 1]), tuple(x.shape[rank + 1 :])
    if any(n % b for n, b in zip(sizes, blocks, strict=True)):
        raise InvalidArgumentError(f"space_to_batch: expected blocks {blocks} to divide the padded sizes {sizes}.")
    split = [part for n, b in zip(sizes, blocks, strict=True) for part in (n // b, b)]
    x = ops.reshape(x, (x.shape[0], *split, *rest))
    order = [*range(2, 2 * rank + 1, 2), 0, *range(1, 2 * rank, 2), *range(2 * rank + 1, len(x.shape))]
    moved = ops.transpose(x, order)
    return ops.reshape(moved, (-1, *(n // b for n, b in zip(sizes, blocks, strict=True)), *rest))


def batch_to_space(input: Any, block_shape: Any, crops: Any, name: str | None = None) -> Any:
    """Undoes `space_to_batch`; `crops` are cut off.

    Shape: (n * b0 * b1 * ..., *spatial, ...) -> (n, spatial * block - crops, ...).
    Raises: InvalidArgumentError unless the blocks divide the batch. Source: tf.batch_to_space.
    """
    x, blocks, cuts = _checked("batch_to_space", input, block_shape, crops)
    rank, count = len(blocks), int(np.prod(blocks))
    if x.shape[0] % count:
        raise InvalidArgumentError(f"batch_to_space: expected blocks {blocks} to divide the batch of {x.shape[0]}.")
    sizes, rest = tuple(x.shape[1 : rank + 1]), tuple(x.shape[rank + 1 :])
    x = ops.reshape(x, (*blocks, x.shape[0] // count, *sizes, *rest))
    pairs = [axis for i in range(rank) for axis in (rank + 1 + i, i)]
    moved = ops.transpose(x, [rank, *pairs, *range(2 * rank + 1, len(x.shape))])
    whole = [n * b for n, b in zip(sizes, blocks, strict=True)]
    x = ops.reshape(moved, (-1, *whole, *rest))
    window = tuple(slice(a, n - b) for n, (a, b) in zip(whole, cuts, strict=True))
    return x[(slice(None), *window)]


def _checked(name: str, x: Any, block_shape: Any, pairs: Any) -> tuple[Any, tuple[int, ...], list[tuple[int, int]]]:
    x, pairs = ops.convert_to_tensor(x), host(pairs)
    blocks = tuple(int(b) for b in np.atleast_1d(host(block_shape)))
    if len(blocks) == 1 and pairs.ndim == 2:
        blocks *= len(pairs)
    if (
        pairs.shape != (len(blocks), 2)
        or min(blocks, default=1) < 1
        or len(x.shape) <= len(blocks)
        or (pairs < 0).any()
    ):
        raise InvalidArgumentError(
            f"{name}: expected a tensor of more than {len(blocks)} axes, positive block sizes and a pair of numbers of 0 or more "
            f"for each; received shape {tuple(x.shape)}, blocks {blocks}, pairs {pairs.tolist()}."
        )
    return x, blocks, [(int(a), int(b)) for a, b in pairs]


def with_space_to_batch(
    input: Any,
    dilation_rate: Any,
    padding: str,
    op: Callable,
    filter_shape: Any = None,
    spatial_dims: Any = None,
    data_format: str | None = None,
) -> Any:
    """`op(x, number of spatial axes, "VALID")` on every image of pixels `dilation_rate` apart: a dilated window operation.

    Args:
        padding: "SAME" or "VALID"; "SAME" needs `filter_shape`.
        spatial_dims: which axes, the batch being 0; by default from 1 on, or from 2 on if `data_format` starts with "NC".

    Raises: InvalidArgumentError on options that do not fit. Source: tf.nn.with_space_to_batch.
    """
    x, rates = ops.convert_to_tensor(input), [int(r) for r in np.atleast_1d(host(dilation_rate))]
    is_first = data_format is not None and data_format.startswith("NC")
    dims = list(spatial_dims) if spatial_dims is not None else [i + (2 if is_first else 1) for i in range(len(rates))]
    if len(dims) != len(rates) or padding not in ("SAME", "VALID") or (padding == "SAME" and filter_shape is None):
        raise InvalidArgumentError(
            "with_space_to_batch: expected one dilation rate per spatial axis and padding 'VALID', or 'SAME' with filter_shape; "
            f"received rates {rates}, axes {dims} and padding {padding!r}."
        )
    if all(rate == 1 for rate in rates):
        return op(x, len(rates), padding)
    others = [axis for axis in range(1, len(x.shape)) if axis not in dims]
    order = [0, *dims, *others]
    extents = (
        [0] * len(rates) if filter_shape is None else [(int(k) - 1) * r for k, r in zip(host(filter_shape), rates)]
    )
    base = [(e // 2, e - e // 2) if padding == "SAME" else (0, 0) for e in extents]
    lengths = [x.shape[axis] + a + b for axis, (a, b) in zip(dims, base, strict=True)]
    fill = [-length % rate for length, rate in zip(lengths, rates, strict=True)]
    pads = [(a, b + more) for (a, b), more in zip(base, fill, strict=True)]
    inner = ops.transpose(space_to_batch(ops.transpose(x, order), rates, pads), np.argsort(order).tolist())
    found = ops.transpose(op(inner, len(rates), "VALID"), order)
    whole = batch_to_space(found, rates, [(0, more) for more in fill])
    return ops.transpose(whole, np.argsort(order).tolist())
