"""Pipelines that are rows of arrays in some order, cut into batches: training can take rows and order for themselves."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from cornu.data.indices import Run, as_array, joined
from cornu.data.nest import flatten, pack
from cornu.data.plan import Plan
from cornu.data.step import Step, all_seeds

_MOST_BYTES = 2**31  # of rows that are mapped ahead


class RowsInMemory:
    """The rows behind a dataset's batches.

    Attributes:
        columns: the nest of all rows, mapped.
        rows: how many there are in an epoch; only the last batch of it may be smaller than `batch_size`.
    """

    def __init__(self, step: Step, plan: Plan, rows: int):
        self._plan, self._seeds = plan, all_seeds(step)
        self.rows, self.batch_size = rows, plan.size or 1
        self.columns = _mapped(plan)
        self._endless: Iterator[Run] | None = None  # a pass that goes on from epoch to epoch
        self._began: list[list[int]] = []  # the seeds it began with
        self._drawn, self._rest = 0, range(0)

    def next_order(self) -> np.ndarray:
        """The row numbers of the epoch that begins."""
        if self._plan.endless:
            return as_array(self._draw(self.rows))
        runs = [as_array(run) for run in self._plan.runs()]
        return np.concatenate(runs) if runs else np.empty(0, np.int32)

    def _draw(self, rows: int) -> Run:
        """The next rows of the pass without end."""
        if self._endless is None:
            self._began = [seeds.state() for seeds in self._seeds]
            self._endless, self._drawn, self._rest = self._plan.runs(), 0, range(0)
        runs, held = [self._rest], len(self._rest)
        while held < rows:
            run = next(self._endless)
            runs.append(run)
            held += len(run)
        found = joined([run for run in runs if len(run)] or [range(0)])
        self._rest, self._drawn = found[rows:], self._drawn + rows
        return found[:rows]

    def state(self) -> dict[str, Any]:
        """What the orders of later epochs depend on."""
        if self._endless is not None:
            return {"seeds": self._began, "drawn": self._drawn}
        return {"seeds": [seeds.state() for seeds in self._seeds], "drawn": 0}

    def restore(self, state: dict[str, Any]) -> None:
        """Set what `state` told."""
        for seeds, saved in zip(self._seeds, state["seeds"], strict=True):
            seeds.restore(saved)
        self._endless = None
        if state["drawn"]:
            self._draw(int(state["drawn"]))


def rows_in_memory(step: Step, steps: int | None) -> RowsInMemory | None:
    """The rows behind a pipeline, or None if there is more to it. `steps`: batches in an epoch, for one that never ends."""
    plan = step.planned
    if plan is None or plan.size is None or plan.batch_maps or plan.uneven or plan.endless != (steps is not None):
        return None
    if not all(function.is_constant for function in plan.row_maps):
        return None
    columns = plan.columns()
    leaves = flatten(columns)
    total = len(leaves[0])
    if any(leaf.dtype == object for leaf in leaves) or not total or step.cardinality() == 0:
        return None
    rows = _rows_of_a_pass(step, plan) if steps is None else steps * plan.size
    if not rows or max(rows, total) > 2**31 - 1:
        return None
    if plan.row_maps and (2 * rows < total or total * _row_bytes(plan) > _MOST_BYTES):
        return None
    return RowsInMemory(step, plan, rows)


def _rows_of_a_pass(step: Step, plan: Plan) -> int:
    """Counted, for a filter may leave out any number; no random number is used up."""
    seeds = all_seeds(step)
    before = [each.state() for each in seeds]
    rows = sum(map(len, plan.runs()))
    for each, state in zip(seeds, before, strict=True):
        each.restore(state)
    return rows


def _row_bytes(plan: Plan) -> int:
    specs = flatten(plan.row_maps[-1].output_spec)
    return sum(int(np.prod(spec.shape, dtype=np.int64)) * max(1, spec.dtype.size) for spec in specs)


def _mapped(plan: Plan) -> Any:
    columns = plan.columns()
    if not plan.row_maps:
        return columns
    everything = plan._replace(runs=lambda: iter([range(len(flatten(columns)[0]))]), size=None)
    chunks = list(everything.chunks(columns))
    return pack(chunks[0], [np.concatenate(parts) for parts in zip(*map(flatten, chunks))])
