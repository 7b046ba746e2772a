"""The `.keras` archive: `metadata.json`, `config.json`, `model.weights.h5`, and `assets/`. Source: Keras 3."""

import datetime
import json
import os
import tempfile
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cornu._base.errors import DataLossError, InvalidArgumentError, InvalidTypeError
from cornu.core import serialization
from cornu.core.late_values import values_follow
from cornu.io import hdf5
from cornu.io.archive import Archive, write_archive
from cornu.io.atomic import check_target, replacing, scratch_folder
from cornu.models import Model
from cornu.saving.from_file import making_a_model
from cornu.saving.keras2_activations import as_function
from cornu.saving.keras2_config import upgraded
from cornu.saving.report import LoadReport
from cornu.saving.tree import saveables
from cornu.saving.weights import collect, restore

METADATA, CONFIG, WEIGHTS, ASSETS = "metadata.json", "config.json", "model.weights.h5", "assets"
KERAS_VERSION = "3.15.0"  # the generation whose layout this is


def save(model: Any, path: str | os.PathLike, overwrite: bool = True, include_optimizer: bool = True) -> None:
    """Write architecture, weights, compile arguments and optimizer state to one archive, whole or not at all.

    Args: include_optimizer: False leaves out the compile arguments and the optimizer's state.
    Raises: InvalidTypeError if `model` is no Model; InvalidArgumentError if the file exists and `overwrite` is False.
    """
    if not isinstance(model, Model) and not getattr(model, "is_saved_alone", False):
        raise InvalidTypeError(f"Expected a Model to save; received {model!r} of type {type(model).__name__}.")
    check_target(path, overwrite)
    if not model.built:
        warnings.warn(
            f"The model {model.name!r} is not built, so the file will hold no weights. Call it on data, or give its "
            "first layer an input shape, before saving.",
            stacklevel=3,
        )
    data = as_function(serialization.serialize(model))
    if not include_optimizer:
        _drop_compile(data)
    config = json.dumps(data).encode()
    now = datetime.datetime.now().strftime("%Y-%m-%d@%H:%M:%S")
    metadata = json.dumps({"keras_version": KERAS_VERSION, "date_saved": now, "written_by": "cornu"}).encode()
    with replacing(path, overwrite) as target, scratch_folder(path) as scratch:
        arrays, attributes = collect(model, include_optimizer)
        weights = lambda file: hdf5.write(file, arrays, attributes)
        members = [(METADATA, metadata), (CONFIG, config), (WEIGHTS, weights), *_write_assets(model, scratch)]
        with open(target, "w+b") as file:
            write_archive(file, members)


def load(
    path: str | os.PathLike,
    custom_objects: Mapping[str, Any] | None = None,
    compile: bool = True,
    safe_mode: bool = True,
) -> Any:
    """The model of a `.keras` archive.

    Args: custom_objects: names in the file and the classes or functions they mean. compile: also restore loss, metrics
    and optimizer with its state. safe_mode: False lets lambdas in the file run; they are code.
    Raises: DataLossError if the file is damaged; NotFoundError for unknown classes; UnsafeFileError for code or links.
    """
    with Archive(path) as archive:
        generation = _generation(archive, path)
        config = json_member(archive, CONFIG, path)
        if generation < 3:
            with making_a_model(str(path), 0):
                config = upgraded(config)
        if not compile:
            _drop_compile(config)
        with (
            archive.open(WEIGHTS) as file,
            hdf5.reading(file, f"{path}/{WEIGHTS}") as arrays,
            making_a_model(str(path), arrays.nbytes, safe_mode),
            values_follow(),
        ):
            model = serialization.deserialize(config, custom_objects=custom_objects, safe_mode=safe_mode)
            if not isinstance(model, Model) and not getattr(model, "is_saved_alone", False):
                raise InvalidTypeError(f"{path} holds no model but {type(model).__name__}.")
            optimizer = getattr(model, "optimizer", None)
            if optimizer is not None and model.built:
                optimizer.build(model.trainable_variables)  # makes the variables that its state goes into
            if len(arrays):
                restore(model, arrays)
            _read_assets(model, archive)
    return model


def load_archived_weights(model: Any, path: str | os.PathLike, skip_mismatch: bool = False) -> LoadReport:
    """Read only the weights of a `.keras` archive into a model. Raises: as `restore`."""
    with Archive(path) as archive, archive.open(WEIGHTS) as file, hdf5.reading(file, f"{path}/{WEIGHTS}") as arrays:
        return restore(model, arrays, skip_mismatch)


def _generation(archive: Archive, path: str | os.PathLike) -> int:
    """The generation of Keras that wrote the archive: 2 or 3."""
    if CONFIG not in archive:
        raise InvalidArgumentError(
            f"{path} is a zip archive but no Keras model: it has no {CONFIG}. It holds {', '.join(list(archive)[:5])}."
        )
    version = str(json_member(archive, METADATA, path).get("keras_version", "")) if METADATA in archive else ""
    generation = int(version.split(".")[0]) if version.split(".")[0].isdigit() else 3
    if generation > 3:
        warnings.warn(f"{path} was written by Keras {version}, newer than what is known here (3).", stacklevel=4)
    return generation


def json_member(archive: Archive, name: str, path: str | os.PathLike) -> dict[str, Any]:
    """A member that is a JSON object. Raises: DataLossError if it is anything else."""
    text = archive.read(name)
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise DataLossError(f"{name} in {path} is no JSON text ({error}). Save the model again.") from error
    if not isinstance(data, dict):
        raise DataLossError(f"{name} in {path} is no JSON object but {type(data).__name__}.")
    return data


def _drop_compile(config: Any) -> None:
    """Remove the compile arguments of a model and those nested in it."""
    if isinstance(config, dict):
        config.pop("compile_config", None)
        for value in config.values():
            _drop_compile(value)
    elif isinstance(config, list):
        for value in config:
            _drop_compile(value)


def _write_assets(model: Any, scratch: Path) -> list[tuple[str, Path]]:
    members: list[tuple[str, Path]] = []
    for path, thing in saveables(model):
        if hasattr(thing, "save_assets"):
            folder = scratch / ASSETS / path
            folder.mkdir(parents=True, exist_ok=True)
            thing.save_assets(str(folder))
            written = sorted(file for file in folder.iterdir() if file.is_file())
            members += [(f"{ASSETS}/{path}/{file.name}" if path else f"{ASSETS}/{file.name}", file) for file in written]
    return members


def _read_assets(model: Any, archive: Archive) -> None:
    names = [name for name in archive if name.startswith(f"{ASSETS}/") and not name.endswith("/")]
    if not names:
        return
    with tempfile.TemporaryDirectory(prefix="cornu-assets-") as scratch:
        for name in names:  # names were checked when the archive was opened: they stay inside the folder
            target = Path(scratch) / name
            target.parent.mkdir(parents=True, exist_ok=True)
            with open(target, "xb") as file:
                archive.copy(name, file)
        for path, thing in saveables(model):
            folder = Path(scratch) / ASSETS / path
            if hasattr(thing, "load_assets") and folder.is_dir() and any(file.is_file() for file in folder.iterdir()):
                thing.load_assets(str(folder))
