"""A step of a pipeline: what every source and every transformation is."""

import functools
from collections.abc import Iterator
from typing import Any

from cornu.data.plan import Plan
from cornu.data.seeds import PassSeeds

INFINITE, UNKNOWN = -1, -2
AUTOTUNE = -1


class Step:
    """Makes elements, from those of its inputs or by itself. Subclasses give `spec`, `cardinality` and `stream` or `plan`.

    Attributes:
        title: the word that errors use.
        printed: TensorFlow's name of the class, for `repr`.
        inputs: the steps it draws from.
        seeds: what its random choices begin with, or None.
        guesses_sizes: whether its spec tells the sizes of the first element only.
    """

    title = "dataset"
    printed = "_Dataset"
    inputs: tuple["Step", ...] = ()
    seeds: PassSeeds | None = None
    guesses_sizes = False

    def spec(self) -> Any:
        """What the elements are like; by default as those of the input."""
        return self.inputs[0].element_spec

    @functools.cached_property
    def element_spec(self) -> Any:
        """`spec`, found once."""
        return self.spec()

    def cardinality(self) -> int:
        """The number of elements, INFINITE or UNKNOWN; by default that of the input."""
        return self.inputs[0].cardinality()

    def stream(self) -> Iterator[Any]:
        """One pass, element by element, as host values."""
        raise RuntimeError(f"{type(self).__name__} has a plan and no stream")

    def plan(self) -> Plan | None:
        """How to run it on whole chunks of rows, or None."""
        return None

    @functools.cached_property
    def planned(self) -> Plan | None:
        """`plan`, made once."""
        return self.plan()

    def elements(self) -> Iterator[Any]:
        """One pass in the fastest way."""
        return self.stream() if self.planned is None else self.planned.elements()


def all_steps(step: Step) -> Iterator[Step]:
    """The steps of a pipeline, each once, the last one first."""
    waiting, seen = [step], set()
    while waiting:
        each = waiting.pop()
        if id(each) in seen:
            continue
        seen.add(id(each))
        yield each
        waiting += each.inputs


def all_seeds(step: Step) -> list[PassSeeds]:
    """The seeds of a pipeline's random steps, each once, in the order of the pipeline."""
    return [each.seeds for each in all_steps(step) if each.seeds is not None]


def limited(cardinality: int, change: Any) -> int:
    """A finite cardinality changed; others as they are."""
    return cardinality if cardinality < 0 else change(cardinality)
