"""TextVectorization: texts as indices of their words, or as vectors of a vocabulary's size."""

from collections.abc import Callable
from typing import Any

import numpy as np

from cornu._base.errors import InvalidArgumentError
from cornu.core import serialization
from cornu.layers.arguments import choice, integer
from cornu.layers.catalog import LAYERS
from cornu.layers.preprocessing.host_layer import HostLayer, batches_of, dense_only, encoded, object_array
from cornu.layers.preprocessing.lookup import config_without_vocabulary, refuse_vocabulary_file
from cornu.layers.preprocessing.string_lookup import StringLookup
from cornu.layers.preprocessing.tokens import (
    SPLITTERS,
    STANDARDIZERS,
    call_on_text,
    ngram_sizes,
    padded,
    with_ngrams,
)


@LAYERS.add()
class TextVectorization(HostLayer):
    """Texts are standardized, split, joined to n-grams, and looked up. 0 stands for nothing, 1 for unknown words.

    Args:
        max_tokens: Largest number of indices; None for any.
        standardize: "lower_and_strip_punctuation", "lower", "strip_punctuation", None, or a function of a text tensor.
        split: "whitespace", "character", None, or a function of a text tensor that gives rows of tokens.
        ngrams: None, an integer (n-grams up to that size) or a tuple of sizes.
        output_mode: "int": the indices; "multi_hot", "count", "tf_idf": vectors as `StringLookup` makes them.
        output_sequence_length: Rows of indices are filled up or cut to it; None: as long as the longest of the batch.
        pad_to_max_tokens: Vectors have `max_tokens` entries, whatever the vocabulary's size.
        vocabulary: Texts (a list, an array), or the path of a file with one on each line; else `adapt` finds it.
        idf_weights: For tf_idf: a weight for each text of the vocabulary.
        sparse, ragged: False; tensors are dense.
        encoding: Of texts given as `str`.

    Shape: (n,) or (n, 1) -> (n, length) with "int", (n, tokens) otherwise; () -> (length,) or (tokens,).
    Raises: InvalidArgumentError for texts of another shape that are to be split.
    Source: keras.layers.TextVectorization.
    """

    def __init__(
        self, max_tokens: int | None = None, standardize: Any = "lower_and_strip_punctuation", split: Any = "whitespace",
        ngrams: Any = None, output_mode: str = "int", output_sequence_length: int | None = None,
        pad_to_max_tokens: bool = False, vocabulary: Any = None, idf_weights: Any = None, sparse: bool = False,
        ragged: bool = False, encoding: str = "utf-8", name: str | None = None, vocabulary_size: int | None = None,
        **common: Any,
    ):  # fmt: skip
        super().__init__(name=name, **common)
        dense_only("TextVectorization", sparse=sparse, ragged=ragged)
        self.standardize = _function_or("standardize", standardize, STANDARDIZERS)
        self.split = _function_or("split", split, SPLITTERS)
        self.ngrams, self._sizes = ngrams, ngram_sizes(ngrams)
        if output_sequence_length is not None and output_mode != "int":
            raise InvalidArgumentError(
                f"Expected output_sequence_length only with output_mode='int'; the mode is {output_mode!r}."
            )
        self.output_sequence_length = (
            None if output_sequence_length is None else integer("output_sequence_length", output_sequence_length)
        )
        self.max_tokens, self.pad_to_max_tokens = max_tokens, bool(pad_to_max_tokens)
        self.encoding, self.sparse, self.ragged = encoding, False, False
        self._lookup_layer = StringLookup(
            max_tokens=max_tokens, mask_token="", vocabulary=vocabulary, idf_weights=idf_weights,
            pad_to_max_tokens=pad_to_max_tokens, output_mode=output_mode, encoding=encoding,
            vocabulary_size=vocabulary_size,
        )  # fmt: skip
        self.output_mode = self._lookup_layer.output_mode

    def build(self, input_shape=None):
        """Nothing is made; the look-up is ready too."""
        self._lookup_layer.build()

    def adapt(self, data: Any, batch_size: int | None = None, steps: int | None = None) -> None:
        """Take the vocabulary from texts: an array, a list, or batches (a Dataset), `steps` of them at most.

        The most frequent tokens come first. What was found before is dropped. `batch_size` changes nothing.
        Raises: FailedPreconditionError if the vocabulary was given; InvalidArgumentError if there are no tokens.
        """
        self.reset_state()
        for batch in batches_of(data, steps):
            self.update_state(batch)
        self.finalize_state()

    def reset_state(self) -> None:
        """Forget what `update_state` counted."""
        self._lookup_layer.reset_state()

    def update_state(self, data: Any) -> None:
        """Count the tokens of a batch of texts."""
        rows = self._rows(encoded(np.asarray(data), self.encoding))
        self._lookup_layer.count_rows(rows.reshape(len(rows), -1).tolist() if isinstance(rows, np.ndarray) else rows)

    def finalize_state(self) -> None:
        """Make the vocabulary of what was counted."""
        self._lookup_layer.finalize_state()

    def set_vocabulary(self, vocabulary: Any, idf_weights: Any = None) -> None:
        """Take these tokens; see `StringLookup.set_vocabulary`."""
        self._lookup_layer.set_vocabulary(vocabulary, idf_weights)

    def get_vocabulary(self, include_special_tokens: bool = True) -> list[str]:
        """The tokens by index; without the special ones if asked so."""
        return self._lookup_layer.get_vocabulary(include_special_tokens)

    def vocabulary_size(self) -> int:
        """How many indices there are, those of special tokens included."""
        return self._lookup_layer.vocabulary_size()

    def _rows(self, texts: np.ndarray) -> Any:
        """A list of rows of tokens; without splitting an array like the texts, with n-grams along its last axis."""
        if callable(self.standardize):
            texts = call_on_text(self.standardize, texts)
        elif self.standardize is not None:
            function = STANDARDIZERS[self.standardize]
            texts = object_array([function(text) for text in texts.reshape(-1)], texts.shape)
        if self.split is None:
            if self._sizes is None:
                return texts
            rows = [with_ngrams(row, self._sizes) for row in np.atleast_2d(texts).tolist()]
            return padded(rows, None, b"", object).reshape(*texts.shape[:-1], -1)
        if texts.ndim > 1:
            if texts.shape[-1] != 1 or texts.ndim > 2:
                raise InvalidArgumentError(
                    f"Expected texts of shape (batch,) or (batch, 1) to split for {self.name!r}; received {texts.shape}."
                )
            texts = texts[..., 0]
        if callable(self.split):
            split = call_on_text(self.split, texts)
            rows = split.tolist() if isinstance(split, np.ndarray) else split
            rows = [rows] if not texts.ndim else rows
        else:
            rows = [SPLITTERS[self.split](text) for text in texts.reshape(-1)]
        return rows if self._sizes is None else [with_ngrams(row, self._sizes) for row in rows]

    def on_host(self, inputs: np.ndarray) -> np.ndarray:
        lookup = self._lookup_layer
        lookup.require_vocabulary()
        rows = self._rows(encoded(inputs, self.encoding))
        if isinstance(rows, np.ndarray):
            indices = lookup.indices_of(rows)
            return self._fitted(indices) if indices.ndim > 1 else indices
        flat = np.empty(sum(map(len, rows)), object)
        flat[:] = [token for row in rows for token in row]
        found = lookup.indices_of(flat)
        ends = np.cumsum([len(row) for row in rows])[:-1] if rows else []
        # With vectors, -1 fills rows up: it is left out of the counts.
        fill = 0 if self.output_mode == "int" else -1
        indices = padded(np.split(found, ends), self.output_sequence_length, fill, np.int64)
        return indices if inputs.ndim else indices[0]

    def _fitted(self, indices: np.ndarray) -> np.ndarray:
        if self.output_sequence_length is None:
            return indices
        rows = indices.reshape(-1, indices.shape[-1])
        return padded(list(rows), self.output_sequence_length, 0, np.int64).reshape(*indices.shape[:-1], -1)

    def finish(self, values: Any) -> Any:
        return self._lookup_layer.finish(values)

    @property
    def output_dtype(self):
        return self._lookup_layer.output_dtype

    def compute_output_shape(self, input_shape):
        shape = tuple(input_shape)
        kept = shape[:1] if self.split is not None else shape
        if self.output_mode == "int":
            if self.split is None:
                return shape if self._sizes is None else (*shape[:-1], None)
            return (*kept, self.output_sequence_length)
        return self._lookup_layer.compute_output_shape((*kept, None) if self.split is not None else shape)

    @classmethod
    def from_config(cls, config):
        """The layer of a config; named functions become functions. Raises: UnsafeFileError if it names a vocabulary file."""
        refuse_vocabulary_file(config)
        config = dict(config)
        if isinstance(config.get("ngrams"), list):
            config["ngrams"] = tuple(config["ngrams"])
        for name in ("standardize", "split"):
            if isinstance(config.get(name), dict):
                config[name] = serialization.deserialize(config[name])
        return super().from_config(config)

    def get_config(self):
        """The arguments; a vocabulary that was found, or read from a file, is an asset of the saved model."""
        looked_up = self._lookup_layer.get_config()
        kept = {name: looked_up[name] for name in ("vocabulary", "idf_weights", "vocabulary_size")}
        ngrams = list(self.ngrams) if isinstance(self.ngrams, tuple) else self.ngrams
        return {**config_without_vocabulary(self), **kept, "vocabulary_size": self.vocabulary_size(), "ngrams": ngrams}

    reads_any_shape = True

    def save_own_variables(self, store: Any) -> None:
        """Those of the look-up."""
        self._lookup_layer.save_own_variables(store)

    def load_own_variables(self, store: Any) -> None:
        """Those of the look-up."""
        self._lookup_layer.load_own_variables(store)

    def save_assets(self, folder: str) -> None:
        """Write the vocabulary, one token on a line, if it is not in the config."""
        self._lookup_layer.save_assets(folder)

    def load_assets(self, folder: str) -> None:
        """Read what `save_assets` wrote."""
        self._lookup_layer.load_assets(folder)


def _function_or(name: str, value: Any, known: dict[str, Callable]) -> Any:
    return value if value is None or callable(value) else choice(name, value, tuple(known))
