"""Adafactor."""

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from cornu.optimizers.base import OPTIMIZERS, Optimizer, zeros_like


@OPTIMIZERS.add()
class Adafactor(Optimizer):
    """Adam's division by root mean squares, which for matrices are kept only per row and per column.

    Args:
        beta_2_decay: the mean squares forget with `1 - t**beta_2_decay`.
        epsilon_1: added to squared gradients; epsilon_2: the least scale of a weight.
        clip_threshold: bound of the root mean square of a step.
        relative_step: the learning rate is at most `1 / sqrt(t)`.

    Source: keras.optimizers.Adafactor; Shazeer & Stern 2018.
    """

    def __init__(
        self,
        learning_rate: Any = 0.001,
        beta_2_decay: float = -0.8,
        epsilon_1: float = 1e-30,
        epsilon_2: float = 1e-3,
        clip_threshold: float = 1.0,
        relative_step: bool = True,
        **common: Any,
    ):
        super().__init__(learning_rate, **common)
        self.beta_2_decay, self.epsilon_1, self.epsilon_2 = beta_2_decay, epsilon_1, epsilon_2
        self.clip_threshold, self.relative_step = clip_threshold, relative_step

    def slots(self, p):
        if p.ndim < 2:  # Keras stores integer zeros in place of rows and columns
            return {"row": np.zeros((), np.int32), "column": np.zeros((), np.int32), "velocity": zeros_like(p)}
        rows, columns = np.zeros(p.shape[:-1], p.dtype), np.zeros(p.shape[:-2] + p.shape[-1:], p.dtype)
        return {"row": rows, "column": columns, "velocity": zeros_like(p)}

    def update(self, g, p, slots, lr, t):
        new = dict(slots)
        step = jnp.minimum(lr, 1 / jnp.sqrt(t)) if self.relative_step else lr
        beta_2 = 1 - jnp.power(t, self.beta_2_decay)
        squares = jnp.square(g) + self.epsilon_1
        if p.ndim < 2:
            new["velocity"] = beta_2 * slots["velocity"] + (1 - beta_2) * squares
        else:
            rows = new["row"] = beta_2 * slots["row"] + (1 - beta_2) * jnp.mean(squares, -1)
            columns = new["column"] = beta_2 * slots["column"] + (1 - beta_2) * jnp.mean(squares, -2)
            new["velocity"] = (rows / jnp.mean(rows, -1, keepdims=True))[..., None] * columns[..., None, :]
        change = g / jnp.sqrt(new["velocity"])
        change = change / jnp.maximum(1, _rms(change) / self.clip_threshold)
        return p - jnp.maximum(self.epsilon_2, _rms(p)) * step * change, new


def _rms(x: jax.Array) -> jax.Array:
    return jnp.sqrt(jnp.mean(jnp.square(x)))
