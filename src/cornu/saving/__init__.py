"""Models to files and back: `.keras` archives and `.weights.h5`. What a file holds decides how it is read."""

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
from cornu.io import hdf5
from cornu.io.atomic import check_target, replacing
from cornu.saving import keras_v3, paths
from cornu.saving.report import LoadReport
from cornu.saving.weights import collect, restore

__all__ = [
    "CustomObjectScope",
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
    """Write a whole model to a `.keras` archive: a crash leaves the old file or the new one, never half of one.

    Args: zipped: None or True; a folder instead of an archive is not written. include_optimizer: False leaves out the
    compile arguments and the optimizer's state. save_format: None or "keras"; the ending of the name decides.
    Raises: InvalidArgumentError for another ending or format, or an existing file with `overwrite=False`;
    NotFoundError if the folder does not exist. Source: keras.saving.save_model.
    """
    if zipped is False:
        raise InvalidArgumentError("Expected zipped=True: a model is saved to one .keras file, not to a folder.")
    if save_format not in (None, "keras", "keras_v3"):
        raise InvalidArgumentError(
            f"Expected save_format=None or 'keras'; received {save_format!r}. Save to a file that ends in .keras."
        )
    keras_v3.save(model, paths.for_model(filepath), overwrite, include_optimizer)


def load_model(
    filepath: str | os.PathLike,
    custom_objects: Mapping[str, Any] | None = None,
    compile: bool = True,
    safe_mode: bool = True,
) -> Any:
    """The model that `save_model`, or Keras, wrote.

    Args: custom_objects: names in the file and the classes or functions they mean. compile: also restore loss, metrics
    and optimizer. safe_mode: False lets lambdas in the file run, which is code of whoever made the file.
    Raises: NotFoundError for a missing file or an unknown class; DataLossError for a damaged file; UnsafeFileError for
    one that could run code or reach outside of itself. Source: keras.saving.load_model.
    """
    path = paths.existing(filepath)
    if path.is_dir():
        raise InvalidArgumentError(f"Expected a model file; {path} is a folder. Save the model to a .keras file.")
    if hdf5.is_hdf5(path):
        raise _hdf5_as_model(path)
    return keras_v3.load(path, custom_objects, compile, safe_mode)


def save_weights(
    model: Any, filepath: str | os.PathLike, overwrite: bool = True, max_shard_size: float | None = None
) -> None:
    """Write all weights of a model, and its optimizer's state, to a `.weights.h5` file, whole or not at all.

    Args: max_shard_size: gigabytes of one file; None, or enough for all weights: they are not split.
    Raises: FailedPreconditionError if the model is not built; InvalidArgumentError for another ending, or an existing
    file with `overwrite=False`. Source: keras.saving.save_weights.
    """
    path = paths.for_weights(filepath)
    check_target(path, overwrite)
    if not model.built:
        raise FailedPreconditionError(
            f"The model {model.name!r} is not built, so it has no weights to save. Call it on data or build it."
        )
    arrays, attributes = collect(model)
    gigabytes = sum(values.nbytes for values in arrays.values()) / 1e9
    if max_shard_size is not None and gigabytes > max_shard_size:
        raise InvalidArgumentError(
            f"The weights of {model.name!r} take {gigabytes:.3g} GB, more than max_shard_size={max_shard_size}, and are "
            "written to one file only. Leave max_shard_size out."
        )
    with replacing(path, overwrite) as target:
        hdf5.write(target, arrays, attributes)


def load_weights(model: Any, filepath: str | os.PathLike, skip_mismatch: bool = False) -> LoadReport:
    """Read weights into a model of the same structure, from a `.weights.h5` file or a `.keras` archive.

    Nothing is assigned before everything has been compared.

    Returns: a report of what was matched.
    Raises: InvalidArgumentError listing missing variables and shapes that differ, unless `skip_mismatch`; NotFoundError
    if nothing fits; DataLossError for a damaged file. Source: keras.saving.load_weights.
    """
    path = paths.existing(filepath)
    if path.is_dir():
        raise InvalidArgumentError(f"Expected a weights file; {path} is a folder.")
    if not hdf5.is_hdf5(path):
        return keras_v3.load_archived_weights(model, path, skip_mismatch)
    with hdf5.reading(path) as arrays:
        return restore(model, arrays, skip_mismatch)


def _hdf5_as_model(path: Any) -> InvalidArgumentError:
    if str(path).endswith(paths.WEIGHTS_ENDING):
        return InvalidArgumentError(
            f"{path} holds weights only. Build the model in code, then call model.load_weights({str(path)!r})."
        )
    return InvalidArgumentError(
        f"{path} is an HDF5 file, not a .keras archive (which is a zip file). If it holds weights, build the model in "
        "code and call model.load_weights; if it is a model in the old format, name it .h5."
    )
