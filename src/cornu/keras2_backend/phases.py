"""The learning phase, and choices that depend on it or on a tensor. Source: tf.keras.backend."""

import contextlib
from collections.abc import Iterator
from typing import Any

import numpy as np

from cornu import ops
from cornu._base.errors import InvalidArgumentError
from cornu.core import config
from cornu.core.context import context
from cornu.core.tensor import is_tensor


class LearningPhase(int):
    """0 or 1: whether layers are in training mode."""

    @property
    def value(self) -> int:
        """The number."""
        return int(config.learning_phase() or 0)


def learning_phase() -> Any:
    """Whether layers are in training mode (1) or not (0). Inside of a layer's call that of the call."""
    call = context.call
    if call is not None and getattr(call, "training", None) is not None:
        return int(bool(call.training))
    return LearningPhase(config.learning_phase() or 0)


def set_learning_phase(value: int) -> None:
    """Set the mode of layers that are called without `training`. Raises: InvalidArgumentError unless it is 0 or 1."""
    if value not in (0, 1):
        raise InvalidArgumentError(f"Expected a learning phase of 0 or 1; received {value!r}.")
    config.set_learning_phase(bool(value))


@contextlib.contextmanager
def learning_phase_scope(value: int) -> Iterator[None]:
    """`set_learning_phase` inside a `with` block."""
    saved = config.learning_phase()
    set_learning_phase(value)
    try:
        yield
    finally:
        config.set_learning_phase(saved)


def in_train_phase(x: Any, alt: Any, training: Any = None) -> Any:
    """`x` in training mode, else `alt`; both may be functions without arguments."""
    chosen = x if (learning_phase() if training is None else training) else alt
    return chosen() if callable(chosen) and not is_tensor(chosen) else chosen


def in_test_phase(x: Any, alt: Any, training: Any = None) -> Any:
    """`alt` in training mode, else `x`; both may be functions without arguments."""
    return in_train_phase(alt, x, training)


def switch(condition: Any, then_expression: Any, else_expression: Any) -> Any:
    """One of two tensors, or results of two functions: by a scalar, or entry by entry."""
    value = lambda x: x() if callable(x) and not is_tensor(x) else x
    if not len(condition.shape if is_tensor(condition) else np.shape(condition)):
        if callable(then_expression) and callable(else_expression):
            return ops.cond(ops.cast(condition, "bool"), then_expression, else_expression)
        return ops.where(ops.cast(condition, "bool"), value(then_expression), value(else_expression))
    then, other = value(then_expression), value(else_expression)
    more = len(then.shape) - len(condition.shape)
    wide = ops.reshape(condition, (*tuple(condition.shape), *(1 for _ in range(more))))
    return ops.where(ops.cast(wide, "bool"), then, other)
