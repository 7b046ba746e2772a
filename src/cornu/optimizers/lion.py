"""Lion."""

from typing import Any

import jax.numpy as jnp

from cornu._base.errors import InvalidArgumentError
from cornu.optimizers.base import OPTIMIZERS, Optimizer, zeros_like


@OPTIMIZERS.add()
class Lion(Optimizer):
    """`p - lr * sign(beta_1 * m + (1 - beta_1) * g)`, then `m = beta_2 * m + (1 - beta_2) * g`.

    Raises: InvalidArgumentError unless `0 < beta_1 <= 1`. Source: keras.optimizers.Lion; Chen et al. 2023.
    """

    def __init__(self, learning_rate: Any = 0.001, beta_1: float = 0.9, beta_2: float = 0.99, **common: Any):
        super().__init__(learning_rate, **common)
        if not 0 < beta_1 <= 1:
            raise InvalidArgumentError(
                f"Expected `beta_1` in (0, 1]; received {beta_1!r}. At 0 it would be sign descent."
            )
        self.beta_1, self.beta_2 = beta_1, beta_2

    def slots(self, p):
        return {"momentum": zeros_like(p)}

    def update(self, g, p, slots, lr, t):
        m = slots["momentum"]
        new_p = p - lr * jnp.sign(m * self.beta_1 + g * (1 - self.beta_1))
        return new_p, {"momentum": m * self.beta_2 + g * (1 - self.beta_2)}
