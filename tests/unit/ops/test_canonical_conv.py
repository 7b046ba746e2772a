"""The convolution with hand-written gradients against JAX's own."""

from functools import partial

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from jax import lax

from cornu.ops._canonical_conv import canonical_conv

CASES = [
    # spatial shape, sizes, strides, pads, spread, dilation
    ((9,), (3,), (1,), ((1, 1),), (1,), (1,)),
    ((9,), (4,), (3,), ((3, 0),), (1,), (1,)),
    ((9, 10), (3, 3), (1, 1), ((1, 1), (1, 1)), (1, 1), (1, 1)),
    ((9, 10), (3, 2), (2, 3), ((0, 1), (2, 1)), (1, 1), (1, 1)),
    ((9, 10), (3, 3), (1, 1), ((2, 2), (0, 0)), (1, 1), (2, 3)),
    ((5, 6), (3, 4), (1, 1), ((2, 1), (3, 0)), (2, 3), (1, 1)),
    ((5, 6), (3, 3), (2, 1), ((2, 2), (1, 3)), (1, 2), (1, 2)),
    ((5, 4, 6), (3, 2, 1), (2, 1, 2), ((1, 1), (0, 1), (0, 0)), (1, 1, 1), (1, 1, 1)),
]


WIDE_CASES = [  # where matrix products take over: spatial shape, sizes, strides, pads, channels, filters
    ((4, 4), (3, 3), (1, 1), ((1, 1), (1, 1)), 32, 40),
    ((3, 5), (3, 2), (2, 1), ((0, 1), (1, 0)), 32, 32),
    ((2, 2), (3, 3), (1, 1), ((1, 1), (1, 1)), 33, 32),
    ((1,), (4,), (1,), ((2, 1),), 32, 32),
    ((2, 2, 3), (2, 1, 3), (1, 1, 2), ((1, 0), (0, 0), (1, 1)), 32, 32),
    ((8, 9), (1, 1), (1, 1), ((0, 0), (0, 0)), 3, 4),
    ((8, 9), (1, 1), (2, 3), ((0, 0), (0, 0)), 3, 4),
    ((9, 8), (3, 3), (2, 2), ((0, 1), (1, 1)), 64, 128),
    ((9, 21), (3, 3), (1, 1), ((1, 1), (1, 1)), 3, 16),
    ((12, 12), (5, 5), (1, 1), ((0, 0), (0, 0)), 1, 6),
    ((12, 30), (5, 5), (1, 1), ((2, 2), (2, 2)), 3, 6),
    ((7, 5), (7, 4), (1, 1), ((3, 3), (1, 2)), 4, 32),
    ((9, 3), (5, 3), (1, 1), ((0, 2), (0, 0)), 4, 2),
]


def reference(x, kernel, strides, pads, spread, dilation):
    letters = {1: "W", 2: "HW", 3: "DHW"}[x.ndim - 2]
    numbers = (f"N{letters}C", f"{letters}IO", f"N{letters}C")
    return lax.conv_general_dilated(x, kernel, strides, pads, spread, dilation, dimension_numbers=numbers)


@pytest.mark.parametrize("lengths, sizes, strides, pads, spread, dilation", CASES)
def test_values_and_gradients_equal_jax(rng, lengths, sizes, strides, pads, spread, dilation):
    x = rng.normal(size=(4, *lengths, 5)).astype("float32")
    kernel = rng.normal(size=(*sizes, 5, 3)).astype("float32")
    geometry = strides, pads, spread, dilation

    def value(conv, x, kernel):
        return jnp.sum(jnp.sin(conv(x, kernel, *geometry)))

    def gradient_of_gradient(conv, x, kernel):
        for_x, for_kernel = jax.grad(value, (1, 2))(conv, x, kernel)
        return jnp.sum(for_x**2) + jnp.sum(jnp.cos(for_kernel))

    np.testing.assert_array_equal(canonical_conv(x, kernel, *geometry), reference(x, kernel, *geometry))

    @partial(jax.jit, static_argnums=0)
    def gradients(conv, x, kernel):
        return *jax.grad(value, (1, 2))(conv, x, kernel), *jax.grad(gradient_of_gradient, (1, 2))(conv, x, kernel)

    for a, b in zip(gradients(canonical_conv, x, kernel), gradients(reference, x, kernel), strict=True):
        np.testing.assert_allclose(a, b, rtol=2e-5, atol=2e-5 * float(jnp.abs(b).max()))


@pytest.mark.parametrize("lengths, sizes, strides, pads, channels, filters", WIDE_CASES)
def test_matrix_products_equal_convolutions(rng, lengths, sizes, strides, pads, channels, filters):
    x = rng.normal(size=(3, *lengths, channels)).astype("float32")
    kernel = rng.normal(size=(*sizes, channels, filters)).astype("float32") / 8
    ones = (1,) * len(sizes)

    @partial(jax.jit, static_argnums=0)
    def results(conv, x, kernel):
        value, gradients = jax.value_and_grad(lambda *args: jnp.sum(jnp.sin(conv(*args))), (0, 1))(x, kernel)
        return value, *gradients

    ours = results(lambda x, k: canonical_conv(x, k, strides, pads, ones, ones), x, kernel)
    theirs = results(lambda x, k: reference(x, k, strides, pads, ones, ones), x, kernel)
    for a, b in zip(ours, theirs, strict=True):
        np.testing.assert_allclose(a, b, rtol=2e-5, atol=1e-5 * float(jnp.abs(b).max()))


def test_a_folded_product_leaves_no_convolution(rng):
    """XLA exchanges image and kernel where the kernel is the larger one, and then convolves without its fast kernels."""
    x, kernel = jnp.zeros((8, 2, 2, 64)), jnp.zeros((3, 3, 64, 64))
    pads, ones = ((1, 1), (1, 1)), (1, 1)
    grad = jax.grad(lambda x, k: jnp.sum(canonical_conv(x, k, ones, pads, ones, ones) ** 2), (0, 1))
    assert " convolution(" not in jax.jit(grad).lower(x, kernel).compile().as_text()


def test_gradients_stay_in_the_fast_layout_inside_a_loop(rng):
    """The compiled loop must hold no convolution with its batch and channels exchanged, nor a reversed window."""
    x = jnp.asarray(rng.normal(size=(8, 8, 8, 6)), jnp.float32)
    geometry = (1, 1), ((1, 1), (1, 1)), (1, 1), (1, 1)

    def loss(kernel):
        return jnp.sum(canonical_conv(canonical_conv(x, kernel, *geometry), kernel, *geometry) ** 2)

    def step(_, kernel):
        return kernel - 1e-3 * jax.grad(loss)(kernel)

    kernel = jnp.asarray(rng.normal(size=(3, 3, 6, 6)), jnp.float32)
    program = jax.jit(lambda kernel, n: lax.fori_loop(0, n, step, kernel)).lower(kernel, 3).compile().as_text()
    lines = [line for line in program.splitlines() if " convolution(" in line]
    assert len(lines) >= 4
    for line in lines:
        assert "dim_labels=b01f_01io->b01f" in line
        assert "rhs_reversal" not in line
