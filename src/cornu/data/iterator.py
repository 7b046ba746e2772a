"""Iterators over datasets, with a state to go on from later."""

from collections.abc import Callable, Iterator
from typing import Any

from cornu._base.errors import InvalidArgumentError, OutOfRangeError, TracedValueError
from cornu.core.context import context
from cornu.data.step import Step, all_seeds

_VERSION = 1


class DatasetIterator:
    """One pass over a dataset. `state()` tells where it is and what its random choices began with.

    `restore(state)` on an iterator of the same pipeline, in another process if need be, goes on with the very elements that
    would have followed: steps over data in memory jump there, others run through what came before.
    """

    def __init__(self, step: Step, convert: Callable[[Any], Any]):
        self._step, self._convert = step, convert
        self._begin()

    def _begin(self) -> None:
        self._seeds = [seeds.state() for seeds in all_seeds(self._step)]
        self._position = 0
        self._elements: Iterator[Any] = iter(self._step.elements())

    @property
    def element_spec(self) -> Any:
        """What the elements are like."""
        return self._step.element_spec

    def __iter__(self) -> "DatasetIterator":
        return self

    def __next__(self) -> Any:
        if context.scope is not None:
            raise TracedValueError("It takes elements from an iterator, whose place only Python knows.")
        element = next(self._elements)
        self._position += 1
        return self._convert(element)

    next = __next__

    def get_next(self) -> Any:
        """The next element. Raises: OutOfRangeError at the end. Source: tf.data.Iterator.get_next."""
        try:
            return self.__next__()
        except StopIteration:
            raise OutOfRangeError("End of sequence: the dataset has no more elements.") from None

    def state(self) -> dict[str, Any]:
        """Position and seeds, as numbers and lists that JSON and pickle can hold."""
        return {"version": _VERSION, "position": self._position, "seeds": [list(each) for each in self._seeds]}

    def restore(self, state: dict[str, Any]) -> None:
        """Go to where `state` was taken; the passes that follow on the dataset go on from there, too.

        Raises: InvalidArgumentError if it is the state of another pipeline.
        """
        found = all_seeds(self._step)
        if state.get("version") != _VERSION or len(state["seeds"]) != len(found):
            raise InvalidArgumentError(
                f"Expected the state of an iterator over the same pipeline, with {len(found)} random steps; received {state!r}."
            )
        for seeds, saved in zip(found, state["seeds"], strict=True):
            seeds.restore(saved)
        self.close()
        self._begin()
        position = int(state["position"])
        plan = self._step.planned
        if plan is not None and position:
            self._elements = plan.from_element(position)
        else:
            for _ in range(position):
                next(self._elements, None)
        self._position = position

    def close(self) -> None:
        """Stop the threads of the pass; dropping the iterator does so, too."""
        close = getattr(self._elements, "close", None)
        if close is not None:
            close()


class NumpyIterator(DatasetIterator):
    """A pass whose elements are NumPy arrays, to be read only."""
