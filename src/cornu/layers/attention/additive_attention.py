"""AdditiveAttention: attention by the tanh of sums."""

from typing import Any

from cornu import ops
from cornu.layers.attention.attention import Attention
from cornu.layers.catalog import LAYERS


@LAYERS.add()
class AdditiveAttention(Attention):
    """Attention whose scores are `sum(scale * tanh(query + key))` (Bahdanau).

    Args:
        use_scale: Train a factor for each feature of the sum.
        dropout: Fraction of the weights that is dropped while training.
        seed: Start of the layer's stream of random numbers.

    Calls, masks and shapes are those of `Attention`.

    Source: keras.layers.AdditiveAttention; Bahdanau et al. 2014, arXiv:1409.0473.
    """

    def __init__(self, use_scale=True, dropout=0.0, seed=None, **common):
        super().__init__(use_scale=use_scale, dropout=dropout, seed=seed, **common)

    def build(self, input_shape):
        query = self.shapes(input_shape)[0]
        self.scale = self.add_weight("scale", (query[-1],), "glorot_uniform") if self.use_scale else None

    def scores(self, query: Any, key: Any) -> Any:
        """How well keys match queries. Shape: (batch, queries, dim), (batch, keys, dim) -> (batch, queries, keys)."""
        sums = ops.tanh(ops.expand_dims(query, -2) + ops.expand_dims(key, -3))
        return ops.sum(sums if self.scale is None else self.scale * sums, axis=-1)
