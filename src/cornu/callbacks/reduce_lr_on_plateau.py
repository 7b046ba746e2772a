"""Lowers the learning rate when a metric no longer improves."""

import warnings
from typing import Any

import numpy as np

from cornu._base.errors import InvalidArgumentError, InvalidTypeError
from cornu._base.suggest import did_you_mean
from cornu.callbacks.monitor_callback import MonitorCallback
from cornu.training.progress import say


class ReduceLROnPlateau(MonitorCallback):
    """Multiplies the learning rate by `factor` once `monitor` has not improved for `patience` epochs.

    Args:
        monitor: the metric to watch.
        factor: below 1.
        patience: epochs without improvement before the rate is lowered.
        verbose: 1 prints what it does.
        mode: `min`, `max` or `auto` (the metric's own direction).
        min_delta: an improvement smaller than this is none (older name: `epsilon`).
        cooldown: epochs to wait after lowering before watching again.
        min_lr: the rate never falls below this.
    Raises: InvalidArgumentError if factor is 1 or more; InvalidTypeError on an unknown argument.
    Source: keras.callbacks.ReduceLROnPlateau.
    """

    remembers = ("best", "wait", "cooldown_counter")

    def __init__(
        self,
        monitor: str = "val_loss",
        factor: float = 0.1,
        patience: int = 10,
        verbose: int = 0,
        mode: str = "auto",
        min_delta: float = 1e-4,
        cooldown: int = 0,
        min_lr: float = 0.0,
        **kwargs: Any,
    ):
        if "epsilon" in kwargs:
            warnings.warn("`epsilon` is the older name of `min_delta`.", stacklevel=2)
            min_delta = kwargs.pop("epsilon")
        for name in kwargs:
            known = ("monitor", "factor", "patience", "verbose", "mode", "min_delta", "cooldown", "min_lr")
            raise InvalidTypeError(f"ReduceLROnPlateau has no argument {name!r}.{did_you_mean(name, known)}")
        super().__init__(monitor, mode, min_delta=min_delta)
        if factor >= 1.0:
            raise InvalidArgumentError(f"ReduceLROnPlateau does not support a factor >= 1.0. Received factor={factor}")
        self.factor, self.min_lr, self.patience, self.verbose = factor, min_lr, patience, verbose
        self.cooldown, self.cooldown_counter, self.wait = cooldown, 0, 0

    def on_train_begin(self, logs: dict[str, Any] | None = None) -> None:
        self.best = self.monitor_op = None  # another model's metric may go the other way
        self.cooldown_counter = self.wait = 0

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        logs = {} if logs is None else logs
        logs["learning_rate"] = float(np.asarray(self.model.optimizer.learning_rate))
        current = self._monitored(logs, "Learning rate reduction is conditioned on")
        if current is None:
            return
        if self.in_cooldown():
            self.cooldown_counter -= 1
            self.wait = 0
        if self._is_improvement(current, self.best):
            self.best, self.wait = current, 0
        elif not self.in_cooldown():
            self.wait += 1
            if self.wait >= self.patience:
                self._reduce(epoch)

    def _reduce(self, epoch: int) -> None:
        old = float(np.asarray(self.model.optimizer.learning_rate))
        if old <= np.float32(self.min_lr):
            return
        new = max(old * self.factor, self.min_lr)
        self.model.optimizer.learning_rate = new
        if self.verbose > 0:
            say(f"\nEpoch {epoch + 1}: ReduceLROnPlateau reducing learning rate to {new}.")
        self.cooldown_counter, self.wait = self.cooldown, 0

    def in_cooldown(self) -> bool:
        """True while the epochs after a reduction are being waited out."""
        return self.cooldown_counter > 0
