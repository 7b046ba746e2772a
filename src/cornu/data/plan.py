"""Pipelines over data in memory, run on whole chunks of rows instead of element by element."""

import os
import sys
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import numpy as np

from cornu.data import indices
from cornu.data.background import Ahead
from cornu.data.indices import Run, Runs
from cornu.data.nest import flatten, map_nest, pack
from cornu.data.tracing import Traced

_CHUNK = 2**20  # bytes gathered at a time: they should stay in the processor's cache until they are used
_MOST_ROWS = 1024
_MOST_BUFFERS = 4
_CORES = 4  # from which on a thread gathers chunks


class Plan(NamedTuple):
    """Rows of arrays in some order, mapped, cut into batches, mapped again.

    Attributes:
        columns: the nest of arrays, at the time of a pass.
        runs: the rows of a pass, as runs of row numbers (see `indices`).
        size: rows in a batch; None if the elements are single rows.
        row_maps, batch_maps: compiled functions of a row, of a batch.
        in_order: True if a pass is simply all rows, first to last.
        full: True if no batch is smaller than others.
        uneven: True if smaller batches may come before the last one.
        endless: True if a pass does not end.
    """

    columns: Callable[[], Any]
    runs: Callable[[], Runs]
    size: int | None = None
    row_maps: tuple[Traced, ...] = ()
    batch_maps: tuple[Traced, ...] = ()
    in_order: bool = False
    full: bool = False
    uneven: bool = False
    endless: bool = False

    def reordered(self, change: Callable[..., Runs], *args: Any) -> "Plan":
        """The plan with `change(runs, *args, size)` done to every pass."""
        runs, size = self.runs, self.size or 1
        return self._replace(runs=lambda: change(runs(), *args, size), in_order=False)

    def elements(self) -> Iterator[Any]:
        """One pass: batches, or rows."""
        columns = self.columns()
        if self.size is None:
            yield from self._rows(columns)
            return
        for chunk in self._chunks_ahead(columns):
            batches = zip(*[_cut(leaf, self.size) for leaf in flatten(chunk)])
            if is_flat(chunk) and not self.batch_maps:
                yield from batches
                continue
            for leaves in batches:
                batch = pack(chunk, leaves)
                for function in self.batch_maps:
                    batch = function(batch)
                yield batch

    def from_element(self, number: int) -> Iterator[Any]:
        """The elements of one pass from that number on."""
        return self.reordered(indices.skip, number).elements()

    def _rows(self, columns: Any) -> Iterator[Any]:
        for chunk in self.chunks(columns):
            if not isinstance(chunk, (tuple, dict)):
                yield from chunk
                continue
            leaves = flatten(chunk)
            if is_flat(chunk):
                yield from zip(*leaves)
            else:
                for row in zip(*leaves):
                    yield pack(chunk, row)

    def _chunks_ahead(self, columns: Any) -> Iterator[Any]:
        """One pass as large nests; gathered in a thread if there is much to gather (NumPy copies without Python's lock).

        Measured: on two cores, which training needs too, handing chunks over costs more than it gains.
        """
        chunks = self.chunks(columns)
        if (os.cpu_count() or 1) < _CORES or sum(column.nbytes for column in flatten(columns)) < 4 * _CHUNK:
            return chunks
        return Ahead(chunks, 2)

    def chunks(self, columns: Any) -> Iterator[Any]:
        """One pass as large nests of rows, after the row maps; none holds a part of a batch."""
        buffers = Buffers()
        unit = self.size or 1
        step = max(1, chunk_rows(columns) // unit) * unit
        for run in self.runs():
            for start in range(0, len(run), step):
                yield self.rows(columns, run[start : start + step], step, buffers)

    def rows(self, columns: Any, run: Run, padded_to: int, buffers: "Buffers | None" = None) -> Any:
        """Those rows after the row maps."""
        chunk = gather(columns, run, buffers)
        for function in self.row_maps:
            chunk = function.rows(chunk, len(run), padded_to)
        return chunk


def _cut(rows: np.ndarray, size: int) -> Iterator[np.ndarray]:
    """The batches, as views; NumPy walks over them faster than a loop cuts them."""
    full = len(rows) // size * size
    yield from rows[:full].reshape(-1, size, *rows.shape[1:]) if full else ()
    if full < len(rows):
        yield rows[full:]


def is_flat(element: Any) -> bool:
    """True for a plain tuple of leaves, which needs no packing."""
    return type(element) is tuple and not any(isinstance(part, (tuple, dict)) for part in element)


def _length(leaves: list[Any]) -> int:
    return len(leaves[0])


def gather(columns: Any, run: Run, buffers: "Buffers | None" = None) -> Any:
    """Those rows of every column, as views where they lie beside each other."""
    if isinstance(run, range):
        rows = slice(run.start, run.stop, run.step)
        return map_nest(lambda column: column[rows], columns)
    buffers = buffers or Buffers()
    return map_nest(lambda column: _gathered(column, run, buffers), columns)


def _gathered(column: np.ndarray, run: np.ndarray, buffers: "Buffers") -> np.ndarray:
    if column.dtype == object or column.ndim < 2:
        return column[run]
    size = len(run) * (column.nbytes // max(1, len(column)))
    rows = buffers.take(size)[:size].view(column.dtype).reshape(len(run), *column.shape[1:])
    np.take(column, run, axis=0, out=rows, mode="clip")  # "clip": without it NumPy gathers twice
    return rows


class Buffers:
    """Memory for chunks, used again when nobody holds a part of it any more: it is in the processor's cache, and mapped.

    It starts where XLA can take it as it is (64 bytes).
    """

    def __init__(self) -> None:
        self._all: list[np.ndarray] = []

    def take(self, size: int) -> np.ndarray:
        """At least `size` free bytes."""
        for place in range(len(self._all)):
            raw = self._all[place]
            if raw.nbytes >= size + 64 and sys.getrefcount(raw) == 3:  # the list, `raw`, the argument; no view
                return _aligned(raw)
        raw = np.empty(size + 64, np.uint8)
        self._all = [raw, *self._all[: _MOST_BUFFERS - 1]]
        return _aligned(raw)


def _aligned(raw: np.ndarray) -> np.ndarray:
    start = -raw.ctypes.data % 64
    return raw[start:]


def chunk_rows(columns: Any) -> int:
    """Rows to gather at a time."""
    leaves = flatten(columns)
    row = sum(column.nbytes for column in leaves) // max(1, _length(leaves))
    return max(1, min(_MOST_ROWS, _CHUNK // max(1, row)))


def in_memory(columns: Any) -> Plan:
    """All rows of arrays, first to last."""
    rows = _length(flatten(columns))
    return Plan(lambda: columns, lambda: iter([range(rows)]), in_order=True)


def remembered(plan: Plan) -> Plan:
    """The plan's first complete pass again and again: its order and its mapped rows.

    For plans without batch maps; those with row maps must not be cut into batches.
    """
    kept: dict[str, Any] = {}

    def runs() -> Runs:
        if "runs" in kept:
            yield from kept["runs"]
            return
        seen = []
        for run in plan.runs():
            seen.append(run)
            yield run
        kept["runs"] = seen

    def mapped() -> Any:
        if "columns" not in kept:
            columns = plan.columns()
            parts = [flatten(chunk) for chunk in plan.chunks(columns)]
            chunk = plan.rows(columns, range(0), 1)
            kept["columns"] = pack(chunk, [np.concatenate(part) for part in zip(*parts)] or flatten(chunk))
        return kept["columns"]

    def mapped_runs() -> Runs:
        total = _length(flatten(mapped()))
        return iter([range(total)])

    if not plan.row_maps:
        return plan._replace(runs=runs)
    return Plan(mapped, mapped_runs)


def renumbered(plan: Plan, size: int, drop_remainder: bool) -> Plan:
    """The rows of a plan cut into batches."""
    runs = plan.runs
    return plan._replace(runs=lambda: indices.batches(runs(), size, drop_remainder), size=size, full=drop_remainder)
