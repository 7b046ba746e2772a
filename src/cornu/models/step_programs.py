"""The compiled steps of a model: what "train", "test" and "predict" run, and what a step's code gives."""

import contextlib
from typing import Any

import jax

from cornu import optimizers
from cornu._base.errors import InvalidTypeError
from cornu._base.user_warning import warn
from cornu.core.tensor import Tensor
from cornu.layers.tracked import once
from cornu.training.batch_form import pack_x_y_sample_weight
from cornu.training.programs import LoopProgram, StepProgram, gradient_step


def flags_for(model: Any, mode: str) -> Any:
    """A context in which training sees which layers were trainable when the model was compiled, as tf.keras does."""
    return model._compiled_flags.restored() if mode == "train" else contextlib.nullcontext()


def step_program(model: Any, mode: str) -> Any:
    """The compiled program for "train", "test" or "predict", made anew when what it was made for has changed.

    That is: which variables are trainable; for training also the optimizer and its settings.
    """
    key: tuple = (mode, tuple(id(variable) for variable in model.trainable_variables))
    if mode == "train" and isinstance(model.optimizer, optimizers.Optimizer):
        key += (model.optimizer, model.optimizer._settings())
    if mode == "train":  # a layer without weights to train, such as a BatchNormalization, may still be frozen
        key += tuple(layer._trainable for layer in model._flatten_layers())
    programs = model.__dict__.get("_programs")
    if programs is None:
        programs = {}
        object.__setattr__(model, "_programs", programs)
    if key not in programs:
        programs[key] = _MAKERS[mode](model)
    return programs[key]


def _split_variables(model: Any, mode: str) -> tuple[list, list]:
    """What a program of that mode changes, and what it only reads."""
    trainable = model.trainable_variables
    known = set(map(id, trainable))
    others = [variable for variable in model.variables if id(variable) not in known]
    if mode == "predict":
        return [], trainable + others
    moving = once(others + model.metrics_variables)
    if mode == "test":
        return moving, trainable
    return once(trainable + model.optimizer.variables + moving), []


def _train_program(model: Any) -> LoopProgram:
    if not model.trainable_variables and model.weights and not model._overrides("train_step"):
        warn(
            f"The model {model.name!r} has no trainable weights: training changes nothing. Set trainable = True on the "
            "model or on some of its layers."
        )
    if model._overrides("train_step"):
        return LoopProgram(lambda data: logs_of(model, "train_step", data), None, *_split_variables(model, "train"))

    def step(data: Any) -> dict:
        x, y, sample_weight = data
        loss, y_pred = gradient_step(model, x, y, sample_weight)
        model._loss_tracker.update_state(loss, sample_weight=row_count(x))
        if model._overrides("compute_metrics"):
            return model.compute_metrics(x, y, y_pred, sample_weight=sample_weight)
        model._update_metrics(y, y_pred, sample_weight)
        return {}

    results = None if model._overrides("compute_metrics") else model.get_metrics_result
    return LoopProgram(step, results, *_split_variables(model, "train"))


def _test_program(model: Any) -> LoopProgram:
    if model._overrides("test_step", "compute_metrics"):
        return LoopProgram(lambda data: logs_of(model, "test_step", data), None, *_split_variables(model, "test"))

    def step(data: Any) -> dict:
        x, y, sample_weight = data
        y_pred = model(x, training=False)
        loss = model._loss_of(x, y, y_pred, sample_weight, training=False)
        model._clear_losses()
        model._loss_tracker.update_state(loss, sample_weight=row_count(x))
        model._update_metrics(y, y_pred, sample_weight)
        return {}

    return LoopProgram(step, model.get_metrics_result, *_split_variables(model, "test"))


def _predict_program(model: Any) -> StepProgram:
    return StepProgram(
        lambda x: clean(model, model.predict_step(pack_x_y_sample_weight(x, None, None))),
        *_split_variables(model, "predict"),
    )


_MAKERS = {"train": _train_program, "test": _test_program, "predict": _predict_program}


def logs_of(model: Any, method: str, batch: tuple) -> Any:
    """What the step called `method` returns for a batch (x, y, sample_weight)."""
    logs = clean(model, getattr(model, method)(pack_x_y_sample_weight(*batch)))
    if logs is None:
        raise InvalidTypeError(
            f"{type(model).__name__}.{method} returned None. Return a dict of logs, such as {{'loss': loss}}."
        )
    return logs


def clean(model: Any, outputs: Any) -> Any:
    """Outputs of a step; tracers that layers kept in their losses are dropped."""
    model._clear_losses()
    return outputs


def row_count(x: Any) -> int:
    """How many rows a batch has."""
    leaves = jax.tree.leaves(x, is_leaf=lambda t: isinstance(t, Tensor))
    return int(leaves[0].shape[0]) if leaves and leaves[0].ndim else 1
