"""The variables of an optimizer: how they are made, in the order of Keras' files, read, set and written."""

import warnings
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from cornu import initializers
from cornu._base import names
from cornu._base.errors import FailedPreconditionError, InvalidArgumentError
from cornu.core import config, fresh_arrays
from cornu.core.restoring import restore_when_built
from cornu.core.variable import Variable


class Variables(list):
    """A list of variables that can be called, because `optimizer.variables` once was a method."""

    def __call__(self) -> list[Variable]:
        return list(self)


class OptimizerState:
    """The part of an optimizer that keeps variables: iteration, learning rate, and slots for the weights it is built for."""

    name: str
    built: bool
    use_ema: bool
    gradient_accumulation_steps: int | None
    grouped_slots: tuple[str, ...]
    slots_for: Any
    shared_slots: Any
    _variables: list[Variable]
    _trainable: list[Variable]
    _slots: list[dict[str, Variable]]
    _shared: dict[str, Variable]
    _index: dict[int, int]

    @property
    def variables(self) -> Variables:
        """Iteration, learning rate and slots, in the order of Keras' files. Older scripts call it."""
        return Variables(self._variables)

    def build(self, variables: Iterable[Variable]) -> None:
        """Make the slots for these variables. A second call changes nothing."""
        if self.built:
            return
        self._trainable = list(variables)
        self._index_variables()
        if self.use_ema:
            self._averages = self.add_optimizer_variables(self._trainable, "average")
        if self.gradient_accumulation_steps:
            self._accumulators = self.add_optimizer_variables(self._trainable, "gradient_accumulator")
        first = [self.slots_for(v) for v in self._trainable]
        self._slots = [{} for _ in first]
        kinds = dict.fromkeys(name for slots in first for name in slots)
        together = [name for name in kinds if name not in self.grouped_slots]
        for group in (together, *([name] for name in kinds if name in self.grouped_slots)):
            for variable, values, slots in zip(self._trainable, first, self._slots, strict=True):
                for name in group:
                    if name in values:
                        slots[name] = self._add(values[name], self._slot_name(variable, name))
        for name, value in self.shared_slots().items():
            self._shared[name] = self._add(value, name)
        self.built = True
        restore_when_built(self)

    def _index_variables(self) -> None:
        self._index = {id(v): i for i, v in enumerate(self._trainable)}

    def _slot_name(self, variable: Variable, name: str | None) -> str:
        stem = variable.path.replace("/", "_").removesuffix(":0")
        return f"{stem}_{name}" if name else stem

    def _add(self, value: Any, name: str, dtype: Any = None) -> Variable:
        variable = Variable(value, dtype=dtype, trainable=False, autocast=False, name=name)
        variable.path = f"{self.name}/{name}"
        self._variables.append(variable)
        return variable

    def add_variable(
        self, shape: Sequence[int], initializer: Any = "zeros", dtype: Any = None, name: str | None = None
    ) -> Variable:
        """A new variable of the optimizer's state."""
        if isinstance(initializer, str):
            initializer = initializers.get(initializer)
        value = initializer(tuple(shape), dtype=dtype) if callable(initializer) else np.broadcast_to(initializer, shape)
        return self._add(value, name or names.unique("variable"), dtype or config.floatx())

    def add_variable_from_reference(
        self, reference_variable: Variable, name: str | None = None, initializer: Any = "zeros"
    ) -> Variable:
        """A new variable of the optimizer's state, shaped and named after another one."""
        full_name = self._slot_name(reference_variable, name)
        return self.add_variable(reference_variable.shape, initializer, reference_variable.dtype, full_name)

    def add_optimizer_variables(
        self, trainable_variables: Iterable[Variable], name: Any, initializer: Any = "zeros"
    ) -> Any:
        """New variables for each of the given ones: a list, or a tuple of lists if `name` is a list of names."""
        if isinstance(name, str):
            return [self.add_variable_from_reference(v, name, initializer) for v in trainable_variables]
        made = [[self.add_variable_from_reference(v, one, initializer) for one in name] for v in trainable_variables]
        return tuple(list(kind) for kind in zip(*made, strict=True)) if made else tuple([] for _ in name)

    def _get_variable_index(self, variable: Variable) -> int:
        index = self._index.get(id(variable))
        if index is None:
            raise InvalidArgumentError(
                f"The optimizer {self.name!r} was built for {len(self._trainable)} variables, and {variable.path!r} is none "
                "of them. Use a new optimizer for other variables, or build it with all of them: "
                "`optimizer.build(model.trainable_variables)`."
            )
        return index

    def get_weights(self) -> list[np.ndarray]:
        """The values of all variables."""
        return [np.asarray(v) for v in self._variables]

    def set_weights(self, weights: Sequence[Any]) -> None:
        """Assign all variables.

        Raises: InvalidArgumentError if number or shapes differ; FailedPreconditionError if there are no slots yet.
        """
        if not self.built:
            raise FailedPreconditionError(
                f"The optimizer {self.name!r} has no slots yet. Call `build(model.trainable_variables)` first."
            )
        if len(weights) != len(self._variables):
            raise InvalidArgumentError(f"Expected {len(self._variables)} arrays; received {len(weights)}.")
        for variable, value in zip(self._variables, weights, strict=True):
            variable.assign(value)

    def save_own_variables(self, store: Any) -> None:
        """Write the variables into the mapping `store` as `"0"`, `"1"`, ..."""
        for i, variable in enumerate(self._variables):
            store[str(i)] = np.asarray(variable)

    def load_own_variables(self, store: Any) -> None:
        """Read the variables from what `save_own_variables` wrote; of another number of variables nothing is read."""
        if len(store.keys()) != len(self._variables):
            warnings.warn(
                f"The state of the optimizer {self.name!r} was not loaded: it has {len(self._variables)} variables, the "
                f"saved one {len(store.keys())}. Build it first with the model's variables, with the same options.",
                stacklevel=2,
            )
            return
        for i, variable in enumerate(self._variables):
            fresh_arrays.read(variable, store, str(i))

    def assign(self, variable: Variable, value: Any) -> None:
        """Set a variable, in `update_step`."""
        variable.assign(value)

    def assign_add(self, variable: Variable, value: Any) -> None:
        """Add to a variable, in `update_step`."""
        variable.assign_add(value)

    def assign_sub(self, variable: Variable, value: Any) -> None:
        """Subtract from a variable, in `update_step`."""
        variable.assign_sub(value)
