"""Learning rates that fall along a cosine, once or with restarts. Source: Loshchilov & Hutter 2016."""

import math

import jax
import jax.numpy as jnp

from cornu.optimizers.schedules.base import SCHEDULES, LearningRateSchedule, positive


@SCHEDULES.add()
class CosineDecay(LearningRateSchedule):
    """Half a cosine from the initial learning rate down to `alpha` times it in `decay_steps`.

    Args:
        warmup_target: if given, the rate first rises in a straight line to this in `warmup_steps`, and falls from there.

    Raises: InvalidArgumentError if `decay_steps` is not positive. Source: keras.optimizers.schedules.CosineDecay.
    """

    def __init__(
        self,
        initial_learning_rate: float,
        decay_steps: int,
        alpha: float = 0.0,
        name: str = "CosineDecay",
        warmup_target: float | None = None,
        warmup_steps: int = 0,
    ):
        self.initial_learning_rate, self.decay_steps = initial_learning_rate, positive("decay_steps", decay_steps)
        self.alpha, self.name, self.warmup_target, self.warmup_steps = alpha, name, warmup_target, warmup_steps

    def rate(self, step: jax.Array) -> jax.Array:
        if self.warmup_target is None:
            return self.initial_learning_rate * self._factor(step)
        falling = self.warmup_target * self._factor(step - self.warmup_steps)
        if not self.warmup_steps:
            return falling
        rise = (self.warmup_target - self.initial_learning_rate) * (step / self.warmup_steps)
        return jnp.where(step < self.warmup_steps, rise + self.initial_learning_rate, falling)

    def _factor(self, step: jax.Array) -> jax.Array:
        progress = jnp.minimum(step, self.decay_steps) / self.decay_steps
        return (1 - self.alpha) * (0.5 * (1 + jnp.cos(math.pi * progress))) + self.alpha


@SCHEDULES.add()
class CosineDecayRestarts(LearningRateSchedule):
    """Half cosines one after another, each `t_mul` times as long and starting `m_mul` times as high as the one before.

    Args: `alpha`: the lowest rate, as a fraction of the initial one.
    Raises: InvalidArgumentError if `first_decay_steps` is not positive.
    Source: keras.optimizers.schedules.CosineDecayRestarts.
    """

    def __init__(
        self,
        initial_learning_rate: float,
        first_decay_steps: int,
        t_mul: float = 2.0,
        m_mul: float = 1.0,
        alpha: float = 0.0,
        name: str = "SGDRDecay",
    ):
        self.initial_learning_rate = initial_learning_rate
        self.first_decay_steps = positive("first_decay_steps", first_decay_steps)
        self.t_mul, self.m_mul, self.alpha, self.name = t_mul, m_mul, alpha, name

    def rate(self, step: jax.Array) -> jax.Array:
        periods = step / self.first_decay_steps
        if self.t_mul == 1.0:
            restarts = jnp.floor(periods)
            progress = periods - restarts
        else:
            # after n restarts, (1 - t^n) / (1 - t) first periods have passed: solved for n
            restarts = jnp.floor(jnp.log(1 - periods * (1 - self.t_mul)) / math.log(self.t_mul))
            growth = jnp.power(jnp.asarray(self.t_mul, step.dtype), restarts)
            progress = (periods - (1 - growth) / (1 - self.t_mul)) / growth
        height = jnp.power(jnp.asarray(self.m_mul, step.dtype), restarts)
        cosine = 0.5 * height * (1 + jnp.cos(math.pi * progress))
        return self.initial_learning_rate * ((1 - self.alpha) * cosine + self.alpha)
