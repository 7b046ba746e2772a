"""What StringLookup and IntegerLookup share: tokens to indices and back."""

import os
from abc import abstractmethod
from itertools import repeat
from pathlib import Path
from typing import Any

import numpy as np

from cornu import ops
from cornu._base.errors import FailedPreconditionError, InvalidArgumentError, UnsafeFileError
from cornu.core import serialization
from cornu.layers.arguments import choice, integer
from cornu.layers.init_arguments import parameters_of
from cornu.layers.preprocessing.category_counts import VECTOR_MODES, category_vectors, vector_shape
from cornu.layers.preprocessing.hash_bins import bins_of, salt_of
from cornu.layers.preprocessing.host_layer import HostLayer, batches_of, dense_only
from cornu.layers.preprocessing.token_counts import TokenCounts
from cornu.layers.preprocessing.vocabulary import checked_weights, read_lines, without_specials

LOOKUP_MODES = ("int", *VECTOR_MODES, "tf_idf")
VOCABULARY_FILE = "vocabulary.txt"


def refuse_vocabulary_file(config: dict[str, Any]) -> None:
    """Vocabulary files are opened for callers, not for configs. Raises: UnsafeFileError if the config names one."""
    if isinstance(config.get("vocabulary"), (str, bytes, os.PathLike)):
        raise UnsafeFileError(
            f"The config of the layer {config.get('name')!r} names the vocabulary file {config['vocabulary']!r}, which "
            "is not opened. Make the layer in code, with vocabulary=PATH, or put the tokens into the config."
        )


def config_without_vocabulary(layer: HostLayer) -> dict[str, Any]:
    """The arguments of a layer, without those that a vocabulary changes."""
    names = [
        name for name in parameters_of(type(layer)) if name not in ("vocabulary", "idf_weights", "vocabulary_size")
    ]
    arguments = {name: serialization.serialize(getattr(layer, name)) for name in names}
    policy = serialization.serialize(layer.dtype_policy)
    return {"name": layer.name, "trainable": layer.trainable, "dtype": policy, **arguments}


class Lookup(HostLayer):
    """The index of every token in a vocabulary, or with `invert` the token of every index.

    Indices: the mask token (with "int"), `num_oov_indices` for tokens that are not in the vocabulary, the vocabulary.
    Subclasses say what a token is: `as_token`, `tokens_of`, `unknown_bins`, `array_of`.
    """

    def __init__(
        self, max_tokens: int | None, num_oov_indices: int, mask_token: Any, oov_token: Any, vocabulary: Any,
        idf_weights: Any, invert: bool, output_mode: str, sparse: bool, pad_to_max_tokens: bool, oov_method: str,
        salt: Any, vocabulary_size: int | None, **common: Any,
    ):  # fmt: skip
        super().__init__(**common)
        dense_only(type(self).__name__, sparse=sparse)
        renamed = {"binary": "multi_hot", "tf-idf": "tf_idf"}.get(output_mode, output_mode)
        self.output_mode = choice("output_mode", renamed, LOOKUP_MODES)
        self.max_tokens = None if max_tokens is None else integer("max_tokens", max_tokens, at_least=2)
        self.num_oov_indices = integer("num_oov_indices", num_oov_indices)
        self.oov_method, self.salt = choice("oov_method", oov_method, ("floormod", "farmhash")), salt_of(salt)
        if invert and self.output_mode != "int":
            raise InvalidArgumentError(f"Expected output_mode='int' with invert=True; received {output_mode!r}.")
        if pad_to_max_tokens and max_tokens is None:
            raise InvalidArgumentError("Expected max_tokens with pad_to_max_tokens=True; received None.")
        if idf_weights is not None and self.output_mode != "tf_idf":
            raise InvalidArgumentError(
                f"Expected idf_weights only with output_mode='tf_idf'; the mode is {output_mode!r}."
            )
        self.mask_token, self.oov_token, self.invert = mask_token, oov_token, bool(invert)
        self.pad_to_max_tokens, self.sparse = bool(pad_to_max_tokens), False
        self._tokens: tuple[Any, ...] | None = None
        self._known_size, self._loaded_weights = vocabulary_size, None
        self._weights: np.ndarray | None = None  # of all indices, tf_idf's
        self._given: tuple[Any, Any] | None = None  # vocabulary and weights that the config keeps
        self._is_fixed = vocabulary is not None
        self._has_file = isinstance(vocabulary, (str, os.PathLike))
        if vocabulary is not None:
            if self.output_mode == "tf_idf" and idf_weights is None:
                raise InvalidArgumentError("Expected idf_weights along with a vocabulary for output_mode='tf_idf'.")
            self._set(read_lines(vocabulary) if self._has_file else vocabulary, idf_weights)
            if not self._has_file:
                weights = None if idf_weights is None else np.asarray(idf_weights).tolist()
                given = [self.as_token(token) for token in np.asarray(vocabulary, object).reshape(-1).tolist()]
                self._given = (tuple(given), weights)

    # -- what a token is

    @abstractmethod
    def as_token(self, value: Any) -> Any:
        """A token of a vocabulary as it is looked up."""

    def as_token_array(self, array: np.ndarray) -> np.ndarray:
        """Inputs as an array of what is looked up."""
        return array

    def as_public(self, token: Any) -> Any:
        """A token as the user sees it."""
        return token

    def unknown_bins(self, array: np.ndarray) -> np.ndarray:
        """The number, below `num_oov_indices`, of every token that is not in the vocabulary."""
        return bins_of(array, self.num_oov_indices, self.salt)

    # -- the vocabulary

    @property
    def _has_mask_index(self) -> bool:
        return self.mask_token is not None and self.output_mode == "int"

    @property
    def _specials(self) -> list[Any]:
        mask = [self.as_token(self.mask_token)] if self._has_mask_index else []
        return mask + [self.as_token(self.oov_token)] * self.num_oov_indices

    def _set(self, vocabulary: Any, idf_weights: Any = None) -> None:
        tokens = [self.as_token(token) for token in np.asarray(vocabulary, object).reshape(-1).tolist()]
        named = {"mask token": self.mask_token}
        if self.num_oov_indices or self.invert:
            named["OOV token"] = self.oov_token
        named = {name: None if token is None else self.as_token(token) for name, token in named.items()}
        kept = without_specials(tokens, self._specials, named)
        size = len(self._specials) + len(kept)
        if self.max_tokens is not None and size > self.max_tokens:
            raise InvalidArgumentError(
                f"Expected a vocabulary of at most max_tokens={self.max_tokens}, special tokens included; received {size}."
            )
        self._place = {token: index for index, token in enumerate(kept, start=len(self._specials))}
        if self._has_mask_index:
            self._place[self.as_token(self.mask_token)] = 0
        self._tokens = tuple(kept)
        if idf_weights is not None:
            own = checked_weights(idf_weights, kept)
            unknown = np.full(self.num_oov_indices, own.mean(), "float32")
            self._weights = np.concatenate([unknown, own])

    def set_vocabulary(self, vocabulary: Any, idf_weights: Any = None) -> None:
        """Take these tokens (a list, an array, or the path of a file), and the weights of tf_idf along with them.

        Raises: InvalidArgumentError if tokens repeat, or weights are missing, too many or out of place.
        """
        if (self.output_mode == "tf_idf") != (idf_weights is not None):
            need = "along with a vocabulary" if idf_weights is None else "only"
            raise InvalidArgumentError(
                f"Expected idf_weights {need} for output_mode='tf_idf'; the mode of {self.name!r} is {self.output_mode!r}."
            )
        path = isinstance(vocabulary, (str, os.PathLike))
        self._set(read_lines(vocabulary) if path else vocabulary, idf_weights)
        self._is_fixed = True

    def get_vocabulary(self, include_special_tokens: bool = True) -> list[Any]:
        """The tokens by index; without the special ones if asked so."""
        specials = self._specials if include_special_tokens else []
        return [self.as_public(token) for token in (*specials, *(self._tokens or ()))]

    def vocabulary_size(self) -> int:
        """How many indices there are, those of special tokens included."""
        if self._tokens is None and self._known_size is not None:
            return self._known_size
        return len(self._specials) + len(self._tokens or ())

    def adapt(self, data: Any, steps: int | None = None) -> None:
        """Take the vocabulary from data: an array, a list, or batches (a Dataset), `steps` of them at most.

        The most frequent tokens come first. What was found before is dropped.
        Raises: FailedPreconditionError if the vocabulary was given; InvalidArgumentError if there are no tokens.
        """
        self.reset_state()
        for batch in batches_of(data, steps):
            self.update_state(batch)
        self.finalize_state()

    def reset_state(self) -> None:
        """Forget what `update_state` counted."""
        object.__setattr__(self, "_counts", TokenCounts(by_row=self.output_mode == "tf_idf"))

    def update_state(self, data: Any) -> None:
        """Count the tokens of a batch; its rows are documents. Raises: FailedPreconditionError as `adapt`."""
        array = self.as_token_array(np.asarray(data))
        rows = array.reshape(-1, 1) if array.ndim < 2 else array.reshape(len(array), -1)
        self.count_rows(rows.tolist())

    def count_rows(self, rows: list[list[Any]]) -> None:
        """Count the tokens of rows of any length. Raises: FailedPreconditionError if the vocabulary was given."""
        if self._is_fixed:
            raise FailedPreconditionError(
                f"The vocabulary of {self.name!r} was given, so it cannot adapt. Make it without a vocabulary."
            )
        if "_counts" not in self.__dict__:
            self.reset_state()
        self._counts.add(rows)

    def finalize_state(self) -> None:
        """Make the vocabulary of what was counted."""
        counted = self.__dict__.pop("_counts", None)
        if counted is None or not counted.counts:
            raise InvalidArgumentError(f"Expected tokens for {self.name!r} to adapt to; received none.")
        excluded = [self.as_token(token) for token in (self.mask_token, self.oov_token) if token is not None]
        room = None if self.max_tokens is None else self.max_tokens - len(self._specials)
        tokens = counted.ranked(excluded, room)
        self._set(tokens, counted.inverse_document_frequency(tokens) if counted.by_row else None)

    # -- calls

    def on_host(self, inputs: np.ndarray) -> np.ndarray:
        self.require_vocabulary()
        return self._tokens_at(inputs) if self.invert else self.indices_of(self.as_token_array(inputs))

    def require_vocabulary(self) -> None:
        """Raises: FailedPreconditionError if there is no vocabulary yet."""
        if self._tokens is None:
            raise FailedPreconditionError(
                f"{self.name!r} has no vocabulary. Give it one, or call adapt(data), before using it."
            )

    def indices_of(self, tokens: np.ndarray) -> np.ndarray:
        """The index of every token. Shape: any -> the same, int64."""
        flat = tokens.reshape(-1).tolist()
        found = np.fromiter(map(self._place.get, flat, repeat(-1)), np.int64, len(flat)).reshape(tokens.shape)
        unknown = found < 0
        if not unknown.any():
            return found
        if not self.num_oov_indices:
            shown = [self.as_public(token) for token in tokens[unknown][:5].tolist()]
            raise InvalidArgumentError(
                f"Expected only tokens of the vocabulary, as num_oov_indices=0; received {shown}. "
                "Set num_oov_indices=1."
            )
        first = int(self._has_mask_index)
        found[unknown] = first + (self.unknown_bins(tokens[unknown]) if self.num_oov_indices > 1 else 0)
        return found

    def finish(self, values: Any) -> Any:
        if self.output_mode == "int":
            return values
        counts = "count" if self.output_mode == "tf_idf" else self.output_mode
        vectors = category_vectors(values, counts, self._depth() or 0, self.output_dtype)
        if self.output_mode != "tf_idf":
            return vectors
        weights = np.asarray(self._weights)
        return vectors * ops.convert_to_tensor(np.pad(weights, (0, (self._depth() or 0) - len(weights))))

    def _depth(self) -> int | None:
        if self.pad_to_max_tokens:
            return self.max_tokens
        return None if self._tokens is None and self._known_size is None else self.vocabulary_size()

    @property
    def output_dtype(self):
        return "float32" if self.output_mode == "tf_idf" else "int64"

    def compute_output_shape(self, input_shape):
        return vector_shape(input_shape, self.output_mode, self._depth())

    def _tokens_at(self, indices: np.ndarray) -> np.ndarray:
        table = self._table()
        inside = (indices >= 0) & (indices < len(table) - 1)
        return table[np.where(inside, indices, -1)]

    @abstractmethod
    def _table(self) -> np.ndarray:
        """The tokens by index, and that of unknown indices at the end."""

    # -- configs and files

    @classmethod
    def from_config(cls, config):
        """The layer of a config. Raises: UnsafeFileError if it names a vocabulary file."""
        refuse_vocabulary_file(config)
        return super().from_config(config)

    def get_config(self):
        """The arguments; a vocabulary that was found, or read from a file, is an asset of the saved model."""
        tokens, weights = self._given or (None, None)
        vocabulary = None if tokens is None else [self.as_public(token) for token in tokens]
        size = None if self._tokens is None and self._known_size is None else self.vocabulary_size()
        known = {"vocabulary": vocabulary, "idf_weights": weights, "vocabulary_size": size}
        return {**config_without_vocabulary(self), **known}

    def get_build_config(self):
        return {}

    def build_from_config(self, config):
        self.build()

    def save_own_variables(self, store: Any) -> None:
        """The weights of tf_idf, if they are not in the config."""
        if self._weights is not None and self._given is None:
            store["idf_weights"] = self._weights

    reads_any_shape = True

    def load_own_variables(self, store: Any) -> None:
        """The weights of tf_idf; the vocabulary comes with the assets."""
        if "idf_weights" in store.keys():  # noqa: SIM118 - a store of arrays need not be a dict
            self._loaded_weights = np.asarray(store["idf_weights"], "float32")

    def save_assets(self, folder: str) -> None:
        """Write the vocabulary, one token on a line, if it is not in the config."""
        if self._given is None and self._tokens is not None:
            lines = "\n".join(str(token) for token in self.get_vocabulary())
            Path(folder, VOCABULARY_FILE).write_text(lines, encoding="utf-8", newline="\n")

    def load_assets(self, folder: str) -> None:
        """Read what `save_assets` wrote."""
        path = Path(folder, VOCABULARY_FILE)
        if self._given is not None or not path.is_file():
            return
        tokens = path.read_bytes().decode().split("\n")
        weights = self._loaded_weights
        self._set(tokens[len(self._specials) :], None if weights is None else weights[self.num_oov_indices :])
