"""Adagrad."""

from typing import Any

import jax.numpy as jnp
import numpy as np

from cornu.optimizers.base import OPTIMIZERS, Optimizer, epsilon_or_default


@OPTIMIZERS.add()
class Adagrad(Optimizer):
    """`a = a + g**2`, `p - lr * g / sqrt(a + epsilon)`.

    Args: `initial_accumulator_value`, where `a` starts. Source: keras.optimizers.Adagrad; Duchi et al. 2011.
    """

    def __init__(
        self,
        learning_rate: Any = 0.001,
        initial_accumulator_value: float = 0.1,
        epsilon: float | None = 1e-7,
        **common: Any,
    ):
        super().__init__(learning_rate, **common)
        self.initial_accumulator_value, self.epsilon = initial_accumulator_value, epsilon_or_default(epsilon)

    def slots(self, p):
        return {"accumulator": np.full(p.shape, self.initial_accumulator_value, p.dtype)}

    def update(self, g, p, slots, lr, t):
        accumulator = slots["accumulator"] + jnp.square(g)
        return p - lr * g / jnp.sqrt(accumulator + self.epsilon), {"accumulator": accumulator}
