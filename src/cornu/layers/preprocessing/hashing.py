"""Hashing: texts and integers as bins, without a vocabulary."""

from typing import Any

import numpy as np

from cornu import ops
from cornu.layers.arguments import choice, positive_int
from cornu.layers.catalog import LAYERS
from cornu.layers.preprocessing.category_counts import VECTOR_MODES, category_vectors, vector_shape
from cornu.layers.preprocessing.hash_bins import bins_of, salt_of
from cornu.layers.preprocessing.host_layer import HostLayer, dense_only, integer_dtype


@LAYERS.add()
class Hashing(HostLayer):
    """`hash(text) % num_bins`; integers are hashed as they are printed. The bins are those of Keras, everywhere and always.

    Args:
        num_bins: How many; with a mask value, its bin included.
        mask_value: What gets bin 0 for itself; everything else is in the others.
        salt: One integer, or two: the key of SipHash, in place of FarmHash64.
        output_mode: "int", or vectors as `CategoryEncoding` makes them: "one_hot", "multi_hot", "count".
        sparse: False; tensors are dense.

    Shape: any -> the same; or that of the vectors.
    Raises: InvalidArgumentError for a salt that is neither, or a dtype that is no integer with "int".
    Source: keras.layers.Hashing.
    """

    def __init__(
        self, num_bins: int, mask_value: Any = None, salt: Any = None, output_mode: str = "int", sparse: bool = False,
        **common: Any,
    ):  # fmt: skip
        dense_only("Hashing", sparse=sparse)
        mode = choice("output_mode", output_mode, ("int", *VECTOR_MODES))
        if mode == "int":
            common["dtype"] = integer_dtype(common.get("dtype"))
        super().__init__(**common)
        self.num_bins, self.mask_value, self.salt = positive_int("num_bins", num_bins), mask_value, salt_of(salt)
        self.output_mode, self.sparse = mode, False

    def on_host(self, inputs: np.ndarray) -> np.ndarray:
        if self.mask_value is None or self.num_bins == 1:
            return bins_of(inputs, self.num_bins, self.salt)
        mask = self.mask_value.encode() if isinstance(self.mask_value, str) else self.mask_value
        bins = bins_of(inputs, self.num_bins - 1, self.salt) + 1
        return np.where(np.asarray(inputs == mask), 0, bins)

    def finish(self, values: Any) -> Any:
        if self.output_mode == "int":
            return ops.cast(values, self.compute_dtype)
        return category_vectors(values, self.output_mode, self.num_bins, self.compute_dtype)

    @property
    def output_dtype(self):
        return self.compute_dtype

    def compute_output_shape(self, input_shape):
        return vector_shape(input_shape, self.output_mode, self.num_bins)
