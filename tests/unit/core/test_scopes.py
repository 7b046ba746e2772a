"""Functional scopes redirect reads and writes; init_scope leaves them; autocast nests."""

import jax
import jax.numpy as jnp
import pytest

from cornu import GradientTape, Tensor, Variable
from cornu.core.context import context
from cornu.core.scopes import FunctionalScope, autocast, init_scope


def test_reads_and_writes_stay_inside():
    v, w = Variable(1.0), Variable(2.0)
    with FunctionalScope({v: jnp.float32(10.0)}) as scope:
        assert float(v) == 10.0 and float(w) == 2.0
        v.assign(11.0)
        w.assign(21.0)
        assert (float(v), float(w)) == (11.0, 21.0)
    assert (float(v), float(w)) == (1.0, 2.0)
    assert (float(scope.value_of(v)), float(scope.value_of(w))) == (11.0, 21.0)
    assert list(scope.missed.values()) == [w]
    assert list(scope.written.values()) == [v, w]


def test_nested_scopes_read_from_the_outer_one():
    v, w = Variable(1.0), Variable(2.0)
    with FunctionalScope({v: jnp.float32(10.0)}), FunctionalScope({w: jnp.float32(20.0)}) as inner:
        assert (float(v), float(w)) == (10.0, 20.0)
        v.assign(5.0)
        assert float(v) == 5.0
    assert inner.value_of(v) == 5.0 and float(v) == 1.0


def test_zero_and_false_are_values():
    v = Variable(1.0)
    with FunctionalScope([(v, jnp.float32(0.0))]):
        assert float(v) == 0.0


def test_left_after_an_error():
    v = Variable(1.0)
    with pytest.raises(RuntimeError, match="stop"), FunctionalScope({v: jnp.float32(3.0)}):
        raise RuntimeError("stop")
    assert float(v) == 1.0 and context.scope is None


def test_makes_a_pure_function():
    v = Variable(2.0)

    def run(value, x):
        with FunctionalScope({v: value}) as scope:
            y = v * Tensor(x)
            v.assign_add(1.0)
        return y._value, scope.value_of(v)

    y, after = jax.jit(run)(jnp.float32(5.0), jnp.float32(3.0))
    assert (float(y), float(after), float(v)) == (15.0, 6.0, 2.0)


def test_init_scope_leaves_scopes_tapes_and_casts():
    v = Variable(1.0)
    with GradientTape() as tape, FunctionalScope({v: jnp.float32(5.0)}), autocast("bfloat16"):
        with init_scope():
            assert float(v) == 1.0 and v.value.dtype == "float32"
            y = v * 2.0
            v.assign(7.0)
        assert float(v) == 5.0 and context.tapes == (tape,)
    assert float(v) == 7.0 and tape.gradient(y, v) is None


def test_init_scope_is_concrete_inside_of_a_trace():
    kept = []

    def run(x):
        with init_scope():
            kept.append(float(jnp.float32(2.0) * 3))
        return x

    jax.jit(run)(1.0)
    assert kept == [6.0]


def test_autocast_nests():
    with autocast("float16"):
        with autocast(None):
            assert context.autocast is None
        assert context.autocast == "float16"
    assert context.autocast is None
