"""Programs without their messages to Python: what is printed, checked or called there and gives nothing back."""

from typing import Any

from jax.extend.core import ClosedJaxpr, Jaxpr

_CALLS = {"debug_callback", "debug_print", "io_callback"}


def without_messages(jaxpr: Jaxpr) -> Jaxpr:
    """The program, and those of its branches and loops, without calls of Python that give nothing back."""
    if not jaxpr.effects:
        return jaxpr
    kept = [
        eqn.replace(params={name: _silent(value) for name, value in eqn.params.items()})
        for eqn in jaxpr.eqns
        if eqn.outvars or eqn.primitive.name not in _CALLS
    ]
    effects = frozenset().union(*map(_effects, kept))
    return jaxpr.replace(eqns=kept, effects=effects)


def _silent(value: Any) -> Any:
    """A parameter of an equation, without messages if it holds programs."""
    if isinstance(value, ClosedJaxpr):
        return value.replace(jaxpr=without_messages(value.jaxpr))
    if isinstance(value, Jaxpr):
        return without_messages(value)
    return tuple(map(_silent, value)) if type(value) is tuple else value


def _effects(eqn: Any) -> Any:
    """The effects of an equation: those of its programs, if it has any."""
    values = [item for value in eqn.params.values() for item in (value if type(value) is tuple else (value,))]
    programs = [value for value in values if isinstance(value, (ClosedJaxpr, Jaxpr))]
    return frozenset().union(*[program.effects for program in programs]) if programs else eqn.effects
