"""Steps that pass elements on as they are."""

from collections.abc import Iterator
from typing import Any

from cornu._base.errors import InvalidArgumentError
from cornu.data.background import Ahead
from cornu.data.options import Options
from cornu.data.plan import Plan
from cornu.data.step import AUTOTUNE, INFINITE, Step

_AUTOMATIC = 2


class Prefetch(Step):
    """Elements made ahead in a thread. Chunks of rows in memory are made faster than a thread could hand them over."""

    title, printed = "prefetch", "_PrefetchDataset"

    def __init__(self, step: Step, buffer_size: int | None):
        if buffer_size is not None and buffer_size < 0 and buffer_size != AUTOTUNE:
            raise InvalidArgumentError(
                f"Expected a buffer_size of 0 or more for prefetch, or AUTOTUNE; received {buffer_size}."
            )
        self.inputs = (step,)
        self._ahead = _AUTOMATIC if buffer_size is None or buffer_size == AUTOTUNE else buffer_size

    def plan(self) -> Plan | None:
        """As it is."""
        return self.inputs[0].planned

    def stream(self) -> Iterator[Any]:
        """One by one."""
        elements = iter(self.inputs[0].elements())
        return Ahead(elements, self._ahead) if self._ahead else elements


class WithOptions(Step):
    """Elements with settings."""

    title, printed = "with_options", "_OptionsDataset"

    def __init__(self, step: Step, options: Options):
        self.inputs, self.options = (step,), options

    def plan(self) -> Plan | None:
        """As it is."""
        return self.inputs[0].planned

    def stream(self) -> Iterator[Any]:
        """As they are."""
        return self.inputs[0].elements()


class Asserted(Step):
    """Elements whose number the user knows."""

    title, printed = "assert_cardinality", "_AssertCardinalityDataset"

    def __init__(self, step: Step, count: int):
        self.inputs, self._count = (step,), count

    def cardinality(self) -> int:
        """What the user said."""
        return self._count

    def stream(self) -> Iterator[Any]:
        """One by one. Raises: InvalidArgumentError if there are more or fewer."""
        given = 0
        for element in self.inputs[0].elements():
            if given == self._count:
                raise InvalidArgumentError(f"Expected {self._count} elements, as asserted; the dataset has more.")
            given += 1
            yield element
        if given < self._count or self._count == INFINITE:
            raise InvalidArgumentError(f"Expected {self._count} elements, as asserted; the dataset has {given}.")
