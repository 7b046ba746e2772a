"""Evaluates with the averaged weights of the optimizer."""

from typing import Any

from cornu._base.errors import InvalidArgumentError
from cornu.callbacks.callback import Callback


class SwapEMAWeights(Callback):
    """Puts the optimizer's running averages in the place of the weights during evaluation, and the weights back after it.

    Args: `swap_on_epoch`: swap at the end of each epoch, and back at the beginning of the next, so that callbacks after
        this one, such as ModelCheckpoint, see the averages.
    Raises: InvalidArgumentError when it meets an optimizer without `use_ema=True`.
    Source: keras.callbacks.SwapEMAWeights; Polyak averaging.
    """

    def __init__(self, swap_on_epoch: bool = False):
        super().__init__()
        self.swap_on_epoch = swap_on_epoch
        self._swapped = False  # the weights are the averages

    def _swap(self, to_averages: bool) -> None:
        if self._swapped == to_averages:
            return
        optimizer: Any = getattr(self.model, "optimizer", None)
        optimizer = getattr(optimizer, "inner_optimizer", optimizer)
        if not getattr(optimizer, "use_ema", False):
            raise InvalidArgumentError(
                "SwapEMAWeights must be used with an optimizer that has `use_ema=True`; received "
                f"{type(optimizer).__name__}. Write for example Adam(use_ema=True)."
            )
        if not optimizer.built:
            return  # nothing was averaged so far
        for variable, average in zip(optimizer._trainable, optimizer._averages, strict=True):
            value = variable.value
            variable.assign(average.value)
            average.assign(value)
        self._swapped = to_averages

    def on_epoch_begin(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        if self.swap_on_epoch:
            self._swap(False)

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        if self.swap_on_epoch:
            self._swap(True)

    def on_test_begin(self, logs: dict[str, Any] | None = None) -> None:
        self._swap(True)

    def on_test_end(self, logs: dict[str, Any] | None = None) -> None:
        self._swap(False)

    def on_predict_begin(self, logs: dict[str, Any] | None = None) -> None:
        self._swap(True)

    def on_predict_end(self, logs: dict[str, Any] | None = None) -> None:
        self._swap(False)

    def state(self) -> dict[str, Any]:
        return {"swapped": self._swapped}

    def restore(self, state: dict[str, Any]) -> None:
        self._swapped = state["swapped"]
