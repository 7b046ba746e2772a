"""Predictions: of one batch by the compiled function at once, of many one after the other."""

from typing import Any

import jax
import numpy as np

from cornu._base.errors import InvalidArgumentError, TracedValueError
from cornu.callbacks import CallbackList
from cornu.core import dtypes
from cornu.core.tensor import Tensor
from cornu.models.epochs import as_tensors
from cornu.models.preparing import give_up_compiling
from cornu.models.step_programs import clean, step_program
from cornu.training.batch_form import pack_x_y_sample_weight
from cornu.training.source import RunSource


def fits_one_batch(model: Any, x: Any, batch_size: int | None) -> bool:
    """True if `x` is an array of rows that can go straight to the compiled function."""
    if type(x) is not np.ndarray:
        return False
    ready = model.built and not getattr(model, "run_eagerly", False) and x.ndim and x.dtype.kind in "fiub"
    return bool(ready) and 0 < x.shape[0] <= (32 if batch_size is None else batch_size)


def predict_at_once(model: Any, x: np.ndarray) -> Any:
    """Predictions for rows that fit one batch, as arrays. Raises: TracedValueError if the model cannot be compiled."""
    x = x.astype(np.float32) if x.dtype == np.float64 and dtypes.name(None) == "float32" else x
    outputs = step_program(model, "predict")(x)
    return np.array(outputs) if isinstance(outputs, jax.Array) else jax.tree.map(np.array, outputs)


def predict_batch(model: Any, x: Any) -> Any:
    """Arrays of predictions for a batch, compiled if that is possible."""
    if not getattr(model, "run_eagerly", False):
        try:
            return step_program(model, "predict")(x)
        except TracedValueError as error:
            give_up_compiling(model, error)
    predictions = clean(model, model.predict_step(pack_x_y_sample_weight(as_tensors(x), None, None)))
    return jax.tree.map(np.asarray, predictions, is_leaf=lambda t: isinstance(t, Tensor))


def predict_all(model: Any, source: RunSource, steps: int | None, runs: CallbackList) -> Any:
    """Predictions for all batches, or the first `steps`. Raises: InvalidArgumentError if there is no batch."""
    runs.on_predict_begin()
    outputs = []
    for done, batch in enumerate(source.batches()):
        if steps is not None and done >= steps:
            break
        runs.on_predict_batch_begin(done, {})
        outputs.append(predict_batch(model, batch[0]))
        if done >= 4:
            jax.block_until_ready(outputs[done - 4])
        runs.on_predict_batch_end(done, {"outputs": outputs[-1]})
        runs.on_progress("predict", done + 1, {})
    runs.on_predict_end()
    if not outputs:
        raise InvalidArgumentError("Expected at least one batch to predict; the data gave none.")
    return jax.tree.map(
        lambda *parts: np.concatenate([np.asarray(part) for part in parts]) if parts[0].ndim else np.stack(parts),
        *outputs,
    )
