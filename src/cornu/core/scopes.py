"""Functional scopes: inside one, variables read and write explicit values instead of their own.

A compiled function runs user code inside a scope whose values are tracers, and returns what the scope holds at the end.
"""

from collections.abc import Iterable, Mapping
from typing import Any

import jax

from cornu.core.context import context


class FunctionalScope:
    """Redirects reads and writes of variables. `missed` lists variables that were touched but not given.

    A missed variable reads its stored value; a write to it stays in the scope.
    """

    def __init__(self, values: Mapping[Any, Any] | Iterable[tuple[Any, Any]] = ()):
        pairs = values.items() if isinstance(values, Mapping) else values
        self._values: dict[int, Any] = {}
        self.given: dict[int, Any] = {}
        for variable, value in pairs:
            self._values[id(variable)] = value
            self.given[id(variable)] = variable
        self.missed: dict[int, Any] = {}
        self.written: dict[int, Any] = {}
        self.losses: list | None = None  # what layers add inside, if somebody collects it
        self._outer: list = []

    def read(self, variable: Any) -> Any:
        """The value of `variable` here (a JAX array or tracer)."""
        value = self._values.get(id(variable))
        if value is not None:
            return value
        self.missed[id(variable)] = variable
        outer = self._outer[-1] if self._outer else None
        return variable._stored if outer is None else outer.read(variable)

    def write(self, variable: Any, value: Any) -> None:
        """Set the value of `variable` here."""
        if id(variable) not in self.given:
            self.missed[id(variable)] = variable
        self.written[id(variable)] = variable
        self._values[id(variable)] = value

    def value_of(self, variable: Any) -> Any:
        """The value of `variable` at this point, without counting it as missed."""
        value = self._values.get(id(variable))
        return variable._stored if value is None else value

    def __enter__(self) -> "FunctionalScope":
        self._outer.append(context.scope)
        context.scope = self
        return self

    def __exit__(self, *error: Any) -> None:
        context.scope = self._outer.pop()


class init_scope:
    """Leaves every scope, tape and trace: what is computed inside is concrete. Source: tf.init_scope."""

    def __enter__(self) -> None:
        self._saved = context.scope, context.tapes, context.autocast
        context.scope, context.tapes, context.autocast = None, (), None
        self._concrete = jax.ensure_compile_time_eval()
        self._concrete.__enter__()

    def __exit__(self, *error: Any) -> None:
        self._concrete.__exit__(*error)
        context.scope, context.tapes, context.autocast = self._saved


class autocast:
    """Float variables that allow it are read in `dtype` inside. `None` switches casting off."""

    def __init__(self, dtype: str | None):
        self.dtype = dtype

    def __enter__(self) -> None:
        self._saved, context.autocast = context.autocast, self.dtype

    def __exit__(self, *error: Any) -> None:
        context.autocast = self._saved
