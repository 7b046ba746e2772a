"""Random matrices with orthonormal rows or columns."""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from cornu._base.errors import InvalidArgumentError
from cornu.core import draws
from cornu.core.random_state import SeedGenerator
from cornu.core.tensor import Tensor
from cornu.initializers.base import INITIALIZERS, RandomInitializer, finished, float_dtype


@INITIALIZERS.add("OrthogonalInitializer", also_snake=True)
class Orthogonal(RandomInitializer):
    """`gain` times a matrix, drawn evenly, whose columns (or rows, if there are fewer of them) are orthonormal.

    Shape: (..., columns); all axes but the last count as rows.
    Raises: InvalidArgumentError if the shape has fewer than two dimensions.
    Source: keras.initializers.Orthogonal; Saxe et al. 2014.
    """

    def __init__(self, gain: float = 1.0, seed: int | SeedGenerator | None = None):
        super().__init__(seed)
        self.gain = gain

    def __call__(self, shape: Sequence[int], dtype: Any = None) -> Tensor:
        if len(shape) < 2:
            raise InvalidArgumentError(f"Expected a shape of two or more dimensions; received {tuple(shape)}.")
        rows, columns = math.prod(shape[:-1]), shape[-1]
        size, drawn_in, state = (
            (max(rows, columns), min(rows, columns)),
            float_dtype("Orthogonal", dtype),
            self.keras2_state(),
        )
        if state is None:
            drawn = self.rng().standard_normal(size, dtype=drawn_in)
        else:
            drawn = draws.normal(state, size, drawn_in.name)
        q, r = np.linalg.qr(drawn)
        q *= np.where(np.diagonal(r) < 0, -1, 1).astype(q.dtype)  # QR's signs are fixed: undo that to draw evenly
        return finished(self.gain * (q.T if rows < columns else q).reshape(tuple(shape)), dtype)
