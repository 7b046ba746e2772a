"""Writes the metrics of each epoch to a file of comma-separated values."""

import csv
import io
import os
from pathlib import Path
from typing import IO, Any

import numpy as np

from cornu.callbacks.callback import Callback
from cornu.io.atomic import write_bytes


class CSVLogger(Callback):
    """Writes one row an epoch: `epoch` and the metrics by name. Each row is on disk when its epoch ends.

    Args:
        filename: the file to write.
        separator: what stands between two values.
        append: go on with an existing file (its header is kept) instead of replacing it.
    Source: keras.callbacks.CSVLogger.
    """

    def __init__(self, filename: str | os.PathLike[str], separator: str = ",", append: bool = False):
        super().__init__()
        self.filename, self.sep, self.append = os.fspath(filename), separator, append
        self.keys: list[str] | None = None
        self._replaces = False  # what is in the file goes when the first row comes
        self._file: IO[str] | None = None

    def on_train_begin(self, logs: dict[str, Any] | None = None) -> None:
        path = Path(self.filename)
        path.parent.mkdir(parents=True, exist_ok=True)
        self.keys = self._header(path) if self.append else None
        # Not emptied yet: if this run goes on from a backup, the rows are wanted.
        self._file, self._replaces = path.open("a", newline="", encoding="utf-8"), not self.append

    def _header(self, path: Path) -> list[str] | None:
        """The metric names of an existing file."""
        if not path.exists() or not path.stat().st_size:
            return None
        with path.open(newline="", encoding="utf-8") as file:
            return next(csv.reader(file, delimiter=self.sep))[1:]

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        if self._file is None:
            return
        logs, rows = logs or {}, io.StringIO(newline="")
        writer = csv.writer(rows, delimiter=self.sep)
        if self.keys is None:
            self.keys = sorted(logs)
            if not any(name.startswith("val_") for name in self.keys):  # validation may start at a later epoch
                self.keys += [f"val_{name}" for name in self.keys]
            writer.writerow(["epoch", *self.keys])
        writer.writerow([epoch, *(_cell(logs.get(name, "NA")) for name in self.keys)])
        self._put(self._file, rows.getvalue())

    def on_train_end(self, logs: dict[str, Any] | None = None) -> None:
        if self._file is not None:
            if self._replaces:
                self._file.truncate(0)
            self._file.close()
            self._file = None

    def _put(self, file: IO[str], rows: str) -> None:
        """Add rows to the file, or let them take the place of another run's: those stay until the new ones are on disk."""
        is_plain = os.path.isfile(self.filename)  # and no pipe or terminal
        if self._replaces and is_plain:
            file.close()
            write_bytes(self.filename, rows.encode())
            self._file, self._replaces = open(self.filename, "a", newline="", encoding="utf-8"), False  # noqa: SIM115
            return
        file.write(rows)
        file.flush()
        self._replaces = False
        if is_plain:
            os.fsync(file.fileno())

    def state(self) -> dict[str, Any]:
        """The columns, and the size of the file: rows written later belong to epochs that are done again."""
        size = 0 if self._replaces or self._file is None else os.fstat(self._file.fileno()).st_size
        return {"keys": self.keys, "size": size}

    def restore(self, state: dict[str, Any]) -> None:
        if self._file is not None and os.fstat(self._file.fileno()).st_size >= state["size"]:
            self._file.truncate(state["size"])
            self.keys, self._replaces = state["keys"], False


def _cell(value: Any) -> Any:
    """A value as it goes into a cell: a sequence becomes one quoted `[1, 2]`."""
    if isinstance(value, str) or not np.ndim(value):
        return value
    return f'"[{", ".join(map(str, np.asarray(value).tolist()))}]"'
