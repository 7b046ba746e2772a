"""Steps that choose which elements come, and in what order."""

import collections
import itertools
from collections.abc import Iterator
from typing import Any

import numpy as np

from cornu._base.errors import InvalidArgumentError
from cornu.data import indices
from cornu.data.plan import Plan
from cornu.data.seeds import PassSeeds
from cornu.data.spec import TensorSpec
from cornu.data.step import INFINITE, UNKNOWN, Step, all_seeds, limited


class Take(Step):
    """The first elements."""

    title, printed = "take", "_TakeDataset"

    def __init__(self, step: Step, count: int):
        self.inputs, self._count = (step,), count

    def cardinality(self) -> int:
        """At most `count`."""
        inner = self.inputs[0].cardinality()
        if self._count < 0 or inner == UNKNOWN:
            return inner
        return self._count if inner == INFINITE else min(inner, self._count)

    def plan(self) -> Plan | None:
        """Fewer rows."""
        inner = self.inputs[0].planned
        if inner is None:
            return None
        return inner.reordered(indices.take, self._count)._replace(endless=inner.endless and self._count < 0)

    def stream(self) -> Iterator[Any]:
        """One by one."""
        return itertools.islice(self.inputs[0].elements(), self._count if self._count >= 0 else None)


class Skip(Step):
    """All but the first elements."""

    title, printed = "skip", "_SkipDataset"

    def __init__(self, step: Step, count: int):
        self.inputs, self._count = (step,), count

    def cardinality(self) -> int:
        """What is left."""
        if self._count < 0:
            return 0
        return limited(self.inputs[0].cardinality(), lambda inner: max(0, inner - self._count))

    def plan(self) -> Plan | None:
        """Fewer rows."""
        inner = self.inputs[0].planned
        return inner and inner.reordered(indices.skip, self._count)

    def stream(self) -> Iterator[Any]:
        """One by one."""
        if self._count < 0:
            return iter(())
        return itertools.islice(self.inputs[0].elements(), self._count, None)


class Shard(Step):
    """Every n-th element."""

    title, printed = "shard", "_ShardDataset"

    def __init__(self, step: Step, shards: int, index: int):
        if shards < 1:
            raise InvalidArgumentError(f"Expected num_shards of 1 or more; received {shards}.")
        if not 0 <= index < shards:
            raise InvalidArgumentError(f"Expected a shard index from 0 to {shards - 1}; received {index}.")
        self.inputs, self._shards, self._index = (step,), shards, index

    def cardinality(self) -> int:
        """Its share."""
        return limited(self.inputs[0].cardinality(), lambda n: len(range(self._index, n, self._shards)))

    def plan(self) -> Plan | None:
        """Fewer rows."""
        inner = self.inputs[0].planned
        if inner is None or inner.size is not None:
            return None
        return inner.reordered(lambda runs, size: indices.shard(runs, self._shards, self._index))

    def stream(self) -> Iterator[Any]:
        """One by one."""
        return itertools.islice(self.inputs[0].elements(), self._index, None, self._shards)


class Repeat(Step):
    """Pass after pass."""

    title, printed = "repeat", "_RepeatDataset"

    def __init__(self, step: Step, count: int):
        self.inputs, self._count = (step,), count

    def cardinality(self) -> int:
        """As many times as many."""
        inner = self.inputs[0].cardinality()
        if self._count < 0:
            return 0 if inner == 0 else INFINITE
        return 0 if self._count == 0 else limited(inner, lambda n: n * self._count)

    def plan(self) -> Plan | None:
        """More rows."""
        inner = self.inputs[0].planned
        if inner is None:
            return None
        runs = lambda: indices.repeat(inner.runs, self._count, self._after)
        uneven = inner.size is not None and not inner.full
        return inner._replace(runs=runs, in_order=False, uneven=uneven, endless=inner.endless or self._count < 0)

    def stream(self) -> Iterator[Any]:
        """One by one."""
        for _ in itertools.count() if self._count < 0 else range(self._count):
            empty = True
            for element in self.inputs[0].elements():
                empty = False
                yield element
            if empty:
                return
        self._after()

    def _after(self) -> None:
        """TensorFlow begins one pass more before it sees that it was the last; the orders of later passes depend on it.

        Not so for `repeat(1)`, and for `repeat` right after `shuffle`, which it makes one step.
        """
        if self._count == 1 or isinstance(self.inputs[0], Shuffle):
            return
        for seeds in all_seeds(self.inputs[0]):
            seeds.next_pass()


class Shuffle(Step):
    """Random order within a buffer."""

    title, printed = "shuffle", "_ShuffleDataset"

    def __init__(self, step: Step, buffer_size: int, seed: int | None, anew: bool):
        if buffer_size < 1:
            raise InvalidArgumentError(f"Expected a buffer_size of 1 or more for shuffle; received {buffer_size}.")
        self.inputs, self._buffer_size = (step,), buffer_size
        self.seeds: PassSeeds = PassSeeds(seed, anew)

    def plan(self) -> Plan | None:
        """Other rows; whole batches if they are batches."""
        inner = self.inputs[0].planned
        if inner is None:
            return None
        if inner.size is None:
            change = lambda runs, size: indices.shuffle(runs, self._buffer_size, self.seeds.next_pass())
        else:
            inner = inner._replace(uneven=not inner.full)
            change = lambda runs, size: self._shuffled(indices.singles(runs, size))
        return inner.reordered(change)

    def stream(self) -> Iterator[Any]:
        """One by one."""
        return self._shuffled(self.inputs[0].elements())

    def _shuffled(self, elements: Iterator[Any]) -> Iterator[Any]:
        words = self.seeds.next_pass()
        buffer: collections.deque[Any] = collections.deque(itertools.islice(elements, self._buffer_size))
        while buffer:
            place = int(words(1)[0]) % len(buffer)
            chosen, buffer[place] = buffer[place], buffer[0]
            buffer.popleft()
            buffer.extend(itertools.islice(elements, 1))
            yield chosen


class Enumerate(Step):
    """Elements with their numbers."""

    title, printed = "enumerate", "_ZipDataset"

    def __init__(self, step: Step, start: int):
        self.inputs, self._start = (step,), start

    def spec(self) -> Any:
        """(number, element)."""
        return TensorSpec((), "int64"), self.inputs[0].element_spec

    def stream(self) -> Iterator[Any]:
        """One by one."""
        for number, element in enumerate(self.inputs[0].elements(), self._start):
            yield np.int64(number), element


class Unique(Step):
    """Elements that have not come before."""

    title, printed = "unique", "_UniqueDataset"

    def __init__(self, step: Step):
        self.inputs = (step,)

    def cardinality(self) -> int:
        """Unknown."""
        return UNKNOWN

    def stream(self) -> Iterator[Any]:
        """One by one."""
        seen = set()
        for element in self.inputs[0].elements():
            if isinstance(element, (tuple, dict)):
                raise InvalidArgumentError(
                    "Expected elements of one part for unique; received a nest. Map it to one part."
                )
            key = element if isinstance(element, bytes) else _key(element)
            if key not in seen:
                seen.add(key)
                yield element


def _key(value: Any) -> Any:
    return tuple(value.reshape(-1)) if value.dtype == object else (value.shape, value.tobytes())
