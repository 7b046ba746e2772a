"""The options that Cornu's programs are compiled with."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import cornu
from cornu.core import compiling

X, KERNEL = np.ones((2, 8, 8, 3), "float32"), np.ones((3, 3, 3, 4), "float32")


def convolution(x):
    return jax.lax.conv_general_dilated(x, KERNEL, (1, 1), "SAME", dimension_numbers=("NHWC", "HWIO", "NHWC"))


@pytest.fixture
def fresh_options():
    compiling._options.cache_clear()
    yield
    compiling._options.cache_clear()


@pytest.mark.skipif(jax.default_backend() != "cpu", reason="the options are those of the CPU backend")
def test_convolutions_are_not_fused_by_ynnpack():
    text = compiling.jit(convolution).lower(X).compile().as_text()
    assert " convolution(" in text and "ynn_fusion" not in text


@pytest.mark.skipif(jax.default_backend() != "cpu", reason="the options are those of the CPU backend")
def test_barriers_keep_loops_apart():
    """Without them the sigmoid would be computed in the pooling's loop, entry by entry."""
    text = compiling.jit(lambda x: cornu.ops.max_pool(jax.nn.sigmoid(x), 2)._value).lower(X).compile().as_text()
    loops = [(" exponential(" in part, " slice(" in part) for part in text.split("\n}")]
    assert " opt-barrier(" in text
    assert (True, False) in loops and (False, True) in loops and (True, True) not in loops


@pytest.mark.skipif(jax.default_backend() != "cpu", reason="the options are those of the CPU backend")
def test_barriers_change_no_value():
    x = np.random.default_rng(0).normal(size=(4, 6, 6, 5)).astype("float32")

    barrier = jax.lax.optimization_barrier

    def through_barriers(x):
        first, second = barrier((x * 2, jnp.transpose(x, (3, 1, 2, 0)) + 1))
        return barrier(first), jax.lax.fori_loop(0, 3, lambda i, y: barrier(y + i), second)

    first, second = compiling.jit(through_barriers)(x)
    np.testing.assert_array_equal(first, x * 2)
    np.testing.assert_allclose(second, x.transpose(3, 1, 2, 0) + 4, rtol=1e-6)


@pytest.mark.skipif(jax.default_backend() != "cpu", reason="the options are those of the CPU backend")
def test_barriers_in_small_loops():
    """XLA would compile such loops as one kernel, and end the process at the barrier."""
    barrier = jax.lax.optimization_barrier

    def loops(x):
        x = jax.lax.fori_loop(0, 4, lambda i, y: y + sum(barrier((y * 2, y + 1))), x)
        x = jax.lax.cond(x[0] > 0, lambda: sum(barrier((x * 2, x + 1))), lambda: barrier(x))
        rows = jax.checkpoint(lambda carry, _: (jnp.sin(carry) * 2, None))
        return jax.grad(lambda y: jax.lax.scan(rows, y, None, length=5)[0].sum())(x)

    x = np.arange(1, 5, dtype="float32")
    np.testing.assert_allclose(compiling.jit(loops)(x), jax.jit(loops)(x), rtol=1e-4)


@pytest.mark.skipif(jax.default_backend() != "cpu", reason="the options are those of the CPU backend")
def test_barriers_hold_where_that_is_tested(monkeypatch):
    monkeypatch.setattr(compiling.version, "__version__", "0.99.0")
    assert (
        "opt-barrier"
        not in compiling.jit(lambda x: jax.lax.optimization_barrier(x + 1) * 2).lower(X).compile().as_text()
    )


def test_a_version_of_xla_without_the_option_gets_none(monkeypatch, fresh_options):
    monkeypatch.setattr(compiling, "_CPU_OPTIONS", {"xla_cpu_no_such_option": "1"})
    assert compiling._options() is None
    assert compiling.jit(lambda x: x + 1)(1) == 2


def test_other_devices_get_none(monkeypatch, fresh_options):
    monkeypatch.setattr(jax, "default_backend", lambda: "gpu")
    assert compiling._options() is None


def test_a_function_within_another_program():
    """JAX takes options for whole programs only."""
    inner = cornu.function(lambda x: x * 2.0)
    assert float(cornu.function(lambda x: inner(x) + 1.0)(cornu.convert_to_tensor(3.0))) == 7.0
    assert float(jax.jit(lambda x: inner(cornu.convert_to_tensor(x))._value + 1.0)(jnp.float32(3.0))) == 7.0
