"""SavedModel folders: models of Keras, and weights, can be read. Source: tf.saved_model."""

import os
from typing import Any

from cornu import saving
from cornu._base.errors import InvalidArgumentError, NotFoundError
from cornu.saving.saved_model import description, is_saved_model
from cornu.saving.tf_checkpoint import prefix_of


def contains_saved_model(export_dir: str | os.PathLike) -> bool:
    """Whether a folder holds a SavedModel."""
    return any(os.path.isfile(os.path.join(export_dir, name)) for name in ("saved_model.pb", "saved_model.pbtxt"))


def save(obj: Any, export_dir: str | os.PathLike, signatures: Any = None, options: Any = None) -> None:
    """Raises InvalidArgumentError: a SavedModel holds TensorFlow's graphs, which do not exist here."""
    raise InvalidArgumentError(
        f"saved_model.save: expected a format that Cornu writes; a SavedModel ({export_dir}) holds TensorFlow's graphs. "
        "Save the model to a .keras file, or its variables with tf.train.Checkpoint."
    )


def load(export_dir: str | os.PathLike, tags: Any = None, options: Any = None) -> Any:
    """The model of a SavedModel that Keras 2 wrote. `tags` and `options` choose among TensorFlow's graphs, which are not read.

    Raises: NotFoundError without a SavedModel; InvalidArgumentError if it holds TensorFlow's graphs only.
    """
    if not is_saved_model(export_dir):
        raise NotFoundError(f"Expected the folder of a SavedModel; {export_dir} has no saved_model.pb.")
    if description(export_dir) is not None:
        return saving.load_model(export_dir)
    hint = (
        "Build the model in code and call model.load_weights on the folder."
        if prefix_of(export_dir)
        else "It has no weights."
    )
    raise InvalidArgumentError(
        f"saved_model.load: expected a model whose code is at hand; {export_dir} holds TensorFlow's graphs. {hint}"
    )
