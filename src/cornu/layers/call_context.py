"""What layers know about the call they are part of: the training flag, the outermost layer."""

from typing import Any

from cornu.core import config
from cornu.core.context import context


class CallContext:
    """State of one outermost layer call; nested layers read `training` from it."""

    __slots__ = ("entry", "training")

    def __init__(self, entry: Any, training: bool | None):
        self.entry, self.training = entry, training


class entered:
    """Enter the call of `layer`: makes the context if it is the outermost, else sets `training` for what is below."""

    def __init__(self, layer: Any, training: bool | None):
        self._layer, self._training = layer, training

    def __enter__(self) -> CallContext:
        self._saved = context.call
        context.call = CallContext(self._layer if self._saved is None else self._saved.entry, self._training)
        return context.call

    def __exit__(self, *error: Any) -> None:
        context.call = self._saved


def current_training() -> bool | None:
    """The training flag of the call that is going on; else the learning phase that is set, or None."""
    training = None if context.call is None else context.call.training
    return config.learning_phase() if training is None else training
