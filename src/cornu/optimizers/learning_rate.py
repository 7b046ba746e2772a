"""The learning rate of an optimizer and the iteration it depends on."""

from typing import Any

import jax

from cornu._base.errors import FailedPreconditionError, InvalidArgumentError, InvalidTypeError
from cornu.core.scopes import init_scope
from cornu.core.tensor import Tensor, is_tensor
from cornu.core.variable import Variable
from cornu.optimizers.schedules import LearningRateSchedule, traced_or_called


class LearningRate:
    """The part of an optimizer that knows its learning rate: a variable or a schedule, divided by Keras 2's decay."""

    name: str
    built: bool
    decay: float
    gradient_accumulation_steps: int | None
    _iterations: Variable
    _variables: list[Variable]
    _rate_variable: Variable | None
    _schedule: Any

    @property
    def iterations(self) -> Any:
        """How many steps were made; with gradient accumulation, how many updates of the weights."""
        if self.gradient_accumulation_steps:
            return Tensor(self._iterations._read() // self.gradient_accumulation_steps)
        return self._iterations

    @iterations.setter
    def iterations(self, variable: Variable) -> None:
        if self.built:
            raise FailedPreconditionError(
                "`iterations` cannot be replaced after the optimizer was built; assign to it."
            )
        self._variables[0] = self._iterations = variable

    @property
    def learning_rate(self) -> Any:
        """The variable that holds it; with a schedule, its value at this iteration. Can be set to either."""
        if self._rate_variable is not None:
            return self._rate_variable
        return Tensor(self._rate({id(self._iterations): self._iterations._read()}))

    @learning_rate.setter
    def learning_rate(self, value: Any) -> None:
        if isinstance(value, LearningRateSchedule) or (callable(value) and not is_tensor(value)):
            if self._rate_variable is not None:
                self._variables = [v for v in self._variables if v is not self._rate_variable]
            self._rate_variable, self._schedule = None, value
            return
        if self._rate_variable is None:
            raise InvalidTypeError(
                f"The learning rate of {self.name!r} follows {type(self._schedule).__name__} and cannot be set to a number. "
                "Make the optimizer with a number, or set another schedule."
            )
        self._rate_variable.assign(as_number(value) if not is_tensor(value) else value)

    lr = learning_rate

    def _rate(self, now: dict[int, Any]) -> jax.Array:
        """The learning rate, given the values of the optimizer's variables."""
        iteration = now[id(self._iterations)]
        if self._rate_variable is not None:
            rate = now[id(self._rate_variable)]
        else:
            rate = traced_or_called(self._schedule, iteration)
        return rate / (1 + self.decay * iteration.astype(rate.dtype)) if self.decay else rate


def as_number(learning_rate: Any) -> float:
    """A learning rate that is no schedule. Raises: InvalidArgumentError if it is no number."""
    try:
        with init_scope():
            return float(learning_rate)
    except (TypeError, ValueError):
        raise InvalidArgumentError(
            "Expected `learning_rate` as a number, a LearningRateSchedule or a function without arguments; "
            f"received {learning_rate!r}."
        ) from None
