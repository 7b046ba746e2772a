"""`tf.train.Example` and its parts, as messages and, for reading many, straight from bytes to values.

Source: tensorflow/core/example/example.proto, feature.proto (names and numbers of fields).
"""

from typing import Any, ClassVar

from cornu._base.errors import DataLossError
from cornu.io.message import Field, Message
from cornu.io.protobuf import read_fields, read_floats, read_integers


class BytesList(Message):
    """Byte strings. Source: tf.train.BytesList."""

    FIELDS: ClassVar = {"value": Field(1, "bytes", "many")}


class FloatList(Message):
    """32-bit floats. Source: tf.train.FloatList."""

    FIELDS: ClassVar = {"value": Field(1, "float", "many")}


class Int64List(Message):
    """Integers. Source: tf.train.Int64List."""

    FIELDS: ClassVar = {"value": Field(1, "int64", "many")}


class Feature(Message):
    """One of three lists. Source: tf.train.Feature."""

    FIELDS: ClassVar = {
        "bytes_list": Field(1, BytesList),
        "float_list": Field(2, FloatList),
        "int64_list": Field(3, Int64List),
    }
    ONEOF: ClassVar = {"kind": ("bytes_list", "float_list", "int64_list")}


class Features(Message):
    """Features by name. Source: tf.train.Features."""

    FIELDS: ClassVar = {"feature": Field(1, Feature, "map")}


class FeatureList(Message):
    """A feature for every step. Source: tf.train.FeatureList."""

    FIELDS: ClassVar = {"feature": Field(1, Feature, "many")}


class FeatureLists(Message):
    """Lists of features by name. Source: tf.train.FeatureLists."""

    FIELDS: ClassVar = {"feature_list": Field(1, FeatureList, "map")}


class Example(Message):
    """What a record holds. Source: tf.train.Example."""

    FIELDS: ClassVar = {"features": Field(1, Features)}


class SequenceExample(Message):
    """What a record of a sequence holds. Source: tf.train.SequenceExample."""

    FIELDS: ClassVar = {"context": Field(1, Features), "feature_lists": Field(2, FeatureLists)}


Values = tuple[str, list]  # ("string", "float32", "int64" or "" for none, the values)
_DTYPES = {1: "string", 2: "float32", 3: "int64"}


def read_example(data: bytes) -> dict[str, Values]:
    """The values of an Example's features by name. Raises: DataLossError on damaged bytes."""
    found: dict[str, Values] = {}
    for number, _, features in read_fields(data):
        if number == 1:
            found |= _read_features(features)
    return found


def read_sequence_example(data: bytes) -> tuple[dict[str, Values], dict[str, list[Values]]]:
    """The context, and for each list of features the values of every step. Raises: DataLossError."""
    context: dict[str, Values] = {}
    lists: dict[str, list[Values]] = {}
    for number, _, part in read_fields(data):
        if number == 1:
            context |= _read_features(part)
        elif number == 2:
            for name, steps in _entries(part):
                lists[name] = [_read_feature(step) for field, _, step in read_fields(steps) if field == 1]
    return context, lists


def _read_features(data: Any) -> dict[str, Values]:
    return {name: _read_feature(feature) for name, feature in _entries(data)}


def _entries(data: Any) -> list[tuple[str, bytes]]:
    """Names and values of the map that is a message's first field."""
    found = []
    for number, _, entry in read_fields(_checked(data)):
        if number == 1:
            parts = {field: part for field, _, part in read_fields(_checked(entry))}
            found.append((_checked(parts.get(1, b"")).decode(errors="replace"), _checked(parts.get(2, b""))))
    return found


def _read_feature(data: Any) -> Values:
    dtype, values = "", []
    for kind, _, content in read_fields(_checked(data)):
        if kind not in _DTYPES:
            continue
        dtype, values = _DTYPES[kind], []
        for number, form, value in read_fields(_checked(content)):
            if number != 1:
                continue
            if dtype == "string":
                values.append(_checked(value))
            else:
                values += read_floats(form, value) if dtype == "float32" else read_integers(form, value)
    return dtype, values


def _checked(value: Any) -> bytes:
    if not isinstance(value, bytes):
        raise DataLossError("Could not parse example input: the bytes are damaged or no tf.train.Example.")
    return value
