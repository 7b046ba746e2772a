"""Activation functions of `tf.nn`. Shape: any, kept. Source: tf.nn."""

from typing import Any

from cornu import ops
from cornu._base.errors import InvalidArgumentError
from cornu.core import strict_dtypes
from cornu.tf.naming import named

elu = named("elu(features:x)", ops.elu, floating=True)
gelu = named("gelu(features:x, approximate=False)", ops.gelu, floating=True)
leaky_relu = named("leaky_relu(features:x, alpha:negative_slope=0.2)", ops.leaky_relu, numeric=True)
relu = named("relu(features:x)", ops.relu, numeric=True)
relu6 = named("relu6(features:x)", ops.relu6, numeric=True)
selu = named("selu(features:x)", ops.selu, floating=True)


def silu(features: Any, beta: Any = 1.0) -> Any:
    """`x * sigmoid(beta * x)`, also called swish. Raises: InvalidArgumentError on integers. Source: tf.nn.silu."""
    x = strict_dtypes.floating("silu", features)
    if isinstance(beta, (int, float)) and beta == 1:
        return ops.silu(x)
    return ops.multiply(x, ops.sigmoid(ops.multiply(strict_dtypes.alike("silu", [x, beta])[1], x)))


swish = silu


def crelu(features: Any, axis: int = -1, name: str | None = None) -> Any:
    """`relu(x)` and `relu(-x)` side by side. Shape: (..., n, ...) -> (..., 2 n, ...). Source: Shang et al. 2016; tf.nn.crelu."""
    x = strict_dtypes.numeric("crelu", features)
    if not -len(x.shape) <= axis < len(x.shape):
        raise InvalidArgumentError(f"crelu: expected axis below the rank {len(x.shape)}; received {axis}.")
    return ops.relu(ops.concatenate([x, ops.negative(x)], axis))
