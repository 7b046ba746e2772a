"""Datasets that are rows of arrays in an order of their own: trained on as arrays are."""

from typing import Any, Protocol

import numpy as np

from cornu._base.errors import InvalidArgumentError
from cornu.training.arrays import ArrayData, to_arrays
from cornu.training.batch_form import unpack_x_y_sample_weight
from cornu.training.class_weights import apply_class_weight
from cornu.training.row_orders import ANY_RUN

_INFINITE = -1


class RowsInMemory(Protocol):
    """What a dataset tells about the rows behind its batches."""

    columns: Any  # the nest of all rows
    rows: int  # in a pass
    batch_size: int

    def next_order(self) -> np.ndarray:
        """The rows of the pass that begins."""
        ...

    def state(self) -> Any:
        """What the orders of later passes depend on."""
        ...

    def restore(self, state: Any) -> None:
        """Go back to that."""
        ...


class OrderedArrays(ArrayData):
    """Arrays whose rows come in an order that a dataset says, pass by pass. `rows` are those of a pass."""

    def __init__(self, view: RowsInMemory, x: Any, y: Any, sample_weight: Any):
        super().__init__(x, y, sample_weight, view.batch_size)
        self.rows, self._view = view.rows, view
        self._epoch: Any = None
        self._order: np.ndarray = np.empty(0, np.int32)
        self._before = view.state()

    def order(self, epoch: Any) -> np.ndarray:
        """The order of an epoch; asked again for the same epoch, the same. None is an epoch of its own each time."""
        if epoch == (ANY_RUN, 0):  # somebody looks how a step would be compiled
            return np.zeros(self.rows, np.int32)
        if epoch is None or epoch != self._epoch:
            self._before, self._epoch = self._view.state(), epoch
            self._order = self._view.next_order().astype(np.int32)
        return self._order

    def state(self) -> dict[str, Any]:
        """What the order of the present pass, and of the next one, depends on."""
        return {"before": self._before, "after": self._view.state()}

    def restore(self, state: dict[str, Any], middle: bool) -> None:
        """Go on from there. `middle`: in the pass that was under way."""
        if state:
            self._view.restore(state["before" if middle else "after"])
            self._epoch = None


def ordered_arrays(
    dataset: Any, steps: int | None, name: str, class_weight: Any, output_names: list[str] | None
) -> OrderedArrays | None:
    """The dataset as arrays, if it is nothing else than rows of arrays, gone through once per epoch or without end.

    Raises: InvalidArgumentError if the dataset never ends and nobody says how many batches an epoch has.
    """
    if not hasattr(dataset, "rows_in_memory"):
        return None
    if steps is None and int(dataset.cardinality()) == _INFINITE:
        raise InvalidArgumentError(
            f"Expected {name} for a dataset that never ends; received none. Give {name}=..., or the dataset a number of "
            "repeats: repeat(2)."
        )
    view = dataset.rows_in_memory(steps)
    if view is None:
        return None
    parts = unpack_x_y_sample_weight(view.columns)
    x, y, sample_weight = (to_arrays(part, word) for part, word in zip(parts, ("x", "y", "sample_weight"), strict=True))
    if class_weight is not None:
        sample_weight = apply_class_weight(y, sample_weight, class_weight, output_names)
    return OrderedArrays(view, x, y, sample_weight)
