"""Colours by hue, saturation and value."""

import jax.numpy as jnp

from cornu import ops
from cornu.core.dispatch import op


@op
def shift_hue(images, shifts):
    """Hues shifted by fractions of the colour circle. Shape: (n, h, w, 3) in [0, 1], (n,) -> (n, h, w, 3)."""
    hue, saturation, value = _planes(images)
    hue = jnp.mod(hue + shifts.reshape(-1, 1, 1).astype(images.dtype), 1)
    return _image(hue, saturation, value)


@op
def scale_saturation(images, scales):
    """Saturations times a number, at most 1. Shape: (n, h, w, 3) in [0, 1], (n,) -> (n, h, w, 3)."""
    hue, saturation, value = _planes(images)
    saturation = jnp.clip(saturation * scales.reshape(-1, 1, 1).astype(images.dtype), 0, 1)
    return _image(hue, saturation, value)


def _planes(images):
    return jnp.moveaxis(ops.image.rgb_to_hsv.raw(images, "channels_last"), -1, 0)


def _image(hue, saturation, value):
    return ops.image.hsv_to_rgb.raw(jnp.stack([hue, saturation, value], -1), "channels_last")
