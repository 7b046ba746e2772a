"""IntegerLookup: integers of any size as indices."""

from typing import Any

import numpy as np

from cornu._base.errors import InvalidArgumentError, InvalidTypeError
from cornu.layers.catalog import LAYERS
from cornu.layers.preprocessing.lookup import Lookup


@LAYERS.add()
class IntegerLookup(Lookup):
    """The index of every integer in a vocabulary; with `invert`, the integer of every index.

    Args:
        num_oov_indices: Indices for unknown integers, which are spread over them by `oov_method`; with 0 they are refused.
        mask_token: An integer that has index 0 for itself.
        oov_token: What `invert` gives for indices of unknown integers.
        vocabulary: Integers (a list, an array), or the path of a file with one on each line; else `adapt` finds it.
        vocabulary_dtype: "int64".
        oov_method: "floormod": the remainder of the integer; "farmhash": a hash of it, SipHash with a `salt`.
        max_tokens, idf_weights, invert, output_mode, sparse, pad_to_max_tokens: as for `StringLookup`.

    Shape: any -> the same; or that of the vectors.
    Raises: InvalidTypeError for inputs that are no integers.
    Source: keras.layers.IntegerLookup.
    """

    def __init__(
        self, max_tokens: int | None = None, num_oov_indices: int = 1, mask_token: int | None = None, oov_token: int = -1,
        vocabulary: Any = None, vocabulary_dtype: str = "int64", idf_weights: Any = None, invert: bool = False,
        output_mode: str = "int", sparse: bool = False, pad_to_max_tokens: bool = False, oov_method: str = "floormod",
        salt: Any = None, name: str | None = None, vocabulary_size: int | None = None, **common: Any,
    ):  # fmt: skip
        if vocabulary_dtype != "int64":
            raise InvalidArgumentError(f"Expected vocabulary_dtype='int64'; received {vocabulary_dtype!r}.")
        if salt is not None and oov_method == "floormod":
            raise InvalidArgumentError(f"Expected salt only with oov_method='farmhash'; received salt={salt!r}.")
        super().__init__(
            max_tokens, num_oov_indices, mask_token, oov_token, vocabulary, idf_weights, invert, output_mode, sparse,
            pad_to_max_tokens, oov_method, salt, vocabulary_size, name=name, **common,
        )  # fmt: skip
        self.vocabulary_dtype = vocabulary_dtype

    def as_token(self, value: Any) -> int:
        try:
            return int(value)
        except (TypeError, ValueError):
            raise InvalidArgumentError(f"Expected a vocabulary of integers; received {value!r}.") from None

    def as_token_array(self, array: np.ndarray) -> np.ndarray:
        if array.dtype.kind not in "iu":
            raise InvalidTypeError(
                f"Expected integers for {self.name!r}; received dtype {array.dtype}. Cast them, or use Discretization."
            )
        return array

    def unknown_bins(self, array: np.ndarray) -> np.ndarray:
        if self.oov_method == "farmhash":
            return super().unknown_bins(array)
        return array % self.num_oov_indices

    def _table(self) -> np.ndarray:
        return np.array([*self._specials, *(self._tokens or ()), int(self.oov_token)], np.int64)
