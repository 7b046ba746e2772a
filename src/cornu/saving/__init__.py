"""Models to files and back: `.keras`, `.h5`, `.weights.h5`, checkpoints. What a file holds decides how it is read."""

import os
from collections.abc import Mapping
from typing import Any

from cornu._base.errors import FailedPreconditionError, InvalidArgumentError
from cornu.core.registry import (
    CustomObjectScope,
    custom_object_scope,
    get_custom_objects,
    get_registered_name,
    get_registered_object,
    register_keras_serializable,
)
from cornu.core.serialization import deserialize_keras_object, serialize_keras_object
from cornu.io import hdf5, sharded_hdf5
from cornu.io.atomic import check_target, replacing
from cornu.io.safetensors import is_safetensors
from cornu.saving import keras_v3, legacy_h5, orbax_checkpoint, paths, safetensors_weights, saved_model, tf_checkpoint
from cornu.saving.file_editor import KerasFileEditor
from cornu.saving.legacy_h5 import upgraded as upgraded
from cornu.saving.report import LoadReport
from cornu.saving.weights import collect, restore

__all__ = [
    "CustomObjectScope",
    "KerasFileEditor",
    "LoadReport",
    "custom_object_scope",
    "deserialize_keras_object",
    "get_custom_objects",
    "get_registered_name",
    "get_registered_object",
    "load_model",
    "load_weights",
    "register_keras_serializable",
    "save_model",
    "save_weights",
    "serialize_keras_object",
]


def save_model(
    model: Any,
    filepath: str | os.PathLike,
    overwrite: bool = True,
    zipped: bool | None = None,
    include_optimizer: bool = True,
    save_format: str | None = None,
) -> None:
    """Write a whole model to a file: a crash leaves the old file or the new one, never half of one.

    Args: zipped: None or True; a folder instead of an archive is not written. include_optimizer: False leaves out the
    compile arguments and the optimizer's state. save_format: "keras", or "h5" for the format of Keras 2, which a name that
    ends in `.h5` or `.hdf5` means too; None lets the ending decide.
    Raises: InvalidArgumentError for another ending or format, or an existing file with `overwrite=False`;
    NotFoundError if the folder does not exist. Source: keras.saving.save_model.
    """
    if zipped is False:
        raise InvalidArgumentError("Expected zipped=True: a model is saved to one .keras file, not to a folder.")
    if paths.means_legacy(filepath, save_format):
        legacy_h5.save(model, filepath, overwrite, include_optimizer)
        return
    if save_format == "tf":
        raise InvalidArgumentError(
            f"Expected save_format=None, 'keras' or 'h5'; a SavedModel (received 'tf' for {filepath}) holds TensorFlow's "
            "graphs. Save the model to a .keras file, or its weights with save_weights(..., save_format='tf')."
        )
    keras_v3.save(model, paths.for_model(filepath), overwrite, include_optimizer)


def load_model(
    filepath: str | os.PathLike,
    custom_objects: Mapping[str, Any] | None = None,
    compile: bool = True,
    safe_mode: bool = True,
) -> Any:
    """The model that `save_model`, or Keras of any generation, wrote: a `.keras` archive, an HDF5 file, a SavedModel folder.

    Args: custom_objects: names in the file and the classes or functions they mean. compile: also restore loss, metrics
    and optimizer. safe_mode: False lets lambdas in the file run, which is code of whoever made the file.
    Raises: NotFoundError for a missing file or an unknown class; DataLossError for a damaged file; UnsafeFileError for
    one that could run code or reach outside of itself. Source: keras.saving.load_model.
    """
    path = paths.existing(filepath)
    if orbax_checkpoint.is_checkpoint(path):
        return orbax_checkpoint.load(path, custom_objects, compile, safe_mode)
    if saved_model.is_saved_model(path):
        return saved_model.load(path, custom_objects, compile, safe_mode)
    if path.is_dir():
        raise InvalidArgumentError(f"Expected a model file; {path} is a folder. Save the model to a .keras file.")
    if hdf5.is_hdf5(path):
        return legacy_h5.load(path, custom_objects, compile, safe_mode)
    return keras_v3.load(path, custom_objects, compile, safe_mode)


def save_weights(
    model: Any,
    filepath: str | os.PathLike,
    overwrite: bool = True,
    save_format: str | None = None,
    max_shard_size: float | None = None,
) -> None:
    """Write all weights of a model to a file: with its optimizer's state to `.weights.h5` or a TensorFlow checkpoint.

    Args: save_format: None lets the ending decide; "h5", or another name in `.h5`, is Keras 2's format; "tf" writes a
    checkpoint (`X.index`, `X.data-00000-of-00001`), which is what `.ckpt` stands for too. A name in `.safetensors` gets the
    weights under their paths, without the optimizer. max_shard_size: gigabytes (2**30 bytes) of one file; `X.weights.json`
    then says what is in which of `X_00000.weights.h5`, `X_00001.weights.h5`, ... None: one file.
    Raises: FailedPreconditionError if the model is not built; InvalidArgumentError for another ending, or an existing
    file with `overwrite=False`. Source: keras.saving.save_weights, tf.keras.Model.save_weights.
    """
    if max_shard_size is not None:
        path = paths.for_shards(filepath, save_format)
        _require_built(model)
        sharded_hdf5.write(path, *collect(model), max_shard_size * sharded_hdf5.GIGABYTE, overwrite)
        return
    if paths.means_checkpoint(filepath, save_format):
        _save_checkpoint(model, filepath, overwrite)
        return
    if paths.means_legacy(filepath, save_format):
        legacy_h5.save_weights(model, filepath, overwrite)
        return
    _require_built(model)
    if os.fspath(filepath).endswith(paths.SAFETENSORS_ENDING):
        safetensors_weights.save_weights(model, filepath, overwrite)
        return
    path = paths.for_weights(filepath)
    check_target(path, overwrite)
    arrays, attributes = collect(model)
    with replacing(path, overwrite) as target:
        hdf5.write(target, arrays, attributes)


def _require_built(model: Any) -> None:
    if not model.built:
        raise FailedPreconditionError(
            f"The model {model.name!r} is not built, so it has no weights to save. Call it on data or build it."
        )


def _save_checkpoint(model: Any, filepath: str | os.PathLike, overwrite: bool) -> None:
    if not overwrite and tf_checkpoint.is_checkpoint(filepath):
        raise InvalidArgumentError(f"The checkpoint {filepath} exists. Pass overwrite=True to replace it.")
    _require_built(model)
    tf_checkpoint.save(model, filepath)


def load_weights(
    model: Any, filepath: str | os.PathLike, skip_mismatch: bool = False, by_name: bool = False
) -> LoadReport:
    """Read weights into a model: an `.h5` file of any generation, a `.keras` archive, the index of shards, a TensorFlow
    checkpoint or SavedModel, a `.safetensors` file. Its content, not its name, says which one a file is.

    Nothing is assigned before everything has been compared.

    Args: by_name: read only layers of the same name, from a file of Keras 1 or 2; the others stay as they are.
    Returns: a report of what was matched.
    Raises: InvalidArgumentError listing missing variables and shapes that differ, unless `skip_mismatch`; NotFoundError
    if nothing fits; DataLossError for a damaged file. Source: keras.saving.load_weights.
    """
    if tf_checkpoint.is_checkpoint(filepath):
        _refuse_by_name(by_name, filepath)
        return tf_checkpoint.load(model, filepath, skip_mismatch)
    path = paths.existing(filepath)
    if path.is_file() and legacy_h5.is_legacy(path):
        return legacy_h5.load_weights(model, path, by_name, skip_mismatch)
    _refuse_by_name(by_name, path)
    if orbax_checkpoint.is_checkpoint(path):
        return orbax_checkpoint.load_weights(model, path, skip_mismatch)
    if path.is_dir():
        raise InvalidArgumentError(f"Expected a weights file; {path} is a folder.")
    if sharded_hdf5.is_index(path):
        with sharded_hdf5.reading(path) as arrays:
            return restore(model, arrays, skip_mismatch)
    if is_safetensors(path):
        return safetensors_weights.load_weights(model, path, skip_mismatch)
    if not hdf5.is_hdf5(path):
        return keras_v3.load_archived_weights(model, path, skip_mismatch)
    with hdf5.reading(path) as arrays:
        return restore(model, arrays, skip_mismatch)


def _refuse_by_name(by_name: bool, path: Any) -> None:
    if by_name:
        raise InvalidArgumentError(
            f"Expected a file of Keras 1 or 2 (.h5) for by_name=True; {path} keeps weights by their place in the model. "
            "Leave by_name out; skip_mismatch=True reads what fits."
        )
