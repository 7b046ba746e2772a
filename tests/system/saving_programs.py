"""Programs that save again and again until they are killed, and what must be in their folder afterwards.

`python saving_programs.py` reads lines `kind folder number` and starts a program for each in a process of its own, whose number
it tells; the program prints the number of every finished save. Forking a process that has imported Cornu, but not started JAX,
is faster than starting Python.
"""

import csv
import functools
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

import cornu
from cornu import callbacks, layers
from cornu.callbacks.backup_and_restore import LATEST
from cornu.io.state_file import read_state
from cornu.tf.checkpoints import Checkpoint, CheckpointManager

SIZE = 300


def model_of(number: int) -> Any:
    """A model all of whose weights are one number."""
    dense = functools.partial(layers.Dense, kernel_initializer="zeros")  # nothing to compile
    model = cornu.Sequential([cornu.Input((SIZE,)), dense(SIZE, name="a"), dense(3, name="b")])
    model.compile("sgd", "mse")
    fill(model, number)
    return model


def fill(model: Any, number: int) -> None:
    """Let all weights be that number."""
    model.set_weights([np.full(w.shape, number, "float32") for w in model.get_weights()])


def number_of(model: Any) -> int:
    """The number that all weights are."""
    (number,) = {float(value) for w in model.get_weights() for value in np.unique(w)}
    return int(number)


class Filled(callbacks.Callback):
    """Gives the weights the number of the epoch that ends."""

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        fill(self.model, epoch)


class Told(callbacks.Callback):
    """Says that the callbacks before it have saved."""

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        say(epoch)


def say(text: object) -> None:
    """Print at once."""
    os.write(1, f"{text}\n".encode())


def trained(start: int, *saving: Any) -> None:
    """Epochs of one step each."""
    x, y = np.zeros((1, SIZE), "float32"), np.zeros((1, 3), "float32")
    given = [Filled(), *saving, Told()]
    model_of(0).fit(x, y, initial_epoch=start, epochs=start + 100_000, callbacks=given, verbose=0)


def repeated(save: Callable[[Any], object]) -> Callable[[Path, int], None]:
    """A program that saves model after model."""

    def program(folder: Path, start: int) -> None:
        model = model_of(start)
        for number in range(start, start + 100_000):
            fill(model, number)
            save((model, folder))
            say(number)

    return program


def loaded(folder: Path, name: str) -> int:
    """The number in a saved model."""
    return number_of(cornu.saving.load_model(folder / name, compile=False))


def weights(folder: Path, name: str) -> int:
    """The number in saved weights."""
    model = model_of(-1)
    model.load_weights(folder / name)
    return number_of(model)


class Kind(NamedTuple):
    """`program(folder, first number)` saves; `number(folder)` is that of what is there, `behind` what was told at most."""

    program: Callable[[Path, int], None]
    number: Callable[[Path], int]
    behind: int = 0


def managed(folder: Path, start: int) -> None:
    """Checkpoints of which two are kept."""
    model = model_of(start)
    manager = CheckpointManager(Checkpoint(model=model), folder, max_to_keep=2)
    for number in range(start, start + 100_000):
        fill(model, number)
        manager.save(checkpoint_number=number)
        say(number)


def last_managed(folder: Path) -> int:
    """The number in the last checkpoint; what is kept must be whole."""
    model, found = model_of(-1), cornu.tf.train.latest_checkpoint(folder)
    manager = CheckpointManager(Checkpoint(model=model), folder, max_to_keep=2)
    numbers = []
    for name in manager.checkpoints:
        Checkpoint(model=model).restore(name).assert_existing_objects_matched()
        numbers.append(number_of(model))
        assert name.endswith(f"-{numbers[-1]}")
    assert found == manager.latest_checkpoint
    return numbers[-1]


def last_row(folder: Path) -> int:
    """The epoch of the last row; every row must be whole and follow the one before."""
    with open(folder / "log.csv", newline="") as file:
        header, *rows = list(csv.reader(file))
    assert header[:2] == ["epoch", "loss"]
    epochs = [int(row[0]) for row in rows if len(row) == len(header)]
    assert len(epochs) == len(rows)
    assert epochs == [*range(epochs[0], epochs[-1] + 1)]
    return epochs[-1]


def backed_up(folder: Path) -> int:
    """The number in the weights of a backup."""
    state = read_state(folder / LATEST)
    found = {int(value) for array in arrays(state) if array.shape == (SIZE, SIZE) for value in np.unique(array)}
    (number,) = found
    return number


def arrays(value: Any) -> Iterator[np.ndarray]:
    """All arrays of a nest."""
    if isinstance(value, np.ndarray):
        yield value
    elif isinstance(value, (dict, list)):
        for item in value.values() if isinstance(value, dict) else value:
            yield from arrays(item)


KINDS = {
    ".keras": Kind(repeated(lambda it: it[0].save(it[1] / "m.keras")), lambda folder: loaded(folder, "m.keras")),
    ".h5": Kind(repeated(lambda it: it[0].save(it[1] / "m.h5")), lambda folder: loaded(folder, "m.h5")),
    **{
        name: Kind(
            repeated(lambda it, name=name: it[0].save_weights(it[1] / f"m{name}")),
            lambda folder, name=name: weights(folder, f"m{name}"),
        )
        for name in (".weights.h5", ".ckpt", ".safetensors")
    },
    "ModelCheckpoint": Kind(
        lambda folder, start: trained(start, callbacks.ModelCheckpoint(folder / "m.keras")),
        lambda folder: loaded(folder, "m.keras"),
    ),
    "BackupAndRestore": Kind(
        lambda folder, start: trained(start, callbacks.BackupAndRestore(folder, double_checkpoint=True)),
        backed_up,
        1,  # the callbacks hear of an epoch before the backup is made
    ),
    "CSVLogger": Kind(lambda folder, start: trained(start, callbacks.CSVLogger(folder / "log.csv")), last_row),
    "CheckpointManager": Kind(managed, last_managed),
}


def main() -> None:
    """Start what the lines of the standard input ask for, one after the other."""
    for line in sys.stdin:
        kind, folder, start = line.rstrip("\n").split("\t")
        process = os.fork()
        if process == 0:
            KINDS[kind].program(Path(folder), int(start))
            os._exit(1)
        say(f"process {process}")
        os.waitpid(process, 0)
        say("dead")


if __name__ == "__main__":
    main()
