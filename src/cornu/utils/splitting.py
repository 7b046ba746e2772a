"""One data set as two. Source: keras.utils.split_dataset."""

import random
from typing import Any

import numpy as np

from cornu._base.errors import InvalidArgumentError, InvalidTypeError
from cornu.core.tensor import is_tensor

Size = int | float | None


def split_dataset(
    dataset: Any,
    left_size: Size = None,
    right_size: Size = None,
    shuffle: bool = False,
    seed: int | None = None,
    preferred_backend: str | None = None,
) -> tuple[Any, Any]:
    """The first and the last part of a data set, as two `cornu.data.Dataset`.

    Args:
        dataset: an array, a list or tuple of arrays of one length, a `cornu.data.Dataset`, or a torch Dataset.
        left_size, right_size: how many samples, or which fraction. One of them suffices: the other gets the rest.
        shuffle: in a random order (`seed`) before dividing.
        preferred_backend: None or `"tensorflow"`: what `cornu.data` stands for.
    Raises: InvalidArgumentError for sizes that do not fit; InvalidTypeError for other kinds of data.
    """
    from cornu.data import AUTOTUNE, Dataset

    if preferred_backend not in {None, "tensorflow", "jax"}:
        raise InvalidArgumentError(
            f"Expected preferred_backend None or 'tensorflow' (both give cornu.data); received {preferred_backend!r}."
        )
    rows = _rows(dataset)
    count = len(rows[0]) if isinstance(rows, tuple) else len(rows)
    left, right = split_sizes(left_size, right_size, count)
    order = list(range(count))
    if shuffle:
        random.Random(random.randint(0, 1_000_000) if seed is None else seed).shuffle(order)

    def part(places: list[int]) -> Any:
        if isinstance(rows, list):
            return Dataset.from_tensor_slices(_stacked([rows[place] for place in places])).prefetch(AUTOTUNE)
        chosen = tuple(array[places] for array in rows) if isinstance(rows, tuple) else rows[places]
        return Dataset.from_tensor_slices(chosen).prefetch(AUTOTUNE)

    return part(order[:left]), part(order[count - right :])


def _rows(dataset: Any) -> Any:
    """An array, a tuple of arrays of one length, or a list of samples."""
    from cornu.data import Dataset

    if isinstance(dataset, Dataset):
        return list(dataset.as_numpy_iterator())
    if isinstance(dataset, np.ndarray) or is_tensor(dataset):
        return np.asarray(dataset)
    if isinstance(dataset, (list, tuple)):
        for place, array in enumerate(dataset):
            if not isinstance(array, np.ndarray) and not is_tensor(array):
                raise InvalidArgumentError(
                    f"Expected a list of `numpy.ndarray` objects, Received: {type(array)} at index {place}."
                )
        arrays = tuple(np.asarray(array) for array in dataset)
        if not arrays or len({len(array) for array in arrays}) != 1:
            raise InvalidArgumentError(
                f"Received a list of NumPy arrays with different lengths: {[len(array) for array in arrays]}."
            )
        return arrays
    if any(base.__module__.startswith("torch.") for base in type(dataset).__mro__) and hasattr(dataset, "__getitem__"):
        return [_numpy_sample(dataset[place]) for place in range(len(dataset))]
    raise InvalidTypeError(f"Unsupported dataset type: {type(dataset)}. Pass arrays or a cornu.data.Dataset.")


def _numpy_sample(sample: Any) -> Any:
    return tuple(map(np.asarray, sample)) if isinstance(sample, (tuple, list)) else np.asarray(sample)


def _stacked(samples: list[Any]) -> Any:
    """A list of samples as arrays with one more axis."""
    if not samples:
        raise InvalidArgumentError("Expected at least one sample on each side; one side has none. Change the sizes.")
    if isinstance(samples[0], tuple):
        return tuple(_stacked([sample[place] for sample in samples]) for place in range(len(samples[0])))
    if isinstance(samples[0], dict):
        return {name: _stacked([sample[name] for sample in samples]) for name in samples[0]}
    shapes = {np.shape(sample) for sample in samples}
    if len(shapes) > 1:
        raise InvalidArgumentError(
            f"Expected samples of one shape; received {sorted(shapes)[:4]}. Split before batching."
        )
    return np.stack(samples) if not isinstance(samples[0], (bytes, str)) else np.array(samples, object)


def split_sizes(left_size: Size, right_size: Size, count: int) -> tuple[int, int]:
    """Samples on either side. Raises: InvalidArgumentError or InvalidTypeError if they do not fit `count`."""
    if left_size is None and right_size is None:
        raise InvalidArgumentError(
            "At least one of the `left_size` or `right_size` must be specified. Received: left_size=None and right_size=None"
        )
    for name, size in (("left_size", left_size), ("right_size", right_size)):
        if size is None:
            continue
        if isinstance(size, bool) or not isinstance(size, (int, float, np.integer, np.floating)):
            raise InvalidTypeError(
                f"Invalid `{name}` Type. Expected: int or float or None, Received: type({name})={type(size)}."
            )
        is_fraction = isinstance(size, (float, np.floating))
        if size <= 0 or size >= (1 if is_fraction else count):
            raise InvalidArgumentError(
                f"`{name}` should be either a positive integer smaller than {count}, or a float within the range `[0, 1]`. "
                f"Received: {name}={size}"
            )
    fractions = [size for size in (left_size, right_size) if isinstance(size, (float, np.floating))]
    if len(fractions) == 2 and sum(fractions) > 1:
        raise InvalidArgumentError(
            "The sum of `left_size` and `right_size` is greater than 1. It must be less than or equal to 1."
        )
    left, right = (
        round(size * count) if isinstance(size, (float, np.floating)) else size for size in (left_size, right_size)
    )
    left = count - right if left is None else left  # type: ignore[operator]
    right = count - left if right is None else right
    if left + right > count:
        raise InvalidArgumentError(
            f"The sum of `left_size` and `right_size` should be smaller than the {count}. "
            f"Received: left_size + right_size = {left + right} and total_length = {count}"
        )
    if not left or not right:
        raise InvalidArgumentError(
            f"Dataset with `length={count}`, `left_size={left_size}` and `right_size={right_size}` leaves one side empty. "
            "Adjust the sizes."
        )
    return int(left), int(right)
