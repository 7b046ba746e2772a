"""Backs up a run of training, and goes on from the backup after an interruption."""

import contextlib
import os
from pathlib import Path
from typing import Any, Literal

from cornu._base.errors import DataLossError, InvalidArgumentError, UnsafeFileError
from cornu._base.user_warning import warn
from cornu.callbacks.callback import Callback
from cornu.io import atomic
from cornu.io.state_file import read_state, write_state
from cornu.training.run_state import Run

LATEST, PREVIOUS = "backup.cornu", "previous.cornu"


class BackupAndRestore(Callback):
    """Backs up the run in `backup_dir`; the next `fit` with that folder goes on from there, bit for bit.

    A backup holds weights, optimizer, metrics, the state of the callbacks, History, all random state, and the position in
    the data. Whatever happens, also `kill -9` or a full disk, there is a whole backup: the previous one stays until the
    new one is complete. The finished run equals one that was not interrupted.

    Args:
        backup_dir: a folder of its own; made if it is missing.
        save_freq: `"epoch"`, or a number of batches.
        double_checkpoint: keep the backup before the last one, too, in case the disk damages the last one.
        delete_checkpoint: delete the backup when the run has ended well.
    Differs from Keras: the History that `fit` returns holds the epochs before the interruption, too.
    Raises: InvalidArgumentError on an empty folder name or an unknown save_freq; when `fit` begins, DataLossError if the
        backup is damaged, InvalidArgumentError if it is of another model, optimizer or data.
    Source: keras.callbacks.BackupAndRestore.
    """

    def __init__(
        self,
        backup_dir: str | os.PathLike[str],
        save_freq: int | Literal["epoch", False] = "epoch",
        double_checkpoint: bool = False,
        delete_checkpoint: bool = True,
    ):
        super().__init__()
        if not os.fspath(backup_dir):
            raise InvalidArgumentError("Empty `backup_dir` argument passed. Give the path of a folder.")
        is_count = isinstance(save_freq, int) and not isinstance(save_freq, bool) and save_freq > 0
        if save_freq != "epoch" and save_freq is not False and not is_count:
            raise InvalidArgumentError(
                f"Expected save_freq to be 'epoch', a positive number of batches, or False; received {save_freq!r}."
            )
        self.backup_dir, self.save_freq = os.fspath(backup_dir), save_freq
        self.double_checkpoint, self.delete_checkpoint = double_checkpoint, delete_checkpoint
        self._state: dict[str, Any] | None = None  # what was read, until the run goes on
        self._since = 0  # batches since the last backup

    @property
    def path(self) -> Path:
        """The file of the last backup."""
        return Path(self.backup_dir) / LATEST

    @property
    def every(self) -> int | None:
        """The number of batches between two backups, None for epochs."""
        return None if self.save_freq in ("epoch", False) else int(self.save_freq)

    def begin(self, run: Run) -> None:
        """The run begins: at the start, or where the backup says.

        Raises: NotADirectoryError if `backup_dir` is a file; see the class for the rest.
        """
        Path(self.backup_dir).mkdir(parents=True, exist_ok=True)
        _remove_leftovers(Path(self.backup_dir))
        run.keep_positions()
        self._since = 0
        found = self._read()
        self._state = None
        if found is not None:
            path, state = found
            run.restore(state, f"The backup {path}")
            self._since = state["batches since"]
            self._state = state if run.batch else None

    def again(self, run: Run) -> None:
        """The callbacks were told that the epoch begins, in the middle of which the backup was made."""
        if self._state is not None:
            run.restore_model(self._state)
            self._state = None

    def until_next(self) -> int | None:
        """Batches from here to the next backup; None if it does not depend on them."""
        return None if self.every is None else max(self.every - self._since, 1)

    def after_batches(self, run: Run, count: int) -> None:
        """The callbacks have heard of `count` more batches."""
        self._since += count
        if self.every is not None and self._since >= self.every:
            self._since = 0
            self._write(run)

    def after_epoch(self, run: Run) -> None:
        """The callbacks have heard of the end of an epoch."""
        if self.save_freq == "epoch":
            self._write(run)

    def end(self) -> None:
        """The run has ended well."""
        if self.delete_checkpoint:
            folder = Path(self.backup_dir)
            for name in (LATEST, PREVIOUS):
                (folder / name).unlink(missing_ok=True)
            with contextlib.suppress(OSError):  # the user keeps other files there
                folder.rmdir()

    def _write(self, run: Run) -> None:
        path = self.path
        if self.double_checkpoint and path.exists():
            atomic.copy_name(path, path.with_name(PREVIOUS))
        write_state(path, {**run.state(), "batches since": self._since})

    def _read(self) -> tuple[Path, dict[str, Any]] | None:
        """The last backup that is whole, and its path; None if there is none."""
        previous = self.path.with_name(PREVIOUS)
        if not self.path.exists():
            return None
        try:
            return self.path, read_state(self.path)
        except (DataLossError, UnsafeFileError) as error:
            if previous.exists():
                warn(f"The backup {self.path} is damaged; training goes on from {previous}, the one before it.")
                return previous, read_state(previous)
            raise type(error)(
                f"The backup {self.path} cannot be read ({error}) Delete it to start anew, or put a whole copy in its place."
            ) from error


def _remove_leftovers(folder: Path) -> None:
    """Delete what a killed process left half written."""
    for name in (LATEST, PREVIOUS):
        for left in folder.glob(f".{name}.*.tmp"):
            left.unlink(missing_ok=True)
