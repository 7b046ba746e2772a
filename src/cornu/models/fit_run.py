"""What a call of `fit` decides before it runs: how many epochs, the backup, the variables that are carried."""

import os
from collections.abc import Callable
from typing import Any

import jax

from cornu._base.errors import InvalidArgumentError
from cornu.callbacks import BackupAndRestore, CallbackList
from cornu.models.run_data import least
from cornu.models.step_programs import flags_for, step_program
from cornu.training import checks
from cornu.training.row_orders import ANY_RUN
from cornu.training.source import RunSource


def carried_variables(model: Any, source: RunSource) -> Callable[[bool], list]:
    """A function that tells which variables the training program carries, see `Run`."""

    def carried(search: bool) -> list:
        if model.run_eagerly:
            return []
        with flags_for(model, "train"):
            program = step_program(model, "train")
            if search:
                example = source.device_data if source.on_device else source.example()
                rows = min(jax.tree.leaves(example)[0].shape[0], getattr(source, "batch_size", 2**31))
                program.search(rows, example, source.order((ANY_RUN, 0), source.on_device))
        return program.mutable

    return carried


def backup_of(runs: CallbackList, resume: str | os.PathLike[str] | None) -> BackupAndRestore | None:
    """What backs up the run, if anything does. Raises: InvalidArgumentError if two would."""
    if resume is not None:
        if runs.backup is not None:
            raise InvalidArgumentError(
                f"Expected resume={os.fspath(resume)!r} or a BackupAndRestore among the callbacks; received both."
            )
        runs.append(BackupAndRestore(resume, delete_checkpoint=False))
    return runs.backup


def capped(epochs: int, most: int | None) -> int:
    """The number of epochs, at most `most`. Raises: InvalidArgumentError if it is not 0 or a positive integer."""
    if epochs != 0:
        checks.check_positive_int("epochs", epochs)
    return least(epochs, most)  # type: ignore[return-value]


def validates(epoch: int, freq: Any) -> bool:
    """True if there is validation after that epoch: every `freq` epochs, or after those it lists."""
    if isinstance(freq, (list, tuple, set)):
        return epoch + 1 in freq
    checks.check_positive_int("validation_freq", freq)
    return (epoch + 1) % freq == 0
