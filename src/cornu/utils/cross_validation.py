"""k-fold cross-validation: as many models as folds, each validated on the rows that it was not trained on."""

import itertools
from collections.abc import Callable
from typing import Any, NamedTuple

import jax
import numpy as np

from cornu._base.errors import InvalidArgumentError
from cornu.callbacks import History
from cornu.core.transfer import to_device
from cornu.models.epochs import plain_logs
from cornu.models.run_data import source_of
from cornu.models.step_programs import step_program
from cornu.training import checks
from cornu.training.adapters import ArrayData, adapt
from cornu.training.programs import FoldedProgram
from cornu.training.row_orders import permutation, run_seed

_SMALL = 2**18  # weights of a model that leaves processors idle when it is trained alone


class CrossValidation(NamedTuple):
    """What `cross_validate` found.

    Attributes:
        models: the trained model of each fold.
        histories: what `fit` gave for each: `{"loss": [...], "val_loss": [...], ...}`, a value for each epoch.
    """

    models: list[Any]
    histories: list[dict[str, list[float]]]

    @property
    def mean(self) -> dict[str, list[float]]:
        """Each of the histories' curves, averaged over the folds."""
        names = self.histories[0]
        return {name: np.mean([history[name] for history in self.histories], axis=0).tolist() for name in names}

    @property
    def scores(self) -> list[dict[str, float]]:
        """The validation values after the last epoch, for each fold."""
        return [
            {name.removeprefix("val_"): curve[-1] for name, curve in history.items() if name.startswith("val_")}
            for history in self.histories
        ]


def cross_validate(
    build_fn: Callable[[], Any], x: Any, y: Any, k: int = 4, *, epochs: int = 1, batch_size: int | None = None,
    sample_weight: Any = None, shuffle: bool = True, callbacks: Callable[[], list] | None = None,
    together: bool | None = None, verbose: int | str = 0,
) -> CrossValidation:  # fmt: skip
    """Train `k` models; number i is validated on the i-th of `k` equal runs of rows and trained on all others.

    Rows keep their places: shuffle them before if they have an order. If `k` does not divide their number, the last ones are
    trained on by all. Small models are trained together, as one program, with the numbers they have one after the other
    up to rounding.

    Args:
        build_fn: makes a compiled model, the same network at each call.
        x, y, sample_weight: arrays, or nests of arrays. Shape: (rows, ...).
        epochs, batch_size, shuffle: as for `fit`.
        callbacks: makes the callbacks of one fold; folds with callbacks are trained one after the other.
        together: whether to train all folds in one program; None decides by the model's size.
        verbose: as for `fit`; a fold that is trained together with others prints nothing.

    Raises: InvalidArgumentError if there are fewer rows than folds, or if `together` is not possible.
    Source: Chollet, Deep Learning with Python, 2017, section 3.6.
    """
    checks.check_positive_int("k", k)
    checks.check_positive_int("epochs", epochs)
    data = adapt(x, y, sample_weight, batch_size=batch_size, shuffle=shuffle, mode="fit")
    if not isinstance(data, ArrayData):
        raise InvalidArgumentError(f"cross_validate: expected x as arrays; received {type(x).__name__}.")
    if not 2 <= k <= data.rows:
        raise InvalidArgumentError(
            f"cross_validate: expected from 2 to {data.rows} folds (the rows of x); received k={k}."
        )
    model = _built(build_fn, data)
    reason = _why_apart(model, data, callbacks)
    if together and reason:
        raise InvalidArgumentError(f"cross_validate: expected together=False, since {reason}.")
    if reason or together is False or (together is None and not _is_small(model)):
        return _one_after_the_other(model, build_fn, data, k, epochs, callbacks, verbose)
    return _all_at_once(model, build_fn, data, k, epochs)


def _built(build_fn: Callable[[], Any], data: ArrayData) -> Any:
    model = build_fn()
    model._require_compiled("fit")
    source_of(model, data, "train")
    return model


def _is_small(model: Any) -> bool:
    sizes = [tuple(weight.shape) for weight in model.weights]
    return sum(map(np.prod, sizes)) <= _SMALL and all(len(size) <= 2 for size in sizes)


def _why_apart(model: Any, data: ArrayData, callbacks: Any) -> str | None:
    """Why the folds cannot be trained together."""
    if callbacks is not None:
        return "callbacks look at one model at a time"
    if model.run_eagerly:
        return f"the model {model.name!r} runs eagerly"
    if type(data) is not ArrayData or any(np.dtype(object) == a.dtype for a in jax.tree.leaves(data.data)):
        return "the data is not numbers in memory"
    return None


def _rows(rows: int, k: int, fold: int) -> tuple[np.ndarray, np.ndarray]:
    """The rows to train on and those to validate on."""
    size = rows // k
    held_out = np.arange(fold * size, (fold + 1) * size, dtype=np.int32)
    return np.delete(np.arange(rows, dtype=np.int32), held_out), held_out


def _one_after_the_other(
    model: Any, build_fn: Callable[[], Any], data: ArrayData, k: int, epochs: int, callbacks: Any, verbose: int | str
) -> CrossValidation:
    models, histories = [], []
    for fold in range(k):
        model = model if fold == 0 else build_fn()
        training, held_out = (data.batch(rows) for rows in _rows(data.rows, k, fold))
        history = model.fit(
            *training[:2], data.batch_size, epochs, verbose, callbacks() if callbacks else None, validation_data=held_out,
            shuffle=data.shuffle, sample_weight=training[2],
        )  # fmt: skip
        models.append(model)
        histories.append(history.history)
    return CrossValidation(models, histories)


def _all_at_once(model: Any, build_fn: Callable[[], Any], data: ArrayData, k: int, epochs: int) -> CrossValidation:
    models, seeds = [model], [run_seed()]
    for _ in range(1, k):
        models.append(_built(build_fn, data))
        seeds.append(run_seed())
    _same_network(models)
    on_device = jax.tree.map(to_device, data.data)
    training, held_out = (np.stack(rows) for rows in zip(*(_rows(data.rows, k, fold) for fold in range(k))))
    programs = {mode: _folded(models, mode, on_device, data.batch_size) for mode in ("train", "test")}
    fresh = {mode: _metric_values(model, program) for mode, program in programs.items()}

    histories: list[dict[str, list[float]]] = [{} for _ in models]
    for epoch in range(epochs):
        orders = training
        if data.shuffle:
            orders = np.stack([rows[permutation(seed, epoch, len(rows))] for rows, seed in zip(training, seeds)])
        logs = _run(programs["train"], fresh["train"], on_device, orders, data.batch_size)
        programs["test"].read_from(programs["train"])
        seen = _run(programs["test"], fresh["test"], on_device, held_out, data.batch_size)
        logs = {**_by_name(model, logs), **{f"val_{name}": values for name, values in _by_name(model, seen).items()}}
        for (name, values), (fold, history) in itertools.product(logs.items(), enumerate(histories)):
            history.setdefault(name, []).append(float(values[fold]))
    programs["train"].store()
    for each, history in zip(models, histories):
        _finish(each, history)
    return CrossValidation(models, histories)


def _same_network(models: list[Any]) -> None:
    first = _signature(models[0])
    for fold, model in enumerate(models):
        if _signature(model) != first:
            raise InvalidArgumentError(
                f"cross_validate: expected build_fn to build the same network for every fold; that of fold {fold} differs in its "
                "weights or its optimizer. Use together=False."
            )


def _signature(model: Any) -> tuple:
    weights = tuple((tuple(weight.shape), str(weight.dtype), weight.trainable) for weight in model.weights)
    settings = {name: value for name, value in model.optimizer.get_config().items() if name != "name"}
    return weights, type(model.optimizer), repr(settings)


def _folded(models: list[Any], mode: str, data: Any, batch_size: int) -> FoldedProgram:
    programs = [step_program(model, mode) for model in models]
    for program in programs:
        program.search(min(batch_size, jax.tree.leaves(data)[0].shape[0]), data, None)
    return FoldedProgram(programs)


def _metric_values(model: Any, program: FoldedProgram) -> dict[int, jax.Array]:
    """What the metrics of all folds begin an epoch with, by place."""
    model.reset_metrics()
    return program.repeated(model.metrics_variables)


def _run(program: FoldedProgram, fresh: dict[int, jax.Array], data: Any, orders: np.ndarray, batch_size: int) -> dict:
    """All batches of one pass; the logs at its end."""
    for place, value in fresh.items():
        program.mutable[place] = value
    rows, logs = orders.shape[1], {}
    orders = jax.device_put(orders)
    full = rows // batch_size
    if full:
        logs = program(batch_size, data, orders, 0, full)
    if rows % batch_size:
        logs = program(rows % batch_size, data, orders, full * batch_size, 1)
    return logs


def _by_name(model: Any, logs: dict) -> dict[str, np.ndarray]:
    return {name: np.asarray(value) for name, value in dict(model._in_shown_order(plain_logs(logs))).items()}


def _finish(model: Any, history: dict[str, list[float]]) -> None:
    """Leave the model as `fit` does."""
    if getattr(model.optimizer, "use_ema", False):
        model.optimizer.finalize_variable_values(model.trainable_variables)
    model.history = History()
    model.history.set_model(model)
    model.history.history, model.history.epoch = history, list(range(len(next(iter(history.values())))))
