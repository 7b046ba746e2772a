"""A convolution whose gradients XLA's CPU backend also runs fast inside a loop.

That backend brings convolutions into the layout its fast kernels take (images NHWC, kernels HWIO) only outside of `while`:
the gradients that JAX writes, which transpose through dimension numbers, run 30 to 70 times slower in a training loop.
Written with explicit transposes they are in that layout from the start, and equal to the last bit. Where even that is slow,
matrix products take over: few positions, kernels of one tap, wide strided layers (`_product_conv`), few channels
(`_tiled_conv`).
"""

import jax
import jax.numpy as jnp
from jax import lax

from cornu.ops import _product_conv, _tiled_conv

Steps = tuple[int, ...]
Pads = tuple[tuple[int, int], ...]

_LETTERS = {1: "W", 2: "HW", 3: "DHW"}


def _convolve(x: jax.Array, kernel: jax.Array, strides: Steps, pads: Pads, spread: Steps, dilation: Steps) -> jax.Array:
    """Channels-last convolution with one group; `spread` dilates the input, `dilation` the kernel.

    Shape: (n, *spatial, c), (*sizes, c, filters) -> (n, *spatial', filters).
    """
    if _is_plain(pads, spread, dilation):
        if _product_conv.wins(x.shape, kernel.shape):
            return _product_conv.forward(x, kernel, strides, pads)
        if _tiled_conv.wins(kernel.shape, strides, dilation):
            return _tiled_conv.forward(x, kernel, pads)
    letters = _LETTERS[x.ndim - 2]
    layouts = f"N{letters}C", f"{letters}IO", f"N{letters}C"
    return lax.conv_general_dilated(x, kernel, strides, pads, spread, dilation, dimension_numbers=layouts)


def _is_plain(pads: Pads, spread: Steps, dilation: Steps) -> bool:
    """True if nothing is spread or cropped."""
    return max(*spread, *dilation) == 1 and min(min(pad) for pad in pads) >= 0


def _forward(x, kernel, strides, pads, spread, dilation):
    return canonical_conv(x, kernel, strides, pads, spread, dilation), (x, kernel)


def _backward(strides, pads, spread, dilation, saved, gradient):
    x, kernel = saved
    # Else what made them is computed again, slowly, by the loops that transpose them.
    x, gradient = lax.optimization_barrier(x), lax.optimization_barrier(gradient)
    rank = x.ndim - 2
    extents = [(k - 1) * d + 1 for k, d in zip(kernel.shape, dilation)]
    lengths = [(n - 1) * s + 1 for n, s in zip(x.shape[1:-1], spread)]  # of the spread input
    reaches = [(n - 1) * s + 1 for n, s in zip(gradient.shape[1:-1], strides)]  # of the spread gradient

    is_plain = _is_plain(pads, spread, dilation)
    if is_plain and _product_conv.wins_for_input(x.shape, kernel.shape, strides):
        for_x = _product_conv.input_gradient(gradient, kernel, x.shape, strides, pads)
    else:  # slide the mirrored kernel over the spread gradient
        before = [extent - 1 - pad[0] for extent, pad in zip(extents, pads)]
        after = [n + e - 1 - r - b for n, e, r, b in zip(lengths, extents, reaches, before)]
        mirrored = jnp.swapaxes(jnp.flip(kernel, range(rank)), -1, -2)
        for_x = canonical_conv(gradient, mirrored, spread, tuple(zip(before, after)), strides, dilation)
    if is_plain and _product_conv.wins_for_kernel(x.shape, kernel.shape, strides):
        return for_x, _product_conv.kernel_gradient(x, gradient, kernel.shape, strides, pads)
    if is_plain and _tiled_conv.wins(kernel.shape, strides, dilation):
        return for_x, _tiled_conv.kernel_gradient(x, gradient, kernel.shape, pads)

    # The images' channels act as the batch, their batch as the channels.
    around = tuple((pad[0], r - n + e - pad[0] - 1) for pad, r, n, e in zip(pads, reaches, lengths, extents))
    spatial = tuple(range(1, rank + 1))
    channels_first = jnp.transpose(x, (rank + 1, *spatial, 0))
    gradient_as_kernel = jnp.transpose(gradient, (*spatial, 0, rank + 1))
    for_kernel = canonical_conv(channels_first, gradient_as_kernel, dilation, around, spread, strides)
    return for_x, jnp.transpose(for_kernel, (*spatial, 0, rank + 1))


canonical_conv = jax.custom_vjp(_convolve, nondiff_argnums=(2, 3, 4, 5))
canonical_conv.defvjp(_forward, _backward)
