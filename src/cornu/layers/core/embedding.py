"""Embedding: a trainable vector for each index."""

from typing import Any

from cornu import ops
from cornu._base.errors import InvalidArgumentError
from cornu.layers.arguments import no_quantization, positive_int
from cornu.layers.base import Layer
from cornu.layers.catalog import LAYERS
from cornu.layers.core.low_rank import LowRankUpdates
from cornu.layers.parts import store_parts


@LAYERS.add()
class Embedding(LowRankUpdates, Layer):
    """The rows of a trainable table that integer inputs name.

    Args:
        input_dim: Number of rows; indices go from 0 to `input_dim - 1`.
        output_dim: Size of each row.
        mask_zero: Index 0 means "no entry": the layers after this one get a mask that is False there.
        weights: The table, or a list with it, to start from.
        input_length: Length of the index sequences, as older Keras took it; sets the layer's input shape.
        lora_rank: Freeze the table and train an update of that rank in its place, scaled by `lora_alpha / lora_rank`.

    Shape: (...) of indices -> (..., output_dim).
    Raises: InvalidArgumentError if a size is not a positive integer.
    Source: keras.layers.Embedding.
    """

    lora_weight_names = ("lora_embeddings_a", "lora_embeddings_b")

    def __init__(self, input_dim, output_dim, embeddings_initializer="uniform", embeddings_regularizer=None,
                 embeddings_constraint=None, mask_zero=False, weights=None, lora_rank=None, lora_alpha=None,
                 quantization_config=None, activity_regularizer=None, input_length=None, **common):  # fmt: skip
        if isinstance(embeddings_initializer, int):
            raise InvalidArgumentError(
                "Expected embeddings_initializer, the third argument, as a name or an object; received the number "
                f"{embeddings_initializer}. If it is the length of the sequences, write input_length={embeddings_initializer}."
            )
        if input_length is not None:
            lengths = input_length if isinstance(input_length, (list, tuple)) else (input_length,)
            common.setdefault("input_shape", tuple(lengths))
        common.setdefault("autocast", False)  # indices beyond 256 would not survive a cast to bfloat16
        if weights is not None:
            common["weights"] = weights if isinstance(weights, (list, tuple)) else [weights]
        super().__init__(activity_regularizer=activity_regularizer, **common)
        self.input_dim, self.output_dim = positive_int("input_dim", input_dim), positive_int("output_dim", output_dim)
        self.mask_zero = self.supports_masking = bool(mask_zero)
        store_parts(
            self, embeddings_initializer=embeddings_initializer, embeddings_regularizer=embeddings_regularizer,
            embeddings_constraint=embeddings_constraint,
        )  # fmt: skip
        self.store_lora(lora_rank, lora_alpha)
        self.quantization_config = no_quantization(quantization_config)

    def build(self, input_shape):
        self._kernel = self.add_weight(
            "embeddings", (self.input_dim, self.output_dim), self.embeddings_initializer,
            regularizer=self.embeddings_regularizer, constraint=self.embeddings_constraint,
        )  # fmt: skip
        self.build_lora()

    @property
    def embeddings(self) -> Any:
        """The table that `call` reads."""
        return self.kernel

    def call(self, inputs):
        indices = inputs if inputs.dtype in ("int32", "int64") else ops.cast(inputs, "int32")
        rows = ops.take(self._kernel, indices, axis=0)
        if self._low_rank is not None:  # gathers thin rows, so that the whole update is never formed
            a, b = self._low_rank
            rows = rows + ops.matmul(ops.take(a, indices, axis=0), b) * (self.lora_alpha / self.lora_rank)
        return ops.cast(rows, self.compute_dtype)

    def compute_mask(self, inputs, previous_mask=None):
        return ops.not_equal(inputs, 0) if self.mask_zero else None

    def compute_output_shape(self, input_shape):
        return (*input_shape, self.output_dim)

    def get_config(self):
        config = {"activity_regularizer": None, **super().get_config()}
        del config["weights"], config["input_length"]
        return config
