"""Older and rarer names of dataset functions; many are used as `dataset.apply(unbatch())`. Source: tf.data.experimental."""

from collections.abc import Callable, Sequence
from enum import IntEnum
from typing import Any

from cornu._base.suggest import attribute_error
from cornu.core.tensor import Tensor
from cornu.data.csv import CsvDataset as CsvDataset
from cornu.data.csv import make_csv_dataset as make_csv_dataset
from cornu.data.dataset import Dataset
from cornu.data.options import AutotuneOptions as AutotuneOptions
from cornu.data.options import DistributeOptions as DistributeOptions
from cornu.data.options import OptimizationOptions as OptimizationOptions
from cornu.data.options import ThreadingOptions as ThreadingOptions
from cornu.data.passing import Asserted
from cornu.data.records import TFRecordWriter as TFRecordWriter
from cornu.data.step import AUTOTUNE as AUTOTUNE

_Change = Callable[[Dataset], Dataset]


class AutoShardPolicy(IntEnum):
    """How a dataset is divided between processes."""

    OFF, AUTO, FILE, DATA, HINT = -1, 0, 1, 2, 3


def cardinality(dataset: Dataset) -> Tensor:
    """The number of elements, -1 if infinite, -2 if unknown."""
    return dataset.cardinality()


def assert_cardinality(expected_cardinality: Any) -> _Change:
    """Says how many elements there are; the dataset checks it while it runs."""
    return lambda dataset: Dataset(Asserted(dataset._step, int(expected_cardinality)))


def dense_to_ragged_batch(batch_size: Any, drop_remainder: bool = False, row_splits_dtype: Any = "int64") -> _Change:
    """As the method `ragged_batch`. Source: tf.data.experimental.dense_to_ragged_batch."""
    return lambda dataset: dataset.ragged_batch(batch_size, drop_remainder, row_splits_dtype)


def unbatch() -> _Change:
    """`Dataset.unbatch`."""
    return lambda dataset: dataset.unbatch()


def shuffle_and_repeat(buffer_size: Any, count: Any = None, seed: Any = None) -> _Change:
    """`shuffle`, then `repeat`."""
    return lambda dataset: dataset.shuffle(buffer_size, seed).repeat(count)


def map_and_batch(
    map_func: Callable, batch_size: Any, num_parallel_batches: Any = None, drop_remainder: bool = False,
    num_parallel_calls: Any = None,
) -> _Change:  # fmt: skip
    """`map`, then `batch`."""
    calls = num_parallel_calls if num_parallel_batches is None else int(num_parallel_batches) * int(batch_size)
    return lambda dataset: dataset.map(map_func, calls).batch(batch_size, drop_remainder)


def enumerate_dataset(start: Any = 0) -> _Change:
    """`Dataset.enumerate`."""
    return lambda dataset: dataset.enumerate(start)


def take_while(predicate: Callable) -> _Change:
    """`Dataset.take_while`."""
    return lambda dataset: dataset.take_while(predicate)


def unique() -> _Change:
    """`Dataset.unique`."""
    return lambda dataset: dataset.unique()


def scan(initial_state: Any, scan_func: Callable) -> _Change:
    """`Dataset.scan`."""
    return lambda dataset: dataset.scan(initial_state, scan_func)


def ignore_errors(log_warning: bool = False) -> _Change:
    """`Dataset.ignore_errors`."""
    return lambda dataset: dataset.ignore_errors(log_warning)


def group_by_window(
    key_func: Callable, reduce_func: Callable, window_size: Any = None, window_size_func: Callable | None = None
) -> _Change:
    """`Dataset.group_by_window`."""
    return lambda dataset: dataset.group_by_window(key_func, reduce_func, window_size, window_size_func)


def bucket_by_sequence_length(
    element_length_func: Callable, bucket_boundaries: Sequence[int], bucket_batch_sizes: Sequence[int],
    padded_shapes: Any = None, padding_values: Any = None, pad_to_bucket_boundary: bool = False, no_padding: bool = False,
    drop_remainder: bool = False,
) -> _Change:  # fmt: skip
    """`Dataset.bucket_by_sequence_length`."""
    return lambda dataset: dataset.bucket_by_sequence_length(
        element_length_func, bucket_boundaries, bucket_batch_sizes, padded_shapes, padding_values, pad_to_bucket_boundary,
        no_padding, drop_remainder,
    )  # fmt: skip


def parallel_interleave(
    map_func: Callable, cycle_length: Any, block_length: Any = 1, sloppy: bool = False,
    buffer_output_elements: Any = None, prefetch_input_elements: Any = None,
) -> _Change:  # fmt: skip
    """`Dataset.interleave` with a thread for each open dataset; the buffers' sizes are chosen."""
    return lambda dataset: dataset.interleave(map_func, cycle_length, block_length, cycle_length)


def prefetch_to_device(device: str, buffer_size: Any = None) -> _Change:
    """`Dataset.prefetch`; training puts batches on its device ahead of their use."""
    return lambda dataset: dataset.prefetch(buffer_size)


def copy_to_device(target_device: str, source_device: str = "/cpu:0") -> _Change:
    """The dataset as it is: tensors go to the device when they are first used."""
    return lambda dataset: dataset


def choose_from_datasets(
    datasets: Sequence[Dataset], choice_dataset: Dataset, stop_on_empty_dataset: bool = False
) -> Dataset:
    """`Dataset.choose_from_datasets`."""
    return Dataset.choose_from_datasets(datasets, choice_dataset, stop_on_empty_dataset)


def sample_from_datasets(
    datasets: Sequence[Dataset], weights: Any = None, seed: int | None = None, stop_on_empty_dataset: bool = False
) -> Dataset:
    """`Dataset.sample_from_datasets`."""
    return Dataset.sample_from_datasets(datasets, weights, seed, stop_on_empty_dataset)


def get_single_element(dataset: Dataset) -> Any:
    """`Dataset.get_single_element`."""
    return dataset.get_single_element()


def get_structure(dataset_or_iterator: Any) -> Any:
    """What the elements are like."""
    return dataset_or_iterator.element_spec


def from_list(elements: Sequence[Any], name: str | None = None) -> Dataset:
    """The entries of a list, each a tensor or nest of tensors."""
    elements = list(elements)
    return Dataset.from_generator(
        lambda: iter(elements), output_signature=Dataset.from_tensors(elements[0]).element_spec
    ).apply(assert_cardinality(len(elements)))


def Counter(start: Any = 0, step: Any = 1, dtype: Any = "int64") -> Dataset:
    """`Dataset.counter`."""
    return Dataset.counter(start, step, dtype)


def RandomDataset(seed: int | None = None) -> Dataset:
    """`Dataset.random`."""
    return Dataset.random(seed)


def save(dataset: Dataset, path: Any, compression: str | None = None) -> None:
    """`Dataset.save`."""
    dataset.save(path, compression)


def load(path: Any, element_spec: Any = None) -> Dataset:
    """`Dataset.load`."""
    return Dataset.load(path, element_spec)


__getattr__ = attribute_error(__name__)
