"""`tf.train.Checkpoint` and what is around it. Source: tf.train."""

import os
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from cornu._base.errors import InvalidArgumentError, NotFoundError
from cornu.core.variable import Variable
from cornu.io.tensor_bundle import Bundle
from cornu.saving import tf_checkpoint
from cornu.saving.tf_checkpoint import latest_checkpoint as latest_checkpoint
from cornu.saving.trackables import children, is_part

_COUNTER = "save_counter/.ATTRIBUTES/VARIABLE_VALUE"
_ENDINGS = (".index", ".data-00000-of-00001")


class Checkpoint:
    """Objects saved together, each under the name it is given: `Checkpoint(model=model, optimizer=optimizer, step=step)`.

    Args:
        root: an object whose own parts are saved without a name in front.

    Raises: InvalidArgumentError for an object that holds no variables. Source: tf.train.Checkpoint.
    """

    def __init__(self, root: Any = None, **objects: Any):
        self.__dict__.update(_root=root, _objects={})
        for name, value in objects.items():
            setattr(self, name, value)

    def __setattr__(self, name: str, value: Any) -> None:
        if not is_part(value) and not isinstance(value, (list, tuple, dict)) and not hasattr(value, "__dict__"):
            raise InvalidArgumentError(
                f"Checkpoint: expected an object with variables as {name!r}; received {value!r:.60} of type "
                f"{type(value).__name__}. Save a number as tf.Variable."
            )
        self._objects[name] = value
        self.__dict__[name] = value

    @property
    def save_counter(self) -> Variable:
        """How often `save` was called."""
        if "_counter" not in self.__dict__:
            self.__dict__["_counter"] = Variable(np.int64(0), dtype="int64", trainable=False, name="save_counter")
        return self.__dict__["_counter"]

    def _checkpoint_children(self) -> dict[str, Any]:
        own = {} if self._root is None else children(self._root)
        counter = {"save_counter": self.save_counter} if "_counter" in self.__dict__ else {}
        return {**own, **self._objects, **counter}

    def write(self, file_prefix: str | os.PathLike, options: Any = None) -> str:
        """Write to files of exactly that name. Returns: the name."""
        tf_checkpoint.save(self, file_prefix, update_state=False)
        return os.fspath(file_prefix)

    def save(self, file_prefix: str | os.PathLike, options: Any = None) -> str:
        """Write to files of that name, a dash and a number, and note them in the folder's state file. Returns: their name."""
        self.save_counter.assign_add(1)
        path = f"{os.fspath(file_prefix)}-{int(self.save_counter.numpy())}"
        tf_checkpoint.save(self, path, update_state=False)
        folder = os.path.dirname(path) or "."
        _, kept = tf_checkpoint.read_state(folder)
        names = [os.path.basename(name) for name in kept if os.path.basename(name) != os.path.basename(path)]
        tf_checkpoint.write_state(folder, os.path.basename(path), [*names, os.path.basename(path)])
        return path

    def read(self, save_path: str | os.PathLike, options: Any = None) -> Any:
        """As `restore`."""
        return self.restore(save_path, options)

    def restore(self, save_path: str | os.PathLike | None, options: Any = None) -> Any:
        """Read the objects' values; what does not exist yet gets its values when it is made. None does nothing.

        Returns: a report with `expect_partial`, `assert_consumed` and `assert_existing_objects_matched`.
        Raises: NotFoundError, DataLossError.
        """
        if save_path is None:
            return _Nothing()
        prefix = tf_checkpoint.prefix_of(save_path)
        if prefix is not None and _COUNTER in Bundle(prefix):
            _ = self.save_counter  # made here, since only the outermost object of a file has one
        return tf_checkpoint.load(self, save_path, skip_mismatch=False)


class _Nothing:
    """What restoring nothing gives."""

    def expect_partial(self) -> "_Nothing":
        """Itself."""
        return self

    def assert_existing_objects_matched(self) -> "_Nothing":
        """Raises InvalidArgumentError: nothing was restored."""
        raise InvalidArgumentError("Expected a checkpoint; the name to restore from was None, so nothing was restored.")

    assert_consumed = assert_existing_objects_matched
    assert_nontrivial_match = assert_existing_objects_matched


class CheckpointManager:
    """Keeps the last few checkpoints of a folder.

    Args:
        max_to_keep: how many; None keeps all.
        keep_checkpoint_every_n_hours: one in so many hours stays for good.
        checkpoint_name: the beginning of the files' names.
        step_counter, checkpoint_interval: `save` writes only if the counter has gone on by so much.
        init_fn: called by `restore_or_initialize` if there is no checkpoint.

    Source: tf.train.CheckpointManager.
    """

    def __init__(
        self,
        checkpoint: Checkpoint,
        directory: str | os.PathLike,
        max_to_keep: int | None,
        keep_checkpoint_every_n_hours: float | None = None,
        checkpoint_name: str = "ckpt",
        step_counter: Any = None,
        checkpoint_interval: int | None = None,
        init_fn: Any = None,
    ):
        if max_to_keep is not None and max_to_keep <= 0:
            raise InvalidArgumentError(f"Expected max_to_keep of 1 or more, or None; received {max_to_keep}.")
        if checkpoint_interval is not None and step_counter is None:
            raise InvalidArgumentError("Expected a step_counter together with checkpoint_interval; received None.")
        self._checkpoint, self._folder, self._keep = checkpoint, os.fspath(directory), max_to_keep
        self._hours, self._name, self._init = keep_checkpoint_every_n_hours, checkpoint_name, init_fn
        self._step_counter, self._interval = step_counter, checkpoint_interval
        self._last_step: int | None = None
        self._last_kept = time.time()
        self._kept = [name for name in tf_checkpoint.read_state(directory)[1] if Path(f"{name}.index").is_file()]

    @property
    def directory(self) -> str:
        """The folder."""
        return self._folder

    @property
    def checkpoint(self) -> Checkpoint:
        """What is saved."""
        return self._checkpoint

    @property
    def checkpoint_interval(self) -> int | None:
        """By how much the step counter must have gone on."""
        return self._interval

    @property
    def checkpoints(self) -> list[str]:
        """The names of those that are kept, the oldest first."""
        return list(self._kept)

    @property
    def latest_checkpoint(self) -> str | None:
        """The name of the last one; None if there is none."""
        return self._kept[-1] if self._kept else None

    def save(self, checkpoint_number: Any = None, check_interval: bool = True, options: Any = None) -> str | None:
        """Write a checkpoint and delete those that are too many. Returns: its name; None if it was not time yet."""
        if check_interval and self._interval is not None:
            step = int(self._step_counter.numpy())
            if self._last_step is not None and step - self._last_step < self._interval:
                return None
            self._last_step = step
        if checkpoint_number is None:
            self._checkpoint.save_counter.assign_add(1)
            checkpoint_number = self._checkpoint.save_counter.numpy()
        path = os.path.join(self._folder, f"{self._name}-{int(np.asarray(checkpoint_number))}")
        tf_checkpoint.save(self._checkpoint, path, update_state=False)
        self._kept = [*(name for name in self._kept if name != path), path]
        gone = self._kept[: -self._keep] if self._keep is not None else []
        self._kept = self._kept[len(gone) :]
        names = [os.path.basename(name) for name in self._kept]
        tf_checkpoint.write_state(self._folder, names[-1], names)
        for name in gone:
            self._forget(name)
        return path

    def _forget(self, name: str) -> None:
        if self._hours is not None and time.time() - self._last_kept >= self._hours * 3600:
            self._last_kept = time.time()
            return
        for ending in _ENDINGS:
            Path(f"{name}{ending}").unlink(missing_ok=True)

    def restore_or_initialize(self) -> str | None:
        """Read the last checkpoint; without one call `init_fn`. Returns: its name, or None."""
        if self.latest_checkpoint is not None:
            self._checkpoint.restore(self.latest_checkpoint)
            return self.latest_checkpoint
        if self._init is not None:
            self._init()
        return None


class CheckpointReader:
    """The arrays of a checkpoint by name. Source: tf.train.load_checkpoint."""

    def __init__(self, path: str | os.PathLike):
        self._bundle = Bundle(_prefix(path))

    def get_tensor(self, name: str) -> Any:
        """An array. Raises: NotFoundError if there is none of that name."""
        if name not in self._bundle:
            raise NotFoundError(f"The checkpoint {self._bundle.prefix} has no {name!r}.")
        array = self._bundle[name]
        return array.item() if array.dtype == object and not array.ndim else array

    def has_tensor(self, name: str) -> bool:
        """Whether there is an array of that name."""
        return name in self._bundle

    def get_variable_to_shape_map(self) -> dict[str, list[int]]:
        """The shapes by name."""
        return {name: list(self._bundle.shape(name)) for name in self._bundle}

    def get_variable_to_dtype_map(self) -> Mapping[str, Any]:
        """The dtypes by name."""
        from cornu.core.dtypes import as_dtype

        return {name: as_dtype(self._bundle.dtype(name)) for name in self._bundle}


def _prefix(path: str | os.PathLike) -> Any:
    if os.path.isdir(path) and (last := latest_checkpoint(path)) is not None:
        return last
    found = tf_checkpoint.prefix_of(path)
    if found is None:
        raise NotFoundError(f"There is no checkpoint {path}: {path}.index does not exist.")
    return found


def load_checkpoint(ckpt_dir_or_file: str | os.PathLike) -> CheckpointReader:
    """The arrays of a checkpoint, or of the last one in a folder. Raises: NotFoundError. Source: tf.train.load_checkpoint."""
    return CheckpointReader(ckpt_dir_or_file)


def load_variable(ckpt_dir_or_file: str | os.PathLike, name: str) -> Any:
    """One array of a checkpoint. Raises: NotFoundError. Source: tf.train.load_variable."""
    return load_checkpoint(ckpt_dir_or_file).get_tensor(name)


def list_variables(ckpt_dir_or_file: str | os.PathLike) -> list[tuple[str, list[int]]]:
    """(name, shape) of all arrays. Raises: NotFoundError. Source: tf.train.list_variables."""
    return sorted(load_checkpoint(ckpt_dir_or_file).get_variable_to_shape_map().items())


class CheckpointState(NamedTuple):
    """What a folder's state file says."""

    model_checkpoint_path: str
    all_model_checkpoint_paths: list[str]


def get_checkpoint_state(
    checkpoint_dir: str | os.PathLike, latest_filename: str | None = None
) -> CheckpointState | None:
    """What a folder's state file says; None without one. Source: tf.train.get_checkpoint_state."""
    last, kept = tf_checkpoint.read_state(checkpoint_dir, latest_filename or tf_checkpoint.STATE)
    return None if last is None else CheckpointState(last, kept)
