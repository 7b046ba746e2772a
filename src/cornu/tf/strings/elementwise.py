"""Functions of every single text. Shape: unchanged; ragged tensors stay ragged. Source: tf.strings."""

import functools
import re
from collections.abc import Callable
from typing import Any

import numpy as np

from cornu._base.errors import InvalidArgumentError
from cornu.core import dtypes
from cornu.io.hashing import farmhash64, murmurhash64, siphash
from cornu.tf.host_values import each, host, tensor, text_array, text_of
from cornu.tf.ragged.tensor import RaggedTensor
from cornu.tf.strings.patterns import compiled_pattern

_SPACES = b" \t\n\v\f\r"


def check_option(name: str, value: Any, known: tuple[str, ...]) -> str:
    """One of the known values. Raises: InvalidArgumentError."""
    if value not in known:
        raise InvalidArgumentError(f"Expected {name} to be one of {', '.join(map(repr, known))}; received {value!r}.")
    return value


def on_values(function: Callable) -> Callable:
    """Let a function of a tensor also take a ragged one, on whose innermost values it works."""

    @functools.wraps(function)
    def call(input: Any, *args: Any, **kwargs: Any) -> Any:
        if isinstance(input, RaggedTensor):
            return input.with_flat_values(function(input.flat_values, *args, **kwargs))
        return function(input, *args, **kwargs)

    return call


@on_values
def length(input, unit="BYTE", name=None):
    """The number of bytes (or, for unit "UTF8_CHAR", characters) of every text. Returns: int32."""
    if check_option("unit", unit, ("BYTE", "UTF8_CHAR")) == "BYTE":
        return each(len, input, np.int32)
    return each(lambda text: sum(byte & 0xC0 != 0x80 for byte in text), input, np.int32)


@on_values
def lower(input, encoding="", name=None):
    """Texts in small letters: those of ASCII, or all of them for encoding "utf-8"."""
    is_utf8 = check_option("encoding", encoding, ("", "utf-8")) == "utf-8"
    return each(lambda text: text.decode("utf-8", "replace").lower().encode() if is_utf8 else text.lower(), input)


@on_values
def upper(input, encoding="", name=None):
    """Texts in capital letters: those of ASCII, or all of them for encoding "utf-8"."""
    is_utf8 = check_option("encoding", encoding, ("", "utf-8")) == "utf-8"
    return each(lambda text: text.decode("utf-8", "replace").upper().encode() if is_utf8 else text.upper(), input)


@on_values
def strip(input, name=None):
    """Texts without white space at both ends."""
    return each(lambda text: text.strip(_SPACES), input)


@on_values
def substr(input, pos, len, unit="BYTE", name=None):
    """The part of every text from `pos` (from the end if negative), at most `len` long; they broadcast.

    Raises: InvalidArgumentError if a text is shorter than `pos`.
    """
    check_option("unit", unit, ("BYTE", "UTF8_CHAR"))
    texts, begins, sizes = np.broadcast_arrays(text_array(input), host(pos), host(len))
    found = np.empty(texts.shape, object)
    for index, text in np.ndenumerate(texts):
        characters = text.decode("utf-8", "surrogateescape") if unit == "UTF8_CHAR" else text
        total, begin = characters.__len__(), int(begins[index])
        if not -total <= begin <= total:
            raise InvalidArgumentError(f"pos {begin} out of range for string {text!r} at index {index}.")
        begin = begin + total if begin < 0 else begin
        part = characters[begin : begin + max(int(sizes[index]), 0)]
        found[index] = part.encode("utf-8", "surrogateescape") if isinstance(part, str) else part
    return tensor(found)


@on_values
def regex_replace(input, pattern, rewrite, replace_global=True, name=None):
    r"""Texts with what matches a pattern replaced; `\1` in `rewrite` is the first group, `\0` the match.

    Raises: InvalidArgumentError on a pattern that cannot be read.
    """
    compiled, form = (
        compiled_pattern(text_of(pattern, "pattern")),
        text_of(rewrite, "rewrite").decode("utf-8", "surrogateescape"),
    )
    pieces = re.split(r"\\([0-9\\])", form)

    def rewritten(match: re.Match) -> str:
        parts = list(pieces)
        for number in range(1, len(parts), 2):
            parts[number] = "\\" if parts[number] == "\\" else match.group(int(parts[number])) or ""
        return "".join(parts)

    for number in pieces[1::2]:
        if number != "\\" and int(number) > compiled.groups:
            raise InvalidArgumentError(f"Invalid rewrite: {form!r} asks for group {number} of {compiled.groups}.")
    count = 0 if replace_global else 1

    def replaced(text: bytes) -> bytes:
        found = compiled.sub(rewritten, text.decode("utf-8", "surrogateescape"), count=count)
        return found.encode("utf-8", "surrogateescape")

    return each(replaced, input)


@on_values
def regex_full_match(input, pattern, name=None):
    """Whether every text matches a pattern from beginning to end. Returns: bool."""
    compiled = compiled_pattern(text_of(pattern, "pattern"))
    return each(lambda text: compiled.fullmatch(text.decode("utf-8", "surrogateescape")) is not None, input, bool)


@on_values
def to_number(input, out_type="float32", name=None):
    """Texts as numbers: float32, float64, int32 or int64.

    Raises: InvalidArgumentError on what is no number, or too large for an integer.
    """
    dtype = dtypes.as_dtype(out_type)
    check_option("out_type", dtype.name, ("float32", "float64", "int32", "int64", "uint32", "uint64"))

    def number(text: bytes) -> Any:
        plain = text.strip(_SPACES)
        try:
            if b"_" in plain:
                raise ValueError
            if dtype.is_integer:
                value = int(plain)
                if not dtype.min <= value <= dtype.max:
                    raise ValueError
                return value
            return float.fromhex(plain.decode()) if plain.lower().lstrip(b"+-").startswith(b"0x") else float(plain)
        except (ValueError, OverflowError):
            raise InvalidArgumentError(
                f"StringToNumberOp could not correctly convert string: {text.decode('utf-8', 'replace')}. Expected a "
                f"number of dtype {dtype.name}."
            ) from None

    with np.errstate(over="ignore"):
        return each(number, input, dtype.name)


@on_values
def to_hash_bucket(input, num_buckets, name=None):
    """The bucket of every text by its MurmurHash64. Returns: int64."""
    return _bucketed(murmurhash64, input, num_buckets)


@on_values
def to_hash_bucket_fast(input, num_buckets, name=None):
    """The bucket of every text by its FarmHash64. Returns: int64."""
    return _bucketed(farmhash64, input, num_buckets)


@on_values
def to_hash_bucket_strong(input, num_buckets, key, name=None):
    """The bucket of every text by its SipHash under a key of two integers. Returns: int64."""
    numbers = [int(n) for n in host(key).reshape(-1)]
    if len(numbers) != 2:
        raise InvalidArgumentError(f"Key must have 2 elements; received {numbers}.")
    return _bucketed(lambda text: siphash(text, (numbers[0], numbers[1])), input, num_buckets)


def _bucketed(function: Callable[[bytes], int], input: Any, num_buckets: Any) -> Any:
    count = int(num_buckets)
    if count < 1:
        raise InvalidArgumentError(f"num_buckets must be at least 1; received {count}.")
    return each(lambda text: function(text) % count, input, np.int64)


@on_values
def bytes_split(input, name=None):
    """The bytes of every text, as texts. Shape: (...) -> (..., (bytes))."""
    return rows_of(lambda text: [text[i : i + 1] for i in range(len(text))], input, object)


def rows_of(function: Callable[[bytes], list], input: Any, dtype: Any) -> Any:
    """What `function` makes of every text as the rows of a ragged tensor; of a single text a tensor."""
    texts = text_array(input)
    rows = [function(text) for text in texts.reshape(-1)]
    flat = np.empty(sum(map(len, rows)), dtype)
    flat[:] = [item for row in rows for item in row]
    if not texts.ndim:
        return tensor(flat)
    found = RaggedTensor.from_row_lengths(tensor(flat), [len(row) for row in rows])
    for size in reversed(texts.shape[1:]):
        found = RaggedTensor.from_uniform_row_length(found, size, len(found.lengths) // size if size else 0)
    return found
