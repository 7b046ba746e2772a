"""Which layers were trainable when a model was compiled.

tf.keras trains what was trainable at `compile`, whatever is frozen later: the classical GAN freezes its discriminator inside of
the combined model, and goes on training it by itself. Keras 3 asks when it trains.
"""

import contextlib
from collections.abc import Iterator
from typing import Any

from cornu.core import config


class CompiledFlags:
    """The `trainable` of a model's layers; in Keras 3's style nothing, so that the present ones count."""

    def __init__(self, model: Any):
        layers = model._flatten_layers() if config.style() == "tf2" else []
        self._flags = [(layer, layer._trainable) for layer in layers]

    @contextlib.contextmanager
    def restored(self) -> Iterator[None]:
        """While inside, the flags are those of `compile`."""
        changed = [(layer, flag) for layer, flag in self._flags if layer._trainable != flag]
        for layer, flag in changed:
            _set(layer, flag)
        try:
            yield
        finally:
            for layer, flag in changed:
                _set(layer, not flag)


def _set(layer: Any, flag: bool) -> None:
    object.__setattr__(layer, "_trainable", flag)
    for variable in layer._trainable_variables:
        variable.trainable = flag
