"""`tf.train.ExponentialMovingAverage`. Source: tf.train.ExponentialMovingAverage."""

from collections.abc import Iterable
from typing import Any

import numpy as np

from cornu._base.errors import InvalidArgumentError
from cornu.core.variable import Variable


class ExponentialMovingAverage:
    """Running averages of variables: `average = decay * average + (1 - decay) * variable`.

    Args:
        decay: between 0 and 1.
        num_updates: with it the decay is at most `(1 + num_updates) / (10 + num_updates)`.
        zero_debias: begin at 0, and divide by what is missing.

    Raises: InvalidArgumentError if the decay is out of range, or an average of an unknown variable is asked for.
    """

    def __init__(
        self, decay: Any, num_updates: Any = None, zero_debias: bool = False, name: str = "ExponentialMovingAverage"
    ):
        if not 0 <= float(decay) <= 1:
            raise InvalidArgumentError(f"Expected a decay between 0 and 1; received {decay!r}.")
        self.decay, self.num_updates, self.zero_debias, self.name = float(decay), num_updates, zero_debias, name
        self._averages: dict[int, tuple[Variable, Variable, Variable]] = {}

    def apply(self, var_list: Iterable[Variable]) -> None:
        """Bring the averages of the variables up to date; the first time, make them."""
        decay = self.decay
        if self.num_updates is not None:
            done = float(np.asarray(self.num_updates))
            decay = min(decay, (1 + done) / (10 + done))
        for variable in var_list:
            if id(variable) not in self._averages:
                first = np.zeros(tuple(variable.shape)) if self.zero_debias else np.asarray(variable)
                name = f"{variable.path}/{self.name}"
                made = Variable(first, dtype=variable.dtype, trainable=False, name=name)
                self._averages[id(variable)] = variable, made, Variable(1.0, trainable=False, name=f"{name}/missing")
                if not self.zero_debias:
                    continue
            _, average, missing = self._averages[id(variable)]
            average.assign(average * decay + variable * (1 - decay))
            missing.assign(missing * decay)

    def average(self, var: Variable) -> Any:
        """The average of a variable; None if `apply` has not seen it."""
        if id(var) not in self._averages:
            return None
        _, average, missing = self._averages[id(var)]
        return average / (1 - missing) if self.zero_debias else average

    def average_name(self, var: Variable) -> str:
        """The name of a variable's average."""
        return f"{var.path}/{self.name}"
