"""HashedCrossing: combinations of features as bins."""

from typing import Any

import numpy as np

from cornu import ops
from cornu._base.errors import InvalidArgumentError, InvalidTypeError
from cornu.core import dtypes
from cornu.core.symbolic import is_symbolic
from cornu.layers.arguments import choice, positive_int
from cornu.layers.catalog import LAYERS
from cornu.layers.preprocessing.category_counts import category_vectors, vector_shape
from cornu.layers.preprocessing.hash_bins import crossed_bins
from cornu.layers.preprocessing.host_layer import HostLayer, dense_only, text_tensor


@LAYERS.add()
class HashedCrossing(HostLayer):
    """`hash(combination) % num_bins` of the entries of two or more features of text or integers.

    Args:
        num_bins: How many bins.
        output_mode: "int" or "one_hot".
        sparse: False; tensors are dense.

    Shape: several of (n,), (n, 1) or () -> the same, or (n, num_bins) with one_hot.
    Raises: InvalidArgumentError for other shapes or fewer than two features; InvalidTypeError for floats.
    Source: keras.layers.HashedCrossing.
    """

    def __init__(self, num_bins: int, output_mode: str = "int", sparse: bool = False, name: str | None = None,
                 dtype: Any = None, **common: Any):  # fmt: skip
        mode = choice("output_mode", output_mode, ("int", "one_hot"))
        dense_only("HashedCrossing", sparse=sparse)
        default = "int64" if mode == "int" else None
        super().__init__(name=name, dtype=dtypes.name(getattr(dtype or default, "name", dtype or default)), **common)
        self.num_bins, self.output_mode, self.sparse = positive_int("num_bins", num_bins), mode, False

    def as_inputs(self, inputs: Any) -> Any:
        if not isinstance(inputs, (list, tuple)) or len(inputs) < 2:
            count = len(inputs) if isinstance(inputs, (list, tuple)) else "one tensor"
            raise InvalidArgumentError(f"Expected a list of two or more features to cross; received {count}.")
        return list(inputs) if is_symbolic(inputs) else [text_tensor(feature) for feature in inputs]

    def build(self, input_shape=None):
        """Look at the shapes; there is nothing to make."""
        shapes = {tuple(shape) for shape in input_shape or ()}
        if len(shapes) > 1 or any(len(s) > 2 or (len(s) == 2 and s[1] != 1) for s in shapes):
            raise InvalidArgumentError(
                f"Expected features of one shape, (batch,), (batch, 1) or (), to cross; received {list(input_shape or ())}."
            )

    def on_host(self, *features: np.ndarray) -> np.ndarray:
        for feature in features:
            if feature.dtype != object and feature.dtype.kind not in "iu":
                raise InvalidTypeError(
                    f"Expected features of text or integers to cross; received dtype {feature.dtype.name}. "
                    "Use Discretization for floats."
                )
        return crossed_bins(list(features), self.num_bins)

    def finish(self, values: Any) -> Any:
        if self.output_mode == "int":
            return ops.cast(values, self.compute_dtype)
        return category_vectors(values, "one_hot", self.num_bins, self.compute_dtype)

    @property
    def output_dtype(self):
        return self.compute_dtype

    def compute_output_shape(self, input_shape):
        return vector_shape(input_shape[0], self.output_mode, self.num_bins)

    def get_config(self):
        """The arguments."""
        return {
            "num_bins": self.num_bins, "output_mode": self.output_mode, "sparse": False, "name": self.name,
            "dtype": self.dtype,
        }  # fmt: skip
