"""LAMB."""

from typing import Any

import jax.numpy as jnp

from cornu.optimizers.base import OPTIMIZERS, Optimizer, epsilon_or_default, power, zeros_like


@OPTIMIZERS.add()
class Lamb(Optimizer):
    """Adam's bias-corrected step, scaled per weight to the norm of the weight: `p - lr * |p| / |r| * r`.

    Source: keras.optimizers.Lamb; You et al. 2019.
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

    def update(self, g, p, slots, lr, t):
        m = slots["momentum"] + (g - slots["momentum"]) * (1 - self.beta_1)
        v = slots["velocity"] + (jnp.square(g) - slots["velocity"]) * (1 - self.beta_2)
        m_hat, v_hat = m / (1 - power(self.beta_1, t)), v / (1 - power(self.beta_2, t))
        r = m_hat / (jnp.sqrt(v_hat) + self.epsilon)
        p_norm, r_norm = (jnp.sqrt(jnp.sum(jnp.square(x))) for x in (p, r))
        trust = jnp.where((p_norm > 0) & (r_norm > 0), p_norm / jnp.where(r_norm > 0, r_norm, 1), 1)
        return p - trust.astype(p.dtype) * lr * r, {"momentum": m, "velocity": v}
