"""Tables from keys to values, on the host. Source: tf.lookup."""

from pathlib import Path
from typing import Any

import numpy as np

from cornu._base.errors import InvalidArgumentError, NotFoundError
from cornu.core import dtypes
from cornu.core.tensor import Tensor, convert_to_tensor


class KeyValueTensorInitializer:
    """The contents of a table: keys and their values. Raises: InvalidArgumentError if they are not equally many."""

    def __init__(self, keys: Any, values: Any, key_dtype: Any = None, value_dtype: Any = None, name: str | None = None):
        self.keys, self.values = convert_to_tensor(keys, key_dtype), convert_to_tensor(values, value_dtype)
        if tuple(self.keys.shape) != tuple(self.values.shape):
            raise InvalidArgumentError(
                f"Expected as many values as keys; received shapes {tuple(self.keys.shape)} and {tuple(self.values.shape)}."
            )
        self.key_dtype, self.value_dtype = self.keys.dtype, self.values.dtype


class TextFileIndex:
    """What of a line of a file is meant. Source: tf.lookup.TextFileIndex."""

    WHOLE_LINE = -2
    LINE_NUMBER = -1


class TextFileInitializer(KeyValueTensorInitializer):
    """The contents of a table from the lines of a text file: whole lines, their numbers, or one of their columns.

    Raises: NotFoundError if there is no such file.
    """

    def __init__(
        self, filename: Any, key_dtype: Any, key_index: int, value_dtype: Any, value_index: int,
        vocab_size: int | None = None, delimiter: str = "\t", name: str | None = None, value_index_offset: int = 0,
    ):  # fmt: skip
        path = Path(str(filename))
        if not path.is_file():
            raise NotFoundError(f"There is no file {path}.")
        text = path.read_bytes().decode()
        lines = text.removesuffix("\n").split("\n")[:vocab_size] if text else []

        def column(index: int, dtype: Any) -> Any:
            if index == TextFileIndex.LINE_NUMBER:
                return np.arange(len(lines), dtype=np.int64) + value_index_offset
            items = lines if index == TextFileIndex.WHOLE_LINE else [line.split(delimiter)[index] for line in lines]
            dtype = dtypes.as_dtype(dtype)
            return items if dtype == "string" else np.asarray(items).astype(dtype.as_numpy_dtype)

        super().__init__(column(key_index, key_dtype), column(value_index, value_dtype), key_dtype, value_dtype)


class StaticHashTable:
    """A table that stays as it is. Args: default_value: of keys that are not in it. Source: tf.lookup.StaticHashTable."""

    def __init__(self, initializer: KeyValueTensorInitializer, default_value: Any, name: str | None = None):
        self.key_dtype, self.value_dtype = initializer.key_dtype, initializer.value_dtype
        self._default = convert_to_tensor(default_value, self.value_dtype)
        keys, values = np.asarray(initializer.keys).reshape(-1), np.asarray(initializer.values).reshape(-1)
        self._table = dict(zip(keys.tolist(), values.tolist(), strict=True))

    @property
    def default_value(self) -> Tensor:
        """The value of keys that are not in the table."""
        return self._default

    def size(self, name: str | None = None) -> Tensor:
        """How many keys there are, int64."""
        return convert_to_tensor(np.int64(len(self._table)))

    def lookup(self, keys: Any, name: str | None = None) -> Tensor:
        """The values of keys. Shape: that of the keys."""
        wanted = np.asarray(convert_to_tensor(keys))
        other = np.asarray(self._default)[()]
        found = [self._table.get(key, other) for key in wanted.reshape(-1).tolist()]
        if self.value_dtype == "string":
            return Tensor(np.array(found, object).reshape(wanted.shape))
        return convert_to_tensor(np.array(found, self.value_dtype.as_numpy_dtype).reshape(wanted.shape))

    def __getitem__(self, keys: Any) -> Tensor:
        return self.lookup(keys)


class StaticVocabularyTable:
    """A table from text to numbers; what is not in it goes to one of `num_oov_buckets` further numbers, by its hash."""

    def __init__(self, initializer: Any, num_oov_buckets: int, lookup_key_dtype: Any = None, name: str | None = None):
        if num_oov_buckets <= 0:
            raise InvalidArgumentError(f"Expected num_oov_buckets of 1 or more; received {num_oov_buckets}.")
        self._known = StaticHashTable(initializer, np.int64(-1)) if initializer is not None else None
        self._buckets = num_oov_buckets

    def size(self, name: str | None = None) -> Tensor:
        """How many numbers there are, int64."""
        known = 0 if self._known is None else len(self._known._table)
        return convert_to_tensor(np.int64(known + self._buckets))

    def lookup(self, keys: Any, name: str | None = None) -> Tensor:
        """The numbers of keys. Shape: that of the keys."""
        from cornu.io.hashing import farmhash64

        wanted = np.asarray(convert_to_tensor(keys))
        table = {} if self._known is None else self._known._table
        found = [
            table[key]
            if key in table
            else len(table) + farmhash64(key if isinstance(key, bytes) else str(key).encode()) % self._buckets
            for key in wanted.reshape(-1).tolist()
        ]
        return convert_to_tensor(np.array(found, np.int64).reshape(wanted.shape))

    __getitem__ = lookup
