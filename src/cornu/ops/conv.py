"""Convolutions over 1, 2 or 3 spatial axes. Every one goes through `convolve`, which picks the implementation.

Bodies work on channels-last arrays; channels-first input is transposed around them, which XLA folds into the convolution.
"""

import math
from collections.abc import Iterator

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax
from jax.typing import ArrayLike

from cornu._base.errors import InvalidArgumentError
from cornu.core.dispatch import op
from cornu.ops import _tiled_conv
from cornu.ops._canonical_conv import canonical_conv
from cornu.ops._checks import choice, layout, per_axis

_LETTERS = {1: "W", 2: "HW", 3: "DHW"}
Pads = tuple[tuple[int, int], ...]


@op(unify=True)
def conv(inputs, kernel, strides=1, padding="valid", data_format=None, dilation_rate=1):
    """Convolution (cross-correlation), grouped if the kernel takes fewer channels than there are.

    Args:
        strides, dilation_rate: an integer or one per spatial axis; not both above 1.
        padding: `"valid"`, `"same"` (TensorFlow's: the odd zero goes to the end) or `"causal"` (all zeros before).
    Shape: (n, *spatial, groups * c), kernel (*sizes, c, filters) -> (n, *spatial', filters); channels_first likewise.
    Raises: InvalidArgumentError on ranks, channels or options that do not fit.
    Source: keras.ops.conv.
    """
    x, first = _channels_last("conv", inputs, kernel, data_format)
    groups = _groups("conv", x, kernel)
    strides, dilation = _steps("conv", strides, dilation_rate, x.ndim - 2)
    pads = _pads("conv", x, kernel, strides, padding, dilation)
    return _restore(convolve(x, kernel, strides, pads, dilation, groups), first)


@op(unify=True)
def depthwise_conv(inputs, kernel, strides=1, padding="valid", data_format=None, dilation_rate=1):
    """Each channel convolved with its own `multiplier` kernels.

    Shape: (n, *spatial, c), kernel (*sizes, c, multiplier) -> (n, *spatial', c * multiplier).
    Raises: InvalidArgumentError on ranks, channels or options that do not fit.
    Source: keras.ops.depthwise_conv.
    """
    x, first = _channels_last("depthwise_conv", inputs, kernel, data_format)
    return _restore(_depthwise("depthwise_conv", x, kernel, strides, padding, dilation_rate), first)


@op(unify=True)
def separable_conv(
    inputs, depthwise_kernel, pointwise_kernel, strides=1, padding="valid", data_format=None, dilation_rate=1
):
    """Depthwise convolution, then a 1x1 convolution that mixes the channels.

    Shape: (n, *spatial, c), (*sizes, c, multiplier), (1..., c * multiplier, filters) -> (n, *spatial', filters).
    Raises: InvalidArgumentError on ranks, channels or options that do not fit.
    Source: Chollet 2017; keras.ops.separable_conv.
    """
    x, first = _channels_last("separable_conv", inputs, depthwise_kernel, data_format)
    middle = _depthwise("separable_conv", x, depthwise_kernel, strides, padding, dilation_rate)
    rank = x.ndim - 2
    if pointwise_kernel.ndim != rank + 2 or pointwise_kernel.shape[:-1] != (*(1,) * rank, middle.shape[-1]):
        raise InvalidArgumentError(
            f"separable_conv: expected the pointwise kernel to have shape {(*(1,) * rank, middle.shape[-1], 'filters')}; "
            f"received {pointwise_kernel.shape}."
        )
    ones = (1,) * rank
    return _restore(convolve(middle, pointwise_kernel, ones, ((0, 0),) * rank, ones, 1), first)


@op(unify=True)
def conv_transpose(inputs, kernel, strides=1, padding="valid", output_padding=None, data_format=None, dilation_rate=1):
    """Transposed convolution: the gradient of `conv` with respect to its input, as a forward op.

    Output length per axis, with k the extent of the dilated kernel: `valid` i * s + max(k - s, 0), `same` i * s; with
    `output_padding` p: `valid` (i - 1) * s + k + p, `same` (i - 1) * s + k - 2 * (k // 2) + p.
    Shape: (n, *spatial, c), kernel (*sizes, filters, c) -> (n, *spatial', filters).
    Raises: InvalidArgumentError on ranks, channels or options that do not fit.
    Source: keras.ops.conv_transpose.
    """
    x, first = _channels_last("conv_transpose", inputs, kernel, data_format)
    rank = x.ndim - 2
    if kernel.shape[-1] != x.shape[-1]:
        raise InvalidArgumentError(
            f"conv_transpose: expected kernel (*sizes, filters, {x.shape[-1]}) for input with {x.shape[-1]} channels; "
            f"received kernel {kernel.shape}, input {inputs.shape}."
        )
    strides = per_axis("conv_transpose", "strides", strides, rank)
    dilation = per_axis("conv_transpose", "dilation_rate", dilation_rate, rank)
    padding = choice("conv_transpose", "padding", padding, ("valid", "same"))
    if output_padding is None:
        extra = (None,) * rank
    else:
        extra = per_axis("conv_transpose", "output_padding", output_padding, rank, least=0)
    extents = [(k - 1) * d + 1 for k, d in zip(kernel.shape, dilation, strict=False)]
    pads = tuple(
        _transposed_pads(padding, *sizes) for sizes in zip(x.shape[1:-1], extents, strides, extra, strict=True)
    )
    kernel = jnp.swapaxes(jnp.flip(kernel, range(rank)), -1, -2)
    ones = (1,) * rank
    if jax.default_backend() == "cpu":
        return _restore(canonical_conv(x, kernel, ones, pads, strides, dilation), first)
    out = lax.conv_general_dilated(x, kernel, ones, pads, strides, dilation, dimension_numbers=_numbers(rank))
    return _restore(out, first)


def convolve(x: jax.Array, kernel: jax.Array, strides, pads: Pads, dilation, groups: int) -> jax.Array:
    """Channels-last convolution by the implementation that `best_method` names."""
    method = best_method(x.shape, kernel.shape, strides, pads, dilation, groups)
    return _METHODS[method](x, kernel, strides, pads, dilation, groups)


def best_method(shape, kernel_shape, strides, pads: Pads, dilation, groups: int, platform: str | None = None) -> str:
    """Name of the fastest implementation for these shapes: `matmul`, `depthwise`, `patches` or `xla`.

    On accelerators always `xla`. On CPU (measured forward and both gradients, float32, two cores): a 1x1 kernel is a
    matrix product (3 to 4 times faster); grouped kernels (XLA's gradients run at 1 GFLOP/s) are sums over kernel taps when
    depthwise and batched matrix products of patches otherwise (15 to 50 times); outputs of at most 2 rows or columns, where
    XLA leaves Eigen (2x2x512: 4 against 200 GFLOP/s), and RGB-like input are patches times the kernel, unless tiles are faster
    yet (`_tiled_conv`, which `canonical_conv` takes).
    """
    sizes = kernel_shape[:-2]
    if (platform or jax.default_backend()) != "cpu":
        return "xla"
    if groups == 1:
        if math.prod(sizes) == 1:
            return "matmul"
        if _tiled_conv.wins(kernel_shape, strides, dilation):
            return "xla"
        small = min(_out_lengths(shape[1:-1], sizes, strides, pads, dilation)) <= 2
        return "patches" if small or 1 < shape[-1] <= 4 else "xla"
    if math.prod(sizes) > 128:  # the taps are unrolled in the program
        return "xla"
    return "depthwise" if kernel_shape[-2] == 1 else "patches"


def _by_xla(x, kernel, strides, pads, dilation, groups):
    if groups == 1 and jax.default_backend() == "cpu":
        return canonical_conv(x, kernel, strides, pads, (1,) * len(strides), dilation)
    return lax.conv_general_dilated(
        x,
        kernel,
        strides,
        pads,
        rhs_dilation=dilation,
        dimension_numbers=_numbers(x.ndim - 2),
        feature_group_count=groups,
    )


def _by_matmul(x, kernel, strides, pads, dilation, groups):
    (_, pixels), *_ = taps(x, kernel.shape[:-2], strides, pads, dilation)
    return jnp.dot(pixels, kernel.reshape(kernel.shape[-2:]))


def _by_patches(x, kernel, strides, pads, dilation, groups):
    pixels = [tap for _, tap in taps(x, kernel.shape[:-2], strides, pads, dilation)]
    places = pixels[0].shape[:-1]  # (n, *spatial)
    if groups == 1:
        patches = jnp.concatenate(pixels, -1)
        return jnp.dot(patches.reshape(-1, patches.shape[-1]), kernel.reshape(patches.shape[-1], -1)).reshape(
            *places, -1
        )
    inside = kernel.shape[-2]
    patches = jnp.stack(pixels, -2).reshape(math.prod(places), len(pixels), groups, inside)
    kernel = kernel.reshape(len(pixels), inside, groups, -1)
    return jnp.einsum("ptgc,tcgf->pgf", patches, kernel).reshape(*places, -1)


def _by_depthwise(x, kernel, strides, pads, dilation, groups):
    many = kernel.shape[-1] // groups
    total = 0
    for place, tap in taps(x, kernel.shape[:-2], strides, pads, dilation):
        weights = kernel[place].reshape(groups, many)
        total = total + (tap * weights[:, 0] if many == 1 else tap[..., None] * weights)
    return total.reshape(*total.shape[: x.ndim - 1], -1)


_METHODS = {"xla": _by_xla, "matmul": _by_matmul, "patches": _by_patches, "depthwise": _by_depthwise}


def taps(
    x: jax.Array, sizes, strides, pads: Pads, dilation, fill: ArrayLike = 0
) -> Iterator[tuple[tuple[int, ...], jax.Array]]:
    """For each place in the window, the pixels it meets as the window slides. Shape: (n, *spatial', channels) each."""
    if any(map(any, pads)):
        x = jnp.pad(x, ((0, 0), *pads, (0, 0)), constant_values=fill)
    lengths = _out_lengths(x.shape[1:-1], sizes, strides, ((0, 0),) * len(sizes), dilation)
    for place in np.ndindex(*sizes):
        begins = [i * d for i, d in zip(place, dilation, strict=True)]
        window = [slice(b, b + (n - 1) * s + 1, s) for b, n, s in zip(begins, lengths, strides, strict=True)]
        yield place, x[(slice(None), *window)]


def same_pads(length: int, extent: int, stride: int) -> tuple[int, int]:
    """Zeros before and after one axis so that the output has `ceil(length / stride)` entries; the odd one goes after."""
    total = max((-(-length // stride) - 1) * stride + extent - length, 0)
    return total // 2, total - total // 2


def _out_lengths(lengths, sizes, strides, pads: Pads, dilation) -> list[int]:
    return [
        (n + sum(pad) - (k - 1) * d - 1) // s + 1
        for n, k, s, pad, d in zip(lengths, sizes, strides, pads, dilation, strict=True)
    ]


def _transposed_pads(padding: str, length: int, extent: int, stride: int, extra: int | None) -> tuple[int, int]:
    """Padding of the stride-dilated input such that the forward convolution of the output would give the input."""
    if extra is not None:
        out = (length - 1) * stride + extent + extra - (2 * (extent // 2) if padding == "same" else 0)
    elif padding == "same":
        out = length * stride
    else:
        out = length * stride + max(extent - stride, 0)
    cut = max((length - 1) * stride + extent - out, 0) // 2 if padding == "same" else 0
    before = extent - 1 - cut
    return before, out - (length - 1) * stride - 1 - before + extent - 1


def _numbers(rank: int) -> tuple[str, str, str]:
    letters = _LETTERS[rank]
    return f"N{letters}C", f"{letters}IO", f"N{letters}C"


def _channels_last(name: str, inputs: jax.Array, kernel: jax.Array, data_format: str | None) -> tuple[jax.Array, bool]:
    if inputs.ndim not in (3, 4, 5) or kernel.ndim != inputs.ndim:
        raise InvalidArgumentError(
            f"{name}: expected input of rank 3, 4 or 5 (batch, 1 to 3 spatial axes, channels) and a kernel of the same rank; "
            f"received input {inputs.shape}, kernel {kernel.shape}."
        )
    first = layout(name, data_format) == "channels_first"
    return (jnp.moveaxis(inputs, 1, -1) if first else inputs), first


def _restore(x: jax.Array, first: bool) -> jax.Array:
    return jnp.moveaxis(x, -1, 1) if first else x


def _steps(name: str, strides, dilation_rate, rank: int) -> tuple[tuple[int, ...], tuple[int, ...]]:
    steps = per_axis(name, "strides", strides, rank)
    dilation = per_axis(name, "dilation_rate", dilation_rate, rank)
    if max(steps) > 1 and max(dilation) > 1:
        raise InvalidArgumentError(
            f"{name}: expected strides or dilation_rate above 1, not both; received strides={strides}, "
            f"dilation_rate={dilation_rate}."
        )
    return steps, dilation


def _groups(name: str, x: jax.Array, kernel: jax.Array) -> int:
    channels, inside, filters = x.shape[-1], *kernel.shape[-2:]
    if inside == 0 or channels % inside or filters % (channels // inside):
        raise InvalidArgumentError(
            f"{name}: the {channels} input channels must be a multiple of the kernel's {inside} (the groups), and the "
            f"{filters} filters a multiple of the groups; received input {x.shape} (channels last), kernel {kernel.shape}."
        )
    return channels // inside


def _depthwise(name: str, x: jax.Array, kernel: jax.Array, strides, padding, dilation_rate) -> jax.Array:
    channels = x.shape[-1]
    if kernel.shape[-2] != channels:
        raise InvalidArgumentError(
            f"{name}: expected the depthwise kernel to have shape (*sizes, {channels}, multiplier) for {channels} channels; "
            f"received kernel {kernel.shape}, input {x.shape} (channels last)."
        )
    rank = x.ndim - 2
    strides = per_axis(name, "strides", strides, rank)
    dilation = per_axis(name, "dilation_rate", dilation_rate, rank)
    pads = _pads(name, x, kernel, strides, padding, dilation)
    kernel = kernel.reshape(*kernel.shape[:-2], 1, channels * kernel.shape[-1])
    return convolve(x, kernel, strides, pads, dilation, channels)


def _pads(name: str, x: jax.Array, kernel: jax.Array, strides, padding, dilation) -> Pads:
    padding = choice(name, "padding", padding, ("valid", "same", "causal"))
    sizes = kernel.shape[:-2]
    extents = [(k - 1) * d + 1 for k, d in zip(sizes, dilation, strict=True)]
    if padding == "same":
        return tuple(map(same_pads, x.shape[1:-1], extents, strides))
    if padding == "causal":
        return tuple((extent - 1, 0) for extent in extents)
    if any(n < extent for n, extent in zip(x.shape[1:-1], extents, strict=True)):
        raise InvalidArgumentError(
            f"{name}: the kernel of extent {tuple(extents)} is larger than the input's spatial shape {x.shape[1:-1]}. "
            "Use padding='same', a smaller kernel or fewer downsampling layers."
        )
    return ((0, 0),) * len(sizes)
