"""RMSprop."""

from typing import Any

import jax.numpy as jnp

from cornu.optimizers.base import OPTIMIZERS, Optimizer, epsilon_or_default, zeros_like


@OPTIMIZERS.add()
class RMSprop(Optimizer):
    """`v = rho * v + (1 - rho) * g**2`, `p - lr * g / sqrt(v + epsilon)`.

    Args:
        rho: how slowly the mean square forgets.
        momentum: if not 0, steps accumulate: `m = momentum * m + step`.
        centered: divide by the standard deviation of the gradient instead of its root mean square.

    Source: keras.optimizers.RMSprop; Tieleman & Hinton 2012.
    """

    grouped_slots = ("momentum", "average_gradient")

    def __init__(
        self,
        learning_rate: Any = 0.001,
        rho: float = 0.9,
        momentum: float = 0.0,
        epsilon: float | None = 1e-7,
        centered: bool = False,
        **common: Any,
    ):
        super().__init__(learning_rate, **common)
        self.rho, self.momentum, self.epsilon, self.centered = rho, momentum, epsilon_or_default(epsilon), centered

    def slots(self, p):
        slots = {"velocity": zeros_like(p)}
        if self.momentum > 0:
            slots["momentum"] = zeros_like(p)
        if self.centered:
            slots["average_gradient"] = zeros_like(p)
        return slots

    def update(self, g, p, slots, lr, t):
        velocity = self.rho * slots["velocity"] + (1 - self.rho) * jnp.square(g)
        new = {"velocity": velocity}
        denominator = velocity + self.epsilon
        if self.centered:
            new["average_gradient"] = self.rho * slots["average_gradient"] + (1 - self.rho) * g
            denominator = velocity - jnp.square(new["average_gradient"]) + self.epsilon
        change = lr * g / jnp.sqrt(denominator)
        if self.momentum > 0:
            change = new["momentum"] = self.momentum * slots["momentum"] + change
        return p - change, new
