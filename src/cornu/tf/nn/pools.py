"""Pooling of `tf.nn`. Window sizes and strides: one number, one per spatial axis, or one per axis of the input.

Padding: "SAME" or "VALID"; for `max_pool` also zeros before and after every axis, which never win.
Raises: InvalidArgumentError on options or shapes that do not fit. Source: tf.nn.
"""

from typing import Any

from cornu import ops
from cornu._base.errors import InvalidArgumentError
from cornu.core import strict_dtypes
from cornu.ops.padded_conv import dilated_pool, pool_with_places
from cornu.tf.nn.layouts import Layout, layout


def max_pool(
    input: Any, ksize: Any, strides: Any, padding: Any, data_format: str | None = None, name: str | None = None
) -> Any:
    """Largest entry of each window over 1, 2 or 3 spatial axes; the gradient goes to the first of equal ones."""
    return _max("max_pool", input, ksize, strides, padding, data_format, None)


def max_pool1d(
    input: Any, ksize: Any, strides: Any, padding: Any, data_format: str | None = "NWC", name: str | None = None
) -> Any:
    """Largest entry of each window. Shape: (n, w, c) -> (n, w', c)."""
    return _max("max_pool1d", input, ksize, strides, padding, data_format, 1)


def max_pool2d(
    input: Any, ksize: Any, strides: Any, padding: Any, data_format: str | None = "NHWC", name: str | None = None
) -> Any:
    """Largest entry of each window. Shape: (n, h, w, c) -> (n, h', w', c)."""
    return _max("max_pool2d", input, ksize, strides, padding, data_format, 2)


def max_pool3d(
    input: Any, ksize: Any, strides: Any, padding: Any, data_format: str | None = "NDHWC", name: str | None = None
) -> Any:
    """Largest entry of each window. Shape: (n, d, h, w, c) -> (n, d', h', w', c)."""
    return _max("max_pool3d", input, ksize, strides, padding, data_format, 3)


def avg_pool(
    input: Any, ksize: Any, strides: Any, padding: Any, data_format: str | None = None, name: str | None = None
) -> Any:
    """Mean of each window over 1, 2 or 3 spatial axes; what lies outside does not count."""
    return _average("avg_pool", input, ksize, strides, padding, data_format, None)


def avg_pool1d(
    input: Any, ksize: Any, strides: Any, padding: Any, data_format: str | None = "NWC", name: str | None = None
) -> Any:
    """Mean of each window. Shape: (n, w, c) -> (n, w', c)."""
    return _average("avg_pool1d", input, ksize, strides, padding, data_format, 1)


def avg_pool2d(
    input: Any, ksize: Any, strides: Any, padding: Any, data_format: str | None = "NHWC", name: str | None = None
) -> Any:
    """Mean of each window. Shape: (n, h, w, c) -> (n, h', w', c)."""
    return _average("avg_pool2d", input, ksize, strides, padding, data_format, 2)


def avg_pool3d(
    input: Any, ksize: Any, strides: Any, padding: Any, data_format: str | None = "NDHWC", name: str | None = None
) -> Any:
    """Mean of each window. Shape: (n, d, h, w, c) -> (n, d', h', w', c)."""
    return _average("avg_pool3d", input, ksize, strides, padding, data_format, 3)


def _max(op, input, ksize, strides, padding, data_format, rank):
    x, form = _input(op, input, data_format, rank)
    strides, pads = form.spatial("strides", strides), form.padding(padding)
    if not isinstance(pads, str):
        around = ((0, 0), (0, 0), *pads) if form.is_first else ((0, 0), *pads, (0, 0))
        x, pads = ops.pad(x, around, constant_values=float("-inf") if x.dtype.is_floating else x.dtype.min), "valid"
    return ops.max_pool(x, form.spatial("ksize", ksize), strides, pads, form.keras)


def _average(op, input, ksize, strides, padding, data_format, rank):
    x, form = _input(op, strict_dtypes.floating(op, input), data_format, rank)
    pads = form.padding(padding)
    if not isinstance(pads, str):
        raise InvalidArgumentError(f"{op}: expected padding 'SAME' or 'VALID'; received {padding!r}.")
    return ops.average_pool(x, form.spatial("ksize", ksize), form.spatial("strides", strides), pads, form.keras)


def _input(op: str, input: Any, data_format: str | None, rank: int | None) -> tuple[Any, Layout]:
    x = ops.convert_to_tensor(input)
    own = len(x.shape) - 2
    if rank not in (None, own):
        raise InvalidArgumentError(f"{op}: expected an input of rank {rank + 2}; received shape {tuple(x.shape)}.")
    return x, layout(op, data_format, own)


def pool(
    input: Any,
    window_shape: Any,
    pooling_type: str,
    strides: Any = None,
    padding: Any = "VALID",
    data_format: str | None = None,
    dilations: Any = None,
    name: str | None = None,
) -> Any:
    """`pooling_type` "MAX" or "AVG" of windows whose entries may have gaps (`dilations`); strides are 1 unless given."""
    x, form = _input("pool", input, data_format, None)
    if pooling_type not in ("MAX", "AVG"):
        raise InvalidArgumentError(f"pool: expected pooling_type 'MAX' or 'AVG'; received {pooling_type!r}.")
    sizes, strides, dilations = (
        form.spatial(*each) for each in (("window_shape", window_shape), ("strides", strides), ("dilations", dilations))
    )
    if max(strides) > 1 and max(dilations) > 1:
        raise InvalidArgumentError("pool: expected strides or dilations above 1, not both.")
    return dilated_pool(x, sizes, strides, form.padding(padding), dilations, form.is_first, pooling_type == "AVG")


def max_pool_with_argmax(
    input: Any,
    ksize: Any,
    strides: Any,
    padding: Any,
    data_format: str = "NHWC",
    output_dtype: Any = "int64",
    include_batch_in_index: bool = False,
    name: str | None = None,
) -> tuple[Any, Any]:
    """Largest entry of each window, and its place in the flattened image: `(row * width + column) * channels + channel`.

    Shape: (n, h, w, c) -> twice (n, h', w', c). Only `data_format="NHWC"`.
    """
    x, form = _input("max_pool_with_argmax", input, data_format, 2)
    pads = form.padding(padding)
    if form.is_first or not isinstance(pads, str):
        raise InvalidArgumentError(
            "max_pool_with_argmax: expected data_format 'NHWC' and padding 'SAME' or 'VALID'; received "
            f"{data_format!r} and {padding!r}."
        )
    sizes, strides = form.spatial("ksize", ksize), form.spatial("strides", strides)
    found, places = pool_with_places(x, sizes, strides, pads, (1, 1), with_batch=bool(include_batch_in_index))
    return found, ops.cast(places, output_dtype)
