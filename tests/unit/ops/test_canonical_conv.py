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


def reference(x, kernel, strides, pads, spread, dilation):
    letters = {1: "W", 2: "HW", 3: "DHW"}[x.ndim - 2]
    numbers = (f"N{letters}C", f"{letters}IO", f"N{letters}C")
    return lax.conv_general_dilated(x, kernel, strides, pads, spread, dilation, dimension_numbers=numbers)


@pytest.mark.parametrize("lengths, sizes, strides, pads, spread, dilation", CASES)
def test_values_and_gradients_equal_jax(rng, lengths, sizes, strides, pads, spread, dilation):
    x = rng.normal(size=(4, *lengths, 3)).astype("float32")
    kernel = rng.normal(size=(*sizes, 3, 5)).astype("float32")
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


def test_gradients_stay_in_the_fast_layout_inside_a_loop(rng):
    """The compiled loop must hold no convolution with its batch and channels exchanged, nor a reversed window."""
    x = jnp.asarray(rng.normal(size=(8, 8, 8, 4)), jnp.float32)
    geometry = (1, 1), ((1, 1), (1, 1)), (1, 1), (1, 1)

    def loss(kernel):
        return jnp.sum(canonical_conv(canonical_conv(x, kernel, *geometry), kernel, *geometry) ** 2)

    def step(_, kernel):
        return kernel - 1e-3 * jax.grad(loss)(kernel)

    kernel = jnp.asarray(rng.normal(size=(3, 3, 4, 4)), jnp.float32)
    program = jax.jit(lambda kernel, n: lax.fori_loop(0, n, step, kernel)).lower(kernel, 3).compile().as_text()
    lines = [line for line in program.splitlines() if " convolution(" in line]
    assert len(lines) >= 4
    for line in lines:
        assert "dim_labels=b01f_01io->b01f" in line
        assert "rhs_reversal" not in line
