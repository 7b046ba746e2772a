"""Moments, normalizations and biases of `tf.nn`. Source: tf.nn."""

import math
from typing import Any

from cornu import ops
from cornu._base.errors import InvalidArgumentError
from cornu.core import strict_dtypes
from cornu.core.tensor import is_tensor
from cornu.ops import local_response
from cornu.tf.math.arithmetic import add, divide, multiply, squared_difference, subtract
from cornu.tf.math.reductions import reduce_sum
from cornu.tf.nn.layouts import channel_axis


def moments(x: Any, axes: Any, shift: Any = None, keepdims: bool = False, name: str | None = None) -> tuple[Any, Any]:
    """Mean and variance over `axes`. `shift` is a guess of the mean that TensorFlow, too, leaves unused.

    Raises: InvalidArgumentError on integers or an axis out of range. Source: tf.nn.moments.
    """
    return ops.moments(strict_dtypes.floating("moments", x), _axes(axes), bool(keepdims))


def weighted_moments(
    x: Any, axes: Any, frequency_weights: Any, keepdims: bool = False, name: str | None = None
) -> tuple[Any, Any]:
    """Mean and variance over `axes` of entries that count as often as their weights say. Source: tf.nn.weighted_moments."""
    x = strict_dtypes.floating("weighted_moments", x)
    axes, weights = _axes(axes), ops.broadcast_to(ops.cast(frequency_weights, x.dtype), tuple(x.shape))
    total = ops.sum(weights, axes, True)
    mean = ops.divide(ops.sum(ops.multiply(x, weights), axes, True), total)
    variance = ops.divide(ops.sum(ops.multiply(ops.square(ops.subtract(x, mean)), weights), axes, True), total)
    return (mean, variance) if keepdims else (ops.squeeze(mean, axes), ops.squeeze(variance, axes))


def sufficient_statistics(
    x: Any, axes: Any, shift: Any = None, keepdims: bool = False, name: str | None = None
) -> tuple[Any, Any, Any, Any]:
    """Count, sum and sum of squares of `x - shift` over `axes`, and the shift. Source: tf.nn.sufficient_statistics."""
    x, axes = strict_dtypes.floating("sufficient_statistics", x), _axes(axes)
    count = ops.convert_to_tensor(math.prod(x.shape[axis] for axis in axes), x.dtype)
    if shift is None:
        return count, ops.sum(x, axes, bool(keepdims)), ops.sum(ops.square(x), axes, bool(keepdims)), None
    shift = ops.cast(shift, x.dtype)
    total = reduce_sum(subtract(x, shift), axes, keepdims)
    return count, total, reduce_sum(squared_difference(x, shift), axes, keepdims), shift


def normalize_moments(
    counts: Any, mean_ss: Any, variance_ss: Any, shift: Any, name: str | None = None
) -> tuple[Any, Any]:
    """Mean and variance of `sufficient_statistics`. Source: tf.nn.normalize_moments."""
    shifted = divide(mean_ss, counts)
    mean = shifted if shift is None else add(shifted, shift)
    return mean, subtract(divide(variance_ss, counts), ops.square(shifted))


def _axes(axes: Any) -> tuple[int, ...]:
    axes = ops.convert_to_numpy(axes).tolist() if is_tensor(axes) else axes
    return (axes,) if isinstance(axes, int) else tuple(int(axis) for axis in axes)


def batch_normalization(
    x: Any, mean: Any, variance: Any, offset: Any, scale: Any, variance_epsilon: Any, name: str | None = None
) -> Any:
    """`(x - mean) / sqrt(variance + epsilon) * scale + offset`; all of them broadcast. Source: tf.nn.batch_normalization."""
    x = strict_dtypes.floating("batch_normalization", x)
    factor = ops.rsqrt(add(variance, variance_epsilon))
    factor = factor if scale is None else multiply(factor, scale)
    shift = multiply(mean, factor)
    shift = ops.negative(shift) if offset is None else subtract(offset, shift)
    return add(multiply(x, ops.cast(factor, x.dtype)), ops.cast(shift, x.dtype))


def batch_norm_with_global_normalization(
    input: Any,
    mean: Any,
    variance: Any,
    beta: Any,
    gamma: Any,
    variance_epsilon: Any,
    scale_after_normalization: bool,
    name: str | None = None,
) -> Any:
    """`batch_normalization`, with the scale `gamma` if `scale_after_normalization`.

    Source: tf.nn.batch_norm_with_global_normalization.
    """
    return batch_normalization(
        input, mean, variance, beta, gamma if scale_after_normalization else None, variance_epsilon
    )


def bias_add(value: Any, bias: Any, data_format: str | None = None, name: str | None = None) -> Any:
    """`value` plus one number per channel. `data_format` starts with "NC" if the channels come second, else they are last.

    Raises: InvalidArgumentError if the bias is no vector of as many entries as there are channels. Source: tf.nn.bias_add.
    """
    value, bias = strict_dtypes.alike("bias_add", [value, bias])
    bias = ops.convert_to_tensor(bias)
    axis = channel_axis("bias_add", data_format, len(value.shape))
    if len(bias.shape) != 1 or value.shape[axis] not in (None, bias.shape[0]):
        raise InvalidArgumentError(
            f"bias_add: expected a bias of shape ({value.shape[axis]},); received {tuple(bias.shape)} for a value of shape "
            f"{tuple(value.shape)}."
        )
    if axis != len(value.shape) - 1:
        bias = ops.reshape(bias, (bias.shape[0], *(1,) * (len(value.shape) - axis - 1)))
    return ops.add(value, bias)


def local_response_normalization(
    input: Any, depth_radius: int = 5, bias: float = 1, alpha: float = 1, beta: float = 0.5, name: str | None = None
) -> Any:
    """`x / (bias + alpha * s)**beta`, s being the sum of squares of the channels up to `depth_radius` away.

    Shape: (n, h, w, c), kept. Raises: InvalidArgumentError on another rank.
    Source: Krizhevsky et al. 2012, section 3.3; tf.nn.lrn.
    """
    x = strict_dtypes.floating("local_response_normalization", input)
    return local_response.local_response_normalization(
        x, depth_radius=int(depth_radius), bias=float(bias), alpha=float(alpha), beta=float(beta)
    )


lrn = local_response_normalization
