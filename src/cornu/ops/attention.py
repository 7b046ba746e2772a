"""Scaled dot-product attention."""

import math

import jax
import jax.numpy as jnp

from cornu._base.errors import InvalidArgumentError
from cornu.core import config
from cornu.core.dispatch import op


@op(tensors="query key value bias mask")
def dot_product_attention(
    query,
    key,
    value,
    bias=None,
    mask=None,
    scale=None,
    is_causal=False,
    flash_attention=None,
    attn_logits_soft_cap=None,
):
    """`softmax(scale * query @ key + bias) @ value` per head; heads of keys may be shared by groups of query heads.

    Args:
        bias: added to the logits, broadcastable to (b, heads, t, s).
        mask: bool, True where attention is allowed, broadcastable to (b, heads, t, s).
        scale: default `1 / sqrt(depth)`.
        is_causal: position t sees keys 0 to t only.
        flash_attention: True asks for the fused kernel of a GPU; False computes by matrix products, which XLA fuses; None does
            as `config.enable_flash_attention` and `disable_flash_attention` say, without them by matrix products.
        attn_logits_soft_cap: c limits the logits smoothly, `c * tanh(logits / c)`.
    Shape: query (b, t, heads, depth), key and value (b, s, key_heads, depth) -> (b, t, heads, depth).
    Raises: InvalidArgumentError on ranks or heads that do not fit, or if the fused kernel is asked for without a GPU.
    Source: Vaswani et al. 2017, equation 1; Ainslie et al. 2023 (groups); keras.ops.dot_product_attention.
    """
    heads, key_heads = _checked_heads(query, key, value)
    scale = 1 / math.sqrt(query.shape[-1]) if scale is None else scale
    if flash_attention is None and config.is_flash_attention_enabled():
        is_short = query.dtype.itemsize == 2
        flash_attention = jax.default_backend() == "gpu" and is_short and attn_logits_soft_cap is None
    if flash_attention:
        if attn_logits_soft_cap is not None:
            raise InvalidArgumentError(
                "dot_product_attention: the fused kernel has no attn_logits_soft_cap; received both. Leave flash_attention out."
            )
        if jax.default_backend() != "gpu":
            raise InvalidArgumentError(
                f"dot_product_attention: flash_attention=True needs a GPU; this is {jax.default_backend()!r}. Leave it out."
            )
        return jax.nn.dot_product_attention(
            query, key, value, bias, mask, scale=scale, is_causal=is_causal, implementation="cudnn"
        )
    batch, steps, _, depth = query.shape
    grouped = query.reshape(batch, steps, key_heads, heads // key_heads, depth)
    logits = jnp.einsum("btkgh,bskh->bkgts", grouped, key, preferred_element_type=_wide(query.dtype))
    logits = logits.reshape(batch, heads, steps, key.shape[1]) * jnp.asarray(scale, logits.dtype)
    if attn_logits_soft_cap is not None:
        logits = attn_logits_soft_cap * jnp.tanh(logits / attn_logits_soft_cap)
    if bias is not None:
        logits = logits + bias.astype(logits.dtype)
    allowed = None if mask is None else mask.astype(bool)
    if is_causal:
        below = jnp.tril(jnp.ones(logits.shape[-2:], bool))
        allowed = below if allowed is None else allowed & below
    if allowed is not None:
        logits = jnp.where(allowed, logits, 0.7 * jnp.finfo(logits.dtype).min)  # finite: rows without keys stay numbers
    weights = jax.nn.softmax(logits, -1).astype(key.dtype)
    weights = weights.reshape(batch, key_heads, heads // key_heads, steps, -1)
    return jnp.einsum("bkgts,bskh->btkgh", weights, value).reshape(batch, steps, heads, value.shape[-1])


def _checked_heads(query: jax.Array, key: jax.Array, value: jax.Array) -> tuple[int, int]:
    shapes = f"received query {query.shape}, key {key.shape}, value {value.shape}."
    if not query.ndim == key.ndim == value.ndim == 4:
        raise InvalidArgumentError(
            f"dot_product_attention: expected rank 4, (batch, positions, heads, depth), for query, key and value; {shapes}"
        )
    if query.shape[-1] != key.shape[-1] or key.shape[:3] != value.shape[:3]:
        raise InvalidArgumentError(
            "dot_product_attention: expected query and key of the same depth, key and value of the same batch, positions "
            f"and heads; {shapes}"
        )
    if query.shape[2] % key.shape[2]:
        raise InvalidArgumentError(f"dot_product_attention: query heads must be a multiple of key heads; {shapes}")
    return query.shape[2], key.shape[2]


def _wide(dtype) -> jnp.dtype:
    return jnp.dtype("float32") if dtype.itemsize == 2 else dtype
