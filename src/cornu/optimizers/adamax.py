"""Adamax."""

from typing import Any

import jax.numpy as jnp

from cornu.optimizers.base import OPTIMIZERS, Optimizer, epsilon_or_default, power, zeros_like


@OPTIMIZERS.add()
class Adamax(Optimizer):
    """Adam with the infinity norm: `u = max(beta_2 * u, |g|)`, `p - lr / (1 - beta_1**t) * m / (u + epsilon)`.

    Source: keras.optimizers.Adamax; Kingma & Ba 2014, section 7.1.
    """

    def __init__(
        self,
        learning_rate: Any = 0.001,
        beta_1: float = 0.9,
        beta_2: float = 0.999,
        epsilon: float | None = 1e-7,
        **common: Any,
    ):
        super().__init__(learning_rate, **common)
        self.beta_1, self.beta_2, self.epsilon = beta_1, beta_2, epsilon_or_default(epsilon)

    def slots(self, p):
        return {"momentum": zeros_like(p), "norm": zeros_like(p)}

    def update(self, g, p, slots, lr, t):
        m = slots["momentum"] + (g - slots["momentum"]) * (1 - self.beta_1)
        u = jnp.maximum(self.beta_2 * slots["norm"], jnp.abs(g))
        return p - lr * m / ((1 - power(self.beta_1, t)) * (u + self.epsilon)), {"momentum": m, "norm": u}
