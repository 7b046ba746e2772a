"""Compiling programs with the options under which XLA's CPU backend runs them fastest (ADR 14 and 15)."""

import functools
from collections.abc import Callable, Sequence
from typing import Any

import jax
from jaxlib import version

from cornu.core.context import context

# By itself XLA leaves convolutions to YNNPACK too, which has one core compute those of up to 64 filters.
_CPU_OPTIONS = {
    "xla_cpu_experimental_ynn_fusion_type": "LIBRARY_FUSION_TYPE_INDIVIDUAL_DOT,LIBRARY_FUSION_TYPE_REDUCE",
}
# By itself XLA removes optimization barriers before it fuses loops, so that they keep nothing apart. Where they stay, small
# loops must not be compiled as one kernel, for which XLA knows no barriers: it would end the process.
_BARRIERS = {"xla_disable_hlo_passes": "cse_barrier_expander,small-while-loop-hoisting"}
_BARRIERS_TESTED = ("0.10.",)  # versions of jaxlib whose passes are named so


def jit(function: Callable) -> Callable:
    """`jax.jit(function)` with these options and barriers that hold: for the programs of models."""
    return jax.jit(function, compiler_options=_options(barriers=version.__version__.startswith(_BARRIERS_TESTED)))


class Jit:
    """`jax.jit(function)` with these options, or without where it becomes part of another program: JAX takes no options there."""

    def __init__(self, function: Callable):
        self._alone, self._within = jax.jit(function, compiler_options=_options()), jax.jit(function)

    def __call__(self, *args: Any) -> Any:
        within = context.scope is not None or _has_tracer(args)
        return (self._within if within else self._alone)(*args)


def _has_tracer(values: Sequence) -> bool:
    """Whether one of the values, or of those in lists among them, is traced; sooner than by `jax.tree`."""
    return any(
        _has_tracer(value) if isinstance(value, list) else isinstance(value, jax.core.Tracer) for value in values
    )


@functools.cache
def _options(barriers: bool = False) -> dict[str, Any] | None:
    """The options if this is a CPU and this version of XLA knows them. Args: barriers: whether barriers hold."""
    if jax.default_backend() != "cpu":
        return None
    options = _CPU_OPTIONS | (_BARRIERS if barriers else {})
    try:
        jax.jit(lambda x: x, compiler_options=options).lower(0).compile()
    except jax.errors.JaxRuntimeError:
        return None
    return options
