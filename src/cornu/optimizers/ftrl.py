"""Follow the regularized leader."""

from typing import Any

import jax.numpy as jnp
import numpy as np

from cornu._base.errors import InvalidArgumentError
from cornu.optimizers.base import OPTIMIZERS, Optimizer, zeros_like


@OPTIMIZERS.add()
class Ftrl(Optimizer):
    """FTRL-Proximal: the weight that minimises the linearised past losses plus L1 and L2 penalties.

    Args:
        learning_rate_power: how the rate falls with the accumulated squares; 0 or negative, -0.5 is their root.
        initial_accumulator_value: where the accumulated squares start.
        l1_regularization_strength, l2_regularization_strength: of the penalties.
        l2_shrinkage_regularization_strength: of an L2 penalty on the size of the steps.
        beta: the paper's beta.

    Raises: InvalidArgumentError on strengths that are negative, or a positive power.
    Source: keras.optimizers.Ftrl; McMahan et al. 2013, algorithm 1.
    """

    def __init__(
        self,
        learning_rate: Any = 0.001,
        learning_rate_power: float = -0.5,
        initial_accumulator_value: float = 0.1,
        l1_regularization_strength: float = 0.0,
        l2_regularization_strength: float = 0.0,
        l2_shrinkage_regularization_strength: float = 0.0,
        beta: float = 0.0,
        **common: Any,
    ):
        super().__init__(learning_rate, **common)
        if learning_rate_power > 0:
            raise InvalidArgumentError(
                f"Expected `learning_rate_power` of 0 or less; received {learning_rate_power!r}."
            )
        self.learning_rate_power = learning_rate_power
        self.initial_accumulator_value = _not_negative("initial_accumulator_value", initial_accumulator_value)
        self.l1_regularization_strength = _not_negative("l1_regularization_strength", l1_regularization_strength)
        self.l2_regularization_strength = _not_negative("l2_regularization_strength", l2_regularization_strength)
        self.l2_shrinkage_regularization_strength = _not_negative(
            "l2_shrinkage_regularization_strength", l2_shrinkage_regularization_strength
        )
        self.beta = beta

    def slots(self, p):
        return {"accumulator": np.full(p.shape, self.initial_accumulator_value, p.dtype), "linear": zeros_like(p)}

    def update(self, g, p, slots, lr, t):
        old, exponent = slots["accumulator"], -self.learning_rate_power
        new = old + jnp.square(g)
        shrunk = g + 2 * self.l2_shrinkage_regularization_strength * p
        linear = slots["linear"] + shrunk - (jnp.power(new, exponent) - jnp.power(old, exponent)) / lr * p
        l2 = self.l2_regularization_strength + self.beta / (2 * lr)
        quadratic = jnp.power(new, exponent) / lr + 2 * l2
        l1 = self.l1_regularization_strength
        return (jnp.clip(linear, -l1, l1) - linear) / quadratic, {"accumulator": new, "linear": linear}


def _not_negative(name: str, value: float) -> float:
    if value < 0:
        raise InvalidArgumentError(f"Expected `{name}` of 0 or more; received {value!r}.")
    return value
