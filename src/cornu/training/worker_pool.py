"""Workers that make the batches of a PyDataset at the same time, in order: threads or spawned processes."""

import collections
import concurrent.futures
import hashlib
import multiprocessing
import os
import pickle
import tempfile
import weakref
from collections.abc import Iterable, Iterator
from concurrent.futures.process import BrokenProcessPool
from typing import Any

from cornu._base.errors import FailedPreconditionError, InvalidArgumentError
from cornu.training.py_dataset import PyDataset

_loaded: dict[str, PyDataset] = {}  # in a worker process: the data set as it was when last sent


def _make_batch(path: str, index: int) -> Any:
    """In a worker process: batch `index` of the data set pickled at `path`, which is read once."""
    if path not in _loaded:
        _loaded.clear()
        with open(path, "rb") as file:
            _loaded[path] = pickle.load(file)
    return _loaded[path][index]


class WorkerPool:
    """Makes batches with `dataset.workers` threads or processes, `dataset.max_queue_size` of them ahead at most.

    Processes are spawned, never forked: a fork would copy the locks of JAX's threads. They get the data set again
    whenever it has changed, so that what `on_epoch_end` did is seen.
    Raises: InvalidArgumentError if the data set cannot be pickled; FailedPreconditionError if processes cannot start.
    """

    def __init__(self, dataset: PyDataset):
        self._dataset = dataset
        self._processes = dataset.use_multiprocessing
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._sent: tuple[str, str] | None = None  # digest of the pickle, path
        if self._processes:
            self._pool: concurrent.futures.Executor = concurrent.futures.ProcessPoolExecutor(
                dataset.workers, mp_context=multiprocessing.get_context("spawn")
            )
        else:
            self._pool = concurrent.futures.ThreadPoolExecutor(dataset.workers, thread_name_prefix="cornu-batch")
        self._finalizer = weakref.finalize(self, self._pool.shutdown, wait=False, cancel_futures=True)

    def batches(self, order: Iterable[int]) -> Iterator[Any]:
        """The batches of those numbers, in that order."""
        ahead = max(self._dataset.max_queue_size, self._dataset.workers)
        waiting: collections.deque[concurrent.futures.Future[Any]] = collections.deque()
        path = self._send() if self._processes else ""
        try:
            for index in order:
                if self._processes:
                    waiting.append(self._pool.submit(_make_batch, path, index))
                else:
                    waiting.append(self._pool.submit(self._dataset.__getitem__, index))
                if len(waiting) >= ahead:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        except BrokenProcessPool as error:
            raise FailedPreconditionError(
                "A worker process of the PyDataset could not start or died. With use_multiprocessing=True the script "
                "must start its work under `if __name__ == '__main__':`; or use threads: use_multiprocessing=False."
            ) from error
        finally:
            for future in waiting:
                future.cancel()

    def _send(self) -> str:
        """The path of the pickled data set as it is."""
        try:
            data = pickle.dumps(self._dataset)
        except (pickle.PicklingError, AttributeError, TypeError) as error:
            raise InvalidArgumentError(
                f"Expected {type(self._dataset).__name__} to be picklable, as use_multiprocessing=True needs; got: "
                f"{error}. Define it in a module and open files in __getitem__, or set use_multiprocessing=False."
            ) from error
        digest = hashlib.sha256(data).hexdigest()
        if self._sent is None or self._sent[0] != digest:
            if self._folder is None:
                self._folder = tempfile.TemporaryDirectory(prefix="cornu-")
            elif self._sent is not None:
                os.unlink(self._sent[1])
            path = os.path.join(self._folder.name, digest)
            with open(path, "wb") as file:
                file.write(data)
            self._sent = (digest, path)
        return self._sent[1]

    def close(self) -> None:
        """End the workers."""
        self._finalizer()
