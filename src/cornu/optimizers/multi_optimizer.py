"""Several optimizers, each for its own variables."""

import re
from collections.abc import Callable, Iterable, Iterator, MutableMapping, Sequence
from typing import Any, Self

from cornu._base.errors import InvalidArgumentError, InvalidTypeError
from cornu.core import serialization
from cornu.core.variable import Variable
from cornu.optimizers.base import OPTIMIZERS, Optimizer
from cornu.optimizers.state import Variables

_NO_RATE = (
    "The optimizers in a MultiOptimizer have each a learning rate of their own: use that of one of `.optimizers`."
)


@OPTIMIZERS.add()
class OptimizerMap(MutableMapping):
    """Patterns of variable paths, each with its optimizer: `OptimizerMap(SGD(), {"encoder/.*": Adam()})`.

    Args:
        default_optimizer: for variables whose path no pattern matches.
        optimizer_map: optimizers by pattern; a pattern must match the whole path, and the first one that does counts.

    Raises: InvalidTypeError for what is no optimizer; InvalidArgumentError for a pattern that is there already.
    Source: keras.optimizers.OptimizerMap.
    """

    def __init__(self, default_optimizer: Optimizer, optimizer_map: Any = None):
        self.default_optimizer = _checked("default_optimizer", default_optimizer)
        self._by_pattern: dict[str, Optimizer] = {}
        for pattern, optimizer in (optimizer_map or {}).items():
            self[pattern] = optimizer

    def __call__(self, variable: Variable) -> Optimizer:
        """The optimizer of a variable."""
        return self[variable.path]

    def __getitem__(self, path: str) -> Optimizer:
        """The optimizer of a pattern or of a variable's path."""
        if path in self._by_pattern:
            return self._by_pattern[path]
        matching = (opt for pattern, opt in self._by_pattern.items() if re.fullmatch(pattern, path))
        return next(matching, self.default_optimizer)

    def __setitem__(self, pattern: str, optimizer: Optimizer) -> None:
        if pattern in self._by_pattern:
            raise InvalidArgumentError(f"The pattern {pattern!r} has an optimizer already. Delete it first.")
        try:
            re.compile(pattern)
        except re.error as error:
            raise InvalidArgumentError(
                f"Expected a regular expression for paths; received {pattern!r}: {error}."
            ) from None
        self._by_pattern[pattern] = _checked(f"the optimizer of {pattern!r}", optimizer)

    def __delitem__(self, pattern: str) -> None:
        del self._by_pattern[pattern]

    def __iter__(self) -> Iterator[str]:
        return iter(self._by_pattern)

    def __len__(self) -> int:
        return len(self._by_pattern)

    def get_config(self) -> dict[str, Any]:
        """The arguments, with the optimizers serialized."""
        return {
            "default_optimizer": serialization.serialize(self.default_optimizer),
            "optimizer_map": {name: serialization.serialize(opt) for name, opt in self._by_pattern.items()},
        }

    @classmethod
    def from_config(cls, config: dict[str, Any], custom_objects: dict[str, Any] | None = None) -> Self:
        """A map made from what `get_config` returned."""

        def read(item: Any) -> Any:
            return serialization.deserialize(item, custom_objects=custom_objects) if isinstance(item, dict) else item

        by_pattern = {pattern: read(item) for pattern, item in (config.get("optimizer_map") or {}).items()}
        return cls(read(config["default_optimizer"]), by_pattern)


@OPTIMIZERS.add()
class MultiOptimizer(Optimizer):
    """Hands every variable to the optimizer that `optimizer_map` gives for it.

    Args:
        optimizer_map: an `OptimizerMap`, or a function from a variable to its optimizer.
        loss_scale_factor: what the loss was multiplied by; gradients are divided by it.

    Raises: InvalidTypeError if the map gives something else than an optimizer; InvalidArgumentError if one of them scales the
        loss itself.
    Source: keras.optimizers.MultiOptimizer.
    """

    def __init__(
        self,
        optimizer_map: OptimizerMap | Callable[[Variable], Optimizer],
        loss_scale_factor: float | None = None,
        name: str | None = None,
    ):
        if not callable(optimizer_map):
            raise InvalidTypeError(
                "Expected `optimizer_map` as an OptimizerMap or a function from a variable to its optimizer; received "
                f"{optimizer_map!r}."
            )
        super().__init__(0.0, loss_scale_factor=loss_scale_factor, name=name)
        self.optimizer_map = optimizer_map
        self._parts: list[tuple[Optimizer, list[int]]] = []

    @property
    def optimizers(self) -> list[Optimizer]:
        """The optimizers that have variables, in the order of the first variable of each."""
        return [optimizer for optimizer, _ in self._parts]

    def build(self, variables: Iterable[Variable]) -> None:
        """Ask for the optimizer of every variable, and make the slots of each."""
        if self.built:
            return
        self._trainable = list(variables)
        self._index_variables()
        parts: dict[int, tuple[Optimizer, list[int]]] = {}
        for i, variable in enumerate(self._trainable):
            optimizer = _checked(f"the optimizer of the variable {variable.path!r}", self.optimizer_map(variable))
            if optimizer.loss_scale_factor is not None:
                raise InvalidArgumentError(
                    f"Expected loss_scale_factor of the MultiOptimizer only; {optimizer.name!r} has one, "
                    f"{optimizer.loss_scale_factor}. Give it to the MultiOptimizer."
                )
            parts.setdefault(id(optimizer), (optimizer, []))[1].append(i)
        self._parts = list(parts.values())
        self._own = len(self._variables)
        for optimizer, which in self._parts:
            optimizer.build([self._trainable[i] for i in which])
        self.use_ema = any(optimizer.use_ema for optimizer in self.optimizers)
        self.built = True
        self._variables = self._variables + [v for optimizer in self.optimizers for v in optimizer.variables]

    @property
    def variables(self) -> Variables:
        """The counter of this one, then the variables of each optimizer."""
        return Variables(self._variables)

    @property
    def learning_rate(self) -> Any:
        """There is none. Raises: AttributeError."""
        raise AttributeError(_NO_RATE)

    @learning_rate.setter
    def learning_rate(self, value: Any) -> None:
        raise AttributeError(_NO_RATE)

    lr = learning_rate

    def finalize_variable_values(self, var_list: Iterable[Variable]) -> None:
        """As each optimizer does with its variables."""
        wanted = {id(variable) for variable in var_list}
        for optimizer, which in self._parts:
            optimizer.finalize_variable_values([v for i in which if id(v := self._trainable[i]) in wanted])

    def _apply_pure(
        self, state: Sequence, grads: Sequence, values: Sequence, which: Sequence[int] | None = None
    ) -> tuple[list, list]:
        places = {i: k for k, i in enumerate(range(len(self._trainable)) if which is None else which)}
        if self.loss_scale_factor is not None:
            grads = [g / self.loss_scale_factor for g in grads]
        after, weights, begin = [state[0] + 1, *state[1 : self._own]], list(values), self._own
        for optimizer, own in self._parts:
            end = begin + len(optimizer.variables)
            given = [(k, places[i]) for k, i in enumerate(own) if i in places]
            inner = list(state[begin:end])
            if given:
                at = [place for _, place in given]
                inner, updated = optimizer._apply_pure(
                    inner, [grads[p] for p in at], [weights[p] for p in at], [k for k, _ in given]
                )
                for place, value in zip(at, updated, strict=True):
                    weights[place] = value
            after += inner
            begin = end
        return after, weights

    def _settings(self) -> tuple:
        return (*super()._settings(), *(setting for optimizer in self.optimizers for setting in optimizer._settings()))

    def get_config(self) -> dict[str, Any]:
        """The arguments, the map serialized."""
        return {
            "optimizer_map": serialization.serialize(self.optimizer_map),
            "loss_scale_factor": self.loss_scale_factor,
            "name": self.name,
        }

    @classmethod
    def from_config(cls, config: dict[str, Any], custom_objects: dict[str, Any] | None = None) -> Self:
        """An optimizer made from what `get_config` returned."""
        made = serialization.deserialize(config["optimizer_map"], custom_objects=custom_objects)
        return cls(**config | {"optimizer_map": made})


def _checked(name: str, optimizer: Any) -> Optimizer:
    if not isinstance(optimizer, Optimizer):
        raise InvalidTypeError(f"Expected {name} as an optimizer; received {optimizer!r}.")
    return optimizer
