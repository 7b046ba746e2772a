"""Files in one folder per class, with their labels: what the `*_dataset_from_directory` functions share."""

import dataclasses
import os
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from cornu._base.errors import InvalidArgumentError, NotFoundError
from cornu.data import AUTOTUNE, Dataset, TensorSpec
from cornu.training.progress import say


@dataclasses.dataclass
class LabelledFiles:
    """Paths, label numbers (None without labels), names of the classes."""

    paths: list[str]
    labels: np.ndarray | None
    class_names: list[str] | None


def datasets(
    read: Callable[[Any], Any], directory: str | os.PathLike, extensions: tuple[str, ...], kind: str,
    labels: Any, label_mode: str | None, class_names: Sequence[str] | None, batch_size: int | None,
    shuffle: bool, seed: int | None, validation_split: float | None, subset: str | None, follow_links: bool,
    format: str, verbose: bool, varying: TensorSpec | None = None,
) -> Any:  # fmt: skip
    """The dataset (or, for `subset="both"`, the two) of what `read` makes of each file, with labels. See the callers.

    Args: `varying`: what `read` gives, if sizes differ from file to file; batches are then filled up with zeros.
    """
    _check_options(labels, label_mode, class_names, shuffle, seed, validation_split, subset, format, kind)
    seed = int(np.random.randint(1_000_000)) if seed is None else seed
    if labels is None or label_mode is None:
        labels, label_mode = None, None
    found = _find(directory, extensions, kind, labels, class_names, follow_links, verbose)
    if label_mode == "binary" and len(found.class_names or ()) != 2:
        raise InvalidArgumentError(
            'When passing `label_mode="binary"`, there must be exactly 2 class_names. '
            f"Received: class_names={found.class_names}"
        )
    if shuffle:
        for part in (found.paths, found.labels):
            if part is not None:
                np.random.RandomState(seed).shuffle(part)
    parts = _split(found, validation_split, subset, verbose)
    made = [
        _dataset(part, read, label_mode, batch_size, shuffle and number == 0, seed, varying)
        for number, part in enumerate(parts)
    ]
    return made if subset == "both" else made[0]


def _check_options(
    labels: Any, label_mode: Any, class_names: Any, shuffle: bool, seed: Any, validation_split: Any, subset: Any,
    format: str, kind: str,
) -> None:  # fmt: skip
    if (
        labels is not None
        and not isinstance(labels, (list, tuple))
        and not (isinstance(labels, str) and labels == "inferred")
    ):
        raise InvalidArgumentError(
            f"`labels` argument should be a list/tuple of integer labels, of the same size as the number of {kind} files in the "
            'target directory, or "inferred" (from the names of the subdirectories), or None. '
            f"Received: labels={labels}"
        )
    if class_names and labels != "inferred":
        raise InvalidArgumentError(
            f'You can only pass `class_names` if `labels="inferred"`. Received: labels={labels}, class_names={class_names}'
        )
    if label_mode not in {"int", "categorical", "binary", None}:
        raise InvalidArgumentError(
            '`label_mode` argument must be one of "int", "categorical", "binary", or None. '
            f"Received: label_mode={label_mode}"
        )
    if validation_split and not 0 < validation_split < 1:
        raise InvalidArgumentError(f"`validation_split` must be between 0 and 1, received: {validation_split}")
    if bool(validation_split) != bool(subset):
        raise InvalidArgumentError("If `subset` is set, `validation_split` must be set, and inversely.")
    if subset not in {"training", "validation", "both", None}:
        raise InvalidArgumentError(f'`subset` must be either "training", "validation" or "both", received: {subset}')
    if validation_split and shuffle and seed is None:
        raise InvalidArgumentError(
            "If using `validation_split` and shuffling the data, you must provide a `seed` argument, to make sure that there is "
            "no overlap between the training and validation subset."
        )
    check_format(format)


def check_format(format: str) -> None:
    """Raises: InvalidArgumentError for another format than `"tf"`."""
    if format != "tf":
        raise InvalidArgumentError(
            f'Expected format "tf" (a cornu.data.Dataset); received {format!r}. Grain pipelines can be fed to fit directly.'
        )


def _find(
    directory: str | os.PathLike, extensions: tuple[str, ...], kind: str, labels: Any, class_names: Any,
    follow_links: bool, verbose: bool,
) -> LabelledFiles:  # fmt: skip
    """The files below a folder, sorted, class after class."""
    top = os.fspath(directory)
    names: list[str] | None = None
    if labels == "inferred":
        found = sorted(name for name in os.listdir(top) if os.path.isdir(os.path.join(top, name)) and name[0] != ".")
        names = list(class_names) if class_names else found
        if not set(names) <= set(found):
            raise InvalidArgumentError(
                "The `class_names` passed did not match the names of the subdirectories of the target directory. "
                f"Expected: {found} (or a subset of it), but received: class_names={class_names}"
            )
        groups = [list(_files(os.path.join(top, name), extensions, follow_links)) for name in names]
        numbers = np.repeat(np.arange(len(groups), dtype=np.int32), [len(group) for group in groups])
        paths = [path for group in groups for path in group]
    else:
        paths, numbers = list(_files(top, extensions, follow_links)), None
        if labels is not None:
            if len(labels) != len(paths):
                raise InvalidArgumentError(
                    "Expected the lengths of `labels` to match the number of files in the target directory. len(labels) is "
                    f"{len(labels)} while we found {len(paths)} files in directory {directory}."
                )
            names, numbers = [str(label) for label in sorted(set(labels))], np.array(labels, np.int32)
    if verbose:
        say(f"Found {len(paths)} files{'.' if names is None else f' belonging to {len(names)} classes.'}")
    if not paths:
        raise NotFoundError(f"No {kind} files found in directory {directory}. Allowed formats: {extensions}")
    return LabelledFiles(paths, numbers, names)


def _files(top: str, extensions: tuple[str, ...], follow_links: bool) -> Any:
    if not os.path.isdir(top):
        raise FileNotFoundError(f"Expected a folder at {top!r}; there is none.")
    for root, _, names in sorted(os.walk(top, followlinks=follow_links)):
        yield from (os.path.join(root, name) for name in sorted(names) if name.lower().endswith(extensions))


def _split(found: LabelledFiles, fraction: float | None, subset: str | None, verbose: bool) -> list[LabelledFiles]:
    """The part or parts that were asked for: validation is the end."""
    if not subset:
        return [found]
    count = len(found.paths) - int((fraction or 0) * len(found.paths))
    parts = []
    for name, rows in (("training", slice(None, count)), ("validation", slice(count, None))):
        if subset in {name, "both"}:
            labels = None if found.labels is None else found.labels[rows]
            parts.append(LabelledFiles(found.paths[rows], labels, found.class_names))
            if verbose:
                say(f"Using {len(parts[-1].paths)} files for {name}.")
            if not parts[-1].paths:
                raise InvalidArgumentError(
                    f"validation_split={fraction} leaves no file for {name} of {len(found.paths)}. Change it."
                )
    return parts


def _dataset(
    files: LabelledFiles,
    read: Callable[[Any], Any],
    label_mode: str | None,
    batch_size: int | None,
    shuffle: bool,
    seed: int,
    varying: TensorSpec | None,
) -> Dataset:
    paths = np.array([os.fsencode(path) for path in files.paths], object)
    if label_mode is None or files.labels is None:
        made = Dataset.from_tensor_slices(paths)
        load: Callable[..., Any] = lambda path: read(os.fsdecode(path.numpy()))
    else:
        targets = files.labels
        if label_mode == "binary":
            targets = targets.astype(np.float32)[:, None]
        elif label_mode == "categorical":
            targets = np.eye(len(files.class_names or ()), dtype=np.float32)[targets]
        made = Dataset.from_tensor_slices((paths, targets))
        load = lambda path, target: (read(os.fsdecode(path.numpy())), target)
    if shuffle:  # paths are lighter to shuffle than what they hold; the order is the same
        made = made.shuffle(buffer_size=1024 if batch_size is None else batch_size * 8, seed=seed)
    if varying is None:
        made = made.map(load, num_parallel_calls=AUTOTUNE)
        made = made if batch_size is None else made.batch(batch_size)
    else:
        made = _varying(made, read, varying)
        made = made if batch_size is None else made.padded_batch(batch_size)
    made = made.prefetch(AUTOTUNE)
    made.class_names = files.class_names
    made.file_paths = files.paths
    return made


def _varying(files: Dataset, read: Callable[[Any], Any], spec: TensorSpec) -> Dataset:
    """What `read` makes of each file, of sizes that differ."""
    labelled = isinstance(files.element_spec, tuple)

    def elements() -> Any:
        for element in files.as_numpy_iterator():
            path, *target = element if labelled else (element,)
            found = read(os.fsdecode(path))
            yield (found, *target) if labelled else found

    signature = (spec, *files.element_spec[1:]) if labelled else spec
    return Dataset.from_generator(elements, output_signature=signature)
