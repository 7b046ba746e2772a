"""Where a run of `fit` stands: everything that is needed to go on from there, in another process, with the same bits."""

from collections.abc import Callable, Iterable
from typing import Any, Protocol

import jax
import numpy as np

from cornu._base.errors import InvalidArgumentError
from cornu.core.random_state import global_state, host_state, restore_global_state, restore_host_state
from cornu.core.variable import Variable
from cornu.training.row_orders import RunSeed
from cornu.training.source import RunSource


class RunModel(Protocol):
    """The part of a model that a run keeps."""

    stop_training: bool
    optimizer: Any

    @property
    def variables(self) -> list[Variable]:
        """Weights, seeds and the metrics of layers."""
        ...

    @property
    def metrics_variables(self) -> list[Variable]:
        """The state of all metrics."""
        ...


class Run:
    """A run of `fit`.

    Attributes:
        first_epoch: the epoch that the run began with.
        epoch, batch: the epoch that is under way, and how many of its batches are done.
        steps: batches in an epoch, None until that is known.
        seed: decides the orders of rows.
        logs: those of the last step, or of the last epoch if `batch` is 0.
    Args: `carried(search)` gives the variables that the training program carries; with `search`, after looking for those
        that turn up only when the user's code runs.
    """

    def __init__(
        self,
        model: RunModel,
        callbacks: Iterable[Any],
        source: RunSource,
        validation: RunSource | None,
        seed: RunSeed,
        epoch: int,
        steps: int | None,
        carried: Callable[[bool], list[Variable]],
    ):
        self._model, self._callbacks = model, list(callbacks)
        self._source, self._validation = source, validation
        self._carried = carried
        self.first_epoch, self.epoch, self.batch = epoch, epoch, 0
        self.seed, self.steps = seed, steps
        self.logs: dict[str, Any] = {}

    def passes(self) -> tuple[tuple[RunSeed, int], int]:
        """The seed and first number of the orders of rows, and how many batches of passes in these orders came before this epoch.

        A pass over arrays goes on from epoch to epoch, as in Keras, if an epoch is shorter or longer. Other data tell themselves.
        """
        if not self._source.goes_on:
            return (self.seed, self.epoch), 0
        return (self.seed, 0), (self.epoch - self.first_epoch) * (self.steps or self._source.steps)

    def keep_positions(self) -> None:
        """Say before the run that `state` will be asked for."""
        for source in (self._source, self._validation):
            if source is not None:
                source.keep_positions()

    def state(self) -> dict[str, Any]:
        """Everything, as nested dicts and lists of plain values and arrays."""
        position = self._source.state()
        return {
            "first epoch": self.first_epoch,
            "epoch": self.epoch,
            "batch": self.batch,
            "steps": self.steps,
            "seed": self.seed,
            "logs": dict(self.logs),
            "stopped": bool(self._model.stop_training),
            "optimizer": type(self._model.optimizer).__name__,
            "variables": {name: _values(group) for name, group in self._groups().items()},
            "callbacks": [[type(each).__name__, _state_of(each)] for each in self._callbacks],
            "data": self._source.kind(),
            "position": position,
            "validation": self._validation.state() if self._validation is not None else {},
            "random": position.get("random") or host_state(),
            "global seed": global_state(),
        }

    def restore(self, state: dict[str, Any], place: str) -> None:
        """Become the run that `state` was taken from. `place` is what errors call it.

        Raises: InvalidArgumentError if model, optimizer or data are not like those of that run; nothing is changed then.
        """
        self._check(state, place)
        self.first_epoch, self.epoch, self.batch = state["first epoch"], state["epoch"], state["batch"]
        self.seed, self.steps, self.logs = tuple(state["seed"]), state["steps"], state["logs"]
        self._source.restore(state["position"], middle=self.batch > 0)
        if self._validation is not None:
            self._validation.restore(state["validation"], middle=False)
        self.restore_model(state)

    def restore_model(self, state: dict[str, Any]) -> None:
        """The part of `restore` that callbacks may undo as they are told that the epoch begins."""
        self._model.stop_training = state["stopped"]
        for name, group in self._groups().items():
            for variable, value in zip(group, state["variables"][name], strict=True):
                variable._stored = _as_stored(value, variable)
        waiting = list(state["callbacks"])
        for callback in self._callbacks:
            saved = next((item for item in waiting if item[0] == type(callback).__name__), None)
            if saved is not None:
                waiting.remove(saved)
                if _has_state(callback):
                    callback.restore(saved[1])
        restore_host_state(state["random"])
        restore_global_state(state["global seed"])

    def _groups(self, search: bool = False) -> dict[str, list[Variable]]:
        """All variables that training changes, by whom they belong to."""
        carried = self._carried(search)  # first: the search may build an optimizer
        groups = {
            "model": self._model.variables,
            "optimizer": list(getattr(self._model.optimizer, "variables", ())),
            "metrics": self._model.metrics_variables,
        }
        known = {id(variable) for group in groups.values() for variable in group}
        groups["code"] = [variable for variable in carried if id(variable) not in known]
        return groups

    def _check(self, state: dict[str, Any], place: str) -> None:
        kind = self._source.kind()
        if state["data"] != kind:
            raise _other_run(place, f"of data with {_words(state['data'])}", f"the data has {_words(kind)}")
        if state["optimizer"] != (own := type(self._model.optimizer).__name__):
            raise _other_run(place, f"with the optimizer {state['optimizer']}", f"the optimizer is {own}")
        groups, values = self._groups(), state["variables"]
        if any(len(group) < len(values[name]) for name, group in groups.items()):
            groups = self._groups(search=True)
        for name, group in groups.items():
            saved = values[name]
            if len(saved) != len(group):
                raise _other_run(place, f"with {len(saved)} variables of the {name}", f"there are {len(group)}")
            for variable, value in zip(group, saved, strict=True):
                old, new = (np.shape(value), _dtype(value)), (tuple(variable.shape), variable._stored.dtype.name)
                if old != new:
                    raise _other_run(
                        place, f"in which {variable.path!r} had shape {old[0]}, {old[1]}", f"it has {new[0]}, {new[1]}"
                    )


def _other_run(place: str, then: str, at_present: str) -> InvalidArgumentError:
    return InvalidArgumentError(
        f"{place} is of a run {then}; in this one {at_present}. Go on with the model, optimizer and data of that run, or "
        f"delete the backup to start anew."
    )


def _words(kind: dict[str, Any]) -> str:
    return ", ".join(f"{name} {value}" for name, value in kind.items())


def _dtype(value: Any) -> str:
    return value.dtype.name if isinstance(value, np.ndarray) else "object"


def _values(variables: list[Variable]) -> list[Any]:
    stored = [variable._stored for variable in variables]
    return [np.asarray(value) for value in jax.device_get(stored)]


def _as_stored(value: Any, variable: Variable) -> Any:
    if isinstance(value, np.ndarray):
        return jax.numpy.asarray(value)
    text = np.empty(tuple(variable.shape), object)  # text is kept as nested lists
    text[...] = value
    return text


def _has_state(callback: Any) -> bool:
    """True if the class of the callback defines `state` and `restore`: an attribute of that name is the user's own."""
    return all(callable(getattr(type(callback), name, None)) for name in ("state", "restore"))


def _state_of(callback: Any) -> dict[str, Any]:
    return callback.state() if _has_state(callback) else {}
