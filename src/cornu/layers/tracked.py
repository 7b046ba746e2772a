"""What an object keeps whose variables, layers, metrics and seeds are set as attributes."""

from collections.abc import Iterable
from typing import Any

from cornu.core.random_state import SeedGenerator
from cornu.core.variable import Variable
from cornu.layers.tracking import TrackedDict, TrackedList, holds

_UNTRACKED = ("_input_layer_arguments", "_init_arguments")
OWN_LISTS = frozenset(
    {"_layers", "_trainable_variables", "_non_trainable_variables", "_metrics", "_seed_generators", "_inbound_nodes",
     "_call_losses", "_trainable", "_initialised", "_build_shapes"}
)  # fmt: skip


class Tracked:
    """The part of a layer that notes what is set as an attribute, alone or in lists, tuples and dicts."""

    _layers: list[Any]
    _trainable_variables: list[Any]
    _non_trainable_variables: list[Any]
    _metrics: list[Any]
    _seed_generators: list[Any]

    def __setattr__(self, name: str, value: Any) -> None:
        if name not in _UNTRACKED and not (name.startswith("_") and name in OWN_LISTS):
            value = self._track(value)
        object.__setattr__(self, name, value)

    def __delattr__(self, name: str) -> None:
        value = getattr(self, name, None)
        object.__delattr__(self, name)
        self._untrack([value])

    def _untrack(self, values: Iterable) -> None:
        """Forget variables, layers and metrics (alone or in containers) that no attribute holds any more."""
        own = (
            self._layers,
            self._trainable_variables,
            self._non_trainable_variables,
            self._metrics,
            self._seed_generators,
        )
        attributes = [value for name, value in self.__dict__.items() if name not in OWN_LISTS]
        for value in values:
            if isinstance(value, (list, tuple, set, dict)):
                self._untrack(value.values() if isinstance(value, dict) else value)
                continue
            for tracked in own:
                if any(item is value for item in tracked) and not holds(attributes, value):
                    tracked[:] = [item for item in tracked if item is not value]

    def _track(self, value: Any) -> Any:
        """Note a variable, layer, metric or seed generator, alone or in lists, tuples and dicts."""
        if isinstance(value, Variable):
            own = self._trainable_variables if value.trainable else self._non_trainable_variables
            if not any(value is v for v in self._trainable_variables + self._non_trainable_variables):
                own.append(value)
        elif isinstance(value, Tracked):
            if not any(value is layer for layer in self._layers) and value is not self:
                self._layers.append(value)
        elif isinstance(value, SeedGenerator):
            if not any(value is generator for generator in self._seed_generators):
                self._seed_generators.append(value)
        elif hasattr(value, "update_state") and hasattr(value, "result") and hasattr(value, "variables"):
            if not any(value is metric for metric in self._metrics):
                self._metrics.append(value)
        elif type(value) in (list, TrackedList):  # also that of another layer
            return TrackedList(value, self)
        elif type(value) in (dict, TrackedDict):
            return TrackedDict(value, self)
        elif type(value) in (tuple, set):
            for item in value:
                self._track(item)
        return value

    def _flatten_layers(self, include_self: bool = True) -> list[Any]:
        """This layer and all below it, each once, depth first."""
        found: dict[int, Any] = {}

        def visit(layer: Any) -> None:
            if id(layer) not in found:
                found[id(layer)] = layer
                for child in layer._layers:
                    visit(child)

        visit(self)
        return list(found.values())[0 if include_self else 1 :]

    def __getstate__(self) -> dict:
        return {**self.__dict__, "_inbound_nodes": [], "_call_losses": []}  # the calls belong to graphs, see Graph

    def __setstate__(self, state: dict) -> None:
        for name, value in state.items():
            tracked = type(value) in (list, dict) and name not in OWN_LISTS
            object.__setattr__(self, name, self._track(value) if tracked else value)


def once(items: list) -> list:
    """The items without those that came before."""
    return list({id(item): item for item in items}.values())
