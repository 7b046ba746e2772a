"""Products, convolutions, pooling and normalization of a batch. Source: tf.keras.backend."""

from typing import Any

from cornu import ops
from cornu._base.errors import InvalidArgumentError
from cornu.core import config


def dot(x: Any, y: Any) -> Any:
    """The last axis of `x` times the last but one of `y`. Shape: (..., n), (..., n, m) -> (..., ..., m)."""
    return ops.dot(x, y)


def batch_dot(x: Any, y: Any, axes: Any = None) -> Any:
    """Products of each row with its row: over one axis of both. Shape: (rows, ...), (rows, ...) -> (rows, ..., ...).

    Args:
        axes: the axis of `x` and of `y`, or one number for both; default the last of `x` and the last but one of `y`
            (the last of two).
    """
    rank_x, rank_y = len(x.shape), len(y.shape)
    if axes is None:
        axes = (rank_x - 1, rank_y - 1 if rank_y == 2 else rank_y - 2)
    a, b = (axes, axes) if isinstance(axes, int) else axes
    a, b = a % rank_x, b % rank_y
    letters = "abcdefghijklmnopqrstuvwxyz"
    left = ["z", *letters[: rank_x - 1]]
    right = ["z", *letters[rank_x - 1 : rank_x + rank_y - 2]]
    right[b] = left[a]
    out = [c for i, c in enumerate(left) if i != a] + [c for i, c in enumerate(right) if i not in (0, b)]
    product = ops.einsum(f"{''.join(left)},{''.join(right)}->{''.join(out)}", x, y)
    return ops.expand_dims(product, 1) if len(out) == 1 else product


def bias_add(x: Any, bias: Any, data_format: str | None = None) -> Any:
    """The bias added to the channels."""
    if (data_format or config.image_data_format()) == "channels_first" and len(x.shape) > 2:
        bias = ops.reshape(bias, (*tuple(bias.shape), *(1 for _ in tuple(x.shape)[2:])))
    return x + bias


def l2_normalize(x: Any, axis: int | None = None) -> Any:
    """Divided by the L2 norm."""
    squares = ops.sum(ops.square(x), axis=axis, keepdims=True)
    return x * ops.rsqrt(ops.maximum(squares, 1e-12))


def conv2d_transpose(
    x: Any, kernel: Any, output_shape: Any, strides: Any = (1, 1), padding: str = "valid", data_format: str | None = None,
    dilation_rate: Any = (1, 1),
) -> Any:  # fmt: skip
    """The transposed convolution, cut or filled to `output_shape`."""
    data_format = data_format or config.image_data_format()
    plain = ops.conv_transpose(x, kernel, strides, padding, None, data_format, dilation_rate)
    first = 1 if data_format == "channels_last" else 2
    wanted = [int(size) for size in tuple(output_shape)[first : first + 2]]
    extra = [want - have for want, have in zip(wanted, tuple(plain.shape)[first : first + 2], strict=True)]
    if extra == [0, 0]:
        return plain
    return ops.conv_transpose(x, kernel, strides, padding, tuple(extra), data_format, dilation_rate)


def pool2d(
    x: Any,
    pool_size: Any,
    strides: Any = (1, 1),
    padding: str = "valid",
    data_format: str | None = None,
    pool_mode: str = "max",
) -> Any:
    """Maxima (`"max"`) or means (`"avg"`) of windows of images."""
    return _pool(x, pool_size, strides, padding, data_format, pool_mode)


def pool3d(
    x: Any,
    pool_size: Any,
    strides: Any = (1, 1, 1),
    padding: str = "valid",
    data_format: str | None = None,
    pool_mode: str = "max",
) -> Any:
    """Maxima (`"max"`) or means (`"avg"`) of windows of volumes."""
    return _pool(x, pool_size, strides, padding, data_format, pool_mode)


def _pool(x: Any, size: Any, strides: Any, padding: str, data_format: str | None, mode: str) -> Any:
    if mode not in ("max", "avg"):
        raise InvalidArgumentError(f"Expected pool_mode 'max' or 'avg'; received {mode!r}.")
    return (ops.max_pool if mode == "max" else ops.average_pool)(x, size, strides, padding, data_format)


def resize_images(
    x: Any, height_factor: int, width_factor: int, data_format: str, interpolation: str = "nearest"
) -> Any:
    """Images so many times as high and wide."""
    first = 1 if data_format == "channels_last" else 2
    height, width = tuple(x.shape)[first : first + 2]
    size = (int(height * height_factor), int(width * width_factor))
    return ops.image.resize(x, size, interpolation=interpolation, data_format=data_format)


def resize_volumes(x: Any, depth_factor: int, height_factor: int, width_factor: int, data_format: str) -> Any:
    """Volumes so many times as deep, high and wide."""
    first = 1 if data_format == "channels_last" else 2
    for axis, factor in enumerate((depth_factor, height_factor, width_factor), start=first):
        x = ops.repeat(x, int(factor), axis)
    return x


def in_top_k(predictions: Any, targets: Any, k: int) -> Any:
    """Whether each target is among the `k` largest predictions."""
    return ops.in_top_k(targets, predictions, k)


def batch_normalization(
    x: Any, mean: Any, var: Any, beta: Any, gamma: Any, axis: int = -1, epsilon: float = 1e-3
) -> Any:
    """`(x - mean) / sqrt(var + epsilon) * gamma + beta`."""
    flat = lambda value: None if value is None else ops.reshape(value, (-1,))
    return ops.batch_normalization(x, flat(mean), flat(var), axis, flat(beta), flat(gamma), epsilon)


def normalize_batch_in_training(x: Any, gamma: Any, beta: Any, reduction_axes: Any, epsilon: float = 1e-3) -> tuple:
    """The batch normalized by its own mean and variance. Returns: (normalized, mean, variance)."""
    axes = list(reduction_axes)
    kept_mean, kept_variance = ops.moments(x, axes, keepdims=True)
    out = (x - kept_mean) * ops.rsqrt(kept_variance + epsilon)
    place = [1 if axis in axes else size for axis, size in enumerate(tuple(x.shape))]
    place = [-1 if size is None else size for size in place]
    out = out if gamma is None else out * ops.reshape(gamma, place)
    out = out if beta is None else out + ops.reshape(beta, place)
    return out, ops.squeeze(kept_mean, tuple(axes)), ops.squeeze(kept_variance, tuple(axes))
