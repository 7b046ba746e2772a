"""A data set that the user writes as a class: batch `i` of `n`."""

from collections.abc import Iterator
from typing import Any

from cornu._base.errors import FailedPreconditionError


class PyDataset:
    """Base class for data that comes batch by batch: define `__getitem__(i)` (a batch) and `__len__` (how many).

    Args:
        workers: threads or processes that make batches at the same time.
        use_multiprocessing: processes instead of threads; the object must be picklable and defined in a module.
        max_queue_size: batches made ahead at most.

    A run that goes on from a backup (BackupAndRestore) puts back the plain attributes that have changed, such as an order of
    rows that `on_epoch_end` shuffles. Define `state()` (a dict of numbers, text, lists and arrays) and `restore(state)` for
    what cannot be found by looking.

    Example:
        >>> class Squares(PyDataset):
        ...     def __len__(self):
        ...         return 3
        ...     def __getitem__(self, index):
        ...         x = np.full((8, 1), index, "float32")
        ...         return x, x**2
    Source: keras.utils.PyDataset (older name: Sequence).
    """

    _workers, _use_multiprocessing, _max_queue_size = 1, False, 10

    def __init__(self, workers: int = 1, use_multiprocessing: bool = False, max_queue_size: int = 10):
        self._workers, self._use_multiprocessing, self._max_queue_size = workers, use_multiprocessing, max_queue_size

    @property
    def workers(self) -> int:
        """Threads or processes that make batches at the same time."""
        return self._workers

    @workers.setter
    def workers(self, value: int) -> None:
        self._workers = value

    @property
    def use_multiprocessing(self) -> bool:
        """Whether the workers are processes."""
        return self._use_multiprocessing

    @use_multiprocessing.setter
    def use_multiprocessing(self, value: bool) -> None:
        self._use_multiprocessing = value

    @property
    def max_queue_size(self) -> int:
        """Batches made ahead at most."""
        return self._max_queue_size

    @max_queue_size.setter
    def max_queue_size(self, value: int) -> None:
        self._max_queue_size = value

    @property
    def num_batches(self) -> int | None:
        """Batches in an epoch; None if there is no end."""
        return len(self)  # type: ignore[arg-type]

    def __getitem__(self, index: int) -> Any:
        """Batch `index`: `(inputs, targets)` or `(inputs, targets, sample_weights)`."""
        raise FailedPreconditionError(f"Expected {type(self).__name__} to define __getitem__(self, index).")

    def __len__(self) -> int:
        """Batches in an epoch."""
        raise FailedPreconditionError(f"Expected {type(self).__name__} to define __len__(self).")

    def __iter__(self) -> Iterator[Any]:
        for index in range(len(self)):
            yield self[index]

    def on_epoch_begin(self) -> None:
        """Called before each pass over the batches."""

    def on_epoch_end(self) -> None:
        """Called after each pass over the batches."""
