"""Names of files: which one means which format, and what to say when one means none."""

import os
from pathlib import Path

from cornu._base.errors import InvalidArgumentError, NotFoundError
from cornu._base.suggest import nearest
from cornu._base.user_warning import warn
from cornu.core import config

MODEL_ENDINGS = (".keras",)
LEGACY_ENDINGS = (".h5", ".hdf5")
WEIGHTS_ENDING = ".weights.h5"
SAFETENSORS_ENDING = ".safetensors"
SHARDS_ENDING = ".weights.json"
_ENDINGS = (
    WEIGHTS_ENDING, SHARDS_ENDING, SAFETENSORS_ENDING, *LEGACY_ENDINGS, *MODEL_ENDINGS,
    ".weights", ".json", ".tf", ".ckpt", ".pb",
)  # fmt: skip


def for_model(path: str | os.PathLike) -> Path:
    """A path to save a model to. Raises: InvalidArgumentError if the ending is none of a model file."""
    path = Path(path)
    if path.name.endswith(WEIGHTS_ENDING):
        raise InvalidArgumentError(
            f"{path} is the name of a weights file. Call save_weights for weights only, or name the model "
            f"{_with_ending(path, '.keras')}."
        )
    if not path.suffix and config.style() == "tf2":
        raise InvalidArgumentError(
            f"Expected a file to save the model to; received {path}, which means a SavedModel folder. That holds TensorFlow's "
            f"graphs, which are not written here. Save the model to {_with_ending(path, '.keras')}."
        )
    if path.suffix.lower() not in MODEL_ENDINGS:
        raise InvalidArgumentError(
            f"Expected a file that ends in .keras (or .h5) to save the model to; received {path}. "
            f"Did you mean {_with_ending(path, '.keras')}?"
        )
    return path


def means_legacy(path: str | os.PathLike, save_format: str | None) -> bool:
    """Whether a model or weights go to the HDF5 format of Keras 2: asked for, or `.h5` or `.hdf5` behind the name.

    Raises: InvalidArgumentError for a format that does not exist, or a SavedModel.
    """
    if save_format not in (None, "keras", "keras_v3", "h5", "hdf5", "tf"):
        raise InvalidArgumentError(f"Expected save_format None, 'keras' or 'h5'; received {save_format!r}.")
    name = Path(path).name
    if name.endswith(WEIGHTS_ENDING) or save_format in ("keras", "keras_v3"):
        return False
    return save_format in ("h5", "hdf5") or name.lower().endswith(LEGACY_ENDINGS)


def for_weights(path: str | os.PathLike) -> Path:
    """A path to save weights to. Raises: InvalidArgumentError if it does not end in `.weights.h5`."""
    path = Path(path)
    if path.name.endswith(SHARDS_ENDING):
        raise InvalidArgumentError(
            f"Expected max_shard_size, in gigabytes, to save weights to {path} and files beside it. Pass it, or name one "
            f"file {_with_ending(path, WEIGHTS_ENDING)}."
        )
    if not path.name.endswith(WEIGHTS_ENDING):
        raise InvalidArgumentError(
            f"Expected a file that ends in .weights.h5 (or .h5) to save weights to; received {path}. "
            f"Did you mean {_with_ending(path, WEIGHTS_ENDING)}?"
        )
    return path


def for_shards(path: str | os.PathLike, save_format: str | None) -> Path:
    """The path of the index of shards; `.weights.h5` becomes `.weights.json`.

    Raises: InvalidArgumentError for another ending or format.
    """
    path = Path(path)
    if save_format not in (None, "h5", "keras"):
        raise InvalidArgumentError(
            f"Expected save_format=None for weights with a max_shard_size; received {save_format!r}. Leave one of them out."
        )
    if not path.name.endswith((WEIGHTS_ENDING, SHARDS_ENDING)):
        raise InvalidArgumentError(
            f"Expected a file that ends in .weights.json for weights with a max_shard_size; received {path}. "
            f"Did you mean {_with_ending(path, SHARDS_ENDING)}?"
        )
    if path.name.endswith(WEIGHTS_ENDING):
        path = Path(_with_ending(path, SHARDS_ENDING))
        warn(f"Weights with a max_shard_size are an index and its shards: the index is written to {path}.")
    return path


def means_checkpoint(path: str | os.PathLike, save_format: str | None) -> bool:
    """Whether weights go to a TensorFlow checkpoint: asked for, `.ckpt`, or, in the style `"tf2"`, no other ending.

    Raises: InvalidArgumentError for a format that does not exist.
    """
    if save_format not in (None, "tf", "h5", "hdf5", "keras", "ckpt"):
        raise InvalidArgumentError(f"Expected save_format None, 'tf' or 'h5'; received {save_format!r}.")
    name = Path(path).name
    if save_format is not None:
        return save_format in ("tf", "ckpt")
    endings = (*MODEL_ENDINGS, *LEGACY_ENDINGS, SAFETENSORS_ENDING, SHARDS_ENDING)
    return name.endswith((".ckpt", ".tf")) or (config.style() == "tf2" and not name.endswith(endings))


def existing(path: str | os.PathLike) -> Path:
    """A path to read. Raises: NotFoundError naming the nearest files of the folder."""
    path = Path(path)
    if path.exists():
        return path
    if not path.parent.is_dir():
        raise NotFoundError(f"There is no file {path}: the folder {path.parent} does not exist.")
    near = nearest(path.name, (other.name for other in path.parent.iterdir()))
    hint = f" Did you mean {' or '.join(str(path.parent / name) for name in near)}?" if near else ""
    raise NotFoundError(f"There is no file {path}.{hint}")


def _with_ending(path: Path, ending: str) -> str:
    name = path.name
    for old in _ENDINGS:
        if name.endswith(old) and name != old:
            name = name[: -len(old)]
            break
    return str(path.with_name(name + ending))
