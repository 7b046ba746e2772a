"""Elements gathered by a key: windows of one key each, and batches of similar length."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from cornu._base.errors import InvalidArgumentError
from cornu.data.batching import GroupByWindow, positive, shapes_like
from cornu.data.nest import flatten, pack
from cornu.data.step import Step
from cornu.data.tracing import run_python, traced
from cornu.data.values import to_host, to_tensor

DatasetOf = Callable[[list[Any], Any], Any]  # collected elements and their spec -> a dataset


def windows_by_key(
    step: Step, key_func: Callable, reduce_func: Callable, window_size: Any, window_size_func: Callable | None,
    dataset_of: DatasetOf,
) -> Step:  # fmt: skip
    """What `Dataset.group_by_window` makes.

    Raises: InvalidArgumentError unless either `window_size` or `window_size_func` is given.
    """
    if (window_size is None) == (window_size_func is None):
        raise InvalidArgumentError("Expected either window_size or window_size_func for group_by_window.")
    if window_size_func is None:
        fixed = positive("window_size", window_size)
        size = lambda key: fixed
    else:
        size = lambda key: int(to_host(window_size_func(to_tensor(np.int64(key)))))
    compiled = traced(key_func, step.element_spec)

    def key_of(element: Any) -> int:
        return int(compiled(element) if compiled is not None else run_python(key_func, element))

    def reduced(key: int, group: Any) -> Any:
        return reduce_func(to_tensor(np.int64(key)), group)

    def spec() -> Any:
        for element in step.elements():
            return reduced(key_of(element), dataset_of([element], step.element_spec)).element_spec
        raise InvalidArgumentError("Expected at least one element to tell what group_by_window makes; there is none.")

    return GroupByWindow(step, key_of, reduced, size, spec, dataset_of)


def batches_by_length(
    step: Step, element_length_func: Callable, bucket_boundaries: Sequence[int], bucket_batch_sizes: Sequence[int],
    padded_shapes: Any, padding_values: Any, pad_to_bucket_boundary: bool, no_padding: bool, drop_remainder: bool,
    dataset_of: DatasetOf,
) -> Step:  # fmt: skip
    """What `Dataset.bucket_by_sequence_length` makes.

    Raises: InvalidArgumentError on boundaries out of order, or another number of batch sizes.
    """
    bounds, sizes = [int(b) for b in bucket_boundaries], [int(s) for s in bucket_batch_sizes]
    if len(sizes) != len(bounds) + 1:
        raise InvalidArgumentError(
            f"Expected {len(bounds) + 1} bucket_batch_sizes for {len(bounds)} bucket_boundaries; received {len(sizes)}."
        )
    if bounds != sorted(bounds):
        raise InvalidArgumentError(f"Expected bucket_boundaries in ascending order; received {bounds}.")
    compiled = traced(element_length_func, step.element_spec)

    def key_of(element: Any) -> int:
        length = compiled(element) if compiled is not None else run_python(element_length_func, element)
        return int(np.searchsorted(bounds, int(length), side="right"))

    def reduced(key: int, group: Any) -> Any:
        if no_padding:
            return group.batch(sizes[key], drop_remainder)
        shapes = padded_shapes
        if pad_to_bucket_boundary:
            if key == len(bounds):
                raise InvalidArgumentError(
                    f"Expected no element of length {bounds[-1]} or more with pad_to_bucket_boundary=True; "
                    "received one. Add a boundary, or filter such elements."
                )
            spec = step.element_spec
            known = [leaf.shape for leaf in flatten(spec)] if shapes is None else shapes_like(spec, shapes)
            shapes = pack(spec, [[bounds[key] - 1 if size is None else size for size in shape] for shape in known])
        return group.padded_batch(sizes[key], shapes, padding_values, drop_remainder)

    def spec() -> Any:
        group = dataset_of([], step.element_spec)
        if no_padding:
            return group.batch(1).element_spec
        return group.padded_batch(1, padded_shapes, padding_values).element_spec

    return GroupByWindow(step, key_of, reduced, lambda key: sizes[key], spec, dataset_of)
