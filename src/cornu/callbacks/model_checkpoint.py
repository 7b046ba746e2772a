"""Saves the model, or its weights, as training goes on."""

import os
from pathlib import Path
from typing import Any, Literal

import numpy as np

from cornu._base.errors import InvalidArgumentError
from cornu._base.user_warning import warn
from cornu.callbacks.monitor_callback import MonitorCallback
from cornu.training.progress import say


class ModelCheckpoint(MonitorCallback):
    """Saves the model after every epoch or every so many batches, if asked only when `monitor` is at its best.

    Args:
        filepath: where; may name `{epoch}`, `{batch}` and metrics: `"{epoch:02d}-{val_loss:.2f}.weights.h5"`. The
            ending chooses the format, as in `model.save` and `model.save_weights`.
        monitor: the metric to watch.
        verbose: 1 prints what it does.
        save_best_only: save only if `monitor` improved.
        save_weights_only: save the weights instead of the model.
        mode: `min`, `max` or `auto` (the metric's own direction).
        save_freq: `"epoch"`, or a number of batches.
        initial_value_threshold: what the first value must improve on.
        period: epochs from one saving to the next (older `tf.keras`).
    Attributes: `best`, the best value so far.
    Raises: InvalidArgumentError on an unknown save_freq, or a path that names a metric that is not there.
    Source: keras.callbacks.ModelCheckpoint.
    """

    remembers = ("best", "_epoch", "_batches", "_epochs")

    def __init__(
        self,
        filepath: str | os.PathLike[str],
        monitor: str = "val_loss",
        verbose: int = 0,
        save_best_only: bool = False,
        save_weights_only: bool = False,
        mode: str = "auto",
        save_freq: int | Literal["epoch"] = "epoch",
        initial_value_threshold: float | None = None,
        period: int = 1,
    ):
        super().__init__(monitor, mode, initial_value_threshold)
        self.filepath, self.verbose = os.fspath(filepath), verbose
        self.save_best_only, self.save_weights_only = save_best_only, save_weights_only
        self.save_freq, self.period = save_freq, period
        self._epoch = self._batches = self._epochs = 0  # the present epoch; batches and epochs since the last saving
        if isinstance(save_freq, int) and save_freq > 0:
            self.on_train_batch_end = self._after_batch  # only then must training come back after every batch
        elif save_freq != "epoch":
            raise InvalidArgumentError(
                f"Unrecognized save_freq: {save_freq}. Expected save_freq are 'epoch' or integer values."
            )

    def on_epoch_begin(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        self._epoch = epoch

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        if self.save_freq != "epoch":
            return
        self._epochs += 1
        if self._epochs >= self.period:
            self._epochs = 0
            self._save(epoch, None, logs or {})

    def _after_batch(self, batch: int, logs: dict[str, Any] | None = None) -> None:
        self._batches += 1
        if self._batches >= int(self.save_freq):
            self._batches = 0
            self._save(self._epoch, batch, logs or {})

    def _save(self, epoch: int, batch: int | None, logs: dict[str, Any]) -> None:
        path, label = self._path(epoch, batch, logs), f"\nEpoch {epoch + 1}:"
        news = self._news(logs)
        if news is None:
            if self.verbose:
                say(f"{label} {self.monitor} did not improve from {self.best:.5f}")
            return
        if self.verbose:
            say(f"{label} {news}saving model to {path}")
        self._write(path)
        if self.verbose:
            say(f"{label} finished saving model to {path}")

    def _write(self, path: str) -> None:
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        save = self.model.save_weights if self.save_weights_only else self.model.save
        save(path, overwrite=True)

    def _news(self, logs: dict[str, Any]) -> str | None:
        """What to say before saving; None if the model is not to be saved. Keeps the best value."""
        if not self.save_best_only:
            return ""
        if self.monitor not in logs:
            warn(
                f"Can save best model only with {self.monitor} available; the model is saved all the same. "
                f"Available metrics are: {','.join(logs)}."
            )
            return ""
        value = logs[self.monitor]
        if np.ndim(value):
            warn(
                f"Can save best model only when `monitor` is a scalar value. Received: {value}. "
                f"Falling back to `save_best_only=False`."
            )
            return ""
        if not self._is_improvement(value, self.best):
            return None
        before, self.best = self.best, value
        return f"{self.monitor} improved from {before if before is None else f'{before:.5f}'} to {value:.5f}, "

    def _path(self, epoch: int, batch: int | None, logs: dict[str, Any]) -> str:
        known = {"epoch": epoch + 1, **logs}
        if batch is not None:
            known["batch"] = batch + 1
        try:
            return self.filepath.format(**known)
        except KeyError as error:
            raise InvalidArgumentError(
                f'Failed to format this callback filepath: "{self.filepath}". There is no {error} among '
                f"{', '.join(known)}."
            ) from None
