"""Discretization: numbers as the bins they fall into, with given edges or edges found by `adapt`."""

from typing import Any

import jax.numpy as jnp
import numpy as np

from cornu._base.errors import FailedPreconditionError, InvalidArgumentError
from cornu.core import dtypes
from cornu.core.dispatch import op
from cornu.core.tensor import convert_to_tensor
from cornu.core.variable import Variable
from cornu.layers.arguments import at_least, choice, integer
from cornu.layers.base import Layer
from cornu.layers.catalog import LAYERS
from cornu.layers.preprocessing.category_counts import VECTOR_MODES, category_vectors, vector_shape
from cornu.layers.preprocessing.host_layer import batches_of, dense_only
from cornu.layers.preprocessing.quantile_sketch import QuantileSketch


@op
def bin_of(x, edges):
    """The number of edges that are not above each entry: 0 below the first one. Shape: any -> the same, int32."""
    x = x.astype("float32") if jnp.issubdtype(x.dtype, jnp.integer) else x
    return jnp.searchsorted(edges.astype(x.dtype), x, side="right").astype("int32")


@LAYERS.add()
class Discretization(Layer):
    """The bin of every number: bin `i` holds those from `bin_boundaries[i - 1]` up to, without, `bin_boundaries[i]`.

    Args:
        bin_boundaries: Edges between the bins, rising.
        num_bins: In place of the edges: how many bins of about equally many numbers `adapt` shall find.
        epsilon: How exactly `adapt` finds them, as a share of the numbers.
        output_mode: "int", or vectors as `CategoryEncoding` makes them: "one_hot", "multi_hot", "count".
        sparse: False; tensors are dense.

    Shape: any -> the same; or that of the vectors.
    Raises: InvalidArgumentError unless exactly one of edges and number is given, or if edges fall;
    FailedPreconditionError if it is called before it has edges.
    Source: keras.layers.Discretization.
    """

    def __init__(self, bin_boundaries: Any = None, num_bins: int | None = None, epsilon: float = 0.01,
                 output_mode: str = "int", sparse: bool = False, dtype: Any = None, name: str | None = None):  # fmt: skip
        plain = dtypes.name(getattr(dtype, "name", dtype))
        super().__init__(name=name, dtype=plain, autocast=False)
        dense_only("Discretization", sparse=sparse)
        self.output_mode = choice("output_mode", output_mode, ("int", *VECTOR_MODES))
        if (bin_boundaries is None) == (num_bins is None):
            raise InvalidArgumentError(
                f"Expected either bin_boundaries or num_bins; received {bin_boundaries!r} and {num_bins!r}."
            )
        self.num_bins = None if num_bins is None else integer("num_bins", num_bins)
        self.epsilon, self.sparse = at_least("epsilon", epsilon, 0), False
        self._set_edges(bin_boundaries)

    def _set_edges(self, edges: Any) -> None:
        if edges is None:
            self.bin_boundaries = None
            return
        found = [float(edge) for edge in np.asarray(edges).reshape(-1)]
        if found != sorted(found):
            raise InvalidArgumentError(f"Expected rising bin_boundaries; received {found}.")
        self.bin_boundaries = found
        size = max(len(found), (self.num_bins or 1) - 1)
        values = np.pad(np.asarray(found, "float64"), (0, size - len(found)), constant_values=np.inf)
        # A variable, so that programs compiled before see edges found later; it is no weight.
        if "_edges" in self.__dict__ and self._edges.shape == values.shape:
            self._edges.assign(values)
        else:
            object.__setattr__(self, "_edges", Variable(values, trainable=False))

    def adapt(self, data: Any, steps: int | None = None) -> None:
        """Find edges in data: an array, or batches (a Dataset, a generator), `steps` of them at most.

        Raises: FailedPreconditionError if the edges were given; InvalidArgumentError if there is no data.
        """
        if self.num_bins is None:
            raise FailedPreconditionError(
                f"The bin_boundaries of {self.name!r} were given, so it cannot adapt. Make it with num_bins."
            )
        sketch = QuantileSketch(self.epsilon)
        for batch in batches_of(data, steps):
            sketch.add(batch)
        if not len(sketch.points):
            raise InvalidArgumentError("Expected data to adapt to; received none.")
        self._set_edges(sketch.quantiles(self.num_bins))

    def build(self, input_shape=None):
        """Remember the shape; there is nothing to make."""

    def call(self, inputs: Any) -> Any:
        if self.bin_boundaries is None:
            raise FailedPreconditionError(f"{self.name!r} has no bin_boundaries: call adapt(data) before using it.")
        bins = bin_of(convert_to_tensor(inputs), self._edges)
        if self.output_mode == "int":
            return bins
        return category_vectors(bins, self.output_mode, len(self.bin_boundaries) + 1, self.compute_dtype)

    def compute_output_shape(self, input_shape):
        depth = self.num_bins if self.bin_boundaries is None else len(self.bin_boundaries) + 1
        return vector_shape(input_shape, self.output_mode, depth)

    @classmethod
    def from_config(cls, config):
        """The layer of a config; edges that `adapt` found come with the number of bins."""
        config = dict(config)
        found = config.pop("bin_boundaries", None) if config.get("num_bins") is not None else None
        layer = super().from_config(config)
        if found is not None:
            layer._set_edges(found)
        return layer

    def get_config(self):
        """The arguments, and the edges as far as they are known."""
        found = None if self.bin_boundaries is None else list(self.bin_boundaries)
        return {
            "bin_boundaries": found, "num_bins": self.num_bins, "epsilon": self.epsilon, "output_mode": self.output_mode,
            "sparse": False, "name": self.name, "dtype": self.dtype,
        }  # fmt: skip
