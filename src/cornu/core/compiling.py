"""Compiling programs with the options under which XLA's CPU backend runs them fastest (ADR 14)."""

import functools
from collections.abc import Callable, Sequence
from typing import Any

import jax

from cornu.core.context import context

_CPU_OPTIONS = {
    # By itself XLA leaves convolutions to YNNPACK too, which has one core compute those of up to 64 filters,
    "xla_cpu_experimental_ynn_fusion_type": "LIBRARY_FUSION_TYPE_INDIVIDUAL_DOT,LIBRARY_FUSION_TYPE_REDUCE",
    # and removes optimization barriers before it fuses loops, so that they keep nothing apart.
    "xla_disable_hlo_passes": "cse_barrier_expander",
}


def jit(function: Callable) -> Callable:
    """`jax.jit(function)` with these options, for programs that are never part of another one."""
    return jax.jit(function, compiler_options=_options())


class Jit:
    """`jax.jit(function)` with these options, or without where it becomes part of another program: JAX takes no options there."""

    def __init__(self, function: Callable):
        self._alone, self._within = jit(function), jax.jit(function)

    def __call__(self, *args: Any) -> Any:
        within = context.scope is not None or _has_tracer(args)
        return (self._within if within else self._alone)(*args)


def _has_tracer(values: Sequence) -> bool:
    """Whether one of the values, or of those in lists among them, is traced; sooner than by `jax.tree`."""
    return any(
        _has_tracer(value) if isinstance(value, list) else isinstance(value, jax.core.Tracer) for value in values
    )


@functools.cache
def _options() -> dict[str, Any] | None:
    """The options if this is a CPU and this version of XLA knows them."""
    if jax.default_backend() != "cpu":
        return None
    try:
        jax.jit(lambda x: x, compiler_options=_CPU_OPTIONS).lower(0).compile()
    except jax.errors.JaxRuntimeError:
        return None
    return _CPU_OPTIONS
