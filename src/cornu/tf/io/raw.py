"""Bytes as numbers, and text as other text. Source: tf.io.decode_raw, decode_csv, encode_base64, parse_tensor, ..."""

import base64
import binascii
import csv
import gzip
import re
import zlib
from typing import Any

import numpy as np

from cornu._base.errors import DataLossError, InvalidArgumentError
from cornu.core import dtypes
from cornu.io.tensor_proto import read_tensor, write_tensor
from cornu.tf.host_values import each, host, tensor, text_array, text_of


def decode_raw(input_bytes, out_type, little_endian=True, fixed_length=None, name=None):
    """The bytes of texts as numbers.

    Args: fixed_length: bytes of every text, cut or filled with zeros.
    Shape: (...) -> (..., length / size of `out_type`). Raises: InvalidArgumentError on lengths that do not fit.
    Source: tf.io.decode_raw.
    """
    texts, dtype = text_array(input_bytes), dtypes.as_dtype(out_type)
    stored = dtypes._NUMPY[dtype]
    if fixed_length is not None:
        if fixed_length <= 0 or fixed_length % stored.itemsize:
            raise InvalidArgumentError(
                f"fixed_length ({fixed_length}) must be a positive multiple of the size of {dtype.name}."
            )
        parts = [text[:fixed_length].ljust(fixed_length, b"\0") for text in texts.reshape(-1)]
    else:
        parts = texts.reshape(-1).tolist()
    length = len(parts[0]) if parts else 0
    for number, part in enumerate(parts):
        if len(part) != length:
            raise InvalidArgumentError(
                f"DecodeRaw requires input strings to all be the same size, but element {number} has size {len(part)} != "
                f"{length}. Pass fixed_length to cut or fill them."
            )
    if length % stored.itemsize:
        raise InvalidArgumentError(
            f"Input to DecodeRaw has length {length} that is not a multiple of {stored.itemsize}, the size of {dtype.name}."
        )
    found = np.frombuffer(b"".join(parts), stored)
    if not little_endian:
        found = found.byteswap()
    return tensor(found.reshape(*texts.shape, length // stored.itemsize))


def decode_csv(
    records, record_defaults, field_delim=",", use_quote_delim=True, na_value="", select_cols=None, name=None
):  # fmt: skip
    """The fields of comma-separated lines, a tensor for each column.

    Args: record_defaults: for each column that is read the value of empty fields, which tells its dtype; an empty tensor
        if there must be a value. select_cols: ascending numbers of the columns to read.
    Shape: (...) -> a list of (...). Raises: InvalidArgumentError with the record's number. Source: tf.io.decode_csv.
    """
    texts = text_array(records)
    columns = [_column(default) for default in record_defaults]
    chosen = list(range(len(columns))) if select_cols is None else [int(number) for number in select_cols]
    found = [np.empty(texts.size, np.object_ if dtype == "string" else dtype) for dtype, _ in columns]
    form: dict[str, Any] = {"delimiter": field_delim, "strict": True}
    form["quoting"] = csv.QUOTE_MINIMAL if use_quote_delim else csv.QUOTE_NONE
    for number, text in enumerate(texts.reshape(-1)):
        try:
            fields = next(csv.reader([text.decode("utf-8", "surrogateescape")], **form), [""])
        except csv.Error as error:
            raise InvalidArgumentError(f"Record {number} is no comma-separated line: {error}: {text!r:.80}") from None
        if len(fields) != len(columns) if select_cols is None else len(fields) <= max(chosen):
            raise InvalidArgumentError(f"Expect {len(columns)} fields but have {len(fields)} in record {number}.")
        for place, ((dtype, default), column) in enumerate(zip(columns, chosen)):
            field = "" if fields[column] == na_value else fields[column]
            found[place][number] = _value(field, dtype, default, column, number)
    return [tensor(column.reshape(texts.shape)) for column in found]


def _column(default: Any) -> tuple[str, Any]:
    """The dtype of a column, and what an empty field means (None: it is an error)."""
    values = host(default)
    if values.size > 1:
        raise InvalidArgumentError(f"Expected one default value for each column; received {default!r}.")
    dtype = "string" if values.dtype == object else values.dtype.name
    if dtype not in ("string", "float32", "float64", "int32", "int64"):
        raise InvalidArgumentError(f"decode_csv reads int32, int64, float32, float64 and text; received {dtype}.")
    return dtype, values.reshape(-1)[0] if values.size else None


def _value(text: str, dtype: str, default: Any, column: int, number: int) -> Any:
    if not text:
        if default is None:
            raise InvalidArgumentError(f"Field {column} is required but missing in record {number}!")
        return default
    if dtype == "string":
        return text.encode("utf-8", "surrogateescape")
    try:
        return np.dtype(dtype).type(int(text) if dtype.startswith("int") else text)
    except (ValueError, OverflowError):
        raise InvalidArgumentError(f"Field {column} in record {number} is not a valid {dtype}: {text}") from None


def encode_base64(input, pad=False, name=None):
    """Texts in base 64 with - and _, as in web addresses. Shape: unchanged. Source: tf.io.encode_base64."""

    def encode(text: bytes) -> bytes:
        found = base64.urlsafe_b64encode(text)
        return found if pad else found.rstrip(b"=")

    return each(encode, input)


def decode_base64(input, name=None):
    """Texts from base 64, with or without = at the end. Shape: unchanged. Source: tf.io.decode_base64."""

    def decode(text: bytes) -> bytes:
        plain = text.rstrip(b"=")
        try:
            if not re.fullmatch(rb"[A-Za-z0-9_-]*", plain):
                raise ValueError
            return base64.urlsafe_b64decode(plain + b"=" * (-len(plain) % 4))
        except (binascii.Error, ValueError):
            raise InvalidArgumentError(f"Invalid character found in base64: {text!r:.60}.") from None

    return each(decode, input)


def decode_compressed(bytes, compression_type="", name=None):
    """Texts unpacked from "ZLIB", "GZIP" or "" (as they are). Shape: unchanged. Source: tf.io.decode_compressed."""
    unpack = {"": lambda text: text, "ZLIB": zlib.decompress, "GZIP": gzip.decompress}.get(compression_type)
    if unpack is None:
        raise InvalidArgumentError(f"Expected compression_type '', 'ZLIB' or 'GZIP'; received {compression_type!r}.")

    def decode(text: Any) -> Any:
        try:
            return unpack(text)
        except (zlib.error, OSError, EOFError) as error:
            raise DataLossError(f"Expected {compression_type} data; it is damaged: {error}.") from None

    return each(decode, bytes)


def serialize_tensor(tensor, name=None):
    """A tensor as text, a TensorProto. Shape: any -> (). Source: tf.io.serialize_tensor."""
    return _scalar(write_tensor(host(tensor)))


def parse_tensor(serialized, out_type, name=None):
    """A tensor from `serialize_tensor`'s text. Raises: InvalidArgumentError on another dtype. Source: tf.io.parse_tensor."""
    array = read_tensor(text_of(serialized, "serialized"))
    kind, wanted = "string" if array.dtype == object else array.dtype.name, dtypes.as_dtype(out_type)
    if kind != wanted:
        raise InvalidArgumentError(f"Type mismatch between parsed tensor ({kind}) and dtype ({wanted.name}).")
    return tensor(array)


def _scalar(text: bytes) -> Any:
    return tensor(text_array(text))
