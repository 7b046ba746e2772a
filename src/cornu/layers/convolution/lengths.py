"""Sizes of spatial axes before and after a sliding window."""

from collections.abc import Sequence

from cornu._base.errors import InvalidArgumentError
from cornu.core.shapes import text


def spatial_slice(data_format: str, rank: int) -> slice:
    """Where the `rank` spatial axes stand in a shape with batch and channels."""
    return slice(1, rank + 1) if data_format == "channels_last" else slice(2, rank + 2)


def channel_axis(data_format: str) -> int:
    """The axis of the channels."""
    return -1 if data_format == "channels_last" else 1


def window_length(size: int | None, window: int, stride: int, padding: str, dilation: int = 1) -> int | None:
    """How many windows fit: `ceil(size / stride)` when padded, else only whole ones."""
    if size is None:
        return None
    reach = 0 if padding in ("same", "causal") else dilation * (window - 1)
    return -(-(size - reach) // stride)


def window_shape(
    input_shape: Sequence[int | None], data_format: str, windows: Sequence[int], strides: Sequence[int], padding: str,
    dilations: Sequence[int], channels: int | None,
) -> tuple[int | None, ...]:  # fmt: skip
    """Shape after sliding windows over the spatial axes.

    Raises: InvalidArgumentError if an axis is shorter than its window.
    """
    where = spatial_slice(data_format, len(windows))
    sizes = tuple(
        window_length(size, window, stride, padding, dilation)
        for size, window, stride, dilation in zip(input_shape[where], windows, strides, dilations, strict=True)
    )
    if any(size is not None and size <= 0 for size in sizes):
        raise InvalidArgumentError(
            f"Expected spatial axes at least as long as the window {text(windows)}"
            f"{f' dilated by {text(dilations)}' if max(dilations) > 1 else ''}; received the input shape "
            f"{text(input_shape)}. Use padding='same', smaller windows, or larger inputs."
        )
    if data_format == "channels_last":
        return (input_shape[0], *sizes, channels)
    return (input_shape[0], channels, *sizes)


def transposed_length(
    size: int | None, kernel: int, stride: int, padding: str, output_padding: int | None, dilation: int
) -> int | None:
    """Size of the axis that a convolution with these options would have shrunk to `size`."""
    if size is None:
        return None
    reach = dilation * (kernel - 1) + 1
    if output_padding is None:
        return size * stride + (max(reach - stride, 0) if padding == "valid" else 0)
    overlap = 2 * (reach // 2) if padding == "same" else 0
    return (size - 1) * stride + reach - overlap + output_padding
