"""Schedule-free AdamW: averaging in place of a schedule."""

from typing import Any

import jax.numpy as jnp
import numpy as np

from cornu._base.errors import InvalidArgumentError
from cornu.optimizers.base import OPTIMIZERS, Optimizer, epsilon_or_default, power, zeros_like


@OPTIMIZERS.add()
class ScheduleFreeAdamW(Optimizer):
    """`z = z - lr * g / (sqrt(v_hat) + epsilon)`; the weight is the mean of all `z` so far.

    Args:
        beta_1: of the interpolation in the paper; as in Keras 3.15 the gradient is taken at the mean itself, so that it has no
            effect on the weights.
        beta_2: how slowly `v`, the mean square of the gradient, forgets.
        warmup_steps: the learning rate grows linearly over that many steps.

    Raises: InvalidArgumentError if `warmup_steps` is negative.
    Source: keras.optimizers.ScheduleFreeAdamW; Defazio et al. 2024, arXiv:2405.15682.
    """

    def __init__(
        self,
        learning_rate: Any = 0.0025,
        beta_1: float = 0.9,
        beta_2: float = 0.999,
        epsilon: float | None = 1e-8,
        warmup_steps: int = 0,
        **common: Any,
    ):
        super().__init__(learning_rate, **common)
        if warmup_steps < 0:
            raise InvalidArgumentError(f"Expected `warmup_steps` of 0 or more; received {warmup_steps!r}.")
        self.beta_1, self.beta_2, self.epsilon = beta_1, beta_2, epsilon_or_default(epsilon)
        self.warmup_steps = warmup_steps

    def slots(self, p):
        return {"momentum": np.array(p), "velocity": zeros_like(p)}

    def update(self, g, p, slots, lr, t):
        v = self.beta_2 * slots["velocity"] + (1 - self.beta_2) * jnp.square(g)
        if self.warmup_steps:
            lr = lr * jnp.minimum(1, t / self.warmup_steps)
        z = slots["momentum"] - lr * g / (jnp.sqrt(v / (1 - power(self.beta_2, t))) + self.epsilon)
        return p + (z - p) / t, {"momentum": z, "velocity": v}
