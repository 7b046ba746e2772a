"""`Dataset`: elements, one after the other, and everything that can be done to them. Source: tf.data.Dataset."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from cornu._base.errors import InvalidArgumentError, InvalidTypeError
from cornu.core.tensor import Tensor
from cornu.data import combining, files, mapping, order, sources, storing
from cornu.data.batching import Batch, PaddedBatch, RaggedBatch, Rebatch, Unbatch, Window, positive
from cornu.data.grouping import batches_by_length, windows_by_key
from cornu.data.in_memory import RowsInMemory, rows_in_memory
from cornu.data.iterator import DatasetIterator, NumpyIterator
from cornu.data.nest import map_nest
from cornu.data.options import Options
from cornu.data.passing import Prefetch, WithOptions
from cornu.data.step import INFINITE, UNKNOWN, Step
from cornu.data.values import element_to_host, to_host, to_numpy, to_tensor, to_tensors


class Dataset:
    """A pipeline of elements, each a tensor or a nest of tuples and dicts of tensors.

    Iterating gives tensors; every iteration begins anew. Pipelines over arrays in memory, made of `shuffle`, `batch`, `repeat`,
    `take`, `skip`, `cache`, `prefetch`, and of maps and filters of tensor operations, run on whole chunks of rows.
    Elements come in TensorFlow's order, that of `shuffle` with a seed included.

    Example:
        >>> list(Dataset.range(5).batch(2).as_numpy_iterator())
        [array([0, 1]), array([2, 3]), array([4])]
    """

    _step: Step

    def __init__(self, step: Step):
        if not isinstance(step, Step):
            raise InvalidTypeError(
                f"Expected a dataset to be made by Dataset.from_tensor_slices(arrays), from_generator(function, ...), or "
                f"another of its functions; received {step!r:.80}."
            )
        self._step = step

    # -- sources

    @staticmethod
    def from_tensors(tensors: Any, name: str | None = None) -> "Dataset":
        """One element. Source: tf.data.Dataset.from_tensors."""
        return Dataset(sources.Tensors(tensors))

    @staticmethod
    def from_tensor_slices(tensors: Any, name: str | None = None) -> "Dataset":
        """The rows of arrays, or of a nest of arrays (tuples, dicts) with the same number of rows.

        Raises: InvalidArgumentError if the numbers of rows differ. Source: tf.data.Dataset.from_tensor_slices.
        """
        return Dataset(sources.Slices(tensors))

    @staticmethod
    def from_generator(
        generator: Callable, output_types: Any = None, output_shapes: Any = None, args: Sequence[Any] | None = None,
        output_signature: Any = None, name: str | None = None,
    ) -> "Dataset":  # fmt: skip
        """What a Python generator yields; every pass calls `generator(*args)`.

        Args:
            generator: a function that returns an iterable.
            output_types, output_shapes: what it yields, as dtypes and shapes.
            args: its arguments; they reach it as NumPy values.
            output_signature: what it yields, as TensorSpecs.

        Raises: InvalidTypeError, InvalidArgumentError, at once or at the element that is otherwise.
        Source: tf.data.Dataset.from_generator.
        """
        signature = sources.signature_of(output_types, output_shapes, output_signature)
        return Dataset(sources.Generated(generator, signature, tuple(args or ())))

    @staticmethod
    def range(*args: Any, output_type: Any = "int64", name: str | None = None) -> "Dataset":
        """Numbers `stop`, `start, stop` or `start, stop, step`, as `range` has them. Source: tf.data.Dataset.range."""
        if not 1 <= len(args) <= 3:
            raise InvalidArgumentError(
                f"Expected range(stop), (start, stop) or (start, stop, step); received {args!r}."
            )
        numbers = [int(arg) for arg in args]
        start, stop = (0, numbers[0]) if len(numbers) == 1 else numbers[:2]
        return Dataset(sources.Range(start, stop, numbers[2] if len(numbers) == 3 else 1, output_type))

    @staticmethod
    def counter(start: Any = 0, step: Any = 1, dtype: Any = "int64", name: str | None = None) -> "Dataset":
        """Numbers without end. Source: tf.data.Dataset.counter."""
        return Dataset(sources.Counter(to_numpy(to_host(start)), to_numpy(to_host(step)), dtype))

    @staticmethod
    def random(
        seed: int | None = None, rerandomize_each_iteration: bool | None = None, name: str | None = None
    ) -> "Dataset":
        """Random integers below 2**32 without end, TensorFlow's for the same seeds. Source: tf.data.Dataset.random."""
        return Dataset(sources.Random(_seed(seed), bool(rerandomize_each_iteration)))

    @staticmethod
    def list_files(
        file_pattern: Any, shuffle: bool | None = None, seed: int | None = None, name: str | None = None
    ) -> "Dataset":
        """Names of the files that match patterns, in random order unless `shuffle=False`.

        Raises: NotFoundError if there is none. Source: tf.data.Dataset.list_files.
        """
        found = files.matching(file_pattern)
        dataset = Dataset.from_tensor_slices(found)
        if shuffle is None or shuffle:
            dataset = dataset.shuffle(len(found), seed=seed)
        return dataset

    @staticmethod
    def load(
        path: Any, element_spec: Any = None, compression: str | None = None, reader_func: Callable | None = None
    ) -> "Dataset":
        """What `save` wrote. Source: tf.data.Dataset.load.

        Raises: NotFoundError, DataLossError; InvalidArgumentError on a `reader_func` that returns no dataset.
        """
        dataset = Dataset(storing.Stored(path, element_spec))
        if reader_func is not None:
            dataset = reader_func(Dataset.from_tensors(0).map(lambda _: dataset))
            if not isinstance(dataset, Dataset):
                raise InvalidArgumentError(f"Expected reader_func to return a dataset; received {dataset!r:.80}.")
        return dataset

    # -- several datasets

    @staticmethod
    def zip(*args: Any, datasets: Any = None, name: str | None = None) -> "Dataset":
        """Elements side by side, until the shortest ends.

        Args: datasets, or one nest of them. Raises: InvalidTypeError on anything else. Source: tf.data.Dataset.zip.
        """
        if datasets is not None:
            args = (datasets,)
        nest = args[0] if len(args) == 1 else tuple(args)
        if isinstance(nest, list):
            raise InvalidTypeError("Expected a tuple, dict or nest of them for zip; received a list. Make it a tuple.")
        return Dataset(combining.Zip(map_nest(lambda leaf: _step(leaf, "zip"), nest)))

    @staticmethod
    def choose_from_datasets(
        datasets: Sequence["Dataset"], choice_dataset: "Dataset", stop_on_empty_dataset: bool = True
    ) -> "Dataset":
        """Elements of the datasets whose numbers `choice_dataset` gives. Source: tf.data.Dataset.choose_from_datasets."""
        steps = [_step(each, "choose_from_datasets") for each in datasets]
        if not steps:
            raise InvalidArgumentError("Expected at least one dataset to choose from; received none.")
        return Dataset(combining.Choose(steps, _step(choice_dataset, "choose_from_datasets"), stop_on_empty_dataset))

    @staticmethod
    def sample_from_datasets(
        datasets: Sequence["Dataset"], weights: Any = None, seed: int | None = None, stop_on_empty_dataset: bool = False,
        rerandomize_each_iteration: bool | None = None,
    ) -> "Dataset":  # fmt: skip
        """Elements of datasets drawn by chance, with probabilities `weights` (default: all alike); TensorFlow's for a seed.

        Source: tf.data.Dataset.sample_from_datasets.
        """
        steps = [_step(each, "sample_from_datasets") for each in datasets]
        if not steps:
            raise InvalidArgumentError("Expected at least one dataset to sample from; received none.")
        given = np.ones(len(steps)) if weights is None else np.asarray(element_to_host(weights), np.float64)
        if given.shape != (len(steps),) or (given < 0).any() or not given.sum() > 0:
            raise InvalidArgumentError(
                f"Expected {len(steps)} weights of 0 or more for as many datasets; received {weights!r}."
            )
        drawn = [step for step, weight in zip(steps, given, strict=True) if weight]  # others would keep it from ending
        choices = combining.RandomChoices(given[given > 0], _seed(seed), bool(rerandomize_each_iteration))
        return Dataset(combining.Choose(drawn, choices, stop_on_empty_dataset))

    def concatenate(self, dataset: "Dataset", name: str | None = None) -> "Dataset":
        """These elements, then those of `dataset`.

        Raises: InvalidTypeError if their dtypes differ. Source: tf.data.Dataset.concatenate.
        """
        return Dataset(combining.Concatenate(self._step, _step(dataset, "concatenate")))

    # -- order

    def take(self, count: Any, name: str | None = None) -> "Dataset":
        """The first `count` elements; all for -1. Source: tf.data.Dataset.take."""
        return Dataset(order.Take(self._step, int(count)))

    def skip(self, count: Any, name: str | None = None) -> "Dataset":
        """All but the first `count` elements; none for -1. Source: tf.data.Dataset.skip."""
        return Dataset(order.Skip(self._step, int(count)))

    def shard(self, num_shards: Any, index: Any, name: str | None = None) -> "Dataset":
        """Every `num_shards`-th element, beginning with number `index`. Source: tf.data.Dataset.shard."""
        return Dataset(order.Shard(self._step, int(num_shards), int(index)))

    def repeat(self, count: Any = None, name: str | None = None) -> "Dataset":
        """`count` passes; without end for None or -1. Source: tf.data.Dataset.repeat."""
        return Dataset(order.Repeat(self._step, -1 if count is None else int(count)))

    def shuffle(
        self, buffer_size: Any, seed: Any = None, reshuffle_each_iteration: bool | None = True, name: str | None = None
    ) -> "Dataset":
        """Random order: each element is one of the next `buffer_size`. With a seed, TensorFlow's order.

        Args:
            buffer_size: how many elements wait to be chosen; UNKNOWN_CARDINALITY for all.
            seed: makes the order the same in every run; together with the global seed, if there is one.
            reshuffle_each_iteration: whether every pass has an order of its own.

        Source: tf.data.Dataset.shuffle.
        """
        anew = True if reshuffle_each_iteration is None else bool(reshuffle_each_iteration)
        size = _EVERYTHING if int(buffer_size) == UNKNOWN else positive("buffer_size", buffer_size)
        return Dataset(order.Shuffle(self._step, size, _seed(seed), anew))

    def enumerate(self, start: Any = 0, name: str | None = None) -> "Dataset":
        """Pairs (number, element). Source: tf.data.Dataset.enumerate."""
        return Dataset(order.Enumerate(self._step, int(start)))

    def unique(self, name: str | None = None) -> "Dataset":
        """Elements that have not come before. Source: tf.data.Dataset.unique."""
        return Dataset(order.Unique(self._step))

    # -- functions

    def map(
        self, map_func: Callable, num_parallel_calls: Any = None, deterministic: bool | None = None,
        synchronous: bool | None = None, use_unbounded_threadpool: bool = False, name: str | None = None,
    ) -> "Dataset":  # fmt: skip
        """`map_func` of every element; the parts of a tuple are its arguments.

        A function of tensor operations is traced once and compiled. Any other Python function works as well: it runs on
        concrete tensors, element by element.

        Args:
            map_func: the function; lists in what it returns are tensors, tuples and dicts are structure.
            num_parallel_calls: threads that run it, if it is not compiled; AUTOTUNE takes one per core.
            deterministic: False lets elements come as they are done.
            synchronous: True forbids threads.
            use_unbounded_threadpool: accepted; `num_parallel_calls` says how many threads there are.

        Raises: what `map_func` raises, with a note that names the step and the number of the element.
        Source: tf.data.Dataset.map.
        """
        parallel = None if synchronous else num_parallel_calls
        return Dataset(mapping.Map(self._step, map_func, parallel, deterministic is not False))

    def filter(self, predicate: Callable, name: str | None = None) -> "Dataset":
        """The elements that `predicate` is True for. Source: tf.data.Dataset.filter."""
        return Dataset(mapping.Filter(self._step, predicate))

    def take_while(self, predicate: Callable, name: str | None = None) -> "Dataset":
        """The elements before the first that `predicate` is False for. Source: tf.data.Dataset.take_while."""
        return Dataset(mapping.TakeWhile(self._step, predicate))

    def flat_map(self, map_func: Callable, name: str | None = None) -> "Dataset":
        """The elements of the datasets that `map_func` makes, one dataset after the other. Source: tf.data.Dataset.flat_map."""
        return Dataset(combining.FlatMap(self._step, map_func))

    def interleave(
        self, map_func: Callable, cycle_length: Any = None, block_length: Any = None, num_parallel_calls: Any = None,
        deterministic: bool | None = None, name: str | None = None,
    ) -> "Dataset":  # fmt: skip
        """The elements of the datasets that `map_func` makes, `block_length` of each of `cycle_length` datasets in turn.

        Args:
            cycle_length: datasets open at a time; one per core by default.
            block_length: elements drawn from one before the next has its turn; 1 by default.
            num_parallel_calls: if given, each open dataset has a thread that makes its elements ahead.
            deterministic: accepted; the order is always that of turns.

        Source: tf.data.Dataset.interleave.
        """
        return Dataset(combining.Interleave(self._step, map_func, cycle_length, block_length, num_parallel_calls))

    def scan(self, initial_state: Any, scan_func: Callable, name: str | None = None) -> "Dataset":
        """Outputs of `state, output = scan_func(state, element)`. Source: tf.data.Dataset.scan."""
        return Dataset(mapping.Scan(self._step, initial_state, scan_func))

    def reduce(self, initial_state: Any, reduce_func: Callable, name: str | None = None) -> Any:
        """The last of `state = reduce_func(state, element)`.

        Raises: InvalidTypeError, InvalidArgumentError if the state changes its structure or dtype.
        Source: tf.data.Dataset.reduce.
        """
        return to_tensors(mapping.reduce(self._step, initial_state, reduce_func))

    def apply(self, transformation_func: Callable[["Dataset"], Any], name: str | None = None) -> Any:
        """`transformation_func(self)`. Source: tf.data.Dataset.apply."""
        made = transformation_func(self)
        if not isinstance(made, Dataset):
            raise InvalidTypeError(f"Expected the function of apply to return a dataset; received {made!r:.80}.")
        return made

    # -- batches

    def batch(
        self, batch_size: Any, drop_remainder: bool = False, num_parallel_calls: Any = None,
        deterministic: bool | None = None, name: str | None = None,
    ) -> "Dataset":  # fmt: skip
        """Stacks `batch_size` elements at a time.

        Args:
            drop_remainder: leave out the last batch if it is smaller.
            num_parallel_calls, deterministic: accepted; batches are made in order.

        Raises: InvalidArgumentError on elements of unequal shapes. Source: tf.data.Dataset.batch.
        """
        mapping.threads(num_parallel_calls)
        return Dataset(Batch(self._step, batch_size, bool(drop_remainder)))

    def ragged_batch(
        self, batch_size: Any, drop_remainder: bool = False, row_splits_dtype: Any = "int64", name: str | None = None
    ) -> "Dataset":
        """`batch_size` elements at a time; parts whose sizes are unknown become ragged tensors.

        Raises: InvalidTypeError on a part of unknown rank. Source: tf.data.Dataset.ragged_batch.
        """
        return Dataset(RaggedBatch(self._step, batch_size, bool(drop_remainder), row_splits_dtype))

    def padded_batch(
        self, batch_size: Any, padded_shapes: Any = None, padding_values: Any = None, drop_remainder: bool = False,
        name: str | None = None,
    ) -> "Dataset":  # fmt: skip
        """Stacks `batch_size` elements at a time, padded at their ends.

        Args:
            padded_shapes: sizes to pad to; None or -1 follow the longest element of a batch. Default: all follow it.
            padding_values: what to pad with; 0 or empty text by default.

        Raises: InvalidArgumentError if an element is larger. Source: tf.data.Dataset.padded_batch.
        """
        return Dataset(PaddedBatch(self._step, batch_size, padded_shapes, padding_values, bool(drop_remainder)))

    def unbatch(self, name: str | None = None) -> "Dataset":
        """The rows of every element. Source: tf.data.Dataset.unbatch."""
        return Dataset(Unbatch(self._step))

    def rebatch(self, batch_size: Any, drop_remainder: bool = False, name: str | None = None) -> "Dataset":
        """Batches cut anew to `batch_size` rows, or to a list of sizes in turn. Source: tf.data.Dataset.rebatch."""
        sizes = np.atleast_1d(to_host(batch_size)).tolist()
        return Dataset(Rebatch(self._step, sizes, bool(drop_remainder)))

    def window(
        self, size: Any, shift: Any = None, stride: Any = 1, drop_remainder: bool = False, name: str | None = None
    ) -> "Dataset":
        """Datasets of `size` elements, the next one `shift` elements further on. Source: tf.data.Dataset.window."""
        return Dataset(Window(self._step, size, shift, stride, bool(drop_remainder), _window_of))

    def group_by_window(
        self, key_func: Callable, reduce_func: Callable, window_size: Any = None, window_size_func: Callable | None = None,
        name: str | None = None,
    ) -> "Dataset":  # fmt: skip
        """Groups elements by `key_func`; each group of `window_size` becomes `reduce_func(key, group)`.

        Args: either `window_size`, or `window_size_func(key)`.
        Source: tf.data.Dataset.group_by_window.
        """
        return Dataset(windows_by_key(self._step, key_func, reduce_func, window_size, window_size_func, _window_of))

    def bucket_by_sequence_length(
        self, element_length_func: Callable, bucket_boundaries: Sequence[int], bucket_batch_sizes: Sequence[int],
        padded_shapes: Any = None, padding_values: Any = None, pad_to_bucket_boundary: bool = False,
        no_padding: bool = False, drop_remainder: bool = False, name: str | None = None,
    ) -> "Dataset":  # fmt: skip
        """Batches of elements of similar length, padded.

        Args:
            element_length_func: the length of an element.
            bucket_boundaries: lengths at which the next bucket begins.
            bucket_batch_sizes: batch size of each bucket, one more than there are boundaries.
            pad_to_bucket_boundary: pad to the largest length of the bucket instead of the longest element.
            no_padding: the elements of a bucket have one shape already.

        Source: tf.data.Dataset.bucket_by_sequence_length.
        """
        return Dataset(batches_by_length(
            self._step, element_length_func, bucket_boundaries, bucket_batch_sizes, padded_shapes, padding_values,
            pad_to_bucket_boundary, no_padding, drop_remainder, _window_of,
        ))  # fmt: skip

    # -- running

    def prefetch(self, buffer_size: Any, name: str | None = None) -> "Dataset":
        """Makes up to `buffer_size` elements ahead in a thread, two with AUTOTUNE; pipelines in memory need none.

        Source: tf.data.Dataset.prefetch.
        """
        return Dataset(Prefetch(self._step, None if buffer_size is None else int(buffer_size)))

    def cache(self, filename: Any = "", name: str | None = None) -> "Dataset":
        """Keeps the elements of the first complete pass in memory, or in a file. Source: tf.data.Dataset.cache."""
        path = to_host(filename)
        path = path.decode() if isinstance(path, bytes) else str(path)
        return Dataset(storing.FileCache(self._step, path) if path else storing.MemoryCache(self._step))

    def save(
        self, path: Any, compression: str | None = None, shard_func: Callable | None = None,
        checkpoint_args: Any = None,
    ) -> None:  # fmt: skip
        """Writes all elements into the folder `path`, for `load`. The format is Cornu's own.

        Raises: InvalidArgumentError on arguments that this format has no use for.
        Source: tf.data.Dataset.save.
        """
        for given, value in (
            ("compression", compression),
            ("shard_func", shard_func),
            ("checkpoint_args", checkpoint_args),
        ):
            if value is not None and value != "NONE":
                raise InvalidArgumentError(
                    f"Expected no {given} for Dataset.save, which writes one plain file; received {value!r}."
                )
        storing.save(self._step, path)

    def ignore_errors(self, log_warning: bool = False, name: str | None = None) -> "Dataset":
        """Leaves out elements whose making raised an error. Source: tf.data.Dataset.ignore_errors."""
        return Dataset(mapping.IgnoreErrors(self._step, log_warning))

    def options(self) -> Options:
        """The settings. Source: tf.data.Dataset.options."""
        found = Options()
        waiting = [self._step]
        while waiting:
            step = waiting.pop()
            if isinstance(step, WithOptions):
                found = step.options.merge(found)
            waiting += step.inputs
        return found

    def with_options(self, options: Options, name: str | None = None) -> "Dataset":
        """The dataset with settings. Source: tf.data.Dataset.with_options."""
        if not isinstance(options, Options):
            raise InvalidTypeError(f"Expected tf.data.Options; received {options!r:.80}.")
        return Dataset(WithOptions(self._step, options))

    # -- what it is

    @property
    def element_spec(self) -> Any:
        """What the elements are like: a nest of TensorSpecs."""
        return self._step.element_spec

    def cardinality(self, name: str | None = None) -> Tensor:
        """The number of elements, -1 if infinite, -2 if unknown; an int64 tensor. Source: tf.data.Dataset.cardinality."""
        return to_tensor(np.int64(self._step.cardinality()))

    def __len__(self) -> int:
        count = self._step.cardinality()
        if count == INFINITE:
            raise InvalidTypeError("The dataset is infinite, so it has no length. Use take(count) to make it finite.")
        if count == UNKNOWN:
            raise InvalidTypeError(
                "The dataset length is unknown. Count the elements, or say it with "
                ".apply(tf.data.experimental.assert_cardinality(count))."
            )
        return count

    def __bool__(self) -> bool:
        return True

    def __repr__(self) -> str:
        return f"<{self._step.printed} element_spec={self.element_spec!r}>"

    # -- iterating

    def __iter__(self) -> Iterator[Any]:
        return DatasetIterator(self._step, to_tensors)

    def as_numpy_iterator(self) -> NumpyIterator:
        """An iterator of NumPy arrays, which must not be written to. Source: tf.data.Dataset.as_numpy_iterator."""
        return NumpyIterator(self._step, lambda element: map_nest(_as_numpy, element))

    def get_single_element(self, name: str | None = None) -> Any:
        """The one element. Raises: InvalidArgumentError if there is none, or more. Source: tf.data.Dataset.get_single_element."""
        elements = iter(self)
        found = next(elements, _NOTHING)
        if found is _NOTHING:
            raise InvalidArgumentError("Expected a dataset of one element; it is empty.")
        if next(elements, _NOTHING) is not _NOTHING:
            raise InvalidArgumentError("Expected a dataset of one element; it has more. Use take(1) or batch(n).")
        return found

    # -- what `fit` asks for

    def rows_in_memory(self, steps: int | None = None) -> RowsInMemory | None:
        """The rows behind the batches and their order, if that is all there is to the pipeline.

        `steps`: how many batches an epoch has, for a dataset that never ends.
        """
        return rows_in_memory(self._step, steps)


_NOTHING = object()
_EVERYTHING = 2**62


def _step(dataset: Any, where: str) -> Step:
    if not isinstance(dataset, Dataset):
        raise InvalidTypeError(
            f"Expected datasets for {where}; received {dataset!r:.80} of type {type(dataset).__name__}."
        )
    return dataset._step


def _seed(seed: Any) -> int | None:
    return None if seed is None else int(seed)


def _window_of(elements: list[Any], spec: Any) -> Dataset:
    """Collected elements as a dataset; numbers of one shape as rows of an array."""
    return Dataset(sources.Elements(elements, spec))


def _as_numpy(value: Any) -> Any:
    return value.as_numpy_iterator() if isinstance(value, Dataset) else to_numpy(value)
