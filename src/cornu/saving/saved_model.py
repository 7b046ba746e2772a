"""SavedModel folders that Keras 2 wrote: the architecture from Keras' metadata, the values from the checkpoint inside.

TensorFlow's graphs in them are not read. Source: tensorflow/python/keras/protobuf/saved_metadata.proto and
tensorflow/core/protobuf/{saved_model,meta_graph,saved_object_graph}.proto (numbers of fields).
"""

import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from cornu._base.errors import DataLossError, InvalidArgumentError, InvalidTypeError
from cornu._base.user_warning import warn
from cornu.core import serialization
from cornu.io.protobuf import read_fields
from cornu.models import Model
from cornu.saving import legacy_h5, tf_checkpoint
from cornu.saving.from_file import making_a_model

GRAPHS, METADATA = "saved_model.pb", "keras_metadata.pb"
_MODELS = ("_tf_keras_sequential", "_tf_keras_network", "_tf_keras_model")  # what Keras calls a node that is a model
_LONGEST = 1 << 31  # bytes; protocol buffers cannot be longer


def is_saved_model(path: str | os.PathLike) -> bool:
    """Whether a folder holds a SavedModel."""
    return any(os.path.isfile(os.path.join(path, name)) for name in (GRAPHS, "saved_model.pbtxt", METADATA))


def load(
    path: str | os.PathLike,
    custom_objects: Mapping[str, Any] | None = None,
    compile: bool = True,
    safe_mode: bool = True,
) -> Any:
    """The model of a SavedModel that Keras 2 wrote, with its loss, metrics and optimizer state if `compile`.

    Raises: InvalidArgumentError if nothing in the folder describes a Keras model; NotFoundError for a class that is not
    in `custom_objects`; DataLossError if it is damaged; UnsafeFileError for code.
    """
    data = description(path)
    if data is None:
        raise InvalidArgumentError(
            f"Expected a SavedModel with a description of a Keras model; {path} holds TensorFlow's graphs only. Build the "
            f"model in code, then call model.load_weights({str(path)!r})."
        )
    config = data.get("model_config") or {"class_name": data.get("class_name"), "config": data.get("config")}
    version = data.get("keras_version")
    stored = sum(file.stat().st_size for file in Path(path, "variables").glob("variables.data-*"))
    with (
        making_a_model(str(path), stored, safe_mode),
        serialization.custom_object_scope(custom_objects or {}),
    ):
        config = legacy_h5.upgraded(config, version if isinstance(version, str) else "2")
        model = serialization.deserialize(config, safe_mode=safe_mode)
        if not isinstance(model, Model):
            raise InvalidTypeError(f"{path} holds no model but {type(model).__name__}.")
        if not model.built and data.get("build_input_shape"):
            model.build(data["build_input_shape"])
        if compile:
            _compile(model, data.get("training_config"), path, safe_mode)
        if tf_checkpoint.is_checkpoint(path):
            tf_checkpoint.load(model, path)
    return model


def _compile(model: Any, training: Any, path: str | os.PathLike, safe_mode: bool) -> None:
    if not isinstance(training, dict) or not training.get("optimizer_config"):
        warn(f"{path} says nothing about training, so the model is not compiled. Call compile() before fit().")
        return
    optimizer = legacy_h5.compile_as_trained(model, training, safe_mode)
    if model.built:
        optimizer.build(model.trainable_variables)


def description(path: str | os.PathLike) -> dict[str, Any] | None:
    """What Keras noted about the model that was saved: configs, version, training. None if it was no Keras model.

    Raises: DataLossError if the folder is damaged.
    """
    for place, kind, text in _nodes(Path(path)):
        if place == "root" and kind in _MODELS:
            try:
                data = json.loads(text)
            except (ValueError, RecursionError) as error:
                raise DataLossError(f"The description of the model in {path} is no JSON text ({error}).") from None
            if not isinstance(data, dict):
                raise DataLossError(f"The description of the model in {path} is no JSON object but {text[:40]!r}.")
            return _plain(data)
    return None


def tensorflow_version(path: str | os.PathLike) -> str | None:
    """The version of TensorFlow that wrote a SavedModel, if it says so. Raises: DataLossError if the folder is damaged."""
    graphs = Path(path) / GRAPHS
    if not graphs.is_file():
        return None
    facts = (fact for graph in _messages(_bytes(graphs), 2) for fact in _messages(graph, 1))
    return next((_text(version) for fact in facts for version in _messages(fact, 5)), None)


def _nodes(folder: Path) -> Iterator[tuple[str, str, str]]:
    """(path, kind, JSON) of the objects that Keras described: in a file of their own, before TensorFlow 2.5 in the graphs."""
    if (folder / METADATA).is_file():
        for content in _messages(_bytes(folder / METADATA), 1):
            parts: dict[int, Any] = {number: value for number, _, value in read_fields(content)}
            yield _text(parts.get(3)), _text(parts.get(4)), _text(parts.get(5))
    elif (folder / GRAPHS).is_file():
        for graph in _messages(_bytes(folder / GRAPHS), 2):
            for objects in _messages(graph, 7):
                for number, node in enumerate(_messages(objects, 1)):
                    for described in _messages(node, 4):
                        parts = {number: value for number, _, value in read_fields(described)}
                        yield "" if number else "root", _text(parts.get(1)), _text(parts.get(3))


def _bytes(path: Path) -> bytes:
    if path.stat().st_size > _LONGEST:
        raise DataLossError(
            f"Expected a protocol buffer; {path} has {path.stat().st_size} bytes, more than one can have."
        )
    return path.read_bytes()


def _messages(data: bytes, wanted: int) -> Iterator[bytes]:
    return (value for number, _, value in read_fields(data) if number == wanted and isinstance(value, bytes))


def _text(value: Any) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else ""


def _plain(value: Any) -> Any:
    """JSON without the marks that Keras put around tuples and shapes."""
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if not isinstance(value, dict):
        return value
    if value.get("class_name") in ("__tuple__", "TensorShape") and isinstance(value.get("items"), list):
        return _plain(value["items"])
    return {key: _plain(item) for key, item in value.items()}
