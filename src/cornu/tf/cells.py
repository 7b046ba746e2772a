"""Values that functions given to `tf.cond`, `tf.while_loop`, `tf.map_fn` change, as AutoGraph's operators take them."""

from typing import Any

import jax

from cornu.core.symbolic import KerasTensor
from cornu.core.tensor import Tensor, convert_to_tensor
from cornu.core.variable import Variable


class Cell:
    """Variables of a call that branches and loops assign."""

    def __init__(self, *values: Any):
        self.values = values

    def get(self) -> tuple:
        """All values."""
        return self.values

    def set(self, values: tuple) -> None:
        """Replace all values."""
        self.values = tuple(values)


def is_leaf(x: Any) -> bool:
    """True for tensors, variables and symbolic tensors."""
    return isinstance(x, (Tensor, Variable, KerasTensor))


def tensors(nest: Any) -> Any:
    """The nest with everything numeric as tensors."""
    return jax.tree.map(convert_to_tensor, nest, is_leaf=is_leaf)
