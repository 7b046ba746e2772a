"""ReversibleEmbedding: an embedding that also leads back, from vectors to a score for each index."""

from typing import Any

from cornu import ops
from cornu._base.errors import InvalidArgumentError
from cornu.core import dtypes
from cornu.layers.catalog import LAYERS
from cornu.layers.core.embedding import Embedding


@LAYERS.add()
class ReversibleEmbedding(Embedding):
    """An embedding; with `reverse=True` a projection, `x @ embeddings.T`, as at the end of a language model.

    Args:
        input_dim, output_dim, embeddings_initializer, embeddings_regularizer, embeddings_constraint, mask_zero: As in Embedding.
        tie_weights: Whether the projection uses the table; otherwise it has a matrix of its own, `reverse_embeddings`.
        reverse_dtype: The dtype to project in; the compute dtype by default.
        logit_soft_cap: A positive limit c of the scores, which become `tanh(scores / c) * c`.

    Shape: (...) of indices -> (..., output_dim); with `reverse=True` (..., output_dim) -> (..., input_dim).
    Raises: InvalidArgumentError on a dtype that does not exist, a limit that is not positive, or vectors of another size.
    Source: keras.layers.ReversibleEmbedding; Press & Wolf 2016, arXiv:1608.05859.
    """

    _is_reversed = False  # in the call under way

    def __init__(self, input_dim, output_dim, tie_weights=True, embeddings_initializer="uniform", embeddings_regularizer=None,
                 embeddings_constraint=None, mask_zero=False, reverse_dtype=None, logit_soft_cap=None, weights=None,
                 lora_rank=None, lora_alpha=None, quantization_config=None, input_length=None, **common):  # fmt: skip
        super().__init__(
            input_dim, output_dim, embeddings_initializer, embeddings_regularizer, embeddings_constraint, mask_zero,
            weights, lora_rank, lora_alpha, quantization_config, input_length=input_length, **common,
        )  # fmt: skip
        if logit_soft_cap is not None and not logit_soft_cap > 0:
            raise InvalidArgumentError(
                f"Expected logit_soft_cap as a positive number or None; received {logit_soft_cap!r}."
            )
        self.tie_weights, self.logit_soft_cap = bool(tie_weights), logit_soft_cap
        self.reverse_dtype = None if reverse_dtype is None else dtypes.name(reverse_dtype)

    def build(self, input_shape=None):
        super().build(input_shape)
        if not self.tie_weights:
            shape = (self.output_dim, self.input_dim)
            self.reverse_embeddings = self.add_weight("reverse_embeddings", shape, self.embeddings_initializer)

    def call(self, inputs, reverse=False):
        object.__setattr__(self, "_is_reversed", bool(reverse))
        return self._project(inputs) if reverse else super().call(inputs)

    def _project(self, x: Any) -> Any:
        if x.shape[-1] != self.output_dim:
            raise InvalidArgumentError(
                f"Expected vectors of size {self.output_dim} (output_dim) with reverse=True; received shape {tuple(x.shape)}."
            )
        kernel = ops.transpose(self.embeddings) if self.tie_weights else self.reverse_embeddings
        kernel = ops.cast(kernel, self.compute_dtype)
        if self.reverse_dtype is not None:
            x, kernel = ops.cast(x, self.reverse_dtype), ops.cast(kernel, self.reverse_dtype)
        scores = ops.matmul(x, kernel)
        limit = self.logit_soft_cap
        return scores if limit is None else ops.tanh(scores / limit) * limit

    def compute_mask(self, inputs, previous_mask=None):
        return None if self._is_reversed else super().compute_mask(inputs, previous_mask)

    def compute_output_shape(self, input_shape, reverse=False):
        return (*input_shape[:-1], self.input_dim) if reverse else super().compute_output_shape(input_shape)
