"""StringLookup: words as indices."""

from typing import Any

import numpy as np

from cornu.layers.catalog import LAYERS
from cornu.layers.preprocessing.host_layer import encoded, object_array
from cornu.layers.preprocessing.lookup import Lookup


@LAYERS.add()
class StringLookup(Lookup):
    """The index of every text in a vocabulary; with `invert`, the text of every index.

    Args:
        max_tokens: Largest number of indices; None for any.
        num_oov_indices: Indices for unknown texts, which are spread over them by hash; with 0 they are refused.
        mask_token: A text that has index 0 for itself.
        oov_token: What `invert` gives for indices of unknown texts.
        vocabulary: Texts (a list, an array), or the path of a file with one on each line; else `adapt` finds it.
        idf_weights: For tf_idf: a weight for each text of the vocabulary.
        invert: Indices to texts.
        output_mode: "int", or vectors as `CategoryEncoding` makes them: "one_hot", "multi_hot", "count", or "tf_idf":
            counts times weights, `log(1 + rows / (1 + rows that contain the text))`.
        pad_to_max_tokens: Vectors have `max_tokens` entries, whatever the vocabulary's size.
        sparse: False; tensors are dense.
        encoding: Of texts given as `str`.
        salt: Key of the hash of unknown texts, for oov_method "farmhash".

    Shape: any -> the same; or that of the vectors.
    Source: keras.layers.StringLookup.
    """

    def __init__(
        self, max_tokens: int | None = None, num_oov_indices: int = 1, mask_token: str | None = None,
        oov_token: str = "[UNK]", vocabulary: Any = None, idf_weights: Any = None, invert: bool = False,
        output_mode: str = "int", pad_to_max_tokens: bool = False, sparse: bool = False, encoding: str = "utf-8",
        name: str | None = None, salt: Any = None, oov_method: str = "floormod", vocabulary_size: int | None = None,
        **common: Any,
    ):  # fmt: skip
        self.__dict__["encoding"] = encoding
        super().__init__(
            max_tokens, num_oov_indices, mask_token, oov_token, vocabulary, idf_weights, invert, output_mode, sparse,
            pad_to_max_tokens, oov_method, salt, vocabulary_size, name=name, **common,
        )  # fmt: skip

    def as_token(self, value: Any) -> bytes:
        return value if isinstance(value, bytes) else str(value).encode(self.encoding)

    def as_token_array(self, array: np.ndarray) -> np.ndarray:
        return encoded(array, self.encoding)

    def as_public(self, token: bytes) -> str:
        return token.decode(self.encoding, "replace")

    def _table(self) -> np.ndarray:
        tokens = [*self._specials, *(self._tokens or ()), self.as_token(self.oov_token)]
        return object_array(tokens, (len(tokens),))

    @property
    def output_dtype(self):
        return "string" if self.invert else super().output_dtype

    def host_spec(self, *inputs):
        spec = super().host_spec(*inputs)
        return type(spec)(spec.shape, np.object_) if self.invert else spec
