"""Means and variances in full precision, and the weights that normalizations share."""

from typing import Any

from cornu import ops


def widened(x: Any) -> Any:
    """`x` in float32 if it is in half precision: sums of squares overflow or round there."""
    return ops.cast(x, "float32") if x.dtype in ("float16", "bfloat16") else x


def weighted_moments(x: Any, weights: Any, axes: tuple[int, ...]) -> tuple[Any, Any]:
    """Mean and variance over `axes` of the entries with weight 1; `weights` broadcasts to `x`.

    Zero and zero if there are none.
    """
    weights = ops.broadcast_to(weights, x.shape)
    count = ops.sum(weights, axis=axes, keepdims=True)
    share = weights / ops.maximum(count, 1e-7)
    mean = ops.sum(x * share, axis=axes, keepdims=True)
    variance = ops.sum(ops.square(x - mean) * share, axis=axes)
    return ops.squeeze(mean, axis=axes), variance


def add_scale_and_center(layer: Any, shape: tuple[int, ...], center: bool | None = None) -> None:
    """Give the layer its `gamma` and `beta`; each is None if `scale` or `center` is off (of the layer, unless given)."""
    layer.gamma = layer.beta = None
    if layer.scale:
        layer.gamma = layer.add_weight(
            "gamma", shape, layer.gamma_initializer, regularizer=layer.gamma_regularizer,
            constraint=layer.gamma_constraint, autocast=False,
        )  # fmt: skip
    if layer.center if center is None else center:
        layer.beta = layer.add_weight(
            "beta", shape, layer.beta_initializer, regularizer=layer.beta_regularizer,
            constraint=layer.beta_constraint, autocast=False,
        )  # fmt: skip
