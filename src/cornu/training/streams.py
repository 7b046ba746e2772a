"""Data that comes batch by batch: generators, iterators, PyDatasets, datasets, data loaders."""

import collections
import inspect
import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Literal, Protocol

import numpy as np

from cornu._base.errors import InvalidArgumentError, InvalidTypeError
from cornu.core.random_state import default_seed
from cornu.core.tensor import is_tensor
from cornu.training.arrays import check_rows, map_nest, to_arrays
from cornu.training.class_weights import apply_class_weight
from cornu.training.prefetch import Prefetcher
from cornu.training.py_dataset import PyDataset
from cornu._base.user_warning import warn

_AHEAD = 8  # batches of a generator or dataset made ahead at most

_NO_BATCH = "Expected x to yield at least one batch; received none. Check how the data was made, or make it anew."

RAN_OUT = (
    "Your input ran out of data; interrupting training. Make sure that your dataset or generator can generate at least "
    "`steps_per_epoch * epochs` batches. You may need to use the `.repeat()` function when building your dataset."
)


def pack_x_y_sample_weight(x: Any, y: Any = None, sample_weight: Any = None) -> Any:
    """The batch form of what is given: `x`, `(x, y)` or `(x, y, sample_weight)`; a nest `x` alone becomes `(x,)`.

    Source: keras.utils.pack_x_y_sample_weight.
    """
    if sample_weight is not None:
        return x, y, sample_weight
    if y is not None:
        return x, y
    return (x,) if isinstance(x, (list, tuple, dict)) else x


def unpack_x_y_sample_weight(data: Any) -> tuple[Any, Any, Any]:
    """(x, y, sample_weight) of a batch `x`, `(x,)`, `(x, y)` or `(x, y, sample_weight)`, None where absent.

    Raises: InvalidArgumentError on longer tuples. Source: keras.utils.unpack_x_y_sample_weight.
    """
    if not isinstance(data, (tuple, list)):
        return data, None, None
    if 1 <= len(data) <= 3:
        return tuple([*data, None, None][:3])  # type: ignore[return-value]
    raise InvalidArgumentError(
        f"Data is expected to be in format `x`, `(x,)`, `(x, y)`, or `(x, y, sample_weight)`; received a "
        f"{type(data).__name__} of {len(data)}. Several inputs or targets belong together: ((x1, x2), y)."
    )


class Source(Protocol):
    """Where batches come from."""

    length: int | None  # batches in a pass, None if unknown
    restartable: bool  # a new pass can be begun
    ahead: int  # batches to make ahead at most

    def new_pass(self) -> Iterator[Any]:
        """The batches of a pass, as the user gives them."""
        ...

    def end_pass(self) -> None:
        """A pass is over and its batches are used."""
        ...


class IteratorSource:
    """A generator or iterator: it can be gone through once."""

    length: int | None = None
    restartable, ahead = False, _AHEAD

    def __init__(self, iterator: Iterator[Any]):
        self._iterator = iterator

    def new_pass(self) -> Iterator[Any]:
        """Where it stopped."""
        return self._iterator

    def end_pass(self) -> None:
        """Nothing follows."""


class IterableSource:
    """A dataset or data loader: every `iter` is a pass."""

    restartable, ahead = True, _AHEAD

    def __init__(self, iterable: Iterable[Any]):
        self._iterable = iterable
        try:
            self.length: int | None = len(iterable)  # type: ignore[arg-type]
        except TypeError:  # none, or of unknown or no end
            self.length = None

    def new_pass(self) -> Iterator[Any]:
        """The first batch again."""
        return iter(self._iterable)

    def end_pass(self) -> None:
        """Nothing to tell."""


class PyDatasetSource:
    """A PyDataset: batches by number, in random order if asked, made by its workers."""

    restartable = True

    def __init__(self, dataset: PyDataset, shuffle: bool):
        if "_workers" not in vars(dataset):
            warn(
                f"Your `PyDataset` class {type(dataset).__name__} should call `super().__init__(**kwargs)` in its "
                f"constructor. `**kwargs` can include `workers`, `use_multiprocessing`, `max_queue_size`."
            )
        self._dataset = dataset
        self.length = dataset.num_batches
        if self.length is not None and self.length < 1:
            raise InvalidArgumentError(
                f"Expected {type(dataset).__name__} to have at least one batch; received len() = {self.length}."
            )
        self.ahead = max(1, dataset.max_queue_size)
        self._random = random.Random(default_seed()) if shuffle and self.length is not None else None
        parallel = dataset.workers > 1 or (dataset.use_multiprocessing and dataset.workers > 0)
        self._pool = None
        if parallel:
            from cornu.training.worker_pool import WorkerPool  # multiprocessing is slow to import, and seldom needed

            self._pool = WorkerPool(dataset)

    def new_pass(self) -> Iterator[Any]:
        """All batches once."""
        self._dataset.on_epoch_begin()
        order: Iterable[int] = range(self.length) if self.length is not None else _count()
        if self._random is not None and self.length is not None:
            order = self._random.sample(range(self.length), self.length)
        if self._pool is not None:
            return self._pool.batches(order)
        return (self._dataset[index] for index in order)

    def end_pass(self) -> None:
        """Tell the data set; its length may change."""
        self._dataset.on_epoch_end()
        self.length = self._dataset.num_batches


def _count() -> Iterator[int]:
    index = 0
    while True:
        yield index
        index += 1


def stream_kind(x: Any) -> str | None:
    """What errors call a stream of batches; None if `x` is data in memory.

    Raises: InvalidTypeError on a generator function, a set, or text.
    """
    if isinstance(x, PyDataset):
        return "PyDataset"
    if inspect.isgenerator(x):
        return "generator"
    if inspect.isgeneratorfunction(x):
        raise InvalidTypeError(
            f"Expected x as data or a generator; received the generator function {x.__name__}. Call it: {x.__name__}()."
        )
    if isinstance(x, (str, bytes, set, frozenset)):
        raise InvalidTypeError(f"Expected x as arrays or batches; received {x!r} of type {type(x).__name__}.")
    in_memory = isinstance(x, (list, tuple, Mapping, Sequence)) or is_tensor(x)
    if in_memory or hasattr(x, "__array__") or hasattr(x, "shape") or hasattr(x, "to_numpy"):
        return None
    if hasattr(x, "__next__"):
        return "iterator"
    return "dataset" if hasattr(x, "__iter__") else None


def find_source(
    x: Any,
    shuffle: bool = False,
    workers: int | None = None,
    use_multiprocessing: bool | None = None,
    max_queue_size: int | None = None,
) -> Source:
    """The source of a stream of batches. The last three are set on a PyDataset if given."""
    if isinstance(x, PyDataset):
        for name, value in (
            ("workers", workers),
            ("use_multiprocessing", use_multiprocessing),
            ("max_queue_size", max_queue_size),
        ):
            if value is not None:
                setattr(x, name, value)
        return PyDatasetSource(x, shuffle)
    return IteratorSource(x) if hasattr(x, "__next__") else IterableSource(x)


class StreamData:
    """A stream of batches, epoch by epoch, made ahead in a background thread.

    Without `steps`, an epoch is one pass. With `steps`, an epoch goes on where the last one stopped; at its end a
    PyDataset begins again, anything else ends the epoch with a warning. Evaluation begins every pass anew where it can.

    Attributes:
        steps: batches an epoch shall have if the user said so.
        exhausted: True once nothing more can come, as when a generator has ended.
    """

    def __init__(
        self,
        source: Source,
        steps: int | None = None,
        class_weight: Any = None,
        output_names: Sequence[str] | None = None,
        mode: Literal["fit", "evaluate", "predict"] = "fit",
        allow_text: bool = False,
    ):
        self.steps, self.exhausted = steps, False
        self._source, self._mode, self._allow_text = source, mode, allow_text
        self._class_weight, self._output_names = class_weight, output_names
        self._pass: Iterator[Any] | None = None  # None: the next batch begins one
        self._drawn = 0  # batches drawn from the present pass, or the last one
        self._pass_over = False  # a pass has ended and its source does not know yet
        self._unused: collections.deque[Any] = collections.deque()  # made ahead, not yet used
        self._running: Prefetcher | None = None
        self._begun = self._ever = False  # an epoch has begun; a batch has come

    @property
    def num_batches(self) -> int | None:
        """Batches in an epoch, None if unknown."""
        return self._source.length if self.steps is None else self.steps

    def peek(self) -> tuple[Any, Any, Any]:
        """The first batch of the next epoch; it stays there.

        Raises: InvalidArgumentError if there is none.
        """
        self._join()
        if not self._unused:
            batch = self._take()
            if batch is None:
                raise InvalidArgumentError(_NO_BATCH)
            self._unused.append(batch)
        return self._unused[0]

    def batches(self) -> Iterator[tuple[Any, Any, Any]]:
        """The batches (x, y, sample_weight) of one epoch. Closing it keeps what was made ahead for the next epoch.

        Raises: what the source raises, with its traceback; InvalidArgumentError if there has never been a batch.
        """
        self._join()
        if self._begun and self._source.restartable and (self._mode != "fit" or self.steps is None):
            self._unused.clear()
            self._pass, self._pass_over = None, False
        self._begun = True
        if self.exhausted and not self._unused:
            self.warn_ran_out()
            return
        run = self._running = Prefetcher(self._make(), self._source.ahead)
        given = 0
        try:
            for batch in run:
                given += 1
                yield batch
        finally:
            run.close()
        self._join()
        self._close_epoch()
        if not self._ever:
            raise InvalidArgumentError(_NO_BATCH)
        if given < (self.steps or 1):
            self.exhausted = self.exhausted or not given
            self.warn_ran_out()

    def warn_ran_out(self) -> None:
        """Warn, in Keras' words, that the epoch or the run ends for want of data."""
        warn(RAN_OUT)

    def _join(self) -> None:
        """Wait for the last epoch's thread and take what it made in vain."""
        if self._running is not None:
            self._unused.extend(self._running.join())
            self._running = None

    def _make(self) -> Iterator[Any]:
        """In the background: the batches of one epoch."""
        wraps, made = isinstance(self._source, PyDatasetSource), 0
        while self.steps is None or made < self.steps:
            batch = self._take()
            if batch is not None:
                made += 1
                yield batch
            elif self.exhausted or self.steps is None or not self._drawn or (made and not wraps):
                return

    def _take(self) -> tuple[Any, Any, Any] | None:
        """The next batch; None at the end of a pass, after which another one begins."""
        if self._unused:
            return self._unused.popleft()
        if self._pass is None:
            self._tell_source()
            self._pass, self._drawn = self._source.new_pass(), 0
        try:
            item = next(self._pass)
        except StopIteration:
            self._pass, self._pass_over = None, True
            self.exhausted = not self._source.restartable
            return None
        self._drawn += 1
        self._ever = True
        return self._convert(item)

    def _close_epoch(self) -> None:
        """Where the pass ended with the epoch, say so while the user still thinks of this epoch."""
        if self._pass is not None and self._source.restartable and self._drawn == self._source.length:
            self._pass, self._pass_over = None, True
        self._tell_source()

    def _tell_source(self) -> None:
        if self._pass_over:
            self._pass_over = False
            self._source.end_pass()

    def _convert(self, item: Any) -> tuple[Any, Any, Any]:
        """A batch of the user as checked arrays."""
        if self._mode == "predict" and isinstance(item, list) and not isinstance(self._source, IterableSource):
            item = (item,)  # several inputs; data loaders put (x, y) into a list
        x, y, sample_weight = (
            to_arrays(part, name, self._allow_text)
            for part, name in zip(unpack_x_y_sample_weight(item), ("x", "y", "sample_weight"), strict=True)
        )
        if x is None:
            raise InvalidArgumentError("Expected every batch to hold inputs; received None for x.")
        check_rows(x, y, sample_weight)
        x, y, sample_weight = map_nest(_copied, (x, y, sample_weight))
        if self._class_weight is not None:
            sample_weight = apply_class_weight(y, sample_weight, self._class_weight, self._output_names)
        return x, y, sample_weight


def _copied(array: Any) -> Any:
    """A copy of a NumPy array: it is made ahead of its use, and whoever made it may fill the same memory again."""
    return array.copy() if isinstance(array, np.ndarray) else array
