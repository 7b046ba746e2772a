"""Numbers entry by entry and sums of them, as Keras 2's backend names them. Source: tf.keras.backend."""

from typing import Any

import numpy as np

from cornu import activations, ops

abs, all, any, cos, exp, log, log1p, max, mean, min, prod, round, sign, sin = (
    ops.abs, ops.all, ops.any, ops.cos, ops.exp, ops.log, ops.log1p, ops.max, ops.mean, ops.min, ops.prod, ops.round,
    ops.sign, ops.sin,
)  # fmt: skip
square, std, sum, tanh, var, logsumexp = (
    ops.square, ops.std, ops.sum, ops.tanh, ops.var, ops.logsumexp,
)  # fmt: skip
equal, not_equal, greater, greater_equal, less, less_equal, maximum, minimum = (
    ops.equal, ops.not_equal, ops.greater, ops.greater_equal, ops.less, ops.less_equal, ops.maximum, ops.minimum,
)  # fmt: skip
elu, sigmoid, softmax, softplus, softsign, stack, stop_gradient, transpose = (
    ops.elu, ops.sigmoid, ops.softmax, ops.softplus, ops.softsign, ops.stack, ops.stop_gradient, ops.transpose,
)  # fmt: skip
cast, squeeze, separable_conv2d, depthwise_conv2d = ops.cast, ops.squeeze, ops.separable_conv, ops.depthwise_conv
conv1d = conv2d = conv3d = ops.conv
hard_sigmoid = activations.hard_sigmoid


def sqrt(x: Any) -> Any:
    """The root; of negative numbers 0."""
    return ops.sqrt(ops.maximum(x, 0.0))


def pow(x: Any, a: Any) -> Any:
    """`x` to the power of `a`."""
    return ops.power(x, a)


def relu(x: Any, alpha: float = 0.0, max_value: float | None = None, threshold: float = 0.0) -> Any:
    """`x` above the threshold, `alpha * (x - threshold)` below it, `max_value` at most."""
    return activations.relu(x, negative_slope=alpha, max_value=max_value, threshold=threshold)


def clip(x: Any, min_value: Any, max_value: Any) -> Any:
    """The values kept between two bounds."""
    low = -np.inf if min_value is None else min_value
    return ops.clip(x, low, np.inf if max_value is None else max_value)


def argmax(x: Any, axis: int = -1) -> Any:
    """Where the largest value of an axis is, int64."""
    return ops.cast(ops.argmax(x, axis), "int64")


def argmin(x: Any, axis: int = -1) -> Any:
    """Where the smallest value of an axis is, int64."""
    return ops.cast(ops.argmin(x, axis), "int64")


def cumsum(x: Any, axis: int = 0) -> Any:
    """Running sums."""
    return ops.cumsum(x, axis)


def cumprod(x: Any, axis: int = 0) -> Any:
    """Running products."""
    return ops.cumprod(x, axis)


def arange(start: Any, stop: Any = None, step: Any = 1, dtype: Any = "int32") -> Any:
    """Numbers from `start` up to, without, `stop`."""
    if stop is None:
        start, stop = 0, start
    return ops.arange(start, stop, step, dtype=dtype)
