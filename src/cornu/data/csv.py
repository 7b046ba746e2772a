"""Datasets of comma-separated files. Source: tf.data.experimental.CsvDataset, make_csv_dataset."""

import csv as reader
import io
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from cornu._base.errors import InvalidArgumentError, NotFoundError
from cornu.core import dtypes
from cornu.data.dataset import Dataset
from cornu.data.files import matching, path_list
from cornu.data.nest import map_nest
from cornu.data.records import compression, open_file
from cornu.data.spec import TensorSpec
from cornu.data.step import UNKNOWN, Step
from cornu.data.values import to_host


class _Column:
    """How the text of a field becomes a value: its dtype, and what an empty field means (None: it is an error)."""

    def __init__(self, default: Any):
        if isinstance(default, (str, type, dtypes.DType)) and (isinstance(default, type) or default in dtypes._DTYPES):
            self.dtype, self.default = dtypes.as_dtype(default), None
        else:
            value = to_host(default)
            if isinstance(value, np.ndarray) and value.ndim:
                value = value.reshape(-1)[0]
            self.dtype = dtypes.as_dtype("string" if isinstance(value, bytes) else value.dtype)
            self.default = value

    def value(self, text: str, where: str) -> Any:
        if self.dtype == "string":
            return text.encode() if text or self.default is None else self.default
        if not text.strip():
            if self.default is None:
                raise InvalidArgumentError(
                    f"{where}: expected a value; the field is empty and its column has no default."
                )
            return self.default
        try:
            return dtypes._NUMPY[self.dtype].type(text)
        except ValueError:
            raise InvalidArgumentError(
                f"{where}: expected a number of dtype {self.dtype.name}; received {text!r}."
            ) from None


class _CsvRows(Step):
    """The rows of comma-separated files as tuples."""

    title, printed = "CsvDataset", "CsvDatasetV2"

    def __init__(self, names: list[str], columns: list[_Column], header: bool, delimiter: str, quotes: bool, na: str,
                 chosen: list[int] | None, kind: Any):  # fmt: skip
        self._names, self._columns, self._header, self._kind = names, columns, header, compression(kind)
        self._format = {
            "delimiter": delimiter,
            "quoting": reader.QUOTE_MINIMAL if quotes else reader.QUOTE_NONE,
        }
        self._na, self._chosen = na, chosen

    def spec(self) -> Any:
        """A scalar for each column."""
        return tuple(TensorSpec((), column.dtype) for column in self._columns)

    def cardinality(self) -> int:
        """Unknown."""
        return UNKNOWN

    def stream(self) -> Iterator[Any]:
        """One by one."""
        for name in self._names:
            for line, fields in rows(name, self._kind, self._format):
                if self._header and line == 1:
                    continue
                where = f"{name}, line {line}"
                if self._chosen is None and len(fields) != len(self._columns):
                    raise InvalidArgumentError(
                        f"{where}: expected {len(self._columns)} fields; received {len(fields)}."
                    )
                if self._chosen is not None:
                    if len(fields) <= max(self._chosen):
                        raise InvalidArgumentError(
                            f"{where}: expected at least {max(self._chosen) + 1} fields; received {len(fields)}."
                        )
                    fields = [fields[i] for i in self._chosen]
                fields = ["" if field == self._na else field for field in fields]
                yield tuple(column.value(field, where) for column, field in zip(self._columns, fields, strict=True))


def rows(path: str, kind: str, form: dict[str, Any]) -> Iterator[tuple[int, list[str]]]:
    """(line number, fields) of a file; empty lines are left out."""
    with open_file(path, kind) as file:
        text = io.StringIO(file.read().decode("utf-8-sig"), newline="")
        found = reader.reader(text, **form)
        for fields in found:
            if fields:
                yield found.line_num, fields


class CsvDataset(Dataset):
    """The rows of comma-separated files as tuples of scalars.

    Args:
        filenames: a name or a list of them.
        record_defaults: for each column that is selected its dtype (an empty field is an error), or its default value.
        header: whether the first line of each file names the columns.
        field_delim, use_quote_delim, na_value: the format; `na_value` counts as empty.
        select_cols: ascending numbers of the columns to read; default: all.
        exclude_cols: numbers of the columns to leave out; either this or `select_cols`.
    """

    def __init__(
        self, filenames: Any, record_defaults: Sequence[Any], compression_type: Any = None, buffer_size: Any = None,
        header: bool = False, field_delim: str = ",", use_quote_delim: bool = True, na_value: str = "",
        select_cols: Sequence[int] | None = None, exclude_cols: Sequence[int] | None = None,
    ):  # fmt: skip
        columns = [_Column(default) for default in record_defaults]
        if select_cols is not None and exclude_cols is not None:
            raise InvalidArgumentError("Expected either select_cols or exclude_cols; received both.")
        if exclude_cols is not None:
            total = len(columns) + len(exclude_cols)
            select_cols = [i for i in range(total) if i not in set(exclude_cols)]
        chosen = None if select_cols is None else [int(i) for i in select_cols]
        if chosen is not None and len(chosen) != len(columns):
            raise InvalidArgumentError(
                f"Expected as many record_defaults as selected columns, {len(chosen)}; received {len(columns)}."
            )
        self._step = _CsvRows(
            path_list(filenames), columns, header, field_delim, use_quote_delim, na_value, chosen, compression_type
        )


def make_csv_dataset(
    file_pattern: Any, batch_size: int, column_names: Sequence[str] | None = None,
    column_defaults: Sequence[Any] | None = None, label_name: str | None = None,
    select_columns: Sequence[Any] | None = None, field_delim: str = ",", use_quote_delim: bool = True, na_value: str = "",
    header: bool = True, num_epochs: int | None = None, shuffle: bool = True, shuffle_buffer_size: int = 10000,
    shuffle_seed: int | None = None, prefetch_buffer_size: int | None = None, num_parallel_reads: int | None = None,
    sloppy: bool = False, num_rows_for_inference: int | None = 100, compression_type: Any = None,
    ignore_errors: bool = False,
) -> Dataset:  # fmt: skip
    """Batches of the rows of comma-separated files: dicts of columns, or (dict, label) with `label_name`.

    Columns without a default are int32, int64, float32 or text, as their first `num_rows_for_inference` values allow.
    `num_epochs` is None for no end. Files are read one after the other whatever `num_parallel_reads` and `sloppy` say.

    Raises: InvalidArgumentError on unknown columns and lines that do not fit; NotFoundError.
    """
    names = [name.decode() for name in matching(file_pattern)]
    form = {"delimiter": field_delim, "quoting": reader.QUOTE_MINIMAL if use_quote_delim else reader.QUOTE_NONE}
    kind = compression(compression_type)
    if column_names is None:
        if not header:
            raise InvalidArgumentError("Expected column_names for files without a header; received none.")
        column_names = next((fields for _, fields in rows(names[0], kind, form)), None)
        if column_names is None:
            raise NotFoundError(f"Expected {names[0]!r} to begin with the names of its columns; it is empty.")
    column_names = list(column_names)
    if select_columns is None:
        chosen = list(range(len(column_names)))
    else:
        chosen = sorted(_column_number(column, column_names) for column in select_columns)
    if label_name is not None and label_name not in [column_names[i] for i in chosen]:
        raise InvalidArgumentError(f"Expected label_name to be one of {column_names}; received {label_name!r}.")
    if column_defaults is None:
        seen = _first_rows(names, kind, form, header, num_rows_for_inference)
        column_defaults = [_default_of([row[i] for row in seen if i < len(row)], na_value) for i in chosen]
    dataset: Dataset = CsvDataset(
        names, column_defaults, compression_type, None, header, field_delim, use_quote_delim, na_value, chosen
    )
    if ignore_errors:
        dataset = dataset.ignore_errors()
    if shuffle:
        dataset = dataset.shuffle(shuffle_buffer_size, shuffle_seed)
    dataset = dataset.repeat(num_epochs).batch(batch_size, drop_remainder=num_epochs is None)
    keys = [column_names[i] for i in chosen]
    return Dataset(_Named(dataset._step, keys, label_name)).prefetch(prefetch_buffer_size or 1)


class _Named(Step):
    """Tuples of columns as dicts."""

    title, printed = "make_csv_dataset", "_PrefetchDataset"

    def __init__(self, step: Step, keys: list[str], label: str | None):
        self.inputs, self._keys, self._label = (step,), keys, label

    def _named(self, element: Any) -> Any:
        columns = dict(zip(self._keys, element, strict=True))
        return columns if self._label is None else (columns, columns.pop(self._label))

    def spec(self) -> Any:
        """A dict, or (dict, label)."""
        return map_nest(lambda leaf: leaf, self._named(self.inputs[0].element_spec))

    def stream(self) -> Iterator[Any]:
        """One by one."""
        return map(self._named, self.inputs[0].elements())


def _column_number(column: Any, names: list[str]) -> int:
    if isinstance(column, str):
        if column not in names:
            raise InvalidArgumentError(f"Expected select_columns among {names}; received {column!r}.")
        return names.index(column)
    if not 0 <= int(column) < len(names):
        raise InvalidArgumentError(f"Expected column numbers from 0 to {len(names) - 1}; received {column!r}.")
    return int(column)


def _first_rows(names: list[str], kind: str, form: dict, header: bool, count: int | None) -> list[list[str]]:
    found = []
    for name in names:
        for line, fields in rows(name, kind, form):
            if header and line == 1:
                continue
            found.append(fields)
            if count is not None and len(found) >= count:
                return found
    return found


def _default_of(texts: list[str], na: str) -> Any:
    """The default of a column: 0 or empty text of the narrowest dtype that holds its values."""
    values = [text for text in texts if text.strip() and text != na]
    for kind, low, high in ((np.int32, -(2**31), 2**31), (np.int64, -(2**63), 2**63)):
        try:
            if all(low <= int(text) < high for text in values):
                return kind(0)
        except ValueError:
            break
    try:
        [float(text) for text in values]
    except ValueError:
        return ""
    return np.float32(0)
