"""Saves checkpoints through Orbax, which writes them in the background and from several hosts."""

import importlib
import os
from pathlib import Path
from typing import Any, Literal

from cornu._base.errors import InvalidArgumentError
from cornu.callbacks.model_checkpoint import ModelCheckpoint
from cornu.core import serialization

STATE, MODEL = "state", "model"  # the items of a checkpoint: the tree of variables, and the description of the model


class OrbaxCheckpoint(ModelCheckpoint):
    """Saves the state of the run as an Orbax checkpoint after every epoch or every so many batches.

    `load_model(directory)` makes the model again, `model.load_weights(directory)` reads its variables, both from the last
    checkpoint. Checkpoints are numbered by epoch, or by batch; where the folder holds some already, from the last one on.

    Args:
        directory: a folder of its own; made if it is missing.
        monitor, mode, initial_value_threshold: with `save_best_only`, the metric to watch, see ModelCheckpoint.
        verbose: 1 prints what it does.
        save_best_only: save only if `monitor` improved.
        save_freq: `"epoch"`, or a number of batches.
        max_to_keep: how many checkpoints stay; None for all.
        save_on_background: go on training while the files are written; `fit` returns when they are complete.
        save_weights_only: leave out the model's description and the optimizer.
    Raises: ImportError without orbax-checkpoint; InvalidArgumentError on an unknown save_freq or a max_to_keep below 1.
    Source: keras.callbacks.OrbaxCheckpoint.
    """

    remembers = (*ModelCheckpoint.remembers, "_seen")

    def __init__(
        self,
        directory: str | os.PathLike[str],
        monitor: str = "val_loss",
        verbose: int = 0,
        save_best_only: bool = False,
        mode: str = "auto",
        save_freq: int | Literal["epoch"] = "epoch",
        initial_value_threshold: float | None = None,
        max_to_keep: int | None = 1,
        save_on_background: bool = True,
        save_weights_only: bool = False,
    ):
        orbax()
        super().__init__(
            directory, monitor, verbose, save_best_only, save_weights_only, mode, save_freq, initial_value_threshold
        )
        if max_to_keep is not None and (not isinstance(max_to_keep, int) or max_to_keep < 1):
            raise InvalidArgumentError(f"Expected max_to_keep as a positive integer or None; received {max_to_keep!r}.")
        self.directory, self.max_to_keep = os.path.abspath(directory), max_to_keep
        self.save_on_background = save_on_background
        self._seen = 0  # batches of the run so far
        self._manager: Any = None

    def on_train_end(self, logs: dict[str, Any] | None = None) -> None:
        if self._manager is not None:
            self._manager.wait_until_finished()
            self._manager.close()
            self._manager = None

    def _after_batch(self, batch: int, logs: dict[str, Any] | None = None) -> None:
        self._seen += 1
        super()._after_batch(batch, logs)

    def _path(self, epoch: int, batch: int | None, logs: dict[str, Any]) -> str:
        last = self._open().latest_step()
        number = epoch if batch is None else self._seen
        return os.path.join(self.directory, str(number if last is None or number > last else last + 1))

    def _write(self, path: str) -> None:
        save = orbax().args
        items = {STATE: save.StandardSave(self._state_tree())}
        if not self.save_weights_only:
            items[MODEL] = save.JsonSave({"config": serialization.serialize(self.model)})
        self._open().save(int(os.path.basename(path)), args=save.Composite(**items))

    def _state_tree(self) -> dict[str, Any]:
        """The variables by group and number: their paths depend on where a model was built."""
        model = self.model
        groups = {
            "trainable_variables": model.trainable_variables,
            "non_trainable_variables": model.non_trainable_variables,
        }
        if not self.save_weights_only:
            groups["optimizer_variables"] = list(model.optimizer.variables)
        return {name: {str(i): v._read() for i, v in enumerate(group)} for name, group in groups.items() if group}

    def _open(self) -> Any:
        """The manager of the folder, one for each run."""
        if self._manager is None:
            Path(self.directory).mkdir(parents=True, exist_ok=True)
            options = orbax().CheckpointManagerOptions(
                max_to_keep=self.max_to_keep, enable_async_checkpointing=self.save_on_background
            )
            self._manager = orbax().CheckpointManager(self.directory, options=options)
        return self._manager


def orbax() -> Any:
    """The package. Raises: ImportError that says how to install it."""
    try:
        return importlib.import_module("orbax.checkpoint")
    except ImportError:
        raise ImportError(
            'Orbax checkpoints need the package orbax-checkpoint: pip install "cornu[checkpoint]".'
        ) from None
