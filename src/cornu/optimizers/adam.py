"""Adam and Adam with decoupled weight decay."""

from typing import Any

import jax.numpy as jnp

from cornu._base.errors import InvalidArgumentError
from cornu.optimizers.base import OPTIMIZERS, Optimizer, epsilon_or_default, power, zeros_like


@OPTIMIZERS.add()
class Adam(Optimizer):
    """`p - lr_t * m / (sqrt(v) + epsilon)` with `lr_t = lr * sqrt(1 - beta_2**t) / (1 - beta_1**t)`.

    `m` and `v` are running means of the gradient and of its square.

    Args:
        beta_1, beta_2: how slowly `m` and `v` forget.
        epsilon: the paper's epsilon hat, outside of the bias correction.
        amsgrad: divide by the largest `v` so far (Reddi et al. 2018).

    Source: keras.optimizers.Adam; Kingma & Ba 2014, section 2.
    """

    grouped_slots = ("velocity_hat",)

    def __init__(
        self,
        learning_rate: Any = 0.001,
        beta_1: float = 0.9,
        beta_2: float = 0.999,
        epsilon: float | None = 1e-7,
        amsgrad: bool = False,
        **common: Any,
    ):
        super().__init__(learning_rate, **common)
        self.beta_1, self.beta_2, self.epsilon, self.amsgrad = beta_1, beta_2, epsilon_or_default(epsilon), amsgrad

    def slots(self, p):
        return {name: zeros_like(p) for name in ("momentum", "velocity", "velocity_hat")[: 3 if self.amsgrad else 2]}

    def update(self, g, p, slots, lr, t):
        lr_t = lr * jnp.sqrt(1 - power(self.beta_2, t)) / (1 - power(self.beta_1, t))
        m = slots["momentum"] + (g - slots["momentum"]) * (1 - self.beta_1)
        v = slots["velocity"] + (jnp.square(g) - slots["velocity"]) * (1 - self.beta_2)
        new = {"momentum": m, "velocity": v}
        if self.amsgrad:
            v = new["velocity_hat"] = jnp.maximum(slots["velocity_hat"], v)
        return p - m * lr_t / (jnp.sqrt(v) + self.epsilon), new


@OPTIMIZERS.add()
class AdamW(Adam):
    """Adam with weight decay on by default.

    Raises: InvalidArgumentError if `weight_decay` is None. Source: keras.optimizers.AdamW; Loshchilov & Hutter 2019.
    """

    def __init__(
        self,
        learning_rate: Any = 0.001,
        weight_decay: float = 0.004,
        beta_1: float = 0.9,
        beta_2: float = 0.999,
        epsilon: float | None = 1e-7,
        amsgrad: bool = False,
        **common: Any,
    ):
        if weight_decay is None:
            raise InvalidArgumentError("Expected `weight_decay` as a number; received None. Use Adam for no decay.")
        super().__init__(learning_rate, beta_1, beta_2, epsilon, amsgrad, weight_decay=weight_decay, **common)
