"""What a file of weights or a model holds, by its content and not its name, without making anything of it."""

import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from cornu._base.errors import DataLossError, InvalidArgumentError
from cornu.io import hdf5, safetensors, sharded_hdf5, tensor_bundle
from cornu.io.archive import Archive
from cornu.io.pickled_arrays import describe_npz
from cornu.saving import keras_v3, legacy_h5, object_graph, orbax_checkpoint, paths, saved_model, tf_checkpoint
from cornu.saving.config_summary import ModelSummary, summarize
from cornu.saving.layer_groups import LAYERS

NUMPY, ARCHITECTURE, NAMED_CHECKPOINT = "NumPy arrays (.npz)", "Keras architecture (JSON)", "TensorFlow 1 checkpoint"
KERAS_3 = "Keras 3 weights"  # how the kinds of such files begin
_ZIP = b"PK"
_MOST_TEXT = 1 << 28  # bytes of an architecture in JSON
_OF_TRAINING = (
    "optimizer",
    "optimizer_weights",
    "_optimizer",
    "metrics",
    "_metrics",
    "compile_metrics",
    "keras_api",
    "save_counter",
)


@dataclass(frozen=True)
class ArraySummary:
    """An array of a file. `is_training_state`: it belongs to an optimizer or a metric, not to the model."""

    name: str
    shape: tuple[int, ...]
    dtype: str
    is_training_state: bool = False

    @property
    def count(self) -> int:
        """How many values it has."""
        return int(np.prod(self.shape, dtype=object))


@dataclass
class Contents:
    """What a file holds. `size`: bytes on the disk, of all files that belong to it."""

    path: str
    kind: str
    size: int
    has_model: bool = False  # `load_model` makes it, as far as its classes are known
    writer: str | None = None
    date: str | None = None
    model: ModelSummary | None = None
    arrays: list[ArraySummary] = field(default_factory=list)

    @property
    def weights(self) -> list[ArraySummary]:
        """The arrays of the model."""
        return [array for array in self.arrays if not array.is_training_state]

    @property
    def training_state(self) -> list[ArraySummary]:
        """The arrays of optimizers and metrics."""
        return [array for array in self.arrays if array.is_training_state]


def inspect(path: str | os.PathLike) -> Contents:
    """What a file, a checkpoint, or a folder of one of them holds.

    Raises: NotFoundError; InvalidArgumentError if it is none of the known formats; DataLossError if it is damaged;
    UnsafeFileError if it could reach outside of itself.
    """
    place = Path(path)
    if place.is_dir() and saved_model.is_saved_model(place):
        return _saved_model(place)
    if place.is_dir() and (last := tf_checkpoint.latest_checkpoint(place)) is not None:
        return _checkpoint(Path(last))
    if (prefix := tf_checkpoint.prefix_of(place)) is not None:
        return _checkpoint(prefix)
    place = paths.existing(place)
    if place.is_dir():
        if orbax_checkpoint.is_checkpoint(place):
            raise InvalidArgumentError(
                f"{place} holds Orbax checkpoints, read by their own package only. Load the model with load_model and save it."
            )
        raise InvalidArgumentError(f"Expected a SavedModel or a folder with a checkpoint; {place} is another folder.")
    return _file(place)


def _file(path: Path) -> Contents:
    with open(path, "rb") as file:
        start = file.read(2)
    if hdf5.is_hdf5(path):
        return _hdf5(path)
    if start == _ZIP:
        return _archive(path)
    if sharded_hdf5.is_index(path):
        return _sharded(path)
    if safetensors.is_safetensors(path):
        return _safetensors(path)
    if start[:1] == b"{":
        return _architecture(path)
    raise InvalidArgumentError(
        f"{path} is none of the files that are read: .keras, .h5, .weights.h5, .weights.json, .safetensors, .npz, TensorFlow's "
        f"checkpoints and SavedModel folders. It {'is empty' if not start else f'begins with {start!r}'}."
    )


def _archive(path: Path) -> Contents:
    with Archive(path) as archive:
        if keras_v3.CONFIG not in archive:
            if not any(name.endswith(".npy") for name in archive):
                raise InvalidArgumentError(f"{path} is a zip archive, but neither a Keras model nor NumPy arrays.")
            arrays = [ArraySummary(name, shape, str(dtype)) for name, (shape, dtype) in describe_npz(path).items()]
            return Contents(str(path), NUMPY, path.stat().st_size, arrays=arrays)
        has_metadata = keras_v3.METADATA in archive
        metadata = keras_v3.json_member(archive, keras_v3.METADATA, path) if has_metadata else {}
        config = keras_v3.json_member(archive, keras_v3.CONFIG, path)
        with archive.open(keras_v3.WEIGHTS) as file, hdf5.reading(file, f"{path}/{keras_v3.WEIGHTS}") as found:
            arrays = list(_arrays(found))
    writer = _writer(metadata.get("keras_version"), metadata.get("written_by"))
    date = str(metadata["date_saved"]) if "date_saved" in metadata else None
    model = summarize(config)
    return Contents(str(path), "Keras model (.keras)", path.stat().st_size, True, writer, date, model, arrays)


def _hdf5(path: Path) -> Contents:
    with hdf5.reading(path) as file:
        size, arrays = path.stat().st_size, list(_arrays(file))
        root = {**file.attributes(legacy_h5.MODEL), **file.attributes("/")}
        writer = _writer(root.get(legacy_h5.VERSION), None)
        if legacy_h5.CONFIG in root:
            config, training = legacy_h5.description(file)
            model = summarize(config, training)
            return Contents(str(path), "Keras model (HDF5)", size, True, writer, None, model, arrays)
        if any(key in root for key in (LAYERS, f"{LAYERS}0")):
            return Contents(str(path), "Keras weights (HDF5, by layer)", size, writer=writer, arrays=arrays)
        is_keras_3 = any("vars" in array.name.split("/") for array in arrays)
        kind = f"{KERAS_3} (.weights.h5)" if is_keras_3 else "HDF5 arrays, not in an order that Keras writes"
        return Contents(str(path), kind, size, writer=writer, arrays=arrays)


def _sharded(path: Path) -> Contents:
    with sharded_hdf5.reading(path) as file:
        size = path.stat().st_size + sum(os.path.getsize(shard) for shard in file.places)
        kind = f"{KERAS_3} in {len(file.places)} shard{'s' * (len(file.places) != 1)} (.weights.json)"
        return Contents(str(path), kind, size, arrays=list(_arrays(file)))


def _safetensors(path: Path) -> Contents:
    with safetensors.reading(path) as file:
        arrays = [ArraySummary(name, file.shape(name), file.dtype(name)) for name in file]
        writer = file.metadata.get("format")
        return Contents(str(path), "safetensors weights", path.stat().st_size, writer=writer, arrays=arrays)


def _architecture(path: Path) -> Contents:
    size = path.stat().st_size
    if size > _MOST_TEXT:
        raise DataLossError(f"{path} has {size} bytes; at most {_MOST_TEXT} are read as the text of a model.")
    try:
        config = json.loads(path.read_bytes().decode())
    except (ValueError, RecursionError) as error:
        raise DataLossError(f"{path} begins like JSON but is not ({error}). Copy or save it again.") from None
    if "class_name" not in config or "config" not in config:
        raise InvalidArgumentError(
            f"{path} is JSON, but no model that to_json() wrote: it has no class_name and config."
        )
    writer = _writer(config.get("keras_version"), None)
    return Contents(str(path), ARCHITECTURE, size, False, writer, None, summarize(config))


def _checkpoint(prefix: Path) -> Contents:
    bundle = tensor_bundle.Bundle(prefix)
    kind = "TensorFlow checkpoint" if object_graph.KEY in bundle else NAMED_CHECKPOINT
    size = _size_of(prefix.parent.glob(f"{_literal(prefix.name)}.*"))
    return Contents(str(prefix), kind, size, arrays=_of_bundle(bundle))


def _saved_model(folder: Path) -> Contents:
    prefix = tf_checkpoint.prefix_of(folder)
    arrays = _of_bundle(tensor_bundle.Bundle(prefix)) if prefix is not None else []
    size = _size_of(folder.rglob("*"))
    data, version = saved_model.description(folder), saved_model.tensorflow_version(folder)
    program = f"TensorFlow {version}" if version else None
    if data is None:
        return Contents(str(folder), "SavedModel without a Keras model", size, writer=program, arrays=arrays)
    model = summarize(data.get("model_config") or data, data.get("training_config"))
    writer = ", ".join(filter(None, (_writer(data.get("keras_version"), None), program)))
    return Contents(str(folder), "SavedModel of Keras", size, True, writer, None, model, arrays)


def _arrays(file: hdf5.ArrayFile | sharded_hdf5.ShardedFile) -> Iterator[ArraySummary]:
    for name in sorted(file, key=_numbers_as_numbers):
        yield ArraySummary(name, file.shape(name), file.dtype(name), _is_training_state(name))


def _of_bundle(bundle: tensor_bundle.Bundle) -> list[ArraySummary]:
    by_place = sorted(bundle.entries.items(), key=lambda item: item[1].offset)
    last = {entry.shard: name for name, entry in by_place if bundle.dtype(name) != "unknown" and not entry.slices}
    for name in last.values():
        _ = bundle[name]  # says if a file of values is missing or was cut
    arrays = []
    for key in sorted((name for name in bundle if name != object_graph.KEY), key=_numbers_as_numbers):
        name = key.removesuffix(f"/.ATTRIBUTES/{object_graph.VALUE}")
        arrays.append(ArraySummary(name, bundle.shape(key), bundle.dtype(key), _is_training_state(key)))
    return arrays


def _is_training_state(name: str) -> bool:
    parts = name.split("/")
    return parts[0] in _OF_TRAINING or ".OPTIMIZER_SLOT" in parts


def _numbers_as_numbers(path: str) -> list[tuple[int, int, str]]:
    """`vars/10` after `vars/9`."""
    return [(0, int(part), "") if part.isdecimal() and len(part) < 10 else (1, 0, part) for part in path.split("/")]


def _writer(version: Any, program: Any) -> str | None:
    """`Keras 2.15.0`, and by which program if it was not Keras."""
    if version is None:
        return None
    version = version.decode("utf-8", "replace") if isinstance(version, bytes) else str(version)
    return f"Keras {version}" + (f", by {program}" if isinstance(program, str) else "")


def _literal(name: str) -> str:
    """A name as a pattern that matches nothing else."""
    return "".join(f"[{c}]" if c in "*?[" else c for c in name)


def _size_of(files: Iterator[Path]) -> int:
    return sum(file.stat().st_size for file in files if file.is_file() and not file.is_symlink())


def as_json(contents: Contents) -> Mapping[str, Any]:
    """The contents as what JSON can hold."""
    described = {name: value for name, value in vars(contents).items() if name not in ("model", "arrays")}
    model = json.loads(json.dumps(contents.model, default=vars)) if contents.model else None
    return {
        **described,
        "model": model,
        "arrays": [{**vars(array), "shape": [*array.shape]} for array in contents.arrays],
    }
