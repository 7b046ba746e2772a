"""Batches of pictures that a table names. Source: tf.keras.preprocessing.image (flow_from_dataframe)."""

import os
import warnings
from collections.abc import Iterable
from typing import Any

import numpy as np

from cornu._base.errors import InvalidArgumentError, InvalidTypeError
from cornu.preprocessing.image.file_batches import FileBatches
from cornu.preprocessing.image.iterator import WHITE_LIST
from cornu.training.progress import say

CLASS_MODES = ("binary", "categorical", "input", "multi_output", "raw", "sparse", None)


class DataFrameIterator(FileBatches):
    """Batches from a table of file names and labels: a pandas DataFrame, or a dict of columns.

    Args:
        dataframe: the table. directory: where the files are; None if the names are whole paths.
        image_data_generator: changes and standardizes.
        x_col: the column of the file names. y_col: of the labels, or several columns. weight_col: of the sample weights.
        classes: the labels to use, in the order of their numbers; default all, sorted.
        class_mode: targets: `"categorical"` (labels may be lists) and `"binary"`, `"sparse"` from text labels; `"raw"` values of
            one or several columns, `"multi_output"` one array per column, `"input"` the pictures themselves, None no targets.
        validate_filenames: leave out files that do not exist or are no pictures.
        batch_size, shuffle, seed: as in `Iterator`. The others: as in `FileBatches`.
    Raises: InvalidArgumentError for unknown options and a wrong number of classes; InvalidTypeError for labels that are no text.
    """

    def __init__(
        self, dataframe: Any, directory: str | os.PathLike | None = None, image_data_generator: Any = None,
        x_col: str = "filename", y_col: Any = "class", weight_col: str | None = None,
        target_size: tuple[int, int] = (256, 256), color_mode: str = "rgb", classes: Iterable[str] | None = None,
        class_mode: str | None = "categorical", batch_size: int = 32, shuffle: bool = True, seed: int | None = None,
        data_format: str | None = "channels_last", save_to_dir: str | os.PathLike | None = None, save_prefix: str = "",
        save_format: str = "png", subset: str | None = None, interpolation: str = "nearest",
        keep_aspect_ratio: bool = False, dtype: Any = "float32", validate_filenames: bool = True,
    ):  # fmt: skip
        self.set_processing_attrs(
            image_data_generator, target_size, color_mode, data_format, save_to_dir, save_prefix, save_format, subset,
            interpolation, keep_aspect_ratio, dtype,
        )  # fmt: skip
        if class_mode not in CLASS_MODES:
            raise InvalidArgumentError(f"Invalid class_mode: {class_mode}; expected one of: {CLASS_MODES}")
        self.class_mode, self.directory = class_mode, os.fspath(directory or "")
        columns = {"x_col": x_col, "weight_col": weight_col}
        if class_mode in {"multi_output", "raw"}:
            several = list(y_col) if isinstance(y_col, (list, tuple)) else [y_col]
            if class_mode == "multi_output" and not isinstance(y_col, (list, tuple)):
                raise InvalidTypeError(
                    f'If class_mode="multi_output", y_col must be a list. Received {type(y_col).__name__}.'
                )
        else:
            several = [] if class_mode in {"input", None} else [y_col]
        table = {name: _column(dataframe, name) for name in [*columns.values(), *several] if name is not None}
        if not all(isinstance(name, str) for name in table[x_col]):
            raise InvalidTypeError(f"All values in column x_col={x_col} must be strings (file names).")
        if weight_col is not None and np.asarray(table[weight_col]).dtype.kind not in "iufb":
            raise InvalidTypeError(f"Column weight_col={weight_col} must be numeric.")
        kept = np.arange(len(table[x_col]))
        if class_mode in {"categorical", "binary", "sparse"}:
            names, kept = self._choose_classes(table[y_col], classes, kept, y_col)
            self.class_indices = {name: number for number, name in enumerate(names)}
            self.num_classes = len(names)
        if validate_filenames:
            kept = self._existing(table[x_col], kept, x_col)
        if self.split is not None:
            kept = kept[int(len(kept) * self.split[0]) : int(len(kept) * self.split[1])]
        self.filenames = [table[x_col][row] for row in kept]
        self._filepaths = [os.path.join(self.directory, name) for name in self.filenames]
        if weight_col is not None:
            self.sample_weight = np.asarray(table[weight_col])[kept]
        if class_mode in {"categorical", "binary", "sparse"}:
            self.classes = [self._numbers(table[y_col][row]) for row in kept]
        elif class_mode == "raw":
            values = np.stack([np.asarray(table[name]) for name in several], -1)[kept]
            self._values = values if isinstance(y_col, (list, tuple)) else values[:, 0]
        elif class_mode == "multi_output":
            self._outputs = [np.array([table[name][row] for row in kept]) for name in several]
        self.samples = len(self.filenames)
        kind = "validated" if validate_filenames else "non-validated"
        belonging = f" belonging to {self.num_classes} classes" if hasattr(self, "num_classes") else ""
        say(f"Found {self.samples} {kind} image filenames{belonging}.")
        super().__init__(self.samples, batch_size, shuffle, seed)

    def _choose_classes(
        self, labels: list[Any], classes: Iterable[str] | None, kept: np.ndarray, y_col: Any
    ) -> tuple[list[str], np.ndarray]:
        """The classes in the order of their numbers, and the rows that belong to them."""
        lists = self.class_mode == "categorical"
        for label in labels:
            if not isinstance(label, str) and not (lists and isinstance(label, (list, tuple))):
                raise InvalidTypeError(
                    f'If class_mode="{self.class_mode}", y_col="{y_col}" column values must be strings'
                    f"{', lists or tuples' if lists else ''}; received {label!r}. Convert the column with astype(str)."
                )
        found = {name for label in labels for name in ([label] if isinstance(label, str) else label)}
        names = list(dict.fromkeys(classes)) if classes else sorted(found)
        if self.class_mode == "binary" and len(names) != 2:
            raise InvalidArgumentError(
                f'If class_mode="binary" there must be 2 classes. {len(names)} class/es were given.'
            )
        if classes:
            chosen = set(names)
            keep = [bool(chosen & ({label} if isinstance(label, str) else set(label))) for label in labels]
            kept = kept[np.array(keep, bool)]
        return names, kept

    def _numbers(self, label: Any) -> Any:
        """A class number, or the list of them."""
        if isinstance(label, str):
            return self.class_indices[label]
        return [self.class_indices[name] for name in label if name in self.class_indices]

    def _existing(self, names: list[str], kept: np.ndarray, x_col: str) -> np.ndarray:
        endings = tuple(f".{extension}" for extension in WHITE_LIST)
        good = np.array(
            [
                names[row].lower().endswith(endings) and os.path.isfile(os.path.join(self.directory, names[row]))
                for row in kept
            ],
            bool,
        )
        if missing := int(len(kept) - good.sum()):
            warnings.warn(
                f'Found {missing} invalid image filename(s) in x_col="{x_col}". These filename(s) will be ignored.',
                stacklevel=4,
            )
        return kept[good]

    def _targets(self, batch: np.ndarray, index_array: np.ndarray) -> Any:
        if self.class_mode == "multi_output":
            return [output[index_array] for output in self._outputs]
        if self.class_mode == "categorical":
            rows = np.zeros((len(index_array), self.num_classes), self.dtype)
            for place, index in enumerate(index_array):
                rows[place, self.classes[index]] = 1
            return rows
        return super()._targets(batch, index_array)

    @property
    def filepaths(self) -> list[str]:  # pyright: ignore[reportIncompatibleVariableOverride]
        """The files, with their folder."""
        return self._filepaths

    @property
    def labels(self) -> Any:  # pyright: ignore[reportIncompatibleVariableOverride]
        """The class number of each file, or the raw values."""
        return self._values if self.class_mode == "raw" else self.classes


def _column(table: Any, name: str) -> list[Any]:
    """A column of a DataFrame or of a dict, as a list."""
    try:
        column = table[name]
    except KeyError:
        known = ", ".join(map(repr, getattr(table, "columns", table)))
        raise InvalidArgumentError(
            f"Expected a column {name!r}; the table has {known}. Pass x_col and y_col."
        ) from None
    return column.tolist() if hasattr(column, "tolist") else list(column)
