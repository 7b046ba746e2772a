"""Muon: matrices step by their momentum with all singular values brought near one."""

import re
from collections.abc import Sequence
from typing import Any

import jax
import jax.numpy as jnp

from cornu.core.variable import Variable
from cornu.optimizers.base import OPTIMIZERS, Optimizer, epsilon_or_default, power, zeros_like


@OPTIMIZERS.add()
class Muon(Optimizer):
    """For matrices `m = momentum * m + g`, `p - lr * scale * orthogonal(g + momentum * m)`; everything else by AdamW.

    `orthogonal` is `ns_steps` Newton-Schulz steps `a * x + (b * x @ x.T + c * (x @ x.T)**2) @ x` from the matrix of norm one.
    `scale` is `rms_rate * sqrt(longer side)`.

    Args:
        adam_beta_1, adam_beta_2, epsilon, adam_weight_decay, adam_lr_ratio: of AdamW, whose rate is
            `learning_rate * adam_lr_ratio`.
        weight_decay: of the matrices.
        exclude_layers: patterns; variables in whose path one is found are left to AdamW.
        exclude_embeddings: leave variables with "embedding" in their path to AdamW.
        muon_a, muon_b, muon_c: coefficients of the Newton-Schulz step.
        momentum, nesterov: of the matrices.
        rms_rate: None for `scale = 1`.

    Source: keras.optimizers.Muon; Jordan et al. 2024; Liu et al. 2025, arXiv:2502.16982.
    """

    def __init__(
        self,
        learning_rate: Any = 0.001,
        adam_beta_1: float = 0.9,
        adam_beta_2: float = 0.999,
        adam_weight_decay: float | None = 0.004,
        epsilon: float | None = 1e-7,
        weight_decay: float | None = 0.004,
        exclude_layers: Sequence[str] | str | None = None,
        exclude_embeddings: bool = True,
        muon_a: float = 3.4445,
        muon_b: float = -4.775,
        muon_c: float = 2.0315,
        adam_lr_ratio: float = 1,
        momentum: float = 0.95,
        ns_steps: int = 5,
        nesterov: bool = True,
        rms_rate: float | None = 0.2,
        **common: Any,
    ):
        super().__init__(learning_rate, weight_decay=weight_decay, **common)
        self.adam_beta_1, self.adam_beta_2, self.epsilon = adam_beta_1, adam_beta_2, epsilon_or_default(epsilon)
        self.adam_weight_decay, self.adam_lr_ratio = adam_weight_decay, adam_lr_ratio
        self.exclude_layers = [exclude_layers] if isinstance(exclude_layers, str) else list(exclude_layers or ())
        self.exclude_embeddings = exclude_embeddings
        self.muon_a, self.muon_b, self.muon_c = muon_a, muon_b, muon_c
        self.momentum, self.ns_steps, self.nesterov, self.rms_rate = momentum, ns_steps, nesterov, rms_rate

    def slots_for(self, variable: Variable) -> dict[str, Any]:
        """A momentum for matrices, and a velocity too for what AdamW updates."""
        p = variable._read()
        names = ("momentum",) if self._is_matrix(variable) else ("momentum", "velocity")
        return {name: zeros_like(p) for name in names}

    def _is_matrix(self, variable: Variable) -> bool:
        if len(variable.shape) != 2 or (self.exclude_embeddings and "embedding" in variable.path.lower()):
            return False
        return not any(re.search(pattern, variable.path) for pattern in self.exclude_layers)

    def decay_of(self, variable: Variable) -> float | None:
        """How much of a weight each step takes away."""
        return self.weight_decay if self._is_matrix(variable) else self.adam_weight_decay

    def update(self, g, p, slots, lr, t):
        if "velocity" in slots:
            return self._adam(g, p, slots, lr * self.adam_lr_ratio, t)
        m = self.momentum * slots["momentum"] + g
        direction = self._orthogonal(g + self.momentum * m if self.nesterov else m)
        scale = 1.0 if self.rms_rate is None else self.rms_rate * max(p.shape) ** 0.5
        return p - lr * scale * direction, {"momentum": m}

    def _orthogonal(self, x: jax.Array) -> jax.Array:
        is_tall = x.shape[0] > x.shape[1]
        x = x.T if is_tall else x
        x = x / (jnp.linalg.norm(x) + 1e-7)
        for _ in range(self.ns_steps):
            a = x @ x.T
            x = self.muon_a * x + (self.muon_b * a + self.muon_c * (a @ a)) @ x
        return x.T if is_tall else x

    def _adam(self, g, p, slots, lr, t):
        lr_t = lr * jnp.sqrt(1 - power(self.adam_beta_2, t)) / (1 - power(self.adam_beta_1, t))
        m = slots["momentum"] + (g - slots["momentum"]) * (1 - self.adam_beta_1)
        v = slots["velocity"] + (jnp.square(g) - slots["velocity"]) * (1 - self.adam_beta_2)
        return p - lr_t * m / (jnp.sqrt(v) + self.epsilon), {"momentum": m, "velocity": v}
