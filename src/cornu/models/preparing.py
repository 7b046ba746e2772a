"""A model made ready for data: what is not built is built, and labels are looked at."""

from collections.abc import Iterator
from typing import Any

import jax
import numpy as np

from cornu._base.errors import CornuError, TracedValueError
from cornu._base.user_warning import warn
from cornu.core import dtypes
from cornu.core.symbolic import KerasTensor
from cornu.models.step_programs import flags_for
from cornu.training import checks
from cornu.training.outputs import flat, names_of, targets_by_output


def prepare(model: Any, data: tuple, mode: str) -> None:
    """Build what is not built yet, for a batch like `data` (arrays or anything with shape and dtype)."""
    x, y, _ = data
    if not model.built or any(not layer.built for layer in model._flatten_layers()):
        try:
            model._build_on(x)
        except (CornuError, TypeError) as error:  # among them JAX's, for code that needs values
            if isinstance(error, TracedValueError):
                give_up_compiling(model, error)
            if model.__dict__.get("run_eagerly"):
                model(jax.tree.map(lambda rows: rows[:1], x))  # a `call` that only runs on values
            elif not model._overrides(f"{mode}_step"):
                raise
            model.built = True  # the user's step calls the layers in its own way; a GAN has no `call` at all
    if mode == "predict":
        return
    complete = not model._overrides("train_step") or all(layer.built for layer in model._flatten_layers())
    if mode == "train" and not model.optimizer.built and complete:
        with flags_for(model, mode):
            model.optimizer.build(model.trainable_variables)
    if not model._compile_metrics.built or not model._compile_loss.built:
        _build_compiled(model, x, y)
    check_labels(model, y)


def give_up_compiling(model: Any, error: TracedValueError) -> None:
    """From here on Python runs every batch: the code asks for values that are not known while compiling."""
    if not model.__dict__.get("run_eagerly"):
        warn(f"The model {model.name!r} cannot be compiled and runs eagerly, which is slower. {error}")
        model.run_eagerly = True


def _build_compiled(model: Any, x: Any, y: Any) -> None:
    """Build losses and metrics from symbolic outputs, unless the user's own steps make that impossible."""
    custom = model._overrides("train_step", "test_step", "compute_loss")
    try:
        fixed = next((tensor.shape[0] for tensor in model.inputs or () if tensor.shape), None)
        y_pred = model.compute_output_spec(symbols(x, fixed))
    except (CornuError, TypeError) as error:
        if isinstance(error, TracedValueError):
            give_up_compiling(model, error)
        if custom or model.run_eagerly:  # such steps need not be traceable; metrics are then built at first use
            return
        raise
    names = names_of(y_pred, getattr(model, "output_names", None))
    outputs = flat(y_pred)
    if custom and (y is None or len(flat(y)) != len(outputs)):
        return
    named = model._outputs_named(y_pred)
    if not model._compile_loss.built:
        model._compile_loss.build(names, named)
    targets = targets_by_output(y, y_pred, names, "y")
    model._compile_metrics.build(names, named, [None if t is None else _symbol(t) for t in targets], outputs)
    model._class_counts = {} if custom else model._compile_loss.class_counts(outputs)


def check_labels(model: Any, y: Any) -> None:
    """Labels of sparse losses must be class numbers; looked at on the host, before the step that uses them."""
    if not model._class_counts or not isinstance(y, (np.ndarray, list, tuple, dict)):
        return
    names = model._compile_loss.names
    targets = [y.get(name) for name in names] if isinstance(y, dict) else flat(y)
    for i, (classes, loss) in model._class_counts.items():
        if i < len(targets) and isinstance(targets[i], np.ndarray):
            checks.check_sparse_labels(targets[i], classes, names[i], loss)


def checked(model: Any, batches: Any) -> Iterator:
    """The batches, each with its labels looked at first."""
    for batch in batches:
        check_labels(model, batch[1])
        yield batch


def _symbol(leaf: Any, batch_size: int | None = None) -> KerasTensor:
    """A symbolic batch of what `leaf` is like."""
    shape = tuple(leaf.shape)
    return KerasTensor((batch_size, *shape[1:]) if shape else (), dtypes.as_dtype(leaf.dtype))


def symbols(nest: Any, batch_size: int | None = None) -> Any:
    """Symbolic batches of what the leaves of a nest are like."""
    return jax.tree.map(lambda leaf: _symbol(leaf, batch_size), nest, is_leaf=lambda x: hasattr(x, "shape"))
