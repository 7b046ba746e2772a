"""What all learning rate schedules share."""

import inspect
from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from cornu._base.catalog import Catalog
from cornu._base.configurable import Configurable
from cornu._base.errors import FailedPreconditionError, InvalidArgumentError
from cornu.core import config
from cornu.core.context import context
from cornu.core.scopes import init_scope
from cornu.core.tensor import Tensor, raw


class LearningRateSchedule(Configurable):
    """A learning rate that depends on the step.

    A subclass defines `__call__(step)`, with tensors in and out. If it needs the step as a Python number (`if step < 10`),
    compiled training asks it on the host, step by step. Those built in define the pure `rate(step)` instead.
    Source: keras.optimizers.schedules.LearningRateSchedule.
    """

    def rate(self, step: jax.Array) -> jax.Array:
        """The learning rate at `step`, a float scalar counting from 0. Shape: () -> ()."""
        raise FailedPreconditionError(f"{type(self).__name__} must define `__call__(self, step)`.")

    def __call__(self, step: Any) -> Any:
        """The learning rate at `step`. Shape: () -> ()."""
        return Tensor(self.rate(jnp.asarray(raw(step)).astype(config.floatx())))


SCHEDULES = Catalog("learning rate schedule", "keras.optimizers.schedules", base=LearningRateSchedule)


def positive(name: str, value: float) -> float:
    """Raises: InvalidArgumentError unless the value is greater than 0."""
    if not isinstance(value, (int, float, np.number)) or value <= 0:
        raise InvalidArgumentError(f"Expected `{name}` as a number greater than 0; received {value!r}.")
    return value


def traced_or_called(schedule: Any, iteration: jax.Array) -> jax.Array:
    """The learning rate at `iteration`, as part of the compiled step if the schedule can be traced, else from the host.

    A function without arguments is always asked on the host, because it may give another value every time.
    """
    takes_step = isinstance(schedule, LearningRateSchedule) or _takes_argument(schedule)
    floating = np.dtype(config.floatx())

    def ask(step: Any) -> Any:
        arguments = (Tensor(jnp.asarray(step)),) if takes_step else ()
        return jnp.asarray(raw(schedule(*arguments))).astype(floating)

    if not isinstance(iteration, jax.core.Tracer):
        return ask(iteration)
    if takes_step:
        tapes, context.tapes = context.tapes, ()
        try:
            return ask(iteration)
        except TypeError:  # JAX's and our errors for Python control flow on traced values are TypeErrors
            with init_scope():
                ask(np.int32(0))  # an error of the schedule itself shows here
        finally:
            context.tapes = tapes
    return jax.pure_callback(lambda step: np.asarray(ask(step)), jax.ShapeDtypeStruct((), floating), iteration)


def _takes_argument(function: Callable) -> bool:
    try:
        inspect.signature(function).bind(0)
    except TypeError:
        return False
    except ValueError:  # builtins without a signature
        return True
    return True
