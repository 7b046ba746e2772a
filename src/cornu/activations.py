"""Activation functions by name: what `activation="relu"` in a layer means. Source: keras.activations.

Those that keep the signature of the op are the op; the others are short functions of ops.
"""

from collections.abc import Callable, Mapping
from typing import Any

import jax.numpy as jnp

from cornu._base.catalog import Catalog
from cornu._base.suggest import attribute_error
from cornu.core import serialization
from cornu.core.dispatch import op
from cornu.core.tensor import Tensor
from cornu.ops import activation as ops
from cornu.ops.activation import celu as celu
from cornu.ops.activation import elu as elu
from cornu.ops.activation import glu as glu
from cornu.ops.activation import hard_shrink as hard_shrink
from cornu.ops.activation import hard_sigmoid as hard_sigmoid
from cornu.ops.activation import hard_silu as hard_silu
from cornu.ops.activation import hard_tanh as hard_tanh
from cornu.ops.activation import leaky_relu as leaky_relu
from cornu.ops.activation import log_sigmoid as log_sigmoid
from cornu.ops.activation import log_softmax as log_softmax
from cornu.ops.activation import mish as mish
from cornu.ops.activation import relu6 as relu6
from cornu.ops.activation import selu as selu
from cornu.ops.activation import silu as silu
from cornu.ops.activation import soft_shrink as soft_shrink
from cornu.ops.activation import softplus as softplus
from cornu.ops.activation import softsign as softsign
from cornu.ops.activation import sparse_plus as sparse_plus
from cornu.ops.activation import sparse_sigmoid as sparse_sigmoid
from cornu.ops.activation import sparsemax as sparsemax
from cornu.ops.activation import squareplus as squareplus
from cornu.ops.activation import tanh_shrink as tanh_shrink
from cornu.ops.activation import threshold as threshold
from cornu.ops.elementwise import exp
from cornu.ops.elementwise import tanh as tanh

ACTIVATIONS = Catalog("activation", "keras.activations")


def relu(x: Any, negative_slope: float = 0.0, max_value: float | None = None, threshold: float = 0.0) -> Tensor:
    """`max(x, 0)`; optionally leaky below the threshold and limited above.

    `max_value` where `x >= max_value`, `x` where `x > threshold`, else `negative_slope * (x - threshold)`.
    Shape: any, kept. Source: keras.activations.relu.
    """
    if negative_slope == 0 and max_value is None and threshold == 0:
        return ops.relu(x)
    return bounded_relu(x, negative_slope, max_value, threshold)


def sigmoid(x: Any) -> Tensor:
    """`1 / (1 + exp(-x))`. Losses of the result start from `x`. Shape: any, kept. Source: keras.activations.sigmoid."""
    return _from_logits("sigmoid", x, ops.sigmoid(x))


def softmax(x: Any, axis: int = -1) -> Tensor:
    """`exp(x)` over its sum along `axis`. Losses of the result start from `x`. Shape: any, kept.

    Source: keras.activations.softmax.
    """
    probabilities = ops.softmax(x, axis)
    return _from_logits("softmax", x, probabilities) if axis == -1 else probabilities


def _from_logits(kind: str, logits: Any, probabilities: Any) -> Any:
    if type(probabilities) is Tensor:
        probabilities._logits = kind, logits
    return probabilities


def gelu(x: Any, approximate: bool = False) -> Tensor:
    """`x` times the normal distribution function of `x`, exact unless `approximate`. Shape: any, kept.

    Source: Hendrycks and Gimpel 2016; keras.activations.gelu.
    """
    return ops.gelu(x, approximate)


def linear(x: Any) -> Any:
    """`x` itself. Source: keras.activations.linear."""
    return x


def exponential(x: Any) -> Tensor:
    """`exp(x)`. Shape: any, kept. Source: keras.activations.exponential."""
    return exp(x)


@op(inexact=True)
def bounded_relu(x, negative_slope=0.0, max_value=None, threshold=0.0):
    """The general form of `relu`, as one op. Shape: any, kept."""
    rising = x if max_value is None else jnp.where(x < max_value, x, jnp.full_like(x, max_value))
    return jnp.where(x > threshold, rising, negative_slope * (x - threshold))


swish, hard_swish = silu, hard_silu

ACTIVATIONS.put(
    [
        celu, elu, exponential, gelu, glu, hard_shrink, hard_sigmoid, hard_silu, hard_tanh, leaky_relu, linear, log_sigmoid,
        log_softmax, mish, relu, relu6, selu, sigmoid, silu, soft_shrink, softmax, softplus, softsign, sparse_plus,
        sparse_sigmoid, sparsemax, squareplus, tanh, tanh_shrink, threshold,
    ],
    swish=silu,
    hard_swish=hard_silu,
)  # fmt: skip


def get(identifier: Any) -> Callable:
    """The activation that a name, function, layer, serialized dict or None (`linear`) means.

    Raises: InvalidArgumentError naming the nearest known names.
    """
    return linear if identifier is None else serialization.resolve(ACTIVATIONS, identifier)


def serialize(activation: Any) -> str | dict:
    """The name of a known activation; for other functions and objects the dict that files hold.

    Source: keras.activations.serialize.
    """
    name = "relu" if activation is ops.relu else ACTIVATIONS.name_of(activation)
    return serialization.serialize(activation) if name is None else name


def deserialize(config: Any, custom_objects: Mapping[str, Any] | None = None) -> Callable:
    """The activation that `serialize` described, with extra names in `custom_objects`.

    Raises: InvalidArgumentError naming the nearest known names.
    """
    with serialization.custom_object_scope(custom_objects or {}):
        return get(config)


__getattr__ = attribute_error(__name__)
