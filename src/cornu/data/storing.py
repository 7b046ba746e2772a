"""Steps that keep elements in memory or in files. What is read back never runs code.

A file of elements is a TFRecord file: a first record describes the elements, each other one holds an element.
"""

import json
import os
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from cornu._base.errors import DataLossError, NotFoundError
from cornu.core import dtypes
from cornu.data import plan
from cornu.data.nest import flatten, pack
from cornu.data.plan import Plan
from cornu.data.records import framed, read_records
from cornu.data.spec import TensorSpec, tensors_only
from cornu.data.step import Step
from cornu.io import atomic

_FORMAT = "cornu elements 1"
_SIZE = struct.Struct("<Q")


class MemoryCache(Step):
    """The first complete pass, again and again."""

    title, printed = "cache", "CacheDataset"

    def __init__(self, step: Step):
        self.inputs = (step,)
        self._kept: list[Any] | None = None

    def plan(self) -> Plan | None:
        """Its order, and its rows if they were mapped."""
        inner = self.inputs[0].planned
        if inner is None or inner.batch_maps or (inner.row_maps and inner.size is not None):
            return None
        if inner.row_maps and self.inputs[0].cardinality() == -1:
            return None
        return plan.remembered(inner)

    def stream(self) -> Iterator[Any]:
        """One by one."""
        if self._kept is not None:
            yield from self._kept
            return
        seen = []
        for element in self.inputs[0].elements():
            seen.append(element)
            yield element
        self._kept = seen


class FileCache(Step):
    """The first complete pass, kept in a file for this run and later ones."""

    title, printed = "cache", "CacheDataset"

    def __init__(self, step: Step, path: str):
        self.inputs = (step,)
        self._path = Path(f"{path}.elements")
        for leaf in flatten(step.element_spec):
            tensors_only(leaf, self.title)

    def stream(self) -> Iterator[Any]:
        """One by one."""
        spec = self.inputs[0].element_spec
        if self._path.exists():
            yield from read_elements(self._path, spec)
            return
        with atomic.replacing(self._path) as temporary:
            with open(temporary, "wb") as file:
                file.write(framed(_head(spec, None)))
                for element in self.inputs[0].elements():
                    file.write(framed(_encoded(element)))
                    yield element


class Stored(Step):
    """What `save` wrote."""

    title, printed = "load", "_LoadDataset"

    def __init__(self, path: str | os.PathLike, spec: Any = None):
        self._path = Path(path) / "elements"
        if not self._path.is_file():
            raise NotFoundError(f"Expected a folder that Dataset.save wrote; there is none at {os.fspath(path)!r}.")
        self._spec, self._count = read_head(self._path)
        self._spec = self._spec if spec is None else spec

    def spec(self) -> Any:
        """What was written."""
        return self._spec

    def cardinality(self) -> int:
        """How many were written."""
        return self._count

    def stream(self) -> Iterator[Any]:
        """One by one."""
        return read_elements(self._path, self._spec)


def save(step: Step, path: str | os.PathLike) -> None:
    """Write all elements into a folder."""
    spec = step.element_spec
    for leaf in flatten(spec):
        tensors_only(leaf, "save")
    folder = Path(path)
    folder.mkdir(parents=True, exist_ok=True)
    elements = folder / "elements"
    with atomic.replacing(elements) as temporary:
        count = 0
        with open(temporary, "wb") as file:
            file.write(framed(_head(spec, 0)))
            for element in step.elements():
                file.write(framed(_encoded(element)))
                count += 1
            file.seek(0)
            file.write(framed(_head(spec, count)))  # of the same length: the count is padded


def _head(spec: Any, count: int | None) -> bytes:
    return json.dumps(
        {"format": _FORMAT, "count": f"{-2 if count is None else count:12d}", "spec": _spec_to_json(spec)}
    ).encode()


def read_head(path: Path) -> tuple[Any, int]:
    """The spec and the number of elements of a file. Raises: DataLossError."""
    records = read_records(str(path))
    try:
        head = json.loads(next(records))
        if head["format"] != _FORMAT:
            raise KeyError("format")
        return _spec_from_json(head["spec"]), int(head["count"])
    except (StopIteration, ValueError, KeyError, TypeError, AttributeError) as error:
        if isinstance(error, DataLossError):
            raise
        raise DataLossError(
            f"Expected elements that Dataset.save or cache wrote in {str(path)!r}; it holds something else."
        ) from None
    finally:
        records.close()  # type: ignore[attr-defined]


def _spec_to_json(spec: Any) -> Any:
    if isinstance(spec, dict):
        return {"dict": [[key, _spec_to_json(spec[key])] for key in spec]}
    if isinstance(spec, tuple):
        return {"tuple": [_spec_to_json(item) for item in spec]}
    return (
        None if spec is None else {"dtype": spec.dtype.name, "shape": None if spec.shape is None else list(spec.shape)}
    )


def _spec_from_json(value: Any) -> Any:
    if value is None:
        return None
    if "dict" in value:
        return {key: _spec_from_json(item) for key, item in value["dict"]}
    if "tuple" in value:
        return tuple(_spec_from_json(item) for item in value["tuple"])
    return TensorSpec(value["shape"], value["dtype"])


def _encoded(element: Any) -> bytes:
    """An element as bytes: a JSON description of the parts, and their values."""
    described, blobs = [], []
    for value in flatten(element):
        if value is None:
            described.append(None)
        elif isinstance(value, bytes) or value.dtype == object:
            texts = [value] if isinstance(value, bytes) else value.reshape(-1).tolist()
            shape = [] if isinstance(value, bytes) else list(value.shape)
            described.append({"dtype": "string", "shape": shape, "sizes": [len(text) for text in texts]})
            blobs += texts
        else:
            described.append({"dtype": dtypes.as_dtype(value.dtype).name, "shape": list(value.shape)})
            blobs.append(np.ascontiguousarray(value).tobytes())
    head = json.dumps(described).encode()
    return b"".join([_SIZE.pack(len(head)), head, *blobs])


def read_elements(path: Path, spec: Any) -> Iterator[Any]:
    """The elements of a file. Raises: DataLossError if it does not hold elements like `spec`."""
    records = read_records(str(path))
    wanted = flatten(spec)
    for number, record in enumerate(records):
        if not number:
            continue  # the description
        try:
            values = _decoded(record)
            if len(values) != len(wanted):
                raise ValueError(f"{len(values)} parts instead of {len(wanted)}")
        except (ValueError, KeyError, TypeError, struct.error) as error:
            raise DataLossError(f"Element {number - 1} of {str(path)!r} cannot be read: {error}.") from None
        yield pack(spec, values)


def _decoded(record: bytes) -> list[Any]:
    (size,) = _SIZE.unpack_from(record)
    described = json.loads(record[8 : 8 + size])
    place = 8 + size
    values: list[Any] = []
    for part in described:
        if part is None:
            values.append(None)
            continue
        shape = part["shape"]
        if part["dtype"] == "string":
            texts = np.empty(len(part["sizes"]), object)
            for i, length in enumerate(part["sizes"]):
                texts[i] = record[place : place + length]
                place += length
            values.append(texts.reshape(shape) if shape else texts[0])
            continue
        dtype = dtypes._NUMPY[dtypes.as_dtype(part["dtype"])]
        count = int(np.prod(shape, dtype=np.int64))
        values.append(np.frombuffer(record, dtype, count, place).reshape(shape))
        place += count * dtype.itemsize
    return values
