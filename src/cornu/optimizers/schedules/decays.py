"""Learning rates that fall steadily: exponential, inverse time, polynomial, piecewise constant."""

from collections.abc import Sequence

import jax
import jax.numpy as jnp
from jax import lax

from cornu._base.errors import InvalidArgumentError
from cornu.optimizers.schedules.base import SCHEDULES, LearningRateSchedule, positive


@SCHEDULES.add()
class ExponentialDecay(LearningRateSchedule):
    """`initial_learning_rate * decay_rate ** (step / decay_steps)`; with `staircase` the exponent is rounded down.

    Raises: InvalidArgumentError if `decay_steps` is not positive. Source: keras.optimizers.schedules.ExponentialDecay.
    """

    def __init__(
        self,
        initial_learning_rate: float,
        decay_steps: int,
        decay_rate: float,
        staircase: bool = False,
        name: str = "ExponentialDecay",
    ):
        self.initial_learning_rate, self.decay_steps = initial_learning_rate, positive("decay_steps", decay_steps)
        self.decay_rate, self.staircase, self.name = decay_rate, staircase, name

    def rate(self, step: jax.Array) -> jax.Array:
        p = step / self.decay_steps
        p = jnp.floor(p) if self.staircase else p
        return self.initial_learning_rate * jnp.power(jnp.asarray(self.decay_rate, step.dtype), p)


@SCHEDULES.add()
class InverseTimeDecay(LearningRateSchedule):
    """`initial_learning_rate / (1 + decay_rate * step / decay_steps)`; with `staircase` the quotient is rounded down.

    Raises: InvalidArgumentError if `decay_steps` is not positive. Source: keras.optimizers.schedules.InverseTimeDecay.
    """

    def __init__(
        self,
        initial_learning_rate: float,
        decay_steps: int,
        decay_rate: float,
        staircase: bool = False,
        name: str = "InverseTimeDecay",
    ):
        self.initial_learning_rate, self.decay_steps = initial_learning_rate, positive("decay_steps", decay_steps)
        self.decay_rate, self.staircase, self.name = decay_rate, staircase, name

    def rate(self, step: jax.Array) -> jax.Array:
        p = step / self.decay_steps
        p = jnp.floor(p) if self.staircase else p
        return self.initial_learning_rate / (1 + self.decay_rate * p)


@SCHEDULES.add()
class PolynomialDecay(LearningRateSchedule):
    """From the initial to the end learning rate in `decay_steps`: `(initial - end) * (1 - progress) ** power + end`.

    Args: `cycle`: after the end start again from a higher rate, over the next multiple of `decay_steps`.
    Raises: InvalidArgumentError if `decay_steps` is not positive. Source: keras.optimizers.schedules.PolynomialDecay.
    """

    def __init__(
        self,
        initial_learning_rate: float,
        decay_steps: int,
        end_learning_rate: float = 0.0001,
        power: float = 1.0,
        cycle: bool = False,
        name: str = "PolynomialDecay",
    ):
        self.initial_learning_rate, self.decay_steps = initial_learning_rate, positive("decay_steps", decay_steps)
        self.end_learning_rate, self.power, self.cycle, self.name = end_learning_rate, power, cycle, name

    def rate(self, step: jax.Array) -> jax.Array:
        if self.cycle:
            length = self.decay_steps * jnp.where(step == 0, 1.0, jnp.ceil(step / self.decay_steps)).astype(step.dtype)
        else:
            length = jnp.asarray(self.decay_steps, step.dtype)
            step = jnp.minimum(step, length)
        left = jnp.power(1 - step / length, self.power)
        return (self.initial_learning_rate - self.end_learning_rate) * left + self.end_learning_rate


@SCHEDULES.add()
class PiecewiseConstantDecay(LearningRateSchedule):
    """`values[0]` up to and including step `boundaries[0]`, then `values[1]` up to `boundaries[1]`, and so on.

    Raises: InvalidArgumentError unless there is one value more than boundaries.
    Source: keras.optimizers.schedules.PiecewiseConstantDecay.
    """

    def __init__(self, boundaries: Sequence[float], values: Sequence[float], name: str = "PiecewiseConstant"):
        if len(boundaries) != len(values) - 1:
            raise InvalidArgumentError(
                f"Expected one value more than boundaries; received {len(boundaries)} boundaries and {len(values)} values."
            )
        self.boundaries, self.values, self.name = boundaries, values, name

    def rate(self, step: jax.Array) -> jax.Array:
        passed = sum(((step > boundary).astype(jnp.int32) for boundary in self.boundaries), start=jnp.int32(0))
        return lax.dynamic_index_in_dim(jnp.asarray(self.values, step.dtype), passed, keepdims=False)
