"""Texts and their characters' code points. Source: tf.strings.unicode_*."""

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import numpy as np

from cornu._base.errors import InvalidArgumentError
from cornu.tf.host_values import each, host, tensor
from cornu.tf.ragged.tensor import RaggedTensor
from cornu.tf.strings.elementwise import check_option, on_values, rows_of

_ERRORS = ("replace", "ignore", "strict")
_OUTPUTS = ("UTF-8", "UTF-16-BE", "UTF-32-BE")


def _codec(encoding: str) -> str:
    name = encoding.lower()
    name = {"utf-16-be": "utf-16-be", "utf-32-be": "utf-32-be"}.get(name, name)
    try:
        "".encode(name)
    except LookupError:
        raise InvalidArgumentError(f"Could not create converter for input encoding: {encoding}.") from None
    return name


def _characters(
    text: bytes, codec: str, errors: str, replacement: int, controls: bool = False
) -> Iterator[tuple[int, int]]:
    """Code points and where their bytes begin; bytes that cannot be read are replaced, left out, or an error."""
    at = 0
    while at < len(text):
        try:
            part, end = text[at:].decode(codec), len(text)
            broken = 0
        except UnicodeDecodeError as error:
            part, end = text[at : at + error.start].decode(codec), at + error.start
            broken = max(error.end - error.start, 1)
        for character in part:
            point = ord(character)
            if controls and point < 32 and point not in (9, 10, 13):
                point = replacement
            yield point, at
            at += len(character.encode(codec))
        if broken:
            if errors == "strict":
                raise InvalidArgumentError(f"Invalid formatting on input string: {text!r:.80} is not {codec}.")
            if errors == "replace":
                yield replacement, end
            at = end + broken


def _with_offsets(
    input: Any, encoding: str, errors: str, replacement: int, controls: bool, as_text: bool
) -> tuple[Any, Any]:
    codec = _codec(encoding)
    check_option("errors", errors, _ERRORS)

    def points(text: bytes) -> list:
        found = [point for point, _ in _characters(text, codec, errors, replacement, controls)]
        return [chr(point).encode(codec) for point in found] if as_text else found

    def offsets(text: bytes) -> list:
        return [at for _, at in _characters(text, codec, errors, replacement, controls)]

    return rows_of(points, input, object if as_text else np.int32), rows_of(offsets, input, np.int64)


@on_values
def unicode_decode(
    input, input_encoding, errors="replace", replacement_char=65533, replace_control_characters=False, name=None
):  # fmt: skip
    """The code points of every text. Shape: (...) -> (..., (characters)), int32, ragged; of one text a vector."""
    return _with_offsets(input, input_encoding, errors, replacement_char, replace_control_characters, False)[0]


def unicode_decode_with_offsets(
    input, input_encoding, errors="replace", replacement_char=65533, replace_control_characters=False, name=None
):  # fmt: skip
    """The code points of every text, and where their bytes begin."""
    return _with_offsets(input, input_encoding, errors, replacement_char, replace_control_characters, False)


@on_values
def unicode_split(input, input_encoding, errors="replace", replacement_char=65533, name=None):
    """The characters of every text, as texts. Shape: (...) -> (..., (characters)), ragged; of one text a vector."""
    return _with_offsets(input, input_encoding, errors, replacement_char, False, True)[0]


def unicode_split_with_offsets(input, input_encoding, errors="replace", replacement_char=65533, name=None):
    """The characters of every text, and where their bytes begin."""
    return _with_offsets(input, input_encoding, errors, replacement_char, False, True)


def unicode_encode(input, output_encoding, errors="replace", replacement_char=65533, name=None):
    """Texts of code points. Shape: (..., characters) -> (...). Source: tf.strings.unicode_encode."""
    codec = _codec(check_option("output_encoding", output_encoding, _OUTPUTS))
    check_option("errors", errors, _ERRORS)

    def text(points: list[int]) -> bytes:
        return "".join(_valid(int(point), errors, replacement_char) for point in points).encode(codec)

    if isinstance(input, RaggedTensor):
        if isinstance(input.values, RaggedTensor):
            return input.with_values(unicode_encode(input.values, output_encoding, errors, replacement_char))
        values, splits = host(input.values).tolist(), host(input.row_splits)
        rows = [values[begin:end] for begin, end in pairwise(splits)]
        shape = (len(rows),)
    else:
        array = host(input)
        rows, shape = array.reshape(-1, array.shape[-1]).tolist(), array.shape[:-1]
    found = np.empty(len(rows), object)
    found[:] = [text(row) for row in rows]
    return tensor(found.reshape(shape))


def _valid(point: int, errors: str, replacement: int) -> str:
    if 0 <= point < 0x110000 and not 0xD800 <= point < 0xE000:
        return chr(point)
    if errors == "strict":
        raise InvalidArgumentError(f"Code point is out of range for Unicode, or a noncharacter: {point}.")
    return chr(replacement) if errors == "replace" else ""


@on_values
def unicode_transcode(
    input, input_encoding, output_encoding, errors="replace", replacement_char=65533, replace_control_characters=False,
    name=None,
):  # fmt: skip
    """Every text in another encoding. Shape: unchanged. Source: tf.strings.unicode_transcode."""
    source, target = _codec(input_encoding), _codec(check_option("output_encoding", output_encoding, _OUTPUTS))
    check_option("errors", errors, _ERRORS)

    def changed(text: bytes) -> bytes:
        found = _characters(text, source, errors, replacement_char, replace_control_characters)
        return "".join(chr(point) for point, _ in found).encode(target)

    return each(changed, input)
