"""Where batches come from: generators and iterators, data sets and data loaders, PyDatasets."""

import collections
import inspect
import itertools
import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Protocol

from cornu._base.errors import InvalidArgumentError, InvalidTypeError
from cornu._base.user_warning import warn
from cornu.core.random_state import default_seed
from cornu.core.tensor import is_tensor
from cornu.training.own_attributes import OwnAttributes
from cornu.training.py_dataset import PyDataset

_AHEAD = 8  # batches of a generator or dataset made ahead at most


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

    def state(self) -> dict[str, Any]:
        """What `resume_pass` needs besides the number of batches drawn."""
        ...

    def resume_pass(self, drawn: int, state: dict[str, Any]) -> Iterator[Any]:
        """The batches of a pass from which `drawn` were drawn when `state` was taken, possibly in another process."""
        ...


class IteratorSource:
    """A generator or iterator: it can be gone through once."""

    length: int | None = None
    restartable, ahead = False, _AHEAD

    def __init__(self, iterator: Iterator[Any]):
        self._iterator, self._drawn = iterator, 0

    def new_pass(self) -> Iterator[Any]:
        """Where it stopped."""
        for item in self._iterator:
            self._drawn += 1
            yield item

    def end_pass(self) -> None:
        """Nothing follows."""

    def state(self) -> dict[str, Any]:
        """That of the iterator, if it has one."""
        return own_state(self._iterator)

    def resume_pass(self, drawn: int, state: dict[str, Any]) -> Iterator[Any]:
        """An iterator without a state goes through what was drawn once more."""
        if state:
            self._iterator.restore(state["own"])  # type: ignore[attr-defined]
        else:
            skip(self._iterator, drawn - self._drawn)
        self._drawn = drawn
        return self.new_pass()


class IterableSource:
    """A dataset or data loader: every `iter` is a pass."""

    restartable, ahead = True, _AHEAD

    def __init__(self, iterable: Iterable[Any]):
        self._iterable, self._iterator = iterable, iter(())
        try:
            self.length: int | None = len(iterable)  # type: ignore[arg-type]
        except TypeError:  # none, or of unknown or no end
            self.length = None

    def new_pass(self) -> Iterator[Any]:
        """The first batch again."""
        self._iterator = iter(self._iterable)
        return self._iterator

    def end_pass(self) -> None:
        """Nothing to tell."""

    def state(self) -> dict[str, Any]:
        """That of the pass's iterator, if it has one."""
        return own_state(self._iterator)

    def resume_pass(self, drawn: int, state: dict[str, Any]) -> Iterator[Any]:
        """An iterator without a state goes through what was drawn once more."""
        iterator = self.new_pass()
        if state:
            iterator.restore(state["own"])  # type: ignore[attr-defined]
        else:
            skip(iterator, drawn)
        return iterator


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
        self._seed = default_seed() if shuffle and self.length is not None else None
        self._passes = 0
        self._attributes: OwnAttributes | None = None  # watched only if somebody asks for positions
        parallel = dataset.workers > 1 or (dataset.use_multiprocessing and dataset.workers > 0)
        self._pool = None
        if parallel:
            from cornu.training.worker_pool import WorkerPool  # multiprocessing is slow to import, and seldom needed

            self._pool = WorkerPool(dataset)

    def new_pass(self) -> Iterator[Any]:
        """All batches once."""
        self._dataset.on_epoch_begin()
        if self._attributes is not None:
            self._attributes.note()
        self._passes += 1
        return self._batches(0)

    def _batches(self, first: int) -> Iterator[Any]:
        """The batches of the present pass from number `first` on. Their order depends on the seed and the pass only."""
        order: Iterable[int] = itertools.count(first)
        if self.length is not None:
            order = range(self.length)
            if self._seed is not None:
                order = random.Random(self._seed << 32 | self._passes).sample(order, self.length)
            order = order[first:]
        if self._pool is not None:
            return self._pool.batches(order)
        return (self._dataset[index] for index in order)

    def end_pass(self) -> None:
        """Tell the data set; its length may change."""
        self._dataset.on_epoch_end()
        if self._attributes is not None:
            self._attributes.note()
        self.length = self._dataset.num_batches

    def state(self) -> dict[str, Any]:
        """The seed and number of the pass, and what the data set tells of itself or has changed about itself."""
        own = own_state(self._dataset) or (self._attributes.state() if self._attributes is not None else {})
        return {"seed": self._seed, "passes": self._passes, "dataset": own}

    def watch(self) -> None:
        """From here on `state` will be asked for."""
        if not own_state(self._dataset):
            self._attributes = OwnAttributes(self._dataset)

    def resume_pass(self, drawn: int, state: dict[str, Any]) -> Iterator[Any]:
        """No batch is made again."""
        self._seed, self._passes = state["seed"], state["passes"]
        if "own" in state["dataset"]:
            self._dataset.restore(state["dataset"]["own"])  # type: ignore[attr-defined]
        elif self._attributes is not None:
            self._attributes.restore(state["dataset"])
        self.length = self._dataset.num_batches
        return self._batches(drawn)


def skip(iterator: Iterator[Any], count: int) -> None:
    """Draw `count` items and drop them."""
    collections.deque(itertools.islice(iterator, max(count, 0)), maxlen=0)


def own_state(thing: Any) -> dict[str, Any]:
    """What an iterator or data set that can be continued in another process says about itself: its `state()`."""
    has_state = callable(getattr(thing, "state", None)) and callable(getattr(thing, "restore", None))
    return {"own": thing.state()} if has_state else {}


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
