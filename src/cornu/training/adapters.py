"""From what the user gives to `fit` to batches: decides between data in memory and streams of batches."""

from typing import Any, Literal

from cornu._base.errors import InvalidArgumentError
from cornu.training import checks
from cornu.training.arrays import ArrayData as ArrayData
from cornu.training.arrays import check_rows, map_nest, to_arrays
from cornu.training.class_weights import apply_class_weight
from cornu.training.ordered_arrays import ordered_arrays
from cornu.training.stream_sources import find_source, stream_kind
from cornu.training.streams import StreamData as StreamData


def adapt(
    x: Any,
    y: Any = None,
    sample_weight: Any = None,
    *,
    batch_size: int | None = None,
    steps: int | None = None,
    shuffle: bool = False,
    class_weight: Any = None,
    output_names: list[str] | None = None,
    mode: Literal["fit", "evaluate", "predict"] = "fit",
    allow_text: bool = False,
    workers: int | None = None,
    use_multiprocessing: bool | None = None,
    max_queue_size: int | None = None,
) -> ArrayData | StreamData:
    """The data of one run, checked, as arrays in memory or as a stream of batches.

    Args:
        x: arrays, tensors, lists of numbers, data frames, or nests of them; or a stream: a PyDataset, a dataset or
            data loader, a generator or an iterator, whose items are `x`, `(x,)`, `(x, y)` or `(x, y, sample_weight)`.
        y, sample_weight: targets and weights that go with arrays.
        batch_size: rows in a batch of arrays, 32 by default.
        steps: batches in an epoch; default: one pass.
        shuffle: arrays and PyDatasets in random order.
        class_weight: see `apply_class_weight`.
        output_names: the model's outputs, for class_weight.
        mode: what the data is for. In `predict`, a list from a generator is a list of inputs, not `[x, y]`.
        allow_text: let arrays of text through (models that look words up).
        workers, use_multiprocessing, max_queue_size: set these of a PyDataset (arguments of older `fit`s).
    Raises: InvalidArgumentError, InvalidTypeError saying what is wrong with which array.
    """
    checks.has_features(x)
    batch_size = checks.optional_positive_int("batch_size", batch_size)
    steps = checks.optional_positive_int(_STEPS[mode], steps)
    kind = stream_kind(x)
    if kind:
        checks.comes_alone(kind, y=y, sample_weight=sample_weight, batch_size=batch_size)
        ordered = ordered_arrays(x, steps, _STEPS[mode], class_weight, output_names)
        if ordered is not None:
            return ordered
        source = find_source(x, shuffle, workers, use_multiprocessing, max_queue_size)
        return StreamData(source, steps, class_weight, output_names, mode, allow_text)
    x, y, sample_weight = (
        to_arrays(part, name, allow_text) for part, name in ((x, "x"), (y, "y"), (sample_weight, "sample_weight"))
    )
    if class_weight is not None:
        check_rows(x, y, sample_weight)
        sample_weight = apply_class_weight(y, sample_weight, class_weight, output_names)
    return ArrayData(x, y, sample_weight, batch_size, steps, shuffle)


_STEPS = {"fit": "steps_per_epoch", "evaluate": "steps", "predict": "steps"}


def train_validation_split(arrays: tuple[Any, ...], validation_split: float) -> tuple[tuple[Any, ...], tuple[Any, ...]]:
    """Hold back the last rows, before any shuffling: ((x, y, sample_weight) to train, the same to validate).

    Args: `arrays`, nests of arrays with equal first dimension, None allowed; `validation_split`, a share in (0, 1).
    Raises: InvalidArgumentError if the split leaves no row on one side, is out of range, or the data is a generator.
    """
    share = checks.validation_split(validation_split)
    kind = stream_kind(arrays[0])
    if kind:
        checks.comes_alone(kind, validation_split=validation_split)
    names = ("x", "y", "sample_weight")
    arrays = tuple(to_arrays(part, name, allow_text=True) for part, name in zip(arrays, names, strict=False))
    rows = check_rows(*(*arrays, None, None)[:3])
    kept = int(rows * (1.0 - share))
    if kept in (0, rows):
        raise InvalidArgumentError(
            f"Training data contains {rows} samples, which is not sufficient to split it into a validation and "
            f"training set as specified by `validation_split={validation_split}`. Either provide more data, or a "
            f"different value for the `validation_split` argument."
        )

    def part(rows: slice) -> tuple[Any, ...]:
        return tuple(map_nest(lambda array: None if array is None else array[rows], nest) for nest in arrays)

    return part(slice(0, kept)), part(slice(kept, rows))
