"""From one file format to another: whole models, and weights by way of the model that they belong to."""

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from cornu import saving
from cornu._base.errors import DataLossError, InvalidArgumentError
from cornu.io import hdf5, sharded_hdf5
from cornu.io.atomic import replacing
from cornu.models import model_from_json
from cornu.optimizers import legacy
from cornu.saving import inspection, legacy_optimizer, paths, tf_checkpoint
from cornu.saving.inspection import Contents
from cornu.saving.keras2_activations import NAME as HARD_SIGMOID

_WHOLE = (*paths.MODEL_ENDINGS, *paths.LEGACY_ENDINGS)
_WEIGHTS = (paths.WEIGHTS_ENDING, paths.SHARDS_ENDING, paths.SAFETENSORS_ENDING, ".ckpt")
_SAME_LAYOUT = (paths.WEIGHTS_ENDING, paths.SHARDS_ENDING)
DEFAULT_SHARD_SIZE = 10.0  # gigabytes


@dataclass
class Conversion:
    """What was read and written. `notes`: what of the source has no place in the target, or in Keras 3."""

    source: Contents
    target: Contents
    matched: int  # arrays of the target that were read again and are equal
    notes: list[str] = field(default_factory=list)


def convert(
    source: str | os.PathLike,
    target: str | os.PathLike,
    architecture: str | os.PathLike | None = None,
    overwrite: bool = False,
    max_shard_size: float | None = None,
) -> Conversion:
    """Write what a file holds to another format; what was written is read again and compared.

    Args: target: its ending names the format. architecture: the model that weights belong to: a model file, or the JSON of
    `model.to_json()`. max_shard_size: gigabytes of a file beside `.weights.json`.
    Raises: InvalidArgumentError if `target` exists and `overwrite` is False, if its ending names no format, or if
    `architecture` is missing; as `load_model` and `load_weights`.
    """
    found = inspection.inspect(source)
    ending = _ending(target)
    if max_shard_size is not None and ending != paths.SHARDS_ENDING:
        raise InvalidArgumentError(
            f"Expected a target that ends in .weights.json for a max_shard_size; received {target}. Leave one of them out."
        )
    _check_target(source, target, overwrite)
    size = DEFAULT_SHARD_SIZE if max_shard_size is None else max_shard_size
    if (
        architecture is None
        and not found.has_model
        and ending in _SAME_LAYOUT
        and found.kind.startswith(inspection.KERAS_3)
    ):
        matched = _copy(source, target, size, overwrite)
        return Conversion(found, inspection.inspect(target), matched)
    model = _model(source, found, architecture, target)
    notes = []
    if architecture is not None:
        report = model.load_weights(source)
        notes = [f"left out: {path}, which has no place in the model" for path in report.surprising]
    if ending in paths.MODEL_ENDINGS:
        notes += _in_words_of_keras_3(model)
    values = _values(model)
    if ending in _WHOLE:
        model.save(target, overwrite=overwrite)
    else:
        model.save_weights(target, overwrite=overwrite, max_shard_size=size if ending == paths.SHARDS_ENDING else None)
    model.load_weights(target)
    if _values(model) != values:
        raise _different(source, target)
    written = inspection.inspect(target)
    if found.training_state and not written.training_state:
        notes.append(f"left out: the state of the optimizer and of metrics ({len(found.training_state)} arrays)")
    return Conversion(found, written, len(values), notes)


def _ending(target: str | os.PathLike) -> str:
    name = Path(target).name.lower()
    known = (*_WEIGHTS, *_WHOLE)
    ending = next((ending for ending in known if name.endswith(ending) and name != ending), None)
    if ending is None:
        raise InvalidArgumentError(f"Expected a target that ends in {', '.join(known)}; received {target}.")
    return ending


def _check_target(source: str | os.PathLike, target: str | os.PathLike, overwrite: bool) -> None:
    exists = os.path.exists(target) or tf_checkpoint.is_checkpoint(target)
    if exists and not overwrite:
        raise InvalidArgumentError(
            f"{target} exists. Pass overwrite=True (--overwrite) to replace it, or name another file."
        )
    if os.path.realpath(source) == os.path.realpath(target):
        raise InvalidArgumentError(f"Expected two files; received {source} as source and target. Name another target.")


def _model(source: Any, found: Contents, architecture: Any, target: Any) -> Any:
    """The model of the source; with an architecture, that model, which has not got its weights yet."""
    if found.kind in (inspection.NUMPY, inspection.ARCHITECTURE, inspection.NAMED_CHECKPOINT):
        raise InvalidArgumentError(f"Expected a model or its weights to convert; {source} is: {found.kind}.")
    if architecture is None:
        if not found.has_model:
            raise InvalidArgumentError(
                f"{source} holds weights only ({found.kind}). To write {target}, give the model that they belong to as "
                "architecture (--architecture FILE): a model file, or the JSON of model.to_json()."
            )
        return saving.load_model(source)
    described = inspection.inspect(architecture)
    if described.kind == inspection.ARCHITECTURE:
        return model_from_json(Path(architecture).read_text(encoding="utf-8"))
    if not described.has_model:
        raise InvalidArgumentError(f"Expected a model as architecture; {architecture} is: {described.kind}.")
    model = saving.load_model(architecture)
    if getattr(model, "optimizer", None) is not None:  # its state belongs to other weights
        model.compile_from_config(model.get_compile_config())
        if found.training_state:
            model.optimizer.build(model.trainable_variables)
    return model


def _in_words_of_keras_3(model: Any) -> list[str]:
    """Exchange a legacy optimizer for the one of today, with its state. Returns: what Keras 3 does not know all the same."""
    older = getattr(model, "optimizer", None)
    if isinstance(older, legacy.Optimizer):
        model.compile_from_config(model.get_compile_config() | {"optimizer": legacy_optimizer.of_today(older)})
        if older.built:
            legacy_optimizer.take_state(model.optimizer, older)
    if HARD_SIGMOID not in model.to_json():
        return []
    return [
        f"note: hard_sigmoid of Keras 2 is another function in Keras 3, hence {HARD_SIGMOID!r} in the file. Cornu knows it; in "
        f"Keras 3 pass custom_objects={{{HARD_SIGMOID!r}: lambda x: keras.ops.clip(0.2 * x + 0.5, 0, 1)}} to load_model"
    ]


def _values(model: Any) -> list[bytes]:
    return [np.asarray(variable).tobytes() for variable in model.weights]


def _copy(source: Any, target: Any, size: float, overwrite: bool) -> int:
    """Write Keras 3's arrays to one file, or to shards, as they are. Returns: how many are the same when read again."""
    arrays, attributes = _stored(source)
    if os.fspath(target).endswith(paths.SHARDS_ENDING):
        sharded_hdf5.write(target, arrays, attributes, size * sharded_hdf5.GIGABYTE, overwrite)
    else:
        with replacing(target, overwrite) as temporary:
            hdf5.write(temporary, arrays, attributes)
    again, _ = _stored(target)
    if {path: values.tobytes() for path, values in again.items()} != {path: a.tobytes() for path, a in arrays.items()}:
        raise _different(source, target)
    return len(arrays)


def _stored(path: Any) -> tuple[dict[str, np.ndarray], dict[str, dict[str, Any]]]:
    """The arrays of a file or of shards, and the attributes of their groups."""
    with (hdf5 if hdf5.is_hdf5(path) else sharded_hdf5).reading(path) as file:
        arrays = {name: file[name] for name in file}
        return arrays, {group: file.attributes(group) for group in {name.rpartition("/")[0] for name in arrays}}


def _different(source: Any, target: Any) -> DataLossError:
    return DataLossError(f"{target} was written but reads differently. Check the disk; {source} is as it was.")
