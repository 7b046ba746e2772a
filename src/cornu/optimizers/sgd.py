"""Stochastic gradient descent."""

from typing import Any

from cornu._base.errors import InvalidArgumentError
from cornu.optimizers.base import OPTIMIZERS, Optimizer, zeros_like


@OPTIMIZERS.add()
class SGD(Optimizer):
    """`p - lr * g`, or with momentum `v = momentum * v - lr * g`, `p + v`; Nesterov's looks one step ahead.

    Args: `momentum`, from 0 to 1; `nesterov`; the others as in `Optimizer`.
    Raises: InvalidArgumentError if `momentum` is outside of [0, 1].
    Source: keras.optimizers.SGD; Sutskever et al. 2013.
    """

    def __init__(self, learning_rate: Any = 0.01, momentum: float = 0.0, nesterov: bool = False, **common: Any):
        super().__init__(learning_rate, **common)
        if not isinstance(momentum, (int, float)) or not 0 <= momentum <= 1:
            raise InvalidArgumentError(f"Expected `momentum` as a number between 0 and 1; received {momentum!r}.")
        self.momentum, self.nesterov = momentum, nesterov

    def slots(self, p):
        return {"momentum": zeros_like(p)} if self.momentum else {}

    def update(self, g, p, slots, lr, t):
        if not self.momentum:
            return p - lr * g, {}
        velocity = self.momentum * slots["momentum"] - lr * g
        change = self.momentum * velocity - lr * g if self.nesterov else velocity
        return p + change, {"momentum": velocity}
