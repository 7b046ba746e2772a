"""Batches made ahead by workers, for loops by hand. Source: tf.keras.utils.OrderedEnqueuer, GeneratorEnqueuer."""

import random
from collections.abc import Iterator
from typing import Any

from cornu._base.errors import FailedPreconditionError
from cornu.training.py_dataset import PyDataset
from cornu.training.worker_pool import WorkerPool


class SequenceEnqueuer:
    """Base: `start()` workers, take batches from `get()`, `stop()`."""

    def __init__(self, sequence: Any, use_multiprocessing: bool = False):
        self.sequence, self.use_multiprocessing = sequence, use_multiprocessing
        self._pool: Any = None

    def is_running(self) -> bool:
        """Whether the workers are at work."""
        return self._pool is not None

    def start(self, workers: int = 1, max_queue_size: int = 10) -> None:
        """Start the workers. Args: `max_queue_size`: batches made ahead at most."""
        self.stop()
        self._pool = self._make_pool(workers, max_queue_size)

    def stop(self, timeout: float | None = None) -> None:
        """End the workers; batches on the way are dropped. Args: `timeout`: accepted; nothing is waited for."""
        if self._pool is not None:
            self._pool.close()
            self._pool = None

    def _make_pool(self, workers: int, max_queue_size: int) -> Any:
        raise FailedPreconditionError(f"Expected {type(self).__name__} to define its workers. Use OrderedEnqueuer.")

    def get(self) -> Iterator[Any]:
        """The batches, without end."""
        raise FailedPreconditionError(f"Expected {type(self).__name__} to define get(). Use OrderedEnqueuer.")


class OrderedEnqueuer(SequenceEnqueuer):
    """Batches of a `PyDataset` in order, epoch after epoch; `on_epoch_end` is called between epochs.

    Args: `sequence`: the data set; `use_multiprocessing`: processes instead of threads; `shuffle`: batches in random order.
    Raises: FailedPreconditionError if `get` is used before `start`.
    """

    def __init__(self, sequence: Any, use_multiprocessing: bool = False, shuffle: bool = False):
        super().__init__(sequence, use_multiprocessing)
        self.shuffle = shuffle

    def _make_pool(self, workers: int, max_queue_size: int) -> WorkerPool:
        sequence = self.sequence
        if not isinstance(sequence, PyDataset):
            sequence = _Wrapped(sequence)
        sequence.workers, sequence.max_queue_size = max(1, workers), max(1, max_queue_size)
        sequence.use_multiprocessing = self.use_multiprocessing
        return WorkerPool(sequence)

    def get(self) -> Iterator[Any]:
        """The batches, without end."""
        if self._pool is None:
            raise FailedPreconditionError("Expected a started enqueuer. Call start() first.")
        while self._pool is not None:
            order = list(range(len(self.sequence)))
            if self.shuffle:
                random.shuffle(order)
            yield from self._pool.batches(order)
            if hasattr(self.sequence, "on_epoch_end"):
                self.sequence.on_epoch_end()


class _Wrapped(PyDataset):
    """Any object with `__getitem__` and `__len__`."""

    def __init__(self, sequence: Any):
        super().__init__()
        self._sequence = sequence

    def __len__(self) -> int:
        return len(self._sequence)

    def __getitem__(self, index: int) -> Any:
        return self._sequence[index]


class GeneratorEnqueuer(SequenceEnqueuer):
    """Batches of a generator, made ahead by one thread.

    Args: `random_seed`: of NumPy's global generator before the first batch; `use_multiprocessing`: must be False, since a
    running generator cannot be sent to another process.
    Raises: FailedPreconditionError with `use_multiprocessing=True`, and if `get` is used before `start`.
    """

    def __init__(self, generator: Any, use_multiprocessing: bool = False, random_seed: int | None = None):
        if use_multiprocessing:
            raise FailedPreconditionError(
                "A generator cannot be sent to another process. Use a PyDataset, or use_multiprocessing=False."
            )
        super().__init__(generator, use_multiprocessing)
        self.random_seed = random_seed

    def _make_pool(self, workers: int, max_queue_size: int) -> "_Thread":
        return _Thread(self.sequence, max_queue_size, self.random_seed)

    def get(self) -> Iterator[Any]:
        """The batches, until the generator ends."""
        if self._pool is None:
            raise FailedPreconditionError("Expected a started enqueuer. Call start() first.")
        yield from self._pool


class _Thread:
    """One thread that runs an iterator ahead."""

    _END = object()

    def __init__(self, source: Any, ahead: int, seed: int | None):
        import queue
        import threading

        self._queue: queue.Queue[Any] = queue.Queue(max(1, ahead))
        self._stopped = threading.Event()
        self._source, self._seed = source, seed
        threading.Thread(target=self._run, name="cornu-generator", daemon=True).start()

    def _put(self, item: Any) -> bool:
        import queue

        while not self._stopped.is_set():
            try:
                self._queue.put(item, timeout=0.1)
                return True
            except queue.Full:
                continue
        return False

    def _run(self) -> None:
        try:
            if self._seed is not None:
                import numpy as np

                np.random.seed(self._seed)
            for batch in self._source:
                if not self._put((batch, None)):
                    return
            self._put((self._END, None))
        except Exception as error:  # it is raised where the batch is asked for
            self._put((None, error))

    def __iter__(self) -> Iterator[Any]:
        while not self._stopped.is_set():
            batch, error = self._queue.get()
            if error is not None:
                raise error
            if batch is self._END:
                return
            yield batch

    def close(self) -> None:
        """End the thread."""
        self._stopped.set()
