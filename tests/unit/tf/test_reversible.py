import jax
import jax.numpy as jnp
import numpy as np
import pytest

from cornu.tf.reversible import counted_loop


def walk(count, weight, start):
    """`count` turns of a map whose derivative depends on where it is."""
    test = lambda constants, state: state[0] < constants[1]
    step = lambda constants, state: (state[0] + 1, jnp.sin(state[1]) * constants[0] + 0.3)
    return counted_loop(test, step, (weight, count), (jnp.int32(0), start))[1]


def unrolled(count, weight, start):
    for _ in range(count):
        start = jnp.sin(start) * weight + 0.3
    return start


@pytest.mark.parametrize("count", [0, 1, 31, 33, 100])
def test_gradients_are_those_of_the_unrolled_loop(count):
    weight, start = jnp.float32(0.99), jnp.float32(0.4)
    slopes = jax.jit(jax.grad(walk, argnums=(1, 2)))(jnp.int32(count), weight, start)
    expected = jax.grad(unrolled, argnums=(1, 2))(count, weight, start)
    np.testing.assert_allclose(slopes, expected, rtol=1e-4, atol=1e-7)


def test_more_turns_than_there_are_states_to_keep():
    count, weight = 2500, 0.9999
    step = lambda c, s: (s[0] + 1, s[1] * c[0])
    loop = lambda w: counted_loop(lambda c, s: s[0] < count, step, (w,), (jnp.int32(0), jnp.ones(2)))[1]
    slope = jax.jit(jax.grad(lambda w: jnp.sum(loop(w))))(jnp.asarray(weight, jnp.float64))
    np.testing.assert_allclose(slope, 2 * count * weight ** (count - 1), rtol=1e-6)
