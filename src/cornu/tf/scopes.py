"""Devices, names, and whether code is being traced. Source: tf."""

import contextlib
import re
from collections.abc import Iterator
from typing import Any

import jax

from cornu._base.errors import InvalidArgumentError
from cornu.core import scopes, variable
from cornu.core.context import context
from cornu.core.symbolic import KerasTensor

init_scope = scopes.init_scope
_DEVICE = re.compile(r".*?(?:device:)?(?P<kind>CPU|GPU|TPU|XLA_CPU|XLA_GPU)(?::(?P<number>\d+|\*))?", re.IGNORECASE)


@contextlib.contextmanager
def device(device_name: Any) -> Iterator[None]:
    """Arrays made inside lie on that device ("/GPU:0", "cpu"), or on another one if it does not exist; None changes nothing.

    Raises: InvalidArgumentError if the name says no kind of device.
    """
    if device_name is None or callable(device_name):
        yield
        return
    found = _DEVICE.fullmatch(str(getattr(device_name, "name", device_name)).strip())
    if found is None:
        raise InvalidArgumentError(f"device: expected a name such as '/CPU:0' or '/GPU:1'; received {device_name!r}.")
    kind, number = found["kind"].upper().removeprefix("XLA_"), found["number"]
    devices = jax.devices("cpu") if kind == "CPU" else [each for each in jax.devices() if each.platform != "cpu"]
    place = int(number) if number and number != "*" else 0
    if place >= len(devices):
        yield
        return
    with jax.default_device(devices[place]):
        yield


class name_scope:
    """Variables made inside get `name/` in front of their names. Its value in `with ... as` is the whole scope, `"a/b/"`."""

    def __init__(self, name: str | None, default_name: str | None = None, values: Any = None):
        if not isinstance(name or default_name or "", str):
            raise InvalidArgumentError(f"name_scope: expected a name; received {name!r}.")
        self._name = name or default_name or ""

    @property
    def name(self) -> str:
        """The name given."""
        return self._name

    def __enter__(self) -> str:
        stem = self._name.rstrip("/")
        self._opened = (
            (variable.opened(tuple(stem.split("/"))) if self._name.endswith("/") else variable.name_scope(stem))
            if stem
            else variable.opened(())
        )
        self._opened.__enter__()
        scope = get_current_name_scope()
        return f"{scope}/" if scope else ""

    def __exit__(self, *error: Any) -> None:
        self._opened.__exit__(*error)


def get_current_name_scope() -> str:
    """The names of all open scopes, joined by `/`. Source: tf.get_current_name_scope."""
    return "/".join(variable._name_scopes.stack)


def executing_eagerly() -> bool:
    """False while a function is being traced. Source: tf.executing_eagerly."""
    return context.scope is None


def inside_function() -> bool:
    """True while a function is being traced. Source: tf.inside_function."""
    return context.scope is not None


def is_symbolic_tensor(tensor: Any) -> bool:
    """True for tensors without values: those of a functional model, or being traced. Source: tf.is_symbolic_tensor."""
    return isinstance(tensor, KerasTensor) or isinstance(getattr(tensor, "_value", None), jax.core.Tracer)
