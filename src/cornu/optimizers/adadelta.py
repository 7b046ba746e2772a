"""Adadelta."""

from typing import Any

import jax.numpy as jnp

from cornu.optimizers.base import OPTIMIZERS, Optimizer, epsilon_or_default, zeros_like


@OPTIMIZERS.add()
class Adadelta(Optimizer):
    """`d = g * rms(past d) / rms(g)`, `p - lr * d`, where both mean squares forget with `rho`.

    Source: keras.optimizers.Adadelta; Zeiler 2012.
    """

    def __init__(self, learning_rate: Any = 0.001, rho: float = 0.95, epsilon: float | None = 1e-7, **common: Any):
        super().__init__(learning_rate, **common)
        self.rho, self.epsilon = rho, epsilon_or_default(epsilon)

    def slots(self, p):
        return {"accumulated_grad": zeros_like(p), "accumulated_delta_var": zeros_like(p)}

    def update(self, g, p, slots, lr, t):
        grad2 = self.rho * slots["accumulated_grad"] + (1 - self.rho) * jnp.square(g)
        delta = g * jnp.sqrt(slots["accumulated_delta_var"] + self.epsilon) / jnp.sqrt(grad2 + self.epsilon)
        delta2 = self.rho * slots["accumulated_delta_var"] + (1 - self.rho) * jnp.square(delta)
        return p - lr * delta, {"accumulated_grad": grad2, "accumulated_delta_var": delta2}
