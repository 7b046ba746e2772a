"""Stops training when a metric no longer improves."""

from typing import Any

from cornu.callbacks.monitor_callback import MonitorCallback
from cornu.training.progress import say


class EarlyStopping(MonitorCallback):
    """Stops training once `monitor` has not improved for `patience` epochs.

    Args:
        monitor: the metric to watch.
        min_delta: an improvement smaller than this is none.
        patience: epochs without improvement before training stops.
        verbose: 1 prints what it does.
        mode: `min`, `max` or `auto` (the metric's own direction).
        baseline: the wait goes on until the metric is better than this.
        restore_best_weights: at the end, put back the weights of the best epoch.
        start_from_epoch: epochs to let pass before watching.
    Attributes:
        best, best_epoch: the best value and its epoch.
        wait: epochs since the last improvement.
        stopped_epoch: the epoch that stopped training, 0 if none did.
    Source: keras.callbacks.EarlyStopping.
    """

    remembers = ("best", "best_epoch", "best_weights", "wait", "stopped_epoch")

    def __init__(
        self,
        monitor: str = "val_loss",
        min_delta: float = 0,
        patience: int = 0,
        verbose: int = 0,
        mode: str = "auto",
        baseline: float | None = None,
        restore_best_weights: bool = False,
        start_from_epoch: int = 0,
    ):
        super().__init__(monitor, mode, min_delta=min_delta)
        self.patience, self.verbose, self.baseline = patience, verbose, baseline
        self.restore_best_weights, self.start_from_epoch = restore_best_weights, start_from_epoch
        self.wait = self.stopped_epoch = self.best_epoch = 0
        self.best_weights: list[Any] | None = None

    def on_train_begin(self, logs: dict[str, Any] | None = None) -> None:
        self.wait = self.stopped_epoch = self.best_epoch = 0
        self.best = self.best_weights = self.monitor_op = None  # another model's metric may go the other way

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        current = self.get_monitor_value(logs)
        if current is None or epoch < self.start_from_epoch:
            return
        self.wait += 1
        if self._is_improvement(current, self.best):
            self.best, self.best_epoch = current, epoch
            if self.restore_best_weights:
                self.best_weights = self.model.get_weights()
            if self.baseline is None or self._is_improvement(current, self.baseline):
                self.wait = 0
        elif self.wait >= self.patience and epoch > 0:
            self.stopped_epoch = epoch
            self.model.stop_training = True

    def on_train_end(self, logs: dict[str, Any] | None = None) -> None:
        if self.stopped_epoch > 0 and self.verbose:
            say(f"Epoch {self.stopped_epoch + 1}: early stopping")
        if self.restore_best_weights and self.best_weights is not None:
            if self.verbose:
                say(f"Restoring model weights from the end of the best epoch: {self.best_epoch + 1}.")
            self.model.set_weights(self.best_weights)

    def get_monitor_value(self, logs: dict[str, Any] | None) -> Any:
        """The watched value, or None with a warning."""
        return self._monitored(logs, "Early stopping conditioned on")
