"""Steps that draw from several datasets."""

import itertools
import os
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from cornu._base.errors import InvalidArgumentError
from cornu.data import plan
from cornu.data.background import Ahead
from cornu.data.batching import positive
from cornu.data.mapping import Numbered, dataset_function, threads
from cornu.data.nest import flatten, map_nest, pack
from cornu.data.seeds import PassSeeds, fractions
from cornu.data.spec import merged
from cornu.data.step import AUTOTUNE, INFINITE, UNKNOWN, Step


class Zip(Step):
    """Elements of several datasets side by side."""

    title, printed = "zip", "_ZipDataset"

    def __init__(self, nest: Any):
        self._nest = nest
        self.inputs = tuple(flatten(nest))
        if not self.inputs:
            raise InvalidArgumentError("Expected at least one dataset to zip; received none.")

    def spec(self) -> Any:
        """The nest of their specs."""
        return map_nest(lambda step: step.element_spec, self._nest)

    def cardinality(self) -> int:
        """That of the shortest."""
        sizes = [step.cardinality() for step in self.inputs]
        if UNKNOWN in sizes:
            return UNKNOWN
        return min((size for size in sizes if size != INFINITE), default=INFINITE)

    def plan(self) -> plan.Plan | None:
        """Columns side by side, where all are whole arrays in their own order."""
        plans = [step.planned for step in self.inputs]
        if any(p is None or not p.in_order or p.row_maps or p.size is not None for p in plans):
            return None
        columns = [p.columns() for p in plans]  # type: ignore[union-attr]
        rows = min(len(flatten(each)[0]) for each in columns)
        return plan.in_memory(map_nest(lambda column: column[:rows], pack(self._nest, columns)))

    def stream(self) -> Iterator[Any]:
        """One by one."""
        for elements in zip(*[step.elements() for step in self.inputs]):
            yield pack(self._nest, elements)


class Concatenate(Step):
    """One dataset after the other."""

    title, printed = "concatenate", "_ConcatenateDataset"

    def __init__(self, first: Step, second: Step):
        self.inputs = first, second
        self.element_spec  # noqa: B018  # datasets that do not go together are refused at once

    def spec(self) -> Any:
        """What both satisfy."""
        return merged(self.inputs[0].element_spec, self.inputs[1].element_spec, self.title)

    def cardinality(self) -> int:
        """Their sum."""
        sizes = [step.cardinality() for step in self.inputs]
        return INFINITE if INFINITE in sizes else UNKNOWN if UNKNOWN in sizes else sum(sizes)

    def stream(self) -> Iterator[Any]:
        """One by one."""
        return itertools.chain.from_iterable(step.elements() for step in self.inputs)


class FlatMap(Step):
    """The elements of a dataset made of every element."""

    title, printed = "flat_map", "_FlatMapDataset"

    def __init__(self, step: Step, function: Callable):
        self.inputs, self._function = (step,), function
        self._run = dataset_function(function, self.title)

    def spec(self) -> Any:
        """That of the first dataset made."""
        return spec_of_made(self, self._run)

    def cardinality(self) -> int:
        """Unknown."""
        return UNKNOWN

    def stream(self) -> Iterator[Any]:
        """One by one."""
        for inner in Numbered(self.inputs[0].elements(), self._run, self.title, self._function):
            yield from inner.elements()


def spec_of_made(step: Step, run: Callable[[Any], Step]) -> Any:
    """The spec of the datasets that a function makes, from the first one."""
    for element in step.inputs[0].elements():
        return run(element).element_spec
    raise InvalidArgumentError(
        f"Expected at least one element to tell what {step.title} makes of it; the dataset has none."
    )


class Interleave(Step):
    """The elements of several of the datasets made of every element, in turn."""

    title, printed = "interleave", "_InterleaveDataset"

    def __init__(self, step: Step, function: Callable, cycle: Any, block: Any, parallel: Any):
        self.inputs, self._function = (step,), function
        self._run = dataset_function(function, self.title)
        self._threads = threads(parallel)
        automatic = cycle is None or cycle == AUTOTUNE
        self._cycle = (os.cpu_count() or 1) if automatic else positive("cycle_length", cycle)
        self._block = 1 if block is None else positive("block_length", block)
        self.printed = "_InterleaveDataset" if parallel is None else "_ParallelInterleaveDataset"

    def spec(self) -> Any:
        """That of the first dataset made."""
        return spec_of_made(self, self._run)

    def cardinality(self) -> int:
        """Unknown."""
        return UNKNOWN

    def _open(self, inner: Step) -> Iterator[Any]:
        elements = iter(inner.elements())
        return elements if self._threads is None else Ahead(elements, 2 * self._block)

    def stream(self) -> Iterator[Any]:
        """One by one: a block of each open dataset; one that has ended makes room for the next at its next turn."""
        made = Numbered(self.inputs[0].elements(), self._run, self.title, self._function)
        slots: list[Iterator[Any] | None] = [None] * self._cycle
        more, open_ = True, 0
        place = 0
        while more or open_:
            elements = slots[place]
            if elements is None and more:
                inner = next(made, None)
                if inner is None:
                    more = False
                else:
                    elements = slots[place] = self._open(inner)
                    open_ += 1
            if elements is not None:
                given = 0
                for element in itertools.islice(elements, self._block):
                    given += 1
                    yield element
                if given < self._block:
                    slots[place] = None
                    open_ -= 1
            place = (place + 1) % self._cycle


class Choose(Step):
    """Elements of several datasets, in the order that a dataset of their numbers says."""

    title, printed = "choose_from_datasets", "_DirectedInterleaveDataset"

    def __init__(self, steps: Sequence[Step], choices: Step, stop_on_empty: bool):
        self.inputs, self._stop = (choices, *steps), stop_on_empty
        self.element_spec  # noqa: B018  # datasets that do not go together are refused at once

    def spec(self) -> Any:
        """What all satisfy."""
        found = self.inputs[1].element_spec
        for step in self.inputs[2:]:
            found = merged(found, step.element_spec, self.title)
        return found

    def cardinality(self) -> int:
        """Unknown, unless one of the datasets never ends."""
        return UNKNOWN

    def stream(self) -> Iterator[Any]:
        """One by one."""
        choices, *steps = self.inputs
        open_: list[Iterator[Any] | None] = [iter(step.elements()) for step in steps]
        for choice in choices.elements():
            number = int(choice)
            if not 0 <= number < len(open_):
                raise InvalidArgumentError(
                    f"Expected choices from 0 to {len(open_) - 1}, the numbers of the datasets; received {number}."
                )
            elements = open_[number]
            if elements is None:
                continue
            try:
                yield next(elements)
            except StopIteration:
                if self._stop:
                    return
                open_[number] = None
                if not any(open_):
                    return


class RandomChoices(Step):
    """Numbers of datasets, drawn with given probabilities.

    Established by asking TensorFlow: each number is a stateless categorical draw, whose seeds are the next two words of the
    Philox stream of the pass.
    """

    title, printed = "sample_from_datasets", "_MapDataset"

    def __init__(self, weights: Any, seed: int | None, rerandomize: bool):
        self._bounds = np.cumsum(np.asarray(weights, np.float64) / np.max(weights))
        self.seeds = PassSeeds(seed, rerandomize)

    def spec(self) -> Any:
        """Scalars."""
        from cornu.data.spec import TensorSpec

        return TensorSpec((), "int64")

    def cardinality(self) -> int:
        """Infinite."""
        return INFINITE

    def stream(self) -> Iterator[Any]:
        """One by one."""
        words = self.seeds.next_pass()  # type: ignore[union-attr]
        while True:
            drawn = fractions(words(512).reshape(-1, 2)) * self._bounds[-1]
            yield from np.searchsorted(self._bounds, drawn, side="right")
