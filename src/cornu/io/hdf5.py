"""HDF5 files as named arrays, read with suspicion: no links, no storage elsewhere, no shapes without their bytes."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import IO, Any

import h5py
import ml_dtypes
import numpy as np

from cornu._base.errors import CornuError, DataLossError, NotFoundError, UnsafeFileError
from cornu.io import buffers, global_heap

MAGIC = b"\x89HDF\r\n\x1a\n"
# Dtypes that HDF5 does not know: written as opaque bytes with an attribute `dtype`, as Keras does.
_OPAQUE = {
    name: np.dtype(getattr(ml_dtypes, name))
    for name in ("bfloat16", "float8_e4m3fn", "float8_e5m2", "float8_e4m3fnuz", "float8_e5m2fnuz", "int4", "uint4")
}
# gzip, shuffle, fletcher32, szip, nbit, scale-offset, lzf. Others would make HDF5 load a plug-in from disk.
_FILTERS = {1, 2, 3, 4, 5, 6, 32000}
_EXPANSION, _FLOOR = 1032, 1 << 20  # deflate cannot compress better than 1032 to 1
# What HDF5 says of broken bytes.
_DAMAGE = (OSError, RuntimeError, ValueError, KeyError, TypeError, MemoryError, OverflowError)
_MAX_OBJECTS, _MAX_DEPTH = 1_000_000, 200
_FILE_EXPANSION, _FILE_FLOOR = 64, 1 << 26  # what all arrays of a file may claim together, by its size


class ArrayFile(Mapping[str, np.ndarray]):
    """The datasets of an HDF5 file by path (`layers/dense/vars/0`); values are read when asked for.

    Attributes: nbytes: the bytes of all arrays together.
    """

    def __init__(self, file: h5py.File, place: str):
        self.file, self.place = file, place
        try:
            self._most = _FILE_FLOOR + _FILE_EXPANSION * file.id.get_filesize()  # bytes
            checked = list(_checked_datasets(file, place, self._most))
        except CornuError:
            raise
        except _DAMAGE as error:
            raise DataLossError(f"{place} is damaged ({error}). Copy or save it again.") from error
        self._datasets = {path: dataset for path, dataset, _ in checked}
        self.nbytes = sum(claimed for _, _, claimed in checked)

    def __getitem__(self, path: str) -> np.ndarray:
        if path not in self._datasets:
            raise NotFoundError(f"{self.place} has no array {path!r}.")
        dataset = self._datasets[path]
        try:
            values = self._texts(path) if dataset.dtype.kind == "O" else _numbers(dataset)
        except CornuError:
            raise
        except _DAMAGE as error:
            raise DataLossError(f"The array {path!r} of {self.place} cannot be read ({error}).") from error
        return values.view(opaque) if (opaque := _opaque_dtype(dataset)) is not None else values

    def _texts(self, path: str) -> np.ndarray:
        """An array of texts, read in parts: many may refer to one long text of the file."""
        dataset = self._datasets[path]
        if not dataset.ndim:
            return np.asarray(dataset[()])
        found, size = np.empty(dataset.shape, object), 0
        rows = max(1, self._most // max(1, self.file.id.get_filesize() * int(np.prod(dataset.shape[1:], dtype=object))))
        for start in range(0, dataset.shape[0], rows):
            found[start : start + rows] = dataset[start : start + rows]
            size += sum(map(len, found[start : start + rows].reshape(-1)))
            if size > self._most:
                raise UnsafeFileError(f"The texts of {path!r} in {self.place} take more than {self._most} bytes.")
        return found

    def __contains__(self, path: object) -> bool:
        return path in self._datasets

    def __iter__(self) -> Iterator[str]:
        return iter(self._datasets)

    def __len__(self) -> int:
        return len(self._datasets)

    def shape(self, path: str) -> tuple[int, ...]:
        """The shape of an array, without reading it."""
        return tuple(self._datasets[path].shape)

    def dtype(self, path: str) -> str:
        """The dtype of an array, without reading it; `"string"` for text."""
        dataset = self._datasets[path]
        opaque = _opaque_dtype(dataset)
        return "string" if dataset.dtype.kind in "OS" else str(dataset.dtype if opaque is None else opaque)

    def attributes(self, path: str) -> dict[str, Any]:
        """The attributes of a group or dataset; empty if it does not exist."""
        try:
            return dict(self.file[path].attrs) if path == "/" or path in self.file else {}
        except _DAMAGE as error:
            raise DataLossError(f"The attributes of {path!r} in {self.place} cannot be read ({error}).") from error

    def places(self, texts: bool) -> list[tuple[int, int]]:
        """(start, bytes) of the arrays of texts, or of the numeric ones, that lie in one piece."""
        wanted = (dataset.id for dataset in self._datasets.values() if (dataset.dtype.kind == "O") == texts)
        try:
            return [(each.get_offset(), each.get_storage_size()) for each in wanted if each.get_offset() is not None]
        except _DAMAGE as error:
            raise DataLossError(
                f"{self.place} does not say where its arrays lie ({error}). Copy or save it again."
            ) from error

    def under(self, group: str) -> dict[str, h5py.Dataset]:
        """The datasets directly in a group, by their last name."""
        prefix = f"{group}/" if group else ""
        inner = ((path[len(prefix) :], dataset) for path, dataset in self._datasets.items() if path.startswith(prefix))
        return {name: dataset for name, dataset in inner if "/" not in name}


@contextmanager
def reading(source: str | os.PathLike | IO[bytes], place: str | None = None) -> Iterator[ArrayFile]:
    """Open and check an HDF5 file. `place` is what errors call it.

    Raises: DataLossError if it is truncated or no HDF5 file; UnsafeFileError if it holds links, external or virtual
    storage, unknown filters, references, or shapes far beyond the bytes that are there.
    """
    place = place or str(source)
    try:
        heaps = global_heap.read(source, place)
        file = h5py.File(source, "r")
    except FileNotFoundError:
        raise NotFoundError(f"There is no file {place}.") from None
    except CornuError:
        raise
    except _DAMAGE as error:
        raise DataLossError(f"{place} is not a whole HDF5 file ({error}). Copy or save it again.") from error
    with file:
        arrays = ArrayFile(file, place)
        global_heap.check_references(
            source, heaps, arrays.places(False), arrays.places(True), file.userblock_size, place
        )
        yield arrays


def write(
    target: str | os.PathLike | IO[bytes], arrays: Mapping[str, np.ndarray], attributes: Mapping[str, Mapping[str, Any]]
) -> None:
    """Write arrays by path, and attributes of groups by their path; groups with attributes exist even if empty."""
    links = h5py.h5p.create(h5py.h5p.LINK_CREATE)
    links.set_create_intermediate_group(True)
    links.set_char_encoding(h5py.h5t.CSET_UTF8)
    with h5py.File(target, "w") as file:
        made = {"", "/"}
        for path, values in attributes.items():
            group = (
                file[path or "/"] if path in made else h5py.Group(h5py.h5g.create(file.id, path.encode(), lcpl=links))
            )
            made |= {path[:at] for at in range(1, len(path) + 1) if path[at : at + 1] in ("", "/")}
            group.attrs.update(values)
        for path, values in arrays.items():
            values = np.asarray(values)
            if values.dtype.name in _OPAQUE:
                dataset = file.create_dataset(path, data=np.ascontiguousarray(values).view(f"V{values.dtype.itemsize}"))
                dataset.attrs["dtype"] = values.dtype.name
            elif values.dtype.kind in "UO":
                file.create_dataset(path, data=values.astype(object), dtype=h5py.string_dtype())
            else:
                _put_numbers(file, path, values, links)


def _put_numbers(file: h5py.File, path: str, values: np.ndarray, links: Any) -> None:
    """As `file.create_dataset(path, data=values)`, which takes several times as long for small arrays."""
    layout = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
    layout.set_obj_track_times(False)  # equal weights make equal files
    space = h5py.h5s.create_simple(values.shape) if values.ndim else h5py.h5s.create(h5py.h5s.SCALAR)
    kind = h5py.h5t.py_create(values.dtype, logical=True)
    dataset = h5py.h5d.create(file.id, path.encode(), kind, space, layout, links)
    if values.size:
        values = values if values.flags.c_contiguous else np.ascontiguousarray(values)
        dataset.write(h5py.h5s.ALL, h5py.h5s.ALL, values)


def is_hdf5(path: str | os.PathLike) -> bool:
    """Whether a file begins as HDF5 files do."""
    with open(path, "rb") as file:
        return file.read(len(MAGIC)) == MAGIC


def _numbers(dataset: h5py.Dataset) -> np.ndarray:
    values = buffers.empty_to_stay(dataset.shape, dataset.dtype)
    if values.size:
        dataset.read_direct(values)
    return values


def _opaque_dtype(dataset: h5py.Dataset) -> np.dtype | None:
    if dataset.dtype.kind != "V":  # attributes are only read where they are needed: damaged ones can hang HDF5
        return None
    name = dataset.attrs.get("dtype")
    opaque = _OPAQUE.get(name) if isinstance(name, str) else None
    return opaque if opaque is not None and dataset.dtype.itemsize == opaque.itemsize else None


def _checked_datasets(file: h5py.File, place: str, most: int) -> Iterator[tuple[str, h5py.Dataset, int]]:
    """(path, dataset, bytes) of the whole tree; nothing is followed or read before it has been looked at."""
    size = file.id.get_filesize()
    seen: set[int] = set()
    claimed = without_bytes = 0  # of all arrays: many small claims are a large one
    waiting: list[tuple[str, h5py.Group]] = [("", file)]
    while waiting:
        prefix, group = waiting.pop()
        _check_attributes(group, prefix or "/", place)
        for name in group:
            path = f"{prefix}{name}"
            link = group.get(name, getlink=True)
            if not isinstance(link, h5py.HardLink):
                raise UnsafeFileError(
                    f"{path} of {place} is a {type(link).__name__}, which can lead to other files or in circles. "
                    "Save the model again: Keras and Cornu write none."
                )
            thing = group[name]
            address = h5py.h5o.get_info(thing.id).addr
            if address in seen:
                raise UnsafeFileError(f"{path} of {place} is a second name of another object of the file.")
            seen.add(address)
            if len(seen) > _MAX_OBJECTS or path.count("/") > _MAX_DEPTH:
                raise UnsafeFileError(f"{place} holds more than {_MAX_OBJECTS} objects or {_MAX_DEPTH} levels.")
            if isinstance(thing, h5py.Group):
                waiting.append((f"{path}/", thing))
            elif isinstance(thing, h5py.Dataset):
                own, stored = _check_dataset(thing, path, place, size)
                claimed += own
                without_bytes += max(0, own - _EXPANSION * stored)
                if claimed > most or without_bytes > _FLOOR:
                    raise UnsafeFileError(
                        f"The arrays of {place} claim {claimed} bytes together, {path!r} the last of them; at most {most} "
                        f"are accepted for its {size} bytes, and {_FLOOR} that are not stored."
                    )
                yield path, thing, own


def _check_dataset(dataset: h5py.Dataset, path: str, place: str, file_size: int) -> tuple[int, int]:
    """The bytes that a dataset claims, and those that are stored."""
    _check_attributes(dataset, path, place)
    if dataset.external or dataset.is_virtual:
        raise UnsafeFileError(f"The array {path!r} of {place} is kept in other files; only its own bytes are read.")
    _check_dtype(dataset.dtype, path, place)
    if dataset.shape is None:
        raise UnsafeFileError(f"The array {path!r} of {place} has no shape.")
    stored = dataset.id.get_storage_size()
    claimed = int(np.prod(dataset.shape, dtype=object)) * dataset.dtype.itemsize
    if stored > file_size or claimed > max(_FLOOR, _EXPANSION * stored):
        raise UnsafeFileError(
            f"The array {path!r} of {place} claims shape {tuple(dataset.shape)}, {claimed} bytes, "
            f"but only {min(stored, file_size)} bytes are stored."
        )
    properties = dataset.id.get_create_plist()
    used = {properties.get_filter(i)[0] for i in range(properties.get_nfilters())}
    if not used <= _FILTERS:
        raise UnsafeFileError(f"The array {path!r} of {place} needs HDF5 plug-ins {sorted(used - _FILTERS)}.")
    return claimed, stored


def _check_attributes(thing: h5py.Group | h5py.Dataset, path: str, place: str) -> None:
    for name in thing.attrs:
        attribute = thing.attrs.get_id(name)
        _check_dtype(attribute.dtype, f"{path}@{name}", place)
        claimed = int(np.prod(attribute.shape, dtype=object)) * attribute.dtype.itemsize
        if claimed > _FLOOR and claimed > attribute.get_storage_size():  # HDF5 fails to tell the size of an empty one
            raise UnsafeFileError(f"The attribute {name!r} of {path!r} in {place} claims shape {attribute.shape}.")


def _check_dtype(dtype: np.dtype, path: str, place: str) -> None:
    is_reference = h5py.check_ref_dtype(dtype) is not None or h5py.check_vlen_dtype(dtype) not in (None, str, bytes)
    if is_reference or (dtype.names is not None):
        raise UnsafeFileError(f"{path!r} of {place} holds references or records ({dtype}), not numbers or strings.")
