"""Steps that put elements together, and take them apart."""

import collections
import itertools
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from cornu._base.errors import InvalidArgumentError
from cornu.core import dtypes
from cornu.core.shapes import TensorShape, as_shape
from cornu.data import plan
from cornu.data.composite import CompositeSpec, ragged_batch_spec, rows_of
from cornu.data.nest import flatten, map_nest, pack
from cornu.data.spec import DatasetSpec, TensorSpec, tensors_only, with_rows, without_rows
from cornu.data.step import UNKNOWN, Step, all_steps, limited
from cornu.data.values import encode, is_dataset, stacked, to_host


class Batch(Step):
    """Rows of several elements."""

    title, printed = "batch", "_BatchDataset"

    def __init__(self, step: Step, size: int, drop_remainder: bool):
        self.inputs, self._size, self._drop = (step,), positive("batch_size", size), drop_remainder

    def spec(self) -> Any:
        """With a dimension more, of known size if every batch is full."""
        return with_rows(self.inputs[0].element_spec, self._size if self._drop else None)

    def cardinality(self) -> int:
        """So many batches."""
        return limited(self.inputs[0].cardinality(), lambda n: n // self._size if self._drop else -(-n // self._size))

    def plan(self) -> plan.Plan | None:
        """Rows in batches."""
        inner = self.inputs[0].planned
        if inner is None or inner.size is not None:
            return None
        return plan.renumbered(inner, self._size, self._drop)

    def stream(self) -> Iterator[Any]:
        """One by one."""
        return _Batches(self.inputs[0].elements(), self._size, self._drop)


class RaggedBatch(Batch):
    """Rows of several elements whose sizes may differ."""

    title, printed = "ragged_batch", "_ParallelMapDataset"

    def __init__(self, step: Step, size: int, drop_remainder: bool, row_splits_dtype: Any):
        super().__init__(step, size, drop_remainder)
        guessed = any(each.guesses_sizes for each in all_steps(step))
        self._parts = map_nest(lambda leaf: ragged_batch_spec(leaf, row_splits_dtype, guessed), step.element_spec)

    def spec(self) -> Any:
        """With a dimension more; ragged where sizes are unknown."""
        return with_rows(self._parts, self._size if self._drop else None)

    def plan(self) -> None:
        """None: rows of unknown sizes lie in no array."""
        return

    def stream(self) -> Iterator[Any]:
        """One by one."""
        return _Batches(self.inputs[0].elements(), self._size, self._drop, flatten(self._parts))


class _Batches:
    """An iterator that goes on after an error of its source."""

    def __init__(self, elements: Iterator[Any], size: int, drop_remainder: bool, specs: list[Any] | None = None):
        self._elements, self._size, self._drop, self._made = elements, size, drop_remainder, 0
        self._specs = specs

    def __iter__(self) -> Iterator[Any]:
        return self

    def __next__(self) -> Any:
        rows = list(itertools.islice(self._elements, self._size))
        if not rows or (self._drop and len(rows) < self._size):
            raise StopIteration
        batch = stack_elements(rows, f"Dataset.batch, batch {self._made}", self._specs)
        self._made += 1
        return batch


def stack_elements(rows: list[Any], where: str, specs: list[Any] | None = None) -> Any:
    """Several elements as one with a dimension more. `specs` say which parts become ragged."""
    columns = [list(column) for column in zip(*map(flatten, rows))]
    specs = [None] * len(columns) if specs is None else specs
    parts = [
        spec.stacked(column) if isinstance(spec, CompositeSpec) else stacked(column, where)
        for spec, column in zip(specs, columns, strict=True)
    ]
    return pack(rows[0], parts)


class PaddedBatch(Step):
    """Rows of several elements, padded to one shape."""

    title, printed = "padded_batch", "_PaddedBatchDataset"

    def __init__(self, step: Step, size: int, padded_shapes: Any, padding_values: Any, drop_remainder: bool):
        self.inputs, self._size, self._drop = (step,), positive("batch_size", size), drop_remainder
        spec = step.element_spec
        leaves = flatten(spec)
        for leaf in leaves:
            tensors_only(leaf, self.title)
            if leaf.shape is None and padded_shapes is None:
                raise InvalidArgumentError(
                    f"Expected elements of known rank for padded_batch without padded_shapes; received {leaf!r}."
                )
        self._shapes = [leaf.shape for leaf in leaves] if padded_shapes is None else shapes_like(spec, padded_shapes)
        given = _values_like(spec, padding_values)
        self._values = [_padding(leaf, value) for leaf, value in zip(leaves, given, strict=True)]

    def spec(self) -> Any:
        """With a dimension more; padded dimensions are known if they were given."""
        rows = self._size if self._drop else None
        leaves = flatten(self.inputs[0].element_spec)
        specs = [TensorSpec((rows, *shape), leaf.dtype) for leaf, shape in zip(leaves, self._shapes, strict=True)]
        return pack(self.inputs[0].element_spec, specs)

    def cardinality(self) -> int:
        """So many batches."""
        return limited(self.inputs[0].cardinality(), lambda n: n // self._size if self._drop else -(-n // self._size))

    def stream(self) -> Iterator[Any]:
        """One by one."""
        elements = self.inputs[0].elements()
        number = 0
        while rows := list(itertools.islice(elements, self._size)):
            if self._drop and len(rows) < self._size:
                return
            columns = zip(*map(flatten, rows))
            where = f"Dataset.padded_batch, batch {number}"
            padded = [
                _padded(list(column), shape, value, where)
                for column, shape, value in zip(columns, self._shapes, self._values, strict=True)
            ]
            yield pack(rows[0], padded)
            number += 1


def shapes_like(spec: Any, shapes: Any) -> list[Any]:
    """The padded shapes of the leaves."""
    if isinstance(spec, tuple):
        if len(spec) != len(shapes):
            raise InvalidArgumentError(
                f"Expected padded_shapes for {len(spec)} parts of an element; received {shapes!r}, which has {len(shapes)}."
            )
        return [leaf for part, shape in zip(spec, shapes, strict=True) for leaf in shapes_like(part, shape)]
    if isinstance(spec, dict):
        return flatten(pack(spec, [leaf for key in sorted(spec) for leaf in shapes_like(spec[key], shapes[key])]))
    shape = [None if size in (None, -1) else size for size in np.atleast_1d(to_host(shapes)).tolist()] if hasattr(
        shapes, "dtype"
    ) else [None if size == -1 else size for size in shapes]  # fmt: skip
    shape = TensorShape(as_shape(shape))
    if spec.shape is not None and len(spec.shape) != len(shape):
        raise InvalidArgumentError(
            f"Expected a padded shape of rank {len(spec.shape)} for the part {spec!r}; received {tuple(shape)}."
        )
    return [shape]


def _values_like(spec: Any, values: Any) -> list[Any]:
    """The padding values of the leaves; one value serves all."""
    if isinstance(spec, tuple) and isinstance(values, (tuple, list)):
        return [leaf for part, value in zip(spec, values, strict=True) for leaf in _values_like(part, value)]
    if isinstance(spec, dict) and isinstance(values, dict):
        return flatten({key: pack(spec[key], _values_like(spec[key], values[key])) for key in spec})
    return [values] * len(flatten(spec))


def _padding(spec: TensorSpec, value: Any) -> Any:
    if spec.dtype == "string":
        value = b"" if value is None else encode(value.item() if hasattr(value, "item") else value)
        if not isinstance(value, bytes):
            raise InvalidArgumentError(f"Expected text to pad {spec!r} with; received {value!r}.")
        return value
    number = np.asarray(0 if value is None else to_host(value))
    if number.dtype == object or number.ndim:
        raise InvalidArgumentError(f"Expected one number to pad {spec!r} with; received {value!r}.")
    return number.astype(dtypes._NUMPY[spec.dtype])


def _padded(rows: list[Any], shape: TensorShape, value: Any, where: str) -> np.ndarray:
    sizes = [np.shape(row) if not isinstance(row, bytes) else () for row in rows]
    most = [max(column) for column in zip(*sizes)]
    wanted = [m if size is None else size for size, m in zip(shape, most, strict=True)]
    if any(m > w for m, w in zip(most, wanted, strict=True)):
        raise InvalidArgumentError(
            f"{where}: expected elements of at most shape {tuple(shape)}; received one of shape {tuple(most)}. "
            "Use None for sizes that follow the longest element, or cut the elements first."
        )
    dtype = object if isinstance(value, bytes) else value.dtype
    batch = np.full((len(rows), *wanted), value, dtype)
    for place, (row, size) in enumerate(zip(rows, sizes, strict=True)):
        batch[(place, *(slice(0, n) for n in size))] = row
    return batch


class Unbatch(Step):
    """The rows of batches."""

    title, printed = "unbatch", "_UnbatchDataset"

    def __init__(self, step: Step):
        self.inputs = (step,)
        without_rows(step.element_spec, self.title)

    def spec(self) -> Any:
        """Without the first dimension."""
        return without_rows(self.inputs[0].element_spec, self.title)

    def cardinality(self) -> int:
        """Known if all batches are of one known size."""
        sizes = {leaf.shape[0] if leaf.shape else None for leaf in flatten(self.inputs[0].element_spec)}
        size = sizes.pop() if len(sizes) == 1 else None
        return UNKNOWN if size is None else limited(self.inputs[0].cardinality(), lambda n: n * size)

    def plan(self) -> plan.Plan | None:
        """The rows that were cut into batches."""
        inner = self.inputs[0].planned
        if inner is None or inner.size is None or inner.batch_maps:
            return None
        return inner._replace(size=None)

    def stream(self) -> Iterator[Any]:
        """One by one."""
        for number, batch in enumerate(self.inputs[0].elements()):
            leaves = [rows_of(leaf) for leaf in flatten(batch)]
            counts = [len(leaf) for leaf in leaves]
            if len(set(counts)) > 1:
                raise InvalidArgumentError(
                    f"Dataset.unbatch, element {number}: expected parts with the same number of rows; received {counts}."
                )
            for row in zip(*leaves):
                yield pack(batch, row)


class Rebatch(Step):
    """Batches of other sizes."""

    title, printed = "rebatch", "_RebatchDataset"

    def __init__(self, step: Step, sizes: list[int], drop_remainder: bool):
        self.inputs, self._drop = (step,), drop_remainder
        self._sizes = [positive("batch_size", size) for size in sizes]

    def spec(self) -> Any:
        """A first dimension of other size."""
        rows = self._sizes[0] if self._drop and len(set(self._sizes)) == 1 else None
        return with_rows(without_rows(self.inputs[0].element_spec, self.title), rows)

    def cardinality(self) -> int:
        """Unknown."""
        return UNKNOWN

    def stream(self) -> Iterator[Any]:
        """One by one."""
        sizes = itertools.cycle(self._sizes)
        wanted, parts, held = next(sizes), [], 0
        for batch in self.inputs[0].elements():
            parts.append(flatten(batch))
            held += len(parts[-1][0])
            while held >= wanted:
                columns = [np.concatenate(column) for column in zip(*parts)]
                yield pack(batch, [column[:wanted] for column in columns])
                parts, held = [[column[wanted:] for column in columns]], held - wanted
                wanted = next(sizes)
        if held and not self._drop:
            yield pack(batch, [np.concatenate(column) for column in zip(*parts)])


class Window(Step):
    """Datasets of several elements."""

    title, printed = "window", "_WindowDataset"

    def __init__(self, step: Step, size: int, shift: int | None, stride: int, drop_remainder: bool, wrap: Callable):
        self.inputs, self._size, self._drop = (step,), positive("size", size), drop_remainder
        self._shift = self._size if shift is None else positive("shift", shift)
        self._stride, self._wrap = positive("stride", stride), wrap

    def spec(self) -> Any:
        """A dataset of each part."""
        return map_nest(DatasetSpec, self.inputs[0].element_spec)

    def cardinality(self) -> int:
        """So many windows."""
        reach = (self._size - 1) * self._stride

        def count(n: int) -> int:
            return max(0, -(-(n - reach) // self._shift)) if self._drop else -(-n // self._shift)

        return limited(self.inputs[0].cardinality(), count)

    def stream(self) -> Iterator[Any]:
        """One by one."""
        spec = flatten(self.inputs[0].element_spec)
        reach = (self._size - 1) * self._stride + 1
        elements = self.inputs[0].elements()
        held: collections.deque[Any] = collections.deque()
        to_skip = 0
        while True:
            for _ in itertools.islice(elements, to_skip):
                pass
            held.extend(itertools.islice(elements, reach - len(held)))
            if not held or (self._drop and len(held) < reach):
                return
            chosen = list(itertools.islice(held, 0, None, self._stride))
            columns = zip(*map(flatten, chosen))
            yield pack(chosen[0], [self._wrap(list(column), s) for column, s in zip(columns, spec, strict=True)])
            to_skip = max(0, self._shift - len(held))
            for _ in range(min(self._shift, len(held))):
                held.popleft()


class GroupByWindow(Step):
    """Elements grouped by a key; each full group is reduced to a dataset, whose elements follow."""

    title, printed = "group_by_window", "_GroupByWindowDataset"

    def __init__(
        self, step: Step, key: Callable, reduce: Callable, size: Callable[[Any], int], spec: Callable, wrap: Callable
    ):
        self.inputs, self._key, self._reduce, self._window, self._wrap = (step,), key, reduce, size, wrap
        self._spec = spec

    def spec(self) -> Any:
        """That of the reduced datasets."""
        return self._spec()

    def cardinality(self) -> int:
        """Unknown."""
        return UNKNOWN

    def stream(self) -> Iterator[Any]:
        """One by one."""
        groups: dict[Any, list[Any]] = {}
        spec = self.inputs[0].element_spec
        for element in self.inputs[0].elements():
            key = self._key(element)
            group = groups.setdefault(key, [])
            group.append(element)
            if len(group) == self._window(key):
                yield from self._reduced(key, groups.pop(key), spec)
        for key, group in groups.items():
            yield from self._reduced(key, group, spec)

    def _reduced(self, key: Any, group: list[Any], spec: Any) -> Iterator[Any]:
        made = self._reduce(key, self._wrap(group, spec))
        if not is_dataset(made):
            raise InvalidArgumentError(
                f"Expected the reduce_func of group_by_window to return a dataset; received {made!r}."
            )
        return made._step.elements()


def positive(name: str, value: Any) -> int:
    """An integer of 1 or more. Raises: InvalidArgumentError."""
    try:
        number = int(value.__index__()) if not isinstance(value, (bool, float)) else None
    except (AttributeError, TypeError):
        number = None
    if number is None or number < 1:
        raise InvalidArgumentError(f"Expected {name} as an integer of 1 or more; received {value!r}.")
    return number
