"""CategoryEncoding: category numbers as vectors."""

from typing import Any

import jax
import numpy as np

from cornu import ops
from cornu._base.errors import InvalidArgumentError
from cornu.core import dtypes
from cornu.core.tensor import convert_to_tensor
from cornu.layers.arguments import choice, positive_int
from cornu.layers.base import Layer
from cornu.layers.catalog import LAYERS
from cornu.layers.preprocessing.category_counts import VECTOR_MODES, category_vectors, vector_shape
from cornu.layers.preprocessing.host_layer import dense_only


@LAYERS.add()
class CategoryEncoding(Layer):
    """Vectors of `num_tokens` entries, from numbers of 0 and more.

    Args:
        num_tokens: Length of the vectors; larger numbers are left out.
        output_mode: "multi_hot": 1 for each number that occurs in a row; "count": how often, or the sum of the
            `count_weights` given to the call; "one_hot": one vector for each number.
        sparse: False; tensors are dense.

    Shape: (n, k) -> (n, num_tokens); with one_hot (n, k, num_tokens), and (n, num_tokens) if k is 1.
    Raises: InvalidArgumentError on negative numbers (outside of compiled functions), and on weights without "count".
    Source: keras.layers.CategoryEncoding.
    """

    def __init__(self, num_tokens: int | None = None, output_mode: str = "multi_hot", sparse: bool = False, **common):
        super().__init__(autocast=False, **common)
        dense_only("CategoryEncoding", sparse=sparse)
        self.output_mode = choice("output_mode", _renamed(output_mode), VECTOR_MODES)
        if num_tokens is None:
            raise InvalidArgumentError(
                "Expected num_tokens, the number of categories; received None. IntegerLookup finds it by itself."
            )
        self.num_tokens, self.sparse = positive_int("num_tokens", num_tokens), False

    def build(self, input_shape=None):
        """Remember the shape; there is nothing to make."""

    def call(self, inputs: Any, count_weights: Any = None) -> Any:
        if count_weights is not None and self.output_mode != "count":
            raise InvalidArgumentError(
                f"Expected count_weights only with output_mode='count'; the mode is {self.output_mode!r}."
            )
        ids = convert_to_tensor(inputs)
        if ids.dtype.is_floating or ids.dtype.is_bool:
            ids = ops.cast(ids, "int64")
        if not isinstance(ids._value, jax.core.Tracer) and ids.size and int(np.min(ids.host())) < 0:
            raise InvalidArgumentError(
                f"Expected category numbers of 0 or more for {self.name!r}; received {np.min(ids.host())}."
            )
        return category_vectors(ids, self.output_mode, self.num_tokens, dtypes.name(self.compute_dtype), count_weights)

    def compute_output_shape(self, input_shape, count_weights_shape=None):
        return vector_shape(input_shape, self.output_mode, self.num_tokens)

    def get_config(self):
        """The arguments, without `sparse`, as Keras writes them."""
        config = super().get_config()
        del config["sparse"]
        return config


def _renamed(mode: Any) -> Any:
    return {"binary": "multi_hot"}.get(mode, mode) if isinstance(mode, str) else mode
