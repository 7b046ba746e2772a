"""Convolutions of `tf.nn`. Strides and dilations: one number, one per spatial axis, or one per axis of the input.

Padding: "SAME", "VALID", or zeros before and after every axis of the input.
Raises: InvalidArgumentError on options or shapes that do not fit. Source: tf.nn.
"""

from typing import Any

from cornu import ops
from cornu._base.errors import InvalidArgumentError
from cornu.core import strict_dtypes
from cornu.ops.padded_conv import (
    conv_to_shape,
    depthwise_input_gradient,
    depthwise_kernel_gradient,
    morphological_dilation,
    padded_conv,
    padded_depthwise_conv,
)
from cornu.tf.nn.layouts import layout
from cornu.tf.shapes import static_shape


def convolution(
    input: Any,
    filters: Any,
    strides: Any = None,
    padding: Any = "VALID",
    data_format: str | None = None,
    dilations: Any = None,
    name: str | None = None,
) -> Any:
    """Convolution over 1, 2 or 3 spatial axes, grouped if the kernel takes fewer channels than there are.

    Shape: (*batch, *spatial, groups * c), kernel (*sizes, c, filters) -> (*batch, *spatial', filters).
    """
    return _conv("convolution", input, filters, strides, padding, data_format, dilations)


def conv1d(
    input: Any,
    filters: Any,
    stride: Any,
    padding: Any,
    data_format: str | None = "NWC",
    dilations: Any = None,
    name: str | None = None,
) -> Any:
    """Convolution over one axis. Shape: (*batch, w, c), (size, c, filters) -> (*batch, w', filters)."""
    return _conv("conv1d", input, filters, stride, padding, data_format, dilations, 1)


def conv2d(
    input: Any,
    filters: Any,
    strides: Any,
    padding: Any,
    data_format: str | None = "NHWC",
    dilations: Any = None,
    name: str | None = None,
) -> Any:
    """Convolution over two axes. Shape: (*batch, h, w, c), (kh, kw, c, filters) -> (*batch, h', w', filters)."""
    return _conv("conv2d", input, filters, strides, padding, data_format, dilations, 2)


def conv3d(
    input: Any,
    filters: Any,
    strides: Any,
    padding: Any,
    data_format: str | None = "NDHWC",
    dilations: Any = None,
    name: str | None = None,
) -> Any:
    """Convolution over three axes. Shape: (*batch, d, h, w, c), (kd, kh, kw, c, filters) -> (*batch, d', h', w', filters)."""
    return _conv("conv3d", input, filters, strides, padding, data_format, dilations, 3)


def atrous_conv2d(value: Any, filters: Any, rate: int, padding: Any, name: str | None = None) -> Any:
    """`conv2d` with steps of `rate` between the kernel's entries. Shape: as `conv2d`."""
    return _conv("atrous_conv2d", value, filters, 1, padding, "NHWC", int(rate), 2)


def _conv(op, input, filters, strides, padding, data_format, dilations, rank=None):
    x, kernel = _tensors(op, input, filters)
    form = layout(op, data_format, len(kernel.shape) - 2 if rank is None else rank)
    extra = len(x.shape) - form.rank - 2
    options = (
        form.spatial("strides", strides),
        form.padding(padding),
        form.spatial("dilations", dilations),
        form.is_first,
    )
    if extra <= 0:
        return padded_conv(x, kernel, *options)
    lead = tuple(x.shape[: extra + 1])
    found = padded_conv(ops.reshape(x, (-1, *x.shape[extra + 1 :])), kernel, *options)
    return ops.reshape(found, (*lead, *found.shape[1:]))


def _tensors(op: str, x: Any, kernel: Any) -> tuple[Any, Any]:
    x, kernel = strict_dtypes.alike(op, [x, kernel])
    return ops.convert_to_tensor(x), ops.convert_to_tensor(kernel)


def depthwise_conv2d(
    input: Any,
    filter: Any,
    strides: Any,
    padding: Any,
    data_format: str | None = None,
    dilations: Any = None,
    name: str | None = None,
) -> Any:
    """Each channel convolved with its own kernels. Shape: (n, h, w, c), (kh, kw, c, m) -> (n, h', w', c * m)."""
    x, kernel = _tensors("depthwise_conv2d", input, filter)
    return padded_depthwise_conv(x, kernel, *_options("depthwise_conv2d", strides, padding, data_format, dilations))


def depthwise_conv2d_backprop_input(
    input_sizes: Any,
    filter: Any,
    out_backprop: Any,
    strides: Any,
    padding: Any,
    data_format: str = "NHWC",
    dilations: Any = (1, 1, 1, 1),
    name: str | None = None,
) -> Any:
    """The gradient of `depthwise_conv2d` by its input. Shape: `input_sizes`."""
    options = _options("depthwise_conv2d_backprop_input", strides, padding, data_format, dilations)
    return depthwise_input_gradient(filter, out_backprop, static_shape(input_sizes), *options)


def depthwise_conv2d_backprop_filter(
    input: Any,
    filter_sizes: Any,
    out_backprop: Any,
    strides: Any,
    padding: Any,
    data_format: str = "NHWC",
    dilations: Any = (1, 1, 1, 1),
    name: str | None = None,
) -> Any:
    """The gradient of `depthwise_conv2d` by its kernel. Shape: `filter_sizes`."""
    options = _options("depthwise_conv2d_backprop_filter", strides, padding, data_format, dilations)
    return depthwise_kernel_gradient(input, out_backprop, static_shape(filter_sizes), *options)


def _options(op: str, strides: Any, padding: Any, data_format: str | None, dilations: Any, rank: int = 2) -> tuple:
    form = layout(op, data_format, rank)
    return form.spatial("strides", strides), form.padding(padding), form.spatial("dilations", dilations), form.is_first


def separable_conv2d(
    input: Any,
    depthwise_filter: Any,
    pointwise_filter: Any,
    strides: Any,
    padding: Any,
    data_format: str | None = None,
    dilations: Any = None,
    name: str | None = None,
) -> Any:
    """`depthwise_conv2d`, then a 1x1 convolution that mixes the channels.

    Shape: (n, h, w, c), (kh, kw, c, m), (1, 1, c * m, filters) -> (n, h', w', filters).
    """
    middle = depthwise_conv2d(input, depthwise_filter, strides, padding, data_format, dilations)
    return conv2d(middle, pointwise_filter, 1, "VALID", data_format or "NHWC")


def conv_transpose(
    input: Any,
    filters: Any,
    output_shape: Any,
    strides: Any,
    padding: Any = "SAME",
    data_format: str | None = None,
    dilations: Any = None,
    name: str | None = None,
) -> Any:
    """The gradient of a convolution by its input, as a forward function: `output_shape` is the shape of that input.

    Shape: (n, *spatial, c), kernel (*sizes, filters, c) -> `output_shape`, or its spatial part.
    """
    rank = len(ops.convert_to_tensor(filters).shape) - 2
    return _transposed("conv_transpose", input, filters, output_shape, strides, padding, data_format, dilations, rank)


def conv1d_transpose(
    input: Any,
    filters: Any,
    output_shape: Any,
    strides: Any,
    padding: Any = "SAME",
    data_format: str | None = "NWC",
    dilations: Any = None,
    name: str | None = None,
) -> Any:
    """The gradient of `conv1d` by its input. Shape: (n, w, c), (size, filters, c) -> `output_shape`."""
    return _transposed("conv1d_transpose", input, filters, output_shape, strides, padding, data_format, dilations, 1)


def conv2d_transpose(
    input: Any,
    filters: Any,
    output_shape: Any,
    strides: Any,
    padding: Any = "SAME",
    data_format: str | None = "NHWC",
    dilations: Any = None,
    name: str | None = None,
) -> Any:
    """The gradient of `conv2d` by its input. Shape: (n, h, w, c), (kh, kw, filters, c) -> `output_shape`."""
    return _transposed("conv2d_transpose", input, filters, output_shape, strides, padding, data_format, dilations, 2)


def conv3d_transpose(
    input: Any,
    filters: Any,
    output_shape: Any,
    strides: Any,
    padding: Any = "SAME",
    data_format: str | None = "NDHWC",
    dilations: Any = None,
    name: str | None = None,
) -> Any:
    """The gradient of `conv3d` by its input. Shape: (n, d, h, w, c), (kd, kh, kw, filters, c) -> `output_shape`."""
    return _transposed("conv3d_transpose", input, filters, output_shape, strides, padding, data_format, dilations, 3)


def atrous_conv2d_transpose(
    value: Any, filters: Any, output_shape: Any, rate: int, padding: Any, name: str | None = None
) -> Any:
    """The gradient of `atrous_conv2d` by its input. Shape: as `conv2d_transpose`."""
    return _transposed("atrous_conv2d_transpose", value, filters, output_shape, 1, padding, "NHWC", int(rate), 2)


def _transposed(op, input, filters, output_shape, strides, padding, data_format, dilations, rank):
    x, kernel = _tensors(op, input, filters)
    options = _options(op, strides, padding, data_format, dilations, rank)
    shape = tuple(x.shape[0] if size is None else size for size in static_shape(output_shape))
    if len(shape) == rank:
        shape = (x.shape[0], kernel.shape[-2], *shape) if options[-1] else (x.shape[0], *shape, kernel.shape[-2])
    return conv_to_shape(x, kernel, shape, *options)


def dilation2d(
    input: Any, filters: Any, strides: Any, padding: Any, data_format: str, dilations: Any, name: str | None = None
) -> Any:
    """Grayscale dilation: the largest sum of pixel and filter in each window. Shape: (n, h, w, c), (kh, kw, c) -> (n, h', w', c).

    Only `data_format="NHWC"`.
    """
    x, structure = _tensors("dilation2d", input, filters)
    if data_format != "NHWC":
        raise InvalidArgumentError(f"dilation2d: expected data_format 'NHWC'; received {data_format!r}.")
    strides, padding, dilations, _ = _options("dilation2d", strides, padding, data_format, dilations)
    return morphological_dilation(x, structure, strides, padding, dilations)


def erosion2d(
    value: Any, filters: Any, strides: Any, padding: Any, data_format: str, dilations: Any, name: str | None = None
) -> Any:
    """Grayscale erosion: the smallest difference of pixel and filter in each window. Shape: as `dilation2d`."""
    x, structure = _tensors("erosion2d", value, filters)
    turned = ops.flip(structure, (0, 1))
    return ops.negative(dilation2d(ops.negative(x), turned, strides, padding, data_format, dilations))
