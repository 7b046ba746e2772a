"""Convolutions: implementations agree with XLA's, options are checked."""

from functools import partial

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from cornu import ops
from cornu.ops.conv import best_method, convolve, same_pads


def draw(*shape):
    return np.random.RandomState(sum(shape)).standard_normal(shape).astype("float32")


@pytest.mark.parametrize(
    ("shape", "kernel", "strides", "dilation", "groups", "method"),
    [
        ((2, 6, 5, 8), (1, 1, 8, 4), (1, 1), (1, 1), 1, "matmul"),
        ((2, 6, 5, 8), (1, 1, 8, 4), (2, 2), (1, 1), 1, "matmul"),
        ((2, 2, 2, 8), (3, 3, 8, 4), (1, 1), (1, 1), 1, "patches"),
        ((2, 6, 6, 3), (3, 3, 3, 4), (2, 1), (1, 1), 1, "patches"),
        ((2, 6, 6, 8), (3, 3, 8, 4), (1, 1), (1, 1), 1, "xla"),
        ((2, 6, 6, 6), (3, 2, 2, 9), (2, 1), (1, 1), 3, "patches"),
        ((2, 6, 6, 3), (3, 3, 1, 6), (1, 1), (2, 2), 3, "depthwise"),
        ((2, 9, 3), (3, 1, 3), (2,), (1,), 3, "depthwise"),
        ((1, 4, 4, 4, 2), (2, 2, 2, 2, 3), (1, 1, 1), (1, 1, 1), 1, "patches"),
    ],
)
def test_each_method_equals_xla(shape, kernel, strides, dilation, groups, method):
    extents = [(k - 1) * d + 1 for k, d in zip(kernel, dilation, strict=False)]
    pads = tuple(map(same_pads, shape[1:-1], extents, strides))
    assert best_method(shape, kernel, strides, pads, dilation, groups, platform="cpu") == method
    assert best_method(shape, kernel, strides, pads, dilation, groups, platform="gpu") == "xla"
    x, w = draw(*shape), draw(*kernel)
    letters = {1: "W", 2: "HW", 3: "DHW"}[len(strides)]

    def stock(x, w):
        numbers = (f"N{letters}C", f"{letters}IO", f"N{letters}C")
        return jax.lax.conv_general_dilated(
            x, w, strides, pads, rhs_dilation=dilation, dimension_numbers=numbers, feature_group_count=groups
        )

    def chosen(x, w):
        return convolve(x, w, strides, pads, dilation, groups)

    @partial(jax.jit, static_argnums=0)
    def value_and_gradients(conv, x, w):
        out, pull = jax.vjp(conv, x, w)
        return out, pull(jnp.cos(out))  # the gradients of sum(sin(out))

    (got, got_gradients), (want, want_gradients) = (value_and_gradients(conv, x, w) for conv in (chosen, stock))
    np.testing.assert_allclose(got, want, rtol=1e-5, atol=1e-5)
    for a, b in zip(got_gradients, want_gradients, strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-4, atol=1e-4)


def test_causal_output_sees_no_later_input():
    x, w = draw(1, 8, 2), draw(3, 2, 4)
    out = ops.conv(x, w, padding="causal", dilation_rate=2).numpy()
    later = x.copy()
    later[:, 5:] += 1
    assert out.shape == (1, 8, 4)
    np.testing.assert_array_equal(ops.conv(later, w, padding="causal", dilation_rate=2).numpy()[:, :5], out[:, :5])
    np.testing.assert_allclose(out[:, :1], x[:, :1] @ w[2], rtol=1e-5, atol=1e-6)


def test_channels_first_follows_the_setting():
    from cornu.core import config

    x, w = draw(2, 3, 6, 5), draw(3, 3, 3, 4)
    expected = ops.conv(np.moveaxis(x, 1, -1), w).numpy()
    config.set_image_data_format("channels_first")
    try:
        np.testing.assert_allclose(ops.conv(x, w).numpy(), np.moveaxis(expected, -1, 1), rtol=1e-5)
    finally:
        config.set_image_data_format("channels_last")
    np.testing.assert_allclose(ops.conv(np.moveaxis(x, 1, -1), w).numpy(), expected, rtol=1e-6)


def test_transpose_is_the_gradient_of_conv():
    x, w = draw(2, 7, 6, 3), draw(3, 4, 3, 5)
    forward = lambda x: ops.conv.raw(x, w, 2, "same")
    out, pull = jax.vjp(forward, jnp.asarray(x))
    cotangent = draw(*out.shape)
    got = ops.conv_transpose(cotangent, w, 2, "same").numpy()
    assert got.shape == (2, 8, 6, 3)
    even = jax.vjp(forward, jnp.zeros((2, 8, 6, 3), "float32"))[1](jnp.asarray(cotangent))[0]
    np.testing.assert_allclose(got, even, rtol=1e-5, atol=1e-5)
    assert pull(jnp.asarray(cotangent))[0].shape == x.shape


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: ops.conv(draw(2, 6), draw(3, 3)), r"conv: expected input of rank 3, 4 or 5.*\(2, 6\)"),
        (lambda: ops.conv(draw(2, 6, 3), draw(3, 3, 3, 4)), r"kernel of the same rank; received input \(2, 6, 3\)"),
        (lambda: ops.conv(draw(2, 6, 5), draw(3, 2, 4)), r"5 input channels must be a multiple of the kernel's 2"),
        (
            lambda: ops.conv(draw(2, 6, 4), draw(3, 2, 5)),
            r"5 filters a multiple of the groups; received input \(2, 6, 4\)",
        ),
        (lambda: ops.conv(draw(2, 6, 3), draw(3, 3, 4), padding="smae"), r"'smae'\. Did you mean 'same'"),
        (lambda: ops.conv(draw(2, 6, 3), draw(3, 3, 4), data_format="chanels_last"), r"Did you mean 'channels_last'"),
        (
            lambda: ops.conv(draw(2, 6, 3), draw(3, 3, 4), strides=(1, 2)),
            r"strides to be an integer of at least 1, or 1",
        ),
        (lambda: ops.conv(draw(2, 6, 3), draw(3, 3, 4), strides=2, dilation_rate=2), r"not both"),
        (lambda: ops.conv(draw(2, 2, 3), draw(3, 3, 4)), r"larger than the input's spatial shape \(2,\)"),
        (lambda: ops.depthwise_conv(draw(2, 6, 3), draw(3, 2, 1)), r"depthwise_conv: expected the depthwise kernel"),
        (
            lambda: ops.separable_conv(draw(2, 6, 3), draw(3, 3, 1), draw(1, 4, 2)),
            r"pointwise kernel to have shape \(1, 3",
        ),
        (lambda: ops.conv_transpose(draw(2, 6, 3), draw(3, 4, 2)), r"kernel \(\*sizes, filters, 3\)"),
        (
            lambda: ops.conv_transpose(draw(2, 6, 3), draw(3, 4, 3), padding="causal"),
            r"'valid', 'same'; received 'causal'",
        ),
    ],
)
def test_errors(call, message):
    with pytest.raises(ValueError, match=message):
        call()
