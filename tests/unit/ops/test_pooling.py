"""Pools: equal to XLA's windows, gradients of ties, errors."""

from functools import partial

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from jax import lax

from cornu import ops


def draw(*shape):
    return np.random.RandomState(sum(shape)).standard_normal(shape).astype("float32")


@pytest.mark.parametrize("size", [2, 3, 5, 9])
@pytest.mark.parametrize("strides", [1, 2, 3])
def test_max_pool_and_its_gradient_equal_reduce_window(size, strides):
    x = np.round(draw(2, 11, 12, 2) * 2)  # many ties

    def stock(x):
        return lax.reduce_window(x, -jnp.inf, lax.max, (1, size, size, 1), (1, strides, strides, 1), "VALID")

    def ours(x):
        return ops.max_pool.raw(x, size, strides)

    np.testing.assert_array_equal(ours(x), stock(x))

    @partial(jax.jit, static_argnums=0)
    def gradient(pool, x):
        out, pull = jax.vjp(pool, x)
        return pull(jnp.cos(jnp.arange(out.size, dtype=out.dtype)).reshape(out.shape))[0]

    np.testing.assert_allclose(gradient(ours, x), gradient(stock, x), atol=1e-5)


@pytest.mark.parametrize(("shape", "size"), [((3, 9, 2), 4), ((2, 6, 5, 3), (3, 2)), ((2, 4, 5, 3, 2), (2, 3, 2))])
def test_gradient_of_padded_windows_that_slide_by_one(shape, size):
    """Over one, two and three axes, for even and odd sizes, with ties."""
    x = np.round(draw(*shape) * 2)
    sizes = (size,) * (len(shape) - 2) if isinstance(size, int) else size
    pads = [((k - 1) // 2, k // 2) for k in sizes]
    padded = np.pad(x, [(0, 0), *pads, (0, 0)], constant_values=-np.inf)
    expected = np.zeros_like(padded)
    given = draw(*shape)
    for at in np.ndindex(*shape):
        window = padded[at[0], *(slice(i, i + k) for i, k in zip(at[1:-1], sizes)), at[-1]]
        inside = np.unravel_index(np.argmax(window), window.shape)
        expected[at[0], *(i + j for i, j in zip(at[1:-1], inside)), at[-1]] += given[at]
    out, pull = jax.vjp(lambda x: ops.max_pool.raw(x, size, 1, "same"), x)
    assert out.shape == shape
    inner = tuple(slice(before, before + n) for (before, _), n in zip(pads, shape[1:-1]))
    np.testing.assert_allclose(pull(jnp.asarray(given))[0], expected[(slice(None), *inner)], atol=1e-5)


def test_max_pool_keeps_nan_and_integers():
    x = draw(1, 4, 1)
    x[0, 1] = np.nan
    assert np.isnan(ops.max_pool(x, 2).numpy()).ravel().tolist() == [True, False]
    integers = np.arange(4, dtype="int32").reshape(1, 4, 1)
    assert ops.max_pool(integers, 2, padding="same").numpy().ravel().tolist() == [1, 3]


def test_average_pool_same_does_not_count_the_padding():
    out = ops.average_pool(np.ones((1, 5, 5, 1), "float32"), 3, 2, "same").numpy()
    np.testing.assert_array_equal(out, np.ones((1, 3, 3, 1)))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: ops.max_pool(draw(2, 3), 2), r"max_pool: expected input of rank 3, 4 or 5.*\(2, 3\)"),
        (lambda: ops.max_pool(draw(2, 6, 3), (2, 2)), r"pool_size to be an integer of at least 1, or 1 of them"),
        (lambda: ops.average_pool(draw(2, 6, 3), 2, padding="causal"), r"'valid', 'same'; received 'causal'"),
        (lambda: ops.max_pool(draw(2, 2, 3), 3), r"window \(3,\) is larger"),
        (lambda: ops.adaptive_max_pool(draw(2, 6, 3), 0), r"output_size to be an integer of at least 1"),
    ],
)
def test_errors(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_adaptive_max_pool_of_a_long_axis_is_a_short_program():
    x = np.arange(70_000, dtype="float32")[None, ::-1, None]
    np.testing.assert_array_equal(ops.adaptive_max_pool(x, 4).numpy()[0, :, 0], [69_999, 52_499, 34_999, 17_499])
    assert len(jax.make_jaxpr(lambda x: ops.adaptive_max_pool.raw(x, 4))(x).eqns) < 100
