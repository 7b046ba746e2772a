"""How a layer's `call` takes its arguments, read from its signature once."""

import inspect
from collections.abc import Callable
from typing import Any

from cornu._base.errors import InvalidTypeError
from cornu._base.suggest import did_you_mean
from cornu.layers.call_values import has_tensor


class CallPlan:
    """The signature of a class's `call`, read once."""

    def __init__(self, call: Callable):
        parameters = list(inspect.signature(call).parameters.values())[1:]
        self.order = [p.name for p in parameters if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]
        self.names = {p.name for p in parameters}
        self.any_keyword = any(p.kind is p.VAR_KEYWORD for p in parameters)
        self.rest = next((p.name for p in parameters if p.kind is p.VAR_POSITIONAL), None)
        self.has_training = "training" in self.names
        self.needs_training = any(p.name == "training" and p.default is p.empty for p in parameters)

    def argument(self, args: tuple, kwargs: dict, name: str) -> Any:
        if name in kwargs:
            return kwargs[name]
        place = self.order.index(name) if name in self.order else len(args)
        return args[place] if place < len(args) else None

    def with_argument(self, args: tuple, kwargs: dict, name: str, value: Any) -> tuple[tuple, dict]:
        place = self.order.index(name) if name in self.order else len(args)
        if place < len(args):
            return (*args[:place], value, *args[place + 1 :]), kwargs
        return args, {**kwargs, name: value}

    def bind(self, layer: Any, args: tuple, kwargs: dict) -> dict[str, Any]:
        """The tensor arguments by name, the first one first."""
        if len(args) > len(self.order) and self.rest is None:
            raise InvalidTypeError(
                f"{type(layer).__name__}.call takes {len(self.order)} arguments ({', '.join(self.order)}); received {len(args)}."
            )
        for name in kwargs:
            if name not in self.names and not self.any_keyword:
                raise InvalidTypeError(
                    f"{type(layer).__name__}.call got the unknown argument {name!r}.{did_you_mean(name, self.names)} "
                    f"It takes {', '.join(self.order)}."
                )
        given = dict(zip(self.order, args, strict=False))
        if self.rest and len(args) > len(self.order):
            given[self.rest] = args[len(self.order) :]
        given.update((name, kwargs[name]) for name in (*self.order, *kwargs) if name in kwargs)
        first = next(iter(given), None)
        return {
            name: value
            for name, value in given.items()
            if name == first or (has_tensor(value) and not name.endswith("mask") and name != "training")
        }


_plans: dict[type, CallPlan] = {}


def call_plan(cls: type) -> CallPlan:
    """The plan of a layer class."""
    if cls not in _plans:
        _plans[cls] = CallPlan(cls.call)  # type: ignore[attr-defined]
    return _plans[cls]
