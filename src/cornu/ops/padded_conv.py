"""Convolutions and pools with zeros given per axis, and with any mixture of strides and dilation.

`padding` is `"same"`, `"valid"` or the numbers of zeros before and after each spatial axis. `first`: channels come second.
"""

import jax
import jax.numpy as jnp
import numpy as np

from cornu._base.errors import InvalidArgumentError
from cornu.core.dispatch import op
from cornu.ops.conv import convolve, same_pads, taps


@op(static="strides padding dilation first", unify=True)
def padded_conv(x, kernel, strides, padding, dilation, first):
    """Convolution, grouped if the kernel takes fewer channels than there are.

    Shape: (n, *spatial, groups * c), kernel (*sizes, c, filters) -> (n, *spatial', filters).
    Raises: InvalidArgumentError if the channels do not fit or the kernel is larger than the padded input.
    """
    x = _channels_last(x, first)
    channels, inside = x.shape[-1], kernel.shape[-2]
    if inside == 0 or channels % inside or kernel.shape[-1] % (channels // inside):
        raise InvalidArgumentError(
            f"convolution: expected input channels to be a multiple of the kernel's, and filters a multiple of that factor; "
            f"received {channels} input channels and a kernel of shape {kernel.shape}."
        )
    return _restore(_convolve(x, kernel, strides, padding, dilation, channels // inside), first)


@op(static="strides padding dilation first", unify=True)
def padded_depthwise_conv(x, kernel, strides, padding, dilation, first):
    """Each channel convolved with its own kernels.

    Shape: (n, *spatial, c), kernel (*sizes, c, multiplier) -> (n, *spatial', c * multiplier).
    Raises: InvalidArgumentError if the channels do not fit.
    """
    return _restore(_depthwise(_channels_last(x, first), kernel, strides, padding, dilation), first)


@op(static="shape strides padding dilation first", unify=True)
def conv_to_shape(x, kernel, shape, strides, padding, dilation, first):
    """The gradient of `padded_conv` by its input of that shape, `x` being the gradient of its output.

    Shape: (n, *spatial, c), kernel (*sizes, filters, c) -> (n, *spatial', filters), which `shape` names.
    Raises: InvalidArgumentError if a convolution of that shape does not give the shape of `x`.
    """
    x = _channels_last(x, first)
    wanted = _places(shape, first)
    forward = lambda y: _convolve(y, kernel, strides, padding, dilation, 1)
    like = jnp.zeros(wanted, x.dtype)
    if wanted[-1] != kernel.shape[-2] or jax.eval_shape(forward, like).shape != x.shape:
        raise InvalidArgumentError(
            f"transposed convolution: output_shape {tuple(shape)} does not fit the input of shape {x.shape} (channels last), "
            f"kernel {kernel.shape}, strides {tuple(strides)} and padding {padding!r}."
        )
    return _restore(jax.vjp(forward, like)[1](x)[0], first)


@op(static="shape strides padding dilation first", unify=True)
def depthwise_input_gradient(kernel, upstream, shape, strides, padding, dilation, first):
    """The gradient of `padded_depthwise_conv` by its input of that shape."""
    forward = lambda x: padded_depthwise_conv.raw(x, kernel, strides, padding, dilation, first)
    return jax.vjp(forward, jnp.zeros(tuple(shape), kernel.dtype))[1](upstream)[0]


@op(static="shape strides padding dilation first", unify=True)
def depthwise_kernel_gradient(x, upstream, shape, strides, padding, dilation, first):
    """The gradient of `padded_depthwise_conv` by its kernel of that shape."""
    forward = lambda kernel: padded_depthwise_conv.raw(x, kernel, strides, padding, dilation, first)
    return jax.vjp(forward, jnp.zeros(tuple(shape), x.dtype))[1](upstream)[0]


@op(static="sizes strides padding dilation")
def pool_with_places(x, sizes, strides, padding, dilation, with_batch=False):
    """Largest entry of each window, and its place (int64) in the flattened image, or batch of images with `with_batch`.

    Shape: (n, h, w, c) -> twice (n, h', w', c).
    """
    least = _least(x.dtype)
    pads = _pads(x.shape[1:-1], sizes, strides, padding, dilation)
    count = x[0].size
    places = jnp.arange(x.size if with_batch else count, dtype=jnp.int64).reshape(
        x.shape if with_batch else (1, *x.shape[1:])
    )
    found = zip(
        taps(x, sizes, strides, pads, dilation, least),
        taps(jnp.broadcast_to(places, x.shape), sizes, strides, pads, dilation, -1),
        strict=True,
    )
    best = best_place = None
    for (_, value), (_, place) in found:
        if best is None or best_place is None:
            best, best_place = value, place
            continue
        is_better = (value > best) | (best_place < 0)  # the first of equal ones, but never a place outside of the image
        best, best_place = jnp.where(is_better, value, best), jnp.where(is_better, place, best_place)
    return best, best_place


@op(static="sizes strides padding dilation first mean")
def dilated_pool(x, sizes, strides, padding, dilation, first, mean):
    """Largest entry, or with `mean` the mean of the entries inside of the image, of windows with gaps."""
    x = _channels_last(x, first)
    pads = _pads(x.shape[1:-1], sizes, strides, padding, dilation)
    if mean:
        total = sum(tap for _, tap in taps(x, sizes, strides, pads, dilation))
        inside = sum(tap for _, tap in taps(jnp.ones((1, *x.shape[1:-1], 1), x.dtype), sizes, strides, pads, dilation))
        return _restore(total / inside, first)
    best, *others = (tap for _, tap in taps(x, sizes, strides, pads, dilation, _least(x.dtype)))
    for tap in others:
        best = jnp.where((tap > best) | (tap != tap), tap, best)
    return _restore(best, first)


@op(static="strides padding dilation", unify=True)
def morphological_dilation(x, structure, strides, padding, dilation):
    """Largest sum of an entry of each window and that of `structure` at the same place; padding never wins.

    Shape: (n, h, w, c), (kh, kw, c) -> (n, h', w', c). Raises: InvalidArgumentError if the shapes do not fit.
    """
    if x.ndim != 4 or structure.ndim != 3 or structure.shape[-1] != x.shape[-1]:
        raise InvalidArgumentError(
            f"dilation2d: expected (n, h, w, c) and filters (kh, kw, c); received {x.shape} and {structure.shape}."
        )
    sizes = structure.shape[:2]
    pads = _pads(x.shape[1:-1], sizes, strides, padding, dilation)
    best = None
    for place, tap in taps(x, sizes, strides, pads, dilation, _least(x.dtype)):
        value = tap + structure[place]
        best = value if best is None else jnp.where(value > best, value, best)
    return best


def _convolve(x, kernel, strides, padding, dilation, groups):
    return convolve(
        x, kernel, strides, _pads(x.shape[1:-1], kernel.shape[:-2], strides, padding, dilation), dilation, groups
    )


def _depthwise(x, kernel, strides, padding, dilation):
    channels, multiplier = kernel.shape[-2:]
    if x.shape[-1] != channels:
        raise InvalidArgumentError(
            f"depthwise convolution: expected a kernel (*sizes, {x.shape[-1]}, multiplier) for {x.shape[-1]} channels; "
            f"received {kernel.shape}."
        )
    kernel = kernel.reshape(*kernel.shape[:-2], 1, channels * multiplier)
    return _convolve(x, kernel, strides, padding, dilation, channels)


def _pads(lengths, sizes, strides, padding, dilation):
    extents = [(k - 1) * d + 1 for k, d in zip(sizes, dilation, strict=True)]
    if padding == "same":
        return tuple(map(same_pads, lengths, extents, strides))
    pads = ((0, 0),) * len(sizes) if padding == "valid" else tuple(map(tuple, padding))
    padded = [n + sum(pad) for n, pad in zip(lengths, pads, strict=True)]
    if any(n < extent for n, extent in zip(padded, extents, strict=True)):
        raise InvalidArgumentError(
            f"The window of extent {tuple(extents)} is larger than the padded input's spatial shape {tuple(padded)}. "
            "Use padding 'SAME' or a smaller window."
        )
    return pads


def _least(dtype):
    return -np.inf if jnp.issubdtype(dtype, jnp.floating) else np.iinfo(dtype).min


def _places(shape, first):
    return (shape[0], *shape[2:], shape[1]) if first else tuple(shape)


def _channels_last(x, first):
    return jnp.moveaxis(x, 1, -1) if first else x


def _restore(x, first):
    return jnp.moveaxis(x, -1, 1) if first else x
