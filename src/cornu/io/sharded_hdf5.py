"""Arrays in several HDF5 files, as Keras 3 shards weights: `x.weights.json` says which group is in which `x_00000.weights.h5`.

The index takes its place last, and the shards of an older one stay until none names them: a crash at any moment leaves
the old weights or the new ones.
"""

import json
import os
import re
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from cornu._base.errors import DataLossError, InvalidArgumentError, NotFoundError, UnsafeFileError
from cornu.io import hdf5
from cornu.io.atomic import check_target, copy_name, replacing, write_bytes

ENDING = ".weights.json"
GIGABYTE = 1 << 30
_MOST_INDEX = 1 << 26  # bytes
_MOST_SHARDS = 500  # they are open at the same time

Attributes = dict[str, dict[str, Any]]


class ShardedFile(Mapping[str, np.ndarray]):
    """The arrays of all shards as those of one HDF5 file; see `io.hdf5.ArrayFile`."""

    def __init__(self, place: str, shards: list[hdf5.ArrayFile]):
        self.place, self.places = place, [shard.place for shard in shards]
        self._shards = shards
        self._owners: dict[str, hdf5.ArrayFile] = {}
        for shard in shards:
            for path in shard:
                if path in self._owners:
                    raise DataLossError(f"{place} has {path!r} twice: in {self._owners[path].place} and {shard.place}.")
                self._owners[path] = shard

    def __getitem__(self, path: str) -> np.ndarray:
        if path not in self._owners:
            raise NotFoundError(f"{self.place} has no array {path!r}.")
        return self._owners[path][path]

    def __contains__(self, path: object) -> bool:
        return path in self._owners

    def __iter__(self) -> Iterator[str]:
        return iter(self._owners)

    def __len__(self) -> int:
        return len(self._owners)

    def shape(self, path: str) -> tuple[int, ...]:
        """The shape of an array, without reading it."""
        return self._owners[path].shape(path)

    def dtype(self, path: str) -> str:
        """The dtype of an array, without reading it; `"string"` for text."""
        return self._owners[path].dtype(path)

    def attributes(self, path: str) -> dict[str, Any]:
        """The attributes of a group; empty if it does not exist."""
        return {name: value for shard in self._shards for name, value in shard.attributes(path).items()}

    def under(self, group: str) -> dict[str, Any]:
        """The datasets directly in a group, by their last name."""
        return {name: dataset for shard in self._shards for name, dataset in shard.under(group).items()}


def write(
    path: str | os.PathLike,
    arrays: Mapping[str, np.ndarray],
    attributes: Attributes,
    max_bytes: float,
    overwrite: bool = True,
) -> None:
    """Write arrays by path, and attributes of their groups, to shards of at most `max_bytes` of values.

    Raises: InvalidArgumentError if one array alone is larger, or the index exists and `overwrite` is False.
    """
    index = Path(path)
    check_target(index, overwrite)
    shards = _cut(arrays, attributes, max_bytes)
    stem = index.name.removesuffix(ENDING)
    names = [f"{stem}_{number:05d}.weights.h5" for number in range(len(shards))]
    before = _names_of(index) if index.exists() else set()
    if before.isdisjoint(names):
        _write_shards(index.parent, names, shards)
    else:
        beside = [f".{name.removesuffix('.weights.h5')}.next.weights.h5" for name in names]
        _write_shards(index.parent, beside, shards)
        write_bytes(index, _index(beside, shards))
        for other, name in zip(beside, names, strict=True):
            copy_name(index.with_name(other), index.with_name(name))
    write_bytes(index, _index(names, shards), overwrite)
    _remove_others(index, stem, before - set(names))


def _remove_others(index: Path, stem: str, before: set[str]) -> None:
    """Remove the shards of the index that was there before, and those that lay beside others while these were replaced."""
    shard = re.compile(rf"{re.escape(stem)}_\d{{5}}\.weights\.h5")
    beside = re.compile(rf"\.{re.escape(stem)}_\d{{5}}\.next\.weights\.h5")
    for name in os.listdir(index.parent):
        if beside.fullmatch(name) or (name in before and shard.fullmatch(name)):
            index.with_name(name).unlink(missing_ok=True)


def _cut(arrays: Mapping[str, np.ndarray], attributes: Attributes, most: float) -> list[tuple[Any, Attributes]]:
    """(arrays, attributes of groups) of every shard: filled in order, a new one when the next array does not fit."""
    shards: list[tuple[dict[str, np.ndarray], Attributes]] = [({}, {})]
    size = 0
    groups: dict[str, dict[str, np.ndarray]] = {group: {} for group in attributes}
    for path, values in arrays.items():
        groups[path.rpartition("/")[0]][path] = values
    for group, own in groups.items():
        shards[-1][1][group] = attributes[group]
        for path, values in own.items():
            if values.nbytes > most:
                raise InvalidArgumentError(
                    f"Expected a max_shard_size of at least {values.nbytes / GIGABYTE:.3g} GiB, the size of {path}; "
                    f"received {most / GIGABYTE:.3g}."
                )
            if size + values.nbytes > most:
                shards.append(({}, {}))
                size = 0
            shards[-1][0][path] = values
            size += values.nbytes
    if len(shards) > _MOST_SHARDS:
        raise InvalidArgumentError(
            f"Expected a max_shard_size that needs at most {_MOST_SHARDS} files; {most / GIGABYTE:.3g} GiB needs {len(shards)}."
        )
    return shards


def _write_shards(folder: Path, names: list[str], shards: list[tuple[Any, Attributes]]) -> None:
    with ExitStack() as targets:
        for name, (arrays, attributes) in zip(names, shards, strict=True):
            hdf5.write(targets.enter_context(replacing(folder / name)), arrays, attributes)


def _index(names: list[str], shards: list[tuple[Any, Attributes]]) -> bytes:
    places: dict[str, list[str]] = {}
    for name, (arrays, _) in zip(names, shards, strict=True):
        for path in arrays:
            files = places.setdefault(f"/{path.rpartition('/')[0]}", [])
            if name not in files:
                files.append(name)
    total = float(sum(values.nbytes for arrays, _ in shards for values in arrays.values()))
    return json.dumps({"metadata": {"total_size": total}, "weight_map": places}, indent=4).encode()


def is_index(path: str | os.PathLike) -> bool:
    """Whether a file is the index of shards, by its content."""
    with open(path, "rb") as file:
        start = file.read(1 << 16)
    return start.lstrip()[:1] == b"{" and b'"weight_map"' in start


@contextmanager
def reading(path: str | os.PathLike) -> Iterator[ShardedFile]:
    """Open and check the shards that an index names.

    Raises: DataLossError if the index is damaged or a shard lacks what it should hold; NotFoundError if a shard is not
    there; UnsafeFileError if the index names a file elsewhere.
    """
    places = _places(Path(path))
    names = sorted({name for files in places.values() for name in files})
    with ExitStack() as opened:
        shards = {name: opened.enter_context(hdf5.reading(Path(path).with_name(name))) for name in names}
        for group, files in places.items():
            for name in files:
                if not shards[name].under(group.strip("/")):
                    raise DataLossError(f"{path} says that {name} holds weights of {group!r}, which it does not.")
        yield ShardedFile(str(path), list(shards.values()))


def _names_of(index: Path) -> set[str]:
    """The shards that an index names; none if it is no index, so that it can be replaced."""
    try:
        return {name for files in _places(index).values() for name in files}
    except (DataLossError, UnsafeFileError):
        return set()


def _places(index: Path) -> dict[str, list[str]]:
    """The files of every group of weights. Raises: DataLossError, UnsafeFileError."""
    if index.stat().st_size > _MOST_INDEX:
        raise DataLossError(f"The index {index} has {index.stat().st_size} bytes; at most {_MOST_INDEX} are read.")
    try:
        found = json.loads(index.read_bytes().decode())["weight_map"]
        places = {str(group): [files] if isinstance(files, str) else list(files) for group, files in found.items()}
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise DataLossError(
            f"Expected the index of sharded weights, JSON with a 'weight_map'; {index} is something else ({error!r:.80})."
        ) from None
    for name in (name for files in places.values() for name in files):
        if not isinstance(name, str) or not name or Path(name).name != name or "\\" in name or "\0" in name:
            raise UnsafeFileError(f"{index} names the shard {name!r:.80}; only files beside it are read.")
    names = {name for files in places.values() for name in files}
    if len(names) > _MOST_SHARDS:
        raise DataLossError(f"{index} names {len(names)} shards; at most {_MOST_SHARDS} are read.")
    return places
