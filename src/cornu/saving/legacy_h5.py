"""The HDF5 format of Keras 1 and 2: one file with architecture, weights, compile arguments and optimizer state.

It is written in words that tf.keras and Keras 3 both read. Source: tf.keras.models.save_model(..., save_format="h5").
"""

import json
import os
from collections.abc import Mapping
from typing import Any

import numpy as np

from cornu._base.errors import DataLossError, FailedPreconditionError, InvalidArgumentError, InvalidTypeError
from cornu._base.user_warning import warn
from cornu.core import serialization
from cornu.io import hdf5
from cornu.io.atomic import check_target, replacing
from cornu.io.hdf5 import ArrayFile
from cornu.models import Model, Sequential
from cornu.saving import keras1_config, keras1_weights, keras2_config, keras2_export, layer_groups, legacy_optimizer
from cornu.saving.from_file import making_a_model
from cornu.saving.layer_groups import LAYERS, WEIGHTS, arrays_in, names_attribute, names_in
from cornu.saving.report import LoadReport

MODEL, OPTIMIZER = "model_weights", "optimizer_weights"
CONFIG, TRAINING, VERSION, BACKEND = "model_config", "training_config", "keras_version", "backend"
_LONGEST = 1 << 28  # bytes of JSON text

# What names in the file mean: `hard_sigmoid` is another function in Keras 2.
_VERSIONS = {True: "2.15.0", False: "3.15.0"}


def save(model: Any, path: str | os.PathLike, overwrite: bool = True, include_optimizer: bool = True) -> None:
    """Write a whole model, whole or not at all.

    Args: include_optimizer: False leaves out the compile arguments and the optimizer's state.
    Raises: InvalidTypeError if `model` is no Sequential or functional model; FailedPreconditionError if it is not built;
    InvalidArgumentError if the file exists and `overwrite` is False.
    """
    if not isinstance(model, Model) or (model._graph is None and not isinstance(model, Sequential)):
        raise InvalidTypeError(
            f"Expected a Sequential or functional model for an .h5 file; received {type(model).__name__}, which is defined "
            "by its Python code. Save it to a .keras file, or save its weights with save_weights."
        )
    check_target(path, overwrite)
    _require_built(model)
    arrays, attributes = layer_groups.collect(model, MODEL)
    config = json.dumps(keras2_export.model_config(model))
    has_old_functions = '"hard_sigmoid"' in config and keras2_export.HARD_SIGMOID in model.to_json()
    root = {VERSION: _VERSIONS[has_old_functions], BACKEND: "tensorflow"}
    attributes[MODEL] = {**attributes[MODEL], **root}
    root[CONFIG] = config
    if include_optimizer and getattr(model, "compiled", False) and model.get_compile_config() is not None:
        optimizer = model.optimizer
        training = keras2_export.training_config(model)
        root[TRAINING] = json.dumps(training | {"optimizer_config": legacy_optimizer.config(optimizer)})
        if optimizer.built:
            state = legacy_optimizer.collect(optimizer)
            attributes[OPTIMIZER] = names_attribute(WEIGHTS, list(state))
            arrays |= {f"{OPTIMIZER}/{name}": values for name, values in state.items()}
    _write(path, overwrite, arrays, {**attributes, "/": root})


def save_weights(model: Any, path: str | os.PathLike, overwrite: bool = True) -> None:
    """Write the weights alone. Raises: as `save`, but subclassed models are fine once they are built."""
    check_target(path, overwrite)
    _require_built(model)
    arrays, attributes = layer_groups.collect(model, "")
    root = {**attributes["/"], VERSION: _VERSIONS[False], BACKEND: "tensorflow"}
    _write(path, overwrite, arrays, {**attributes, "/": root})


def _require_built(model: Any) -> None:
    if not model.built:
        raise FailedPreconditionError(
            f"The model {model.name!r} is not built, so it has no weights to save. Call it on data or build it."
        )


def _write(path: str | os.PathLike, overwrite: bool, arrays: dict[str, np.ndarray], attributes: dict[str, Any]) -> None:
    with replacing(path, overwrite) as target:
        hdf5.write(target, arrays, attributes)


def is_legacy(path: str | os.PathLike) -> bool:
    """Whether a file is HDF5 of this format, and not that of `.weights.h5`."""
    if not hdf5.is_hdf5(path):
        return False
    with hdf5.reading(path) as file:
        return MODEL in file.file or any(key in file.attributes("/") for key in (LAYERS, f"{LAYERS}0"))


def load(
    path: str | os.PathLike,
    custom_objects: Mapping[str, Any] | None = None,
    compile: bool = True,
    safe_mode: bool = True,
) -> Any:
    """The model of a file of Keras 1, 2 or 3.

    Args: custom_objects: names in the file and the classes or functions they mean. compile: also restore loss, metrics
    and optimizer with its state. safe_mode: False lets lambdas in the file run; they are code.
    Raises: InvalidArgumentError if the file holds weights only; NotFoundError for unknown classes; DataLossError if it is
    damaged; UnsafeFileError for code.
    """
    with (
        hdf5.reading(path) as file,
        making_a_model(str(path), file.nbytes, safe_mode),
        serialization.custom_object_scope(custom_objects or {}),
    ):
        root = file.attributes("/")
        if CONFIG not in root:
            raise InvalidArgumentError(
                f"{path} holds weights only. Build the model in code, then call model.load_weights({str(path)!r})."
            )
        config = upgraded(_json(root, CONFIG, file), _word(root, VERSION))
        model = serialization.deserialize(config, safe_mode=safe_mode)
        if not isinstance(model, Model):
            raise InvalidTypeError(f"{path} holds no model but {type(model).__name__}.")
        if model.weights or names_in(file, MODEL, LAYERS):
            _restore(model, file, MODEL, root, by_name=False, skip_mismatch=False)
        if compile:
            _compile(model, root, file, safe_mode)
    return model


def load_weights(model: Any, path: str | os.PathLike, by_name: bool = False, skip_mismatch: bool = False) -> LoadReport:
    """Read the weights of a file into a model: layer by layer in their order, or those with the same name.

    Raises: InvalidArgumentError listing what does not fit, unless `skip_mismatch`; NotFoundError if nothing fits;
    DataLossError if the file is damaged.
    """
    with hdf5.reading(path) as file:
        group = MODEL if MODEL in file.file else ""
        return _restore(model, file, group, file.attributes("/"), by_name, skip_mismatch)


def _restore(
    model: Any, file: ArrayFile, group: str, root: Mapping[str, Any], by_name: bool, skip_mismatch: bool
) -> LoadReport:
    origin = root if VERSION in root or not group else file.attributes(group)
    is_first, is_theano = _generation(_word(origin, VERSION)) == 1, _word(origin, BACKEND) == "theano"

    def convert(layer: Any, arrays: list[np.ndarray]) -> list[np.ndarray]:
        arrays = keras1_weights.of_keras_1(layer, arrays) if is_first else arrays
        return keras1_weights.of_theano(layer, arrays) if is_theano else arrays

    return layer_groups.restore(model, file, group, by_name, skip_mismatch, convert)


def upgraded(config: dict[str, Any], version: str) -> dict[str, Any]:
    """The config of a model, of that version of Keras, in the words of Keras 3."""
    generation = _generation(version)
    return keras2_config.upgraded(keras1_config.upgraded(config) if generation == 1 else config, generation)


def _generation(version: str) -> int:
    """1 for Keras 1, which did not always say so."""
    first = version.split(".")[0]
    return int(first) if first.isdigit() else 1


def _word(attributes: Mapping[str, Any], key: str) -> str:
    value = attributes.get(key, "")
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)


def _json(attributes: Mapping[str, Any], key: str, file: ArrayFile) -> dict[str, Any]:
    text = _word(attributes, key)
    if len(text) > _LONGEST:
        raise DataLossError(f"The {key} of {file.place} is longer than {_LONGEST} bytes, which no model needs.")
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise DataLossError(f"The {key} of {file.place} is no JSON text ({error}). Save the model again.") from error
    if not isinstance(data, dict):
        raise DataLossError(f"The {key} of {file.place} is no JSON object but {type(data).__name__}.")
    return data


def description(file: ArrayFile) -> tuple[dict[str, Any], dict[str, Any] | None]:
    """The config of the model in a file, in the words of its generation, and how it was compiled. Raises: DataLossError."""
    root = file.attributes("/")
    return _json(root, CONFIG, file), _json(root, TRAINING, file) if TRAINING in root else None


def _compile(model: Any, root: Mapping[str, Any], file: ArrayFile, safe_mode: bool) -> None:
    if TRAINING not in root:
        warn(f"{file.place} says nothing about training, so the model is not compiled. Call compile() before fit().")
        return
    training = _json(root, TRAINING, file)
    optimizer = compile_as_trained(model, training, safe_mode)
    if not model.built:
        return
    paths = arrays_in(file, OPTIMIZER) if OPTIMIZER in file.file else []
    optimizer.build(model.trainable_variables)
    if paths and not legacy_optimizer.restore(optimizer, [file[path] for path in paths]):
        warn(
            f"The optimizer's state in {file.place} was not loaded: {type(optimizer).__name__} has "
            f"{len(optimizer._variables)} variables, the file {len(paths)}. Training goes on with a fresh optimizer."
        )


def compile_as_trained(model: Any, training: dict[str, Any], safe_mode: bool) -> Any:
    """Compile a model as Keras 2 described it, without the optimizer's state. Returns: the optimizer."""
    arguments = keras2_config.compile_arguments(training, len(getattr(model, "outputs", None) or [None]))
    optimizer = legacy_optimizer.from_config(training["optimizer_config"])
    model.compile(optimizer, **serialization.deserialize(arguments, safe_mode=safe_mode))
    return optimizer
