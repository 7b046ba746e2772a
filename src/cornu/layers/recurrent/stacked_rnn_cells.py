"""StackedRNNCells: several cells as one."""

import inspect
from typing import Any

from cornu import ops
from cornu._base.errors import InvalidTypeError
from cornu.core.tensor import Tensor
from cornu.layers.base import Layer
from cornu.layers.catalog import LAYERS


@LAYERS.add()
class StackedRNNCells(Layer):
    """Cells one on top of the other: each gets the output of the one below.

    Its states are a list with the states of every cell.

    Raises: InvalidTypeError if a cell lacks `call` or `state_size`. Source: keras.layers.StackedRNNCells.
    """

    def __init__(self, cells, **common):
        super().__init__(**common)
        for cell in cells:
            for needed in ("call", "state_size"):
                if not hasattr(cell, needed):
                    raise InvalidTypeError(
                        f"Expected cells with `call(inputs, states)` and `state_size`; received {cell!r}, which has no "
                        f"`{needed}`."
                    )
        self.cells = list(cells)

    @property
    def state_size(self) -> list[Any]:
        """The sizes of the states of every cell."""
        return [cell.state_size for cell in self.cells]

    @property
    def output_size(self) -> Any:
        """The size of the last cell's output."""
        return output_size_of(self.cells[-1])

    def get_initial_state(self, batch_size=None):
        """The states to start with, a list for every cell."""
        return [initial_state_of(cell, batch_size, self.compute_dtype) for cell in self.cells]

    def build(self, input_shape):
        batch, *features = input_shape
        for cell in self.cells:
            if getattr(cell, "built", True) is False:
                cell.build((batch, *features))
            size = output_size_of(cell)
            features = list(size) if isinstance(size, (list, tuple)) else [size]

    def call(self, inputs, states, training=False, **kwargs):
        new_states = []
        for cell, own in zip(self.cells, states, strict=True):
            takes_training = isinstance(cell, Layer) or "training" in inspect.signature(cell.call).parameters
            options = {"training": training} if takes_training else {}
            function: Any = cell if callable(cell) else cell.call
            inputs, new = function(inputs, own, **options, **kwargs)
            new_states.append(new if isinstance(new, (list, tuple)) else [new])
        return inputs, new_states


def output_size_of(cell: Any) -> Any:
    """The size of a cell's output: `output_size`, or the size of its first state."""
    size = getattr(cell, "output_size", None)
    if size is None:
        size = cell.state_size
        size = size[0] if isinstance(size, (list, tuple)) else size
    return size


def initial_state_of(cell: Any, batch: Any, dtype: str) -> list[Any]:
    """The states a cell starts with, as a list: its own, or zeros of `state_size`."""
    make = getattr(cell, "get_initial_state", None)
    if make is None:
        size = cell.state_size
        shapes = [
            s if isinstance(s, (list, tuple)) else (s,) for s in (size if isinstance(size, (list, tuple)) else [size])
        ]
        return [ops.zeros((batch, *shape), dtype=dtype) for shape in shapes]
    known = {"batch_size": batch, "inputs": None, "dtype": dtype}  # Keras 2's cells take all three
    parameters = inspect.signature(make).parameters
    states: Any = make(**{name: value for name, value in known.items() if name in parameters})
    return [states] if isinstance(states, Tensor) or hasattr(states, "dtype") else list(states)
