"""Odds and ends around gradients at TensorFlow's root. Source: tf."""

from collections.abc import Callable
from typing import Any

import jax
import numpy as np

from cornu._base.errors import FailedPreconditionError
from cornu.core.tensor import raw


class UnconnectedGradients:
    """What `tape.gradient` gives for sources that the target does not depend on. Source: tf.UnconnectedGradients."""

    NONE = "none"
    ZERO = "zero"


def gradients(ys: Any, xs: Any, *args: Any, **kwargs: Any) -> Any:
    """Raises FailedPreconditionError: gradients of what was computed before need a tape that has watched it.

    Source: tf.gradients, which works in TensorFlow 1's graphs only.
    """
    raise FailedPreconditionError(
        "gradients: expected to be inside a TensorFlow 1 graph; ops run at once here. "
        "Record them: `with tf.GradientTape() as tape: y = ...`, then `tape.gradient(y, xs)`."
    )


def hessians(ys: Any, xs: Any, *args: Any, **kwargs: Any) -> Any:
    """Raises FailedPreconditionError, as `gradients` does. Two nested tapes give second derivatives."""
    raise FailedPreconditionError(
        "hessians: expected to be inside a TensorFlow 1 graph; ops run at once here. "
        "Use two nested tf.GradientTape and `outer.jacobian(inner.gradient(y, x), x)`."
    )


def grad_pass_through(f: Callable) -> Callable:
    """The function with the gradient of the identity. Source: tf.grad_pass_through."""

    from cornu.tf.custom_gradients import custom_gradient

    @custom_gradient
    def passed(x: Any) -> Any:
        return f(x), lambda seed: seed

    return passed


def get_static_value(tensor: Any, partial: bool = False) -> Any:
    """The values as a NumPy array; None while they are being traced. Source: tf.get_static_value."""
    value = raw(tensor)
    return None if isinstance(value, jax.core.Tracer) else np.asarray(value)
