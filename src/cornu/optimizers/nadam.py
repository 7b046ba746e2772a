"""Nadam."""

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from cornu.core import config
from cornu.optimizers.base import OPTIMIZERS, Optimizer, epsilon_or_default, power, zeros_like


@OPTIMIZERS.add()
class Nadam(Optimizer):
    """Adam with Nesterov momentum, on the schedule `u_t = beta_1 * (1 - 0.96**t / 2)`.

    `p - lr * m_bar / (sqrt(v_hat) + epsilon)`, where `m_bar` mixes the next step's momentum with this step's gradient, each
    bias corrected by the product of all `u` so far. Source: keras.optimizers.Nadam; Dozat 2015.
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
        return {"momentum": zeros_like(p), "velocity": zeros_like(p)}

    def shared_slots(self):
        return {"u_product": np.ones((), config.floatx())}

    def advance(self, shared, t):
        product = shared["u_product"]
        return {"u_product": product * self._u(t.astype(product.dtype))}

    def _u(self, t: jax.Array) -> jax.Array:
        return self.beta_1 * (1 - 0.5 * power(0.96, t))

    def update(self, g, p, slots, lr, t):
        u, u_next, product = self._u(t), self._u(t + 1), slots["u_product"].astype(p.dtype)
        m = slots["momentum"] + (g - slots["momentum"]) * (1 - self.beta_1)
        v = slots["velocity"] + (jnp.square(g) - slots["velocity"]) * (1 - self.beta_2)
        m_bar = u_next * m / (1 - product * u_next) + (1 - u) * g / (1 - product)
        v_hat = v / (1 - power(self.beta_2, t))
        return p - m_bar * lr / (jnp.sqrt(v_hat) + self.epsilon), {"momentum": m, "velocity": v}
