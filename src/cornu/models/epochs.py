"""One pass over the data of a run: compiled steps where that is possible, and what callbacks hear of it."""

import functools
import itertools
from collections.abc import Callable, Iterator
from typing import Any

import jax

from cornu._base.errors import TracedValueError
from cornu.callbacks import BackupAndRestore, CallbackList
from cornu.callbacks.callback_list import Mode
from cornu.core.tensor import Tensor, convert_to_tensor
from cornu.models.preparing import checked, give_up_compiling
from cornu.models.step_programs import flags_for, logs_of, step_program
from cornu.training import loop
from cornu.training.logs import Logs
from cornu.training.run_state import Run
from cornu.training.source import RunSource


def run_epoch(
    model: Any,
    source: RunSource,
    mode: Mode,
    steps: int | None,
    runs: CallbackList,
    run: Run | None = None,
    shuffle: Any = False,
) -> tuple[dict, int]:
    """All batches of one pass, those that `run` has not done; returns (logs as floats, batches done)."""
    listens = runs.listens_to_batches(mode)
    orders, first, backup = (None, 0), 0, None
    if run is not None:
        orders, first, backup = run.passes(), run.batch, runs.backup
        if first and model.stop_training:
            steps = first
    begin, end = getattr(runs, f"on_{mode}_batch_begin"), getattr(runs, f"on_{mode}_batch_end")

    def before(step: int) -> None:
        begin(step, {})

    def after(done: int, logs: dict) -> bool:
        logs = Logs(model._in_shown_order(logs))
        if listens:
            end(done - 1, logs)
        runs.on_progress(mode, done, logs)
        if run is not None and backup is not None:
            count, run.batch, run.logs = done - run.batch, done, Logs(plain_logs(logs))
            backup.after_batches(run, count)
        return model.stop_training and mode == "train"

    hooks = before if listens else None, after
    try:
        with flags_for(model, mode):
            done, logs = _run_batches(model, source, mode, steps, runs, orders, shuffle, first, backup, listens, hooks)
    except BaseException:
        source.abandon()
        raise
    source.end_epoch(done)
    if run is not None and first and done == first:  # the backup was made after the last batch
        logs = run.logs
    return dict(Logs(model._in_shown_order(plain_logs(logs))).items()), done


def _run_batches(
    model: Any, source: RunSource, mode: Mode, steps: int | None, runs: CallbackList, orders: tuple, shuffle: Any, first: int,
    backup: BackupAndRestore | None, listens: bool, hooks: tuple[Any, Any],
) -> tuple[int, dict]:  # fmt: skip
    """Run the batches of one epoch from `first` on, with compiled steps or without; returns (batches done, logs)."""
    seed, passed = orders
    if not model.run_eagerly:
        batches = _Peekable(checked(model, source.batches(seed, shuffle, steps, first, passed)))
        try:
            if source.on_device:
                return _run_on_device(model, source, mode, steps, runs, orders, shuffle, first, backup, listens, hooks)
            return loop.run_stream(step_program(model, mode), batches, steps, model.steps_per_execution, *hooks, first)
        except TracedValueError as error:  # at the first batch
            give_up_compiling(model, error)
            batches = batches.again()
    else:
        batches = checked(model, source.batches(seed, shuffle, steps, first, passed))
    step = functools.partial(logs_of, model, f"{mode}_step")
    return _run_eagerly(step, batches, steps, *hooks, first)


def _run_on_device(
    model: Any, source: RunSource, mode: Mode, steps: int | None, runs: CallbackList, orders: tuple, shuffle: Any, first: int,
    backup: BackupAndRestore | None, listens: bool, hooks: tuple[Any, Any],
) -> tuple[int, dict]:  # fmt: skip
    seed, passed = orders
    pace = source.pace(mode, model.steps_per_execution, runs.progbar is not None)
    if listens and pace.fixed is None:
        pace = loop.Pace(1, True)
    most = backup.until_next if backup is not None and backup.every and not listens else None
    return loop.run_arrays(
        step_program(model, mode), source.device_data, source.rows, source.batch_size,
        lambda again: source.order(seed, shuffle, again), steps or source.steps, pace,
        listens or most is not None, *hooks, first, most, passed,
    )  # fmt: skip


def _run_eagerly(
    step: Callable, batches: Any, steps: int | None, before: Any, after: Callable, first: int
) -> tuple[int, dict]:
    done, logs = first, {}
    while steps is None or done < steps:
        batch = next(batches, None)
        if batch is None:
            break
        if before is not None:
            before(done)
        logs = step(as_tensors(batch))
        done += 1
        if after(done, logs):
            break
    return done, logs


class _Peekable:
    """An iterator that can give its last item once more."""

    def __init__(self, items: Iterator):
        self._items, self._last = items, ()

    def __iter__(self) -> Iterator:
        return self

    def __next__(self) -> Any:
        item = next(self._items)
        self._last = (item,)
        return item

    def again(self) -> Iterator:
        """The last item, and those that are left."""
        return itertools.chain(self._last, self._items)


def as_tensors(nest: Any) -> Any:
    """A nest of arrays as one of tensors."""
    return jax.tree.map(convert_to_tensor, nest)


def plain_logs(logs: Any) -> dict:
    """Logs of a step as a dict of scalars; a bare loss is named so."""
    if not isinstance(logs, dict):
        logs = {"loss": logs} if logs is not None else {}
    return {name: value._value if isinstance(value, Tensor) else value for name, value in logs.items()}


def in_order(logs: dict, model: Any) -> Any:
    """The loss first, then the metrics in the order of `metrics_names`; a single number if there is no other."""
    names = [name for name in model.metrics_names if name in logs]
    names += sorted(name for name in logs if name not in names)
    values = [logs[name] for name in names]
    return values[0] if len(values) == 1 else values
