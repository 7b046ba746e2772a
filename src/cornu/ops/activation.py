"""Activation functions as ops. Integers become floatx, except where the function maps integers to integers."""

import jax
import jax.numpy as jnp
from jax import lax

from cornu._base.errors import InvalidArgumentError
from cornu.core.dispatch import op
from cornu.ops._checks import axes_of

_SELU_SCALE = 1.0507009873554804934  # Klambauer et al. 2017, equation 14
_SELU_ALPHA = 1.6732632423543772848


@op
def relu(x):
    """`max(x, 0)`; the gradient at 0 is 0. Shape: any, kept. Source: keras.ops.relu."""
    return jnp.where(x > 0, x, jnp.zeros_like(x)) if jnp.issubdtype(x.dtype, jnp.integer) else jax.nn.relu(x)


@op
def relu6(x):
    """`min(max(x, 0), 6)`. Shape: any, kept. Source: keras.ops.relu6."""
    return jnp.where(x >= 6, jnp.full_like(x, 6), jnp.where(x > 0, x, jnp.zeros_like(x)))


@op(inexact=True)
def leaky_relu(x, negative_slope=0.2):
    """`x` where positive, else `negative_slope * x`. Shape: any, kept. Source: keras.ops.leaky_relu."""
    return jnp.where(x > 0, x, negative_slope * x)


@op(inexact=True)
def elu(x, alpha=1.0):
    """`x` where positive, else `alpha * (exp(x) - 1)`. Shape: any, kept. Source: Clevert et al. 2016; keras.ops.elu."""
    return jnp.where(x > 0, x, alpha * jnp.expm1(jnp.where(x > 0, 0, x)))  # inner where: no overflow in the gradient


@op(inexact=True)
def selu(x):
    """Scaled `elu` that keeps mean 0 and variance 1. Shape: any, kept. Source: Klambauer et al. 2017; keras.ops.selu."""
    return _SELU_SCALE * jnp.where(x >= 0, x, _SELU_ALPHA * jnp.expm1(jnp.where(x >= 0, 0, x)))


@op(inexact=True)
def celu(x, alpha=1.0):
    """`max(x, 0) + alpha * (exp(min(x, 0) / alpha) - 1)`. Shape: any, kept. Source: Barron 2017; keras.ops.celu."""
    return jnp.where(x > 0, x, alpha * jnp.expm1(jnp.where(x > 0, 0, x) / alpha))


@op(inexact=True)
def gelu(x, approximate=True):
    """`x` times the normal distribution function of `x`, by default through tanh. Shape: any, kept.

    Source: Hendrycks and Gimpel 2016; keras.ops.gelu.
    """
    return jax.nn.gelu(x, approximate=bool(approximate))


@op(inexact=True)
def sigmoid(x):
    """`1 / (1 + exp(-x))`. Shape: any, kept. Source: keras.ops.sigmoid."""
    return lax.logistic(x)


@op(inexact=True)
def silu(x):
    """`x * sigmoid(x)`, also called swish. Shape: any, kept. Source: Ramachandran et al. 2017; keras.ops.silu."""
    return x * lax.logistic(x)


@op(inexact=True)
def mish(x):
    """`x * tanh(softplus(x))`. Shape: any, kept. Source: Misra 2019; keras.activations.mish."""
    return x * jnp.tanh(jnp.logaddexp(x, 0))


@op(inexact=True)
def softplus(x):
    """`log(1 + exp(x))`, safe for large entries. Shape: any, kept. Source: keras.ops.softplus."""
    return jnp.logaddexp(x, 0)


@op(inexact=True)
def softsign(x):
    """`x / (1 + |x|)`. Shape: any, kept. Source: keras.ops.softsign."""
    return x / (1 + jnp.abs(x))


@op(inexact=True)
def log_sigmoid(x):
    """`log(sigmoid(x))`, safe for large entries. Shape: any, kept. Source: keras.ops.log_sigmoid."""
    return -jnp.logaddexp(-x, 0)


@op(inexact=True)
def hard_sigmoid(x):
    """`relu6(x + 3) / 6`, a piecewise linear sigmoid. Shape: any, kept. Source: keras.ops.hard_sigmoid."""
    return relu6.raw(x + 3) / 6


@op(inexact=True)
def hard_silu(x):
    """`x * hard_sigmoid(x)`, also called hard swish. Shape: any, kept. Source: Howard et al. 2019; keras.ops.hard_silu."""
    return x * hard_sigmoid.raw(x)


@op(inexact=True)
def hard_tanh(x):
    """`x` limited to [-1, 1]. Shape: any, kept. Source: keras.ops.hard_tanh."""
    return jnp.where(x >= 1, jnp.ones_like(x), jnp.where(x > -1, x, -jnp.ones_like(x)))


@op(inexact=True)
def hard_shrink(x, threshold=0.5):
    """`x` where `|x| > threshold`, else 0. Shape: any, kept. Source: keras.ops.hard_shrink."""
    return jnp.where(jnp.abs(x) > threshold, x, 0)


@op(inexact=True)
def soft_shrink(x, threshold=0.5):
    """`x` moved towards 0 by `threshold`, 0 in between. Shape: any, kept. Source: keras.ops.soft_shrink."""
    return jnp.where(x > threshold, x - threshold, jnp.where(x < -threshold, x + threshold, 0))


@op(inexact=True)
def tanh_shrink(x):
    """`x - tanh(x)`. Shape: any, kept. Source: keras.ops.tanh_shrink."""
    return x - jnp.tanh(x)


@op
def threshold(x, threshold, default_value):
    """`x` where above `threshold`, else `default_value`. Shape: any, kept. Source: keras.ops.threshold."""
    return jnp.where(x > threshold, x, jnp.asarray(default_value, x.dtype))


@op(inexact=True)
def squareplus(x, b=4):
    """`(x + sqrt(x**2 + b)) / 2`, a smooth relu without exponentials. Shape: any, kept.

    Source: Barron 2021; keras.ops.squareplus.
    """
    return (x + jnp.sqrt(x * x + b)) / 2


@op(inexact=True)
def sparse_plus(x):
    """0 up to -1, `(x + 1)**2 / 4` up to 1, then `x`. Shape: any, kept. Source: keras.ops.sparse_plus."""
    return jnp.where(x >= 1, x, jnp.where(x > -1, (x + 1) ** 2 / 4, 0))


@op(inexact=True)
def sparse_sigmoid(x):
    """`(x + 1) / 2` limited to [0, 1]. Shape: any, kept. Source: keras.ops.sparse_sigmoid."""
    return jnp.where(x >= 1, jnp.ones_like(x), jnp.where(x > -1, (x + 1) / 2, 0))


@op(inexact=True)
def softmax(x, axis=-1):
    """Exponentials over `axis` (an integer, several, or None for all) divided by their sum.

    Shape: any, kept. Raises: InvalidArgumentError if `axis` is out of range. Source: keras.ops.softmax.
    """
    return jax.nn.softmax(x, axes_of("softmax", axis, x.ndim))


@op(inexact=True)
def log_softmax(x, axis=-1):
    """Logarithm of `softmax`, safe for large entries. Shape: any, kept.

    Raises: InvalidArgumentError if `axis` is out of range. Source: keras.ops.log_softmax.
    """
    return jax.nn.log_softmax(x, axes_of("log_softmax", axis, x.ndim))


@op(inexact=True)
def sparsemax(x, axis=-1):
    """Euclidean projection of `x` on the probability simplex: like softmax with exact zeros.

    Shape: any, kept. Raises: InvalidArgumentError if `axis` is out of range.
    Differs from Keras: rows sum to 1; Keras 3.15 adds up the cumulative sums of the support, and its rows do not.
    Source: Martins and Astudillo 2016, algorithm 1; keras.ops.sparsemax.
    """
    (axis,) = axes_of("sparsemax", axis, x.ndim)
    x = jnp.moveaxis(x, axis, -1)
    count = jnp.arange(1, x.shape[-1] + 1, dtype=x.dtype)
    falling = jnp.flip(jnp.sort(x, -1), -1)
    totals = jnp.cumsum(falling, -1)
    inside = count * falling > totals - 1  # true for the support: the first entries
    size = jnp.sum(inside, -1, keepdims=True, dtype=jnp.int32)
    level = (jnp.take_along_axis(totals, size - 1, -1) - 1) / size.astype(x.dtype)
    return jnp.moveaxis(jnp.where(x > level, x - level, 0), -1, axis)


@op(inexact=True)
def glu(x, axis=-1):
    """First half of `x` along `axis`, times the sigmoid of the second half.

    Shape: (..., 2 n, ...) -> (..., n, ...). Raises: InvalidArgumentError if the axis is out of range or of odd length.
    Source: Dauphin et al. 2017; keras.ops.glu.
    """
    (axis,) = axes_of("glu", axis, x.ndim)
    if x.shape[axis] % 2:
        raise InvalidArgumentError(
            f"glu: expected axis {axis} to have an even length; received shape {tuple(x.shape)}."
        )
    value, gate = jnp.split(x, 2, axis)
    return value * lax.logistic(gate)


swish, hard_swish = silu, hard_silu
