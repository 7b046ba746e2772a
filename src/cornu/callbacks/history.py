"""What happened in each epoch."""

from typing import Any

from cornu.callbacks.callback import Callback


class History(Callback):
    """Records every epoch's metrics; `fit` returns one. A reused one goes on where it was.

    Attributes:
        history: dict of lists, one value an epoch.
        epoch: the epochs of the last run.
    Source: keras.callbacks.History.
    """

    def __init__(self):
        super().__init__()
        self.history: dict[str, list[Any]] = {}
        self.epoch: list[int] = []

    def on_train_begin(self, logs: dict[str, Any] | None = None) -> None:
        self.epoch = []

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        self.epoch.append(epoch)
        for name, value in (logs or {}).items():
            self.history.setdefault(name, []).append(value)
