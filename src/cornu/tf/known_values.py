"""Values of tensors where they are known: checks that TensorFlow makes when an op runs are made there."""

from typing import Any

import jax
import numpy as np

from cornu.core.symbolic import KerasTensor
from cornu.core.tensor import convert_to_tensor


def known(x: Any) -> np.ndarray | None:
    """The values; None for symbolic tensors and inside compiled functions."""
    if isinstance(x, KerasTensor):
        return None
    tensor = convert_to_tensor(x)
    return None if isinstance(tensor._value, jax.core.Tracer) else tensor.host()
