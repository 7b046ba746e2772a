"""compile, fit, evaluate, predict: what a model does with data. The compiled steps are in `cornu.training`."""

import contextlib
import functools
import inspect
import itertools
import os
import warnings
from collections.abc import Callable, Collection, Iterator
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from cornu import losses, optimizers
from cornu._base.errors import (
    CornuError,
    FailedPreconditionError,
    InvalidArgumentError,
    InvalidTypeError,
    TracedValueError,
)
from cornu._base.suggest import did_you_mean
from cornu._base.user_warning import warn
from cornu.callbacks import BackupAndRestore, CallbackList, History
from cornu.callbacks.callback_list import Mode
from cornu.core import config, dtypes, serialization
from cornu.core.random_state import draw
from cornu.core.scopes import init_scope
from cornu.core.symbolic import KerasTensor
from cornu.core.tape import GradientTape
from cornu.core.tensor import Tensor, convert_to_tensor
from cornu.layers.base import Layer
from cornu.metrics import Mean
from cornu.models import host_part
from cornu.models.compile_arguments import OLD_COMPILE_ARGUMENTS, check_old_compile_arguments, with_custom_objects
from cornu.models.compiled_flags import CompiledFlags
from cornu.training import checks, loop
from cornu.training.adapters import (
    ArrayData,
    StreamData,
    adapt,
    pack_x_y_sample_weight,
    train_validation_split,
    unpack_x_y_sample_weight,
)  # fmt: skip
from cornu.training.compile_loss import CompileLoss
from cornu.training.compile_metrics import CompileMetrics
from cornu.training.logs import Logs
from cornu.training.outputs import flat, has_names, is_leaf, names_of, targets_by_output
from cornu.training.programs import LoopProgram, StepProgram, gradient_step
from cornu.training.progress import Progbar
from cornu.training.run_state import Run
from cornu.training.source import RunSource

_OLD_FIT = {"max_queue_size", "workers", "use_multiprocessing"}


class Trainer(Layer):
    """The training half of Model. Override `train_step`, `test_step`, `predict_step`, `compute_loss`, `compute_metrics`."""

    stop_training = False
    history: Any = None
    optimizer: Any = None
    loss: Any = None
    run_eagerly = False
    steps_per_execution: int | str = "auto"
    jit_compile: bool | str = "auto"
    _compiled_arguments: dict[str, Any] | None = None
    _class_counts: dict[int, tuple[int, str]] = {}
    _log_order: list[str] = []

    # -- compile

    def compile(
        self,
        optimizer: Any = "rmsprop",
        loss: Any = None,
        metrics: Any = None,
        loss_weights: Any = None,
        weighted_metrics: Any = None,
        run_eagerly: bool = False,
        steps_per_execution: int | str = "auto",
        jit_compile: bool | str = "auto",
        auto_scale_loss: bool = True,
        **old: Any,
    ) -> None:
        """Say how to train.

        Args:
            optimizer: name or object.
            loss: name, function or object; a list or dict of them for several outputs.
            metrics: names, functions or objects to follow; lists or dicts of lists for several outputs.
            loss_weights: factors of the outputs' losses, list or dict.
            weighted_metrics: metrics that take sample and class weights into account.
            run_eagerly: run Python for every batch, for debugging.
            steps_per_execution: steps per dispatch; `"auto"` adapts it.
            jit_compile: accepted; steps are always compiled unless `run_eagerly`.
            auto_scale_loss: with a `mixed_float16` policy, scale the loss dynamically.
            sample_weight_mode and other arguments of tf.keras: see `compile_arguments`.

        Raises: InvalidArgumentError on unknown names, with the nearest known ones, and on old arguments that cannot be met.
        """
        self._refuse_unknown("compile", old, OLD_COMPILE_ARGUMENTS)
        check_old_compile_arguments(old)
        if steps_per_execution != "auto" and (not isinstance(steps_per_execution, int) or steps_per_execution < 1):
            raise InvalidArgumentError(
                f"Expected steps_per_execution to be 'auto' or an integer of 1 or more; received {steps_per_execution!r}."
            )
        if (
            isinstance(loss_weights, dict)
            and isinstance(loss, (list, tuple))
            and not getattr(self, "output_names", None)
        ):
            raise InvalidArgumentError("loss_weights is a dict, but the outputs have no names; give a list.")
        if _are_weights(metrics) or _are_metrics(
            loss_weights
        ):  # by position, Keras 3 has these two the other way round
            metrics, loss_weights = loss_weights, metrics
        loss, metrics, weighted_metrics = map(with_custom_objects, (loss, metrics, weighted_metrics))
        chosen = optimizers.get(optimizer)
        if auto_scale_loss and self.dtype_policy.name == "mixed_float16":
            if not isinstance(chosen, optimizers.LossScaleOptimizer):
                chosen = optimizers.LossScaleOptimizer(chosen)
        arguments = {
            "optimizer": chosen, "loss": loss, "loss_weights": loss_weights, "metrics": metrics,
            "weighted_metrics": weighted_metrics, "run_eagerly": bool(run_eagerly), "steps_per_execution": steps_per_execution,
            "jit_compile": jit_compile,
        }  # fmt: skip
        object.__setattr__(self, "_log_order", [])
        object.__setattr__(self, "_compiled_arguments", arguments)  # not as an attribute: its metrics are no layer's
        self.optimizer = chosen
        object.__setattr__(self, "loss", loss)
        self.run_eagerly = bool(run_eagerly)
        self.steps_per_execution = steps_per_execution
        self.jit_compile = jit_compile
        for identifier in jax.tree.leaves(loss, is_leaf=lambda x: not isinstance(x, (list, tuple, dict))):
            losses.get(identifier)  # a misspelt name is an error here, not at the first batch
        _check_metric_names(metrics)
        _check_metric_names(weighted_metrics)
        object.__setattr__(self, "_compile_loss", CompileLoss(loss, loss_weights))
        object.__setattr__(self, "_compile_metrics", CompileMetrics(metrics, weighted_metrics))
        object.__setattr__(self, "_loss_tracker", Mean(name="loss"))
        object.__setattr__(self, "_programs", {})
        object.__setattr__(self, "_compiled_flags", CompiledFlags(self))
        self._class_counts = {}
        self.stop_training = False
        self.compiled = True

    def _require_compiled(self, method: str) -> None:
        if not getattr(self, "compiled", False):
            raise FailedPreconditionError(
                f"Call compile() before {method}(), e.g. model.compile(optimizer='adam', loss='mse', metrics=['mae'])."
            )

    def get_compile_config(self) -> dict | None:
        """The arguments of `compile`, serialized; None before it."""
        if not getattr(self, "compiled", False) or self._compiled_arguments is None:
            return None
        arguments = dict(self._compiled_arguments)
        if arguments["steps_per_execution"] == "auto":
            arguments["steps_per_execution"] = 1
        if arguments["jit_compile"] == "auto":
            arguments["jit_compile"] = True
        return {name: serialization.serialize(value) for name, value in arguments.items()}

    def compile_from_config(self, config: dict) -> None:
        """Compile as `get_compile_config` says, and build the optimizer if the model is built."""
        config = {name: _deserialized(value) for name, value in config.items()}
        if config.get("steps_per_execution") == 1:
            config["steps_per_execution"] = "auto"
        self.compile(**config)
        if self.built and self.optimizer is not None:
            self.optimizer.build(self.trainable_variables)

    # -- metrics and losses

    @property
    def metrics(self) -> list[Any]:
        """The loss mean, the outputs' losses, the compiled metrics and those of the layers."""
        own: list[Any] = []
        if getattr(self, "compiled", False):
            own = [self._loss_tracker, *self._compile_metrics.metrics, *self._compile_loss.trackers]
        own += [metric for layer in self._flatten_layers() for metric in layer._metrics]
        return list({id(metric): metric for metric in own}.values())

    @property
    def metrics_names(self) -> list[str]:
        """Names in the order of what `evaluate` returns."""
        if not getattr(self, "compiled", False):
            return []
        names = list(self.get_metrics_result())
        plain = {metric.name for metric in self.metrics}  # those called otherwise (`<output>_mae`) come last, sorted
        return [name for name in names if name in plain] + sorted(name for name in names if name not in plain)

    def _in_shown_order(self, logs: dict) -> dict:
        """By name; in the style `"tf2"` the losses first, then the metrics as they were compiled."""
        if config.style() != "tf2":
            return dict(sorted(logs.items()))
        if set(self._log_order) != set(logs):
            names = [*self.get_metrics_result(), *sorted(logs)]
            losses = ["loss", *(tracker.name for tracker in self._compile_loss.trackers)] if self.compiled else []
            order = [name for name in dict.fromkeys([*losses, *names]) if name in logs]
            object.__setattr__(self, "_log_order", order)
        return {name: logs[name] for name in self._log_order}

    @property
    def metrics_variables(self) -> list[Any]:
        """The variables of all metrics."""
        return [variable for metric in self.metrics for variable in metric.variables]

    def reset_metrics(self) -> None:
        """Set all metrics to their start."""
        for metric in self.metrics:
            metric.reset_state()

    def get_metrics_result(self) -> dict[str, Any]:
        """The metrics so far by name."""
        logs: dict[str, Any] = {}
        if type(self).metrics is not Trainer.metrics:  # the user says which they are
            others = self.metrics
        else:
            others = [metric for layer in self._flatten_layers() for metric in layer._metrics]
            if getattr(self, "compiled", False):
                logs["loss"] = self._loss_tracker.result()
                logs.update(self._compile_metrics.result())
                logs.update((tracker.name, tracker.result()) for tracker in self._compile_loss.trackers)
        for metric in others:
            value = metric.result()
            logs.update(value if isinstance(value, dict) else {metric.name: value})
        return logs

    def compute_loss(
        self, x: Any = None, y: Any = None, y_pred: Any = None, sample_weight: Any = None, training: bool = True
    ) -> Tensor:
        """The compiled loss of a batch plus the layers' penalties. Shape: ().

        Raises: InvalidArgumentError if there is nothing to minimise.
        """
        names = names_of(y_pred, getattr(self, "output_names", None))
        outputs = flat(y_pred)
        if not self._compile_loss.built:
            self._compile_loss.build(names, self._outputs_named(y_pred))
        total = self._compile_loss(
            targets_by_output(y, y_pred, names, "y"),
            outputs,
            targets_by_output(sample_weight, y_pred, names, "sample_weight"),
        )
        for penalty in self.losses:
            penalty = convert_to_tensor(penalty)
            penalty = penalty if not penalty.ndim else _mean(penalty)
            total = penalty if total is None else total + penalty
        if total is None and not training:
            return convert_to_tensor(0.0)
        if total is None:
            raise InvalidArgumentError(
                f"The model {self.name!r} has no loss to minimise: give compile(loss=...), or call add_loss in a layer."
            )
        return total

    def _outputs_named(self, y_pred: Any) -> bool:
        return has_names(y_pred, getattr(self, "output_names", None))

    def _loss_of(self, x: Any, y: Any, y_pred: Any, sample_weight: Any, training: bool) -> Tensor:
        """`compute_loss` with the arguments that the user's version takes."""
        arguments = {"x": x, "y": y, "y_pred": y_pred, "sample_weight": sample_weight, "training": training}
        return convert_to_tensor(_call_with(self.compute_loss, arguments))

    def compute_metrics(self, x: Any, y: Any, y_pred: Any, sample_weight: Any = None) -> dict[str, Any]:
        """Feed a batch to the compiled metrics; returns all results so far."""
        self._update_metrics(y, y_pred, sample_weight)
        return self.get_metrics_result()

    def _update_metrics(self, y: Any, y_pred: Any, sample_weight: Any) -> None:
        names = names_of(y_pred, getattr(self, "output_names", None))
        outputs = flat(y_pred)
        targets = targets_by_output(y, y_pred, names, "y")
        if not self._compile_metrics.built:
            with init_scope():
                self._compile_metrics.build(names, self._outputs_named(y_pred), targets, outputs)
        self._compile_metrics.update(targets, outputs, targets_by_output(sample_weight, y_pred, names, "sample_weight"))

    # -- the steps that users override

    def train_step(self, data: Any) -> dict[str, Any]:
        """One step of training on a batch; returns logs. Override it for training of your own."""
        x, y, sample_weight = unpack_x_y_sample_weight(data)
        with GradientTape() as tape:
            y_pred = self(x, training=True)
            loss = self._loss_of(x, y, y_pred, sample_weight, training=True)
            scaled = self.optimizer.scale_loss(loss)
        variables = self.trainable_variables
        self.optimizer.apply(tape.gradient(scaled, variables), variables)
        self._loss_tracker.update_state(loss, sample_weight=_row_count(x))
        return self.compute_metrics(x, y, y_pred, sample_weight=sample_weight)

    def test_step(self, data: Any) -> dict[str, Any]:
        """One step of evaluation on a batch; returns logs."""
        x, y, sample_weight = unpack_x_y_sample_weight(data)
        y_pred = self(x, training=False)
        loss = self._loss_of(x, y, y_pred, sample_weight, training=False)
        self._loss_tracker.update_state(loss, sample_weight=_row_count(x))
        return self.compute_metrics(x, y, y_pred, sample_weight=sample_weight)

    def predict_step(self, data: Any) -> Any:
        """The predictions for a batch."""
        x, _, _ = unpack_x_y_sample_weight(data)
        return self(x, training=False)

    def _overrides(self, *methods: str) -> bool:
        return any(getattr(type(self), method) is not getattr(Trainer, method) for method in methods)

    # -- compiled programs

    def _flags_for(self, mode: str) -> Any:
        """Inside, training sees which layers were trainable when the model was compiled, as tf.keras does."""
        return self._compiled_flags.restored() if mode == "train" else contextlib.nullcontext()

    def _program(self, mode: str) -> Any:
        """The compiled program for "train", "test" or "predict", made anew when what it was made for has changed.

        That is: which variables are trainable; for training also the optimizer and its settings.
        """
        key: tuple = (mode, tuple(id(variable) for variable in self.trainable_variables))
        if mode == "train" and isinstance(self.optimizer, optimizers.Optimizer):
            key += (self.optimizer, self.optimizer._settings())
        if mode == "train":  # a layer without weights to train, such as a BatchNormalization, may still be frozen
            key += tuple(layer._trainable for layer in self._flatten_layers())
        programs = self.__dict__.get("_programs")
        if programs is None:
            programs = {}
            object.__setattr__(self, "_programs", programs)
        if key not in programs:
            programs[key] = getattr(self, f"_make_{mode}_program")()
        return programs[key]

    def _split_variables(self, mode: str) -> tuple[list, list]:
        """What a program of that mode changes, and what it only reads."""
        trainable = self.trainable_variables
        known = set(map(id, trainable))
        others = [variable for variable in self.variables if id(variable) not in known]
        if mode == "predict":
            return [], trainable + others
        moving = _once(others + self.metrics_variables)
        if mode == "test":
            return moving, trainable
        return _once(trainable + self.optimizer.variables + moving), []

    def _make_train_program(self) -> LoopProgram:
        if not self.trainable_variables and self.weights and not self._overrides("train_step"):
            warnings.warn(
                f"The model {self.name!r} has no trainable weights: training changes nothing. Set trainable = True on the "
                "model or on some of its layers.", stacklevel=4,
            )  # fmt: skip
        if self._overrides("train_step"):
            return LoopProgram(lambda data: self._logs_of("train_step", data), None, *self._split_variables("train"))

        def step(data: Any) -> dict:
            x, y, sample_weight = data
            loss, y_pred = gradient_step(self, x, y, sample_weight)
            self._loss_tracker.update_state(loss, sample_weight=_row_count(x))
            if self._overrides("compute_metrics"):
                return self.compute_metrics(x, y, y_pred, sample_weight=sample_weight)
            self._update_metrics(y, y_pred, sample_weight)
            return {}

        results = None if self._overrides("compute_metrics") else self.get_metrics_result
        return LoopProgram(step, results, *self._split_variables("train"))

    def _make_test_program(self) -> LoopProgram:
        if self._overrides("test_step", "compute_metrics"):
            return LoopProgram(lambda data: self._logs_of("test_step", data), None, *self._split_variables("test"))

        def step(data: Any) -> dict:
            x, y, sample_weight = data
            y_pred = self(x, training=False)
            loss = self._loss_of(x, y, y_pred, sample_weight, training=False)
            self._clear_losses()
            self._loss_tracker.update_state(loss, sample_weight=_row_count(x))
            self._update_metrics(y, y_pred, sample_weight)
            return {}

        return LoopProgram(step, self.get_metrics_result, *self._split_variables("test"))

    def _make_predict_program(self) -> StepProgram:
        return StepProgram(
            lambda x: self._clean(self.predict_step(_packed((x, None, None)))), *self._split_variables("predict")
        )

    def _logs_of(self, method: str, batch: tuple) -> Any:
        """What the step called `method` returns for a batch (x, y, sample_weight)."""
        logs = self._clean(getattr(self, method)(_packed(batch)))
        if logs is None:
            raise InvalidTypeError(
                f"{type(self).__name__}.{method} returned None. Return a dict of logs, such as {{'loss': loss}}."
            )
        return logs

    def _clean(self, outputs: Any) -> Any:
        """Outputs of a step; tracers that layers kept in their losses are dropped."""
        self._clear_losses()
        return outputs

    def _prepare(self, data: tuple, mode: str) -> None:
        """Build what is not built yet, for a batch like `data` (arrays or anything with shape and dtype)."""
        x, y, _ = data
        if not self.built or any(not layer.built for layer in self._flatten_layers()):
            try:
                self._build_on(x)
            except (CornuError, TypeError) as error:  # among them JAX's, for code that needs values
                if isinstance(error, TracedValueError):
                    self._give_up_compiling(error)
                if self.__dict__.get("run_eagerly"):
                    self(jax.tree.map(lambda rows: rows[:1], x))  # a `call` that only runs on values
                elif not self._overrides(f"{mode}_step"):
                    raise
                self.built = True  # the user's step calls the layers in its own way; a GAN has no `call` at all
        if mode == "predict":
            return
        complete = not self._overrides("train_step") or all(layer.built for layer in self._flatten_layers())
        if mode == "train" and not self.optimizer.built and complete:
            with self._flags_for(mode):
                self.optimizer.build(self.trainable_variables)
        if not self._compile_metrics.built or not self._compile_loss.built:
            self._build_compiled(x, y)
        self._check_labels(y)

    def _give_up_compiling(self, error: TracedValueError) -> None:
        """From here on Python runs every batch: the code asks for values that are not known while compiling."""
        if not self.__dict__.get("run_eagerly"):
            warn(f"The model {self.name!r} cannot be compiled and runs eagerly, which is slower. {error}")
            self.run_eagerly = True

    def _build_compiled(self, x: Any, y: Any) -> None:
        """Build losses and metrics from symbolic outputs, unless the user's own steps make that impossible."""
        custom = self._overrides("train_step", "test_step", "compute_loss")
        try:
            fixed = next((tensor.shape[0] for tensor in self.inputs or () if tensor.shape), None)
            y_pred = self.compute_output_spec(_symbols(x, fixed))
        except (CornuError, TypeError) as error:
            if isinstance(error, TracedValueError):
                self._give_up_compiling(error)
            if custom or self.run_eagerly:  # such steps need not be traceable; metrics are then built at first use
                return
            raise
        names = names_of(y_pred, getattr(self, "output_names", None))
        outputs = flat(y_pred)
        if custom and (y is None or len(flat(y)) != len(outputs)):
            return
        named = self._outputs_named(y_pred)
        if not self._compile_loss.built:
            self._compile_loss.build(names, named)
        targets = targets_by_output(y, y_pred, names, "y")
        self._compile_metrics.build(names, named, [None if t is None else _symbol(t) for t in targets], outputs)
        self._class_counts = {} if custom else self._compile_loss.class_counts(outputs)

    def _check_labels(self, y: Any) -> None:
        """Labels of sparse losses must be class numbers; looked at on the host, before the step that uses them."""
        if not self._class_counts or not isinstance(y, (np.ndarray, list, tuple, dict)):
            return
        names = self._compile_loss.names
        targets = [y.get(name) for name in names] if isinstance(y, dict) else flat(y)
        for i, (classes, loss) in self._class_counts.items():
            if i < len(targets) and isinstance(targets[i], np.ndarray):
                checks.check_sparse_labels(targets[i], classes, names[i], loss)

    def _checked(self, batches: Any) -> Any:
        """The batches, each with its labels looked at first."""
        for batch in batches:
            self._check_labels(batch[1])
            yield batch

    # -- fit

    def fit(
        self,
        x: Any = None,
        y: Any = None,
        batch_size: int | None = None,
        epochs: int = 1,
        verbose: int | str = "auto",
        callbacks: Any = None,
        validation_split: float = 0.0,
        validation_data: Any = None,
        shuffle: bool | str = True,
        class_weight: Any = None,
        sample_weight: Any = None,
        initial_epoch: int = 0,
        steps_per_epoch: int | None = None,
        validation_steps: int | None = None,
        validation_batch_size: int | None = None,
        validation_freq: Any = 1,
        resume: str | os.PathLike[str] | None = None,
        **old: Any,
    ) -> History:
        """Train.

        Args:
            x, y: arrays (or lists, dicts of them), or `x` a generator, PyDataset or any iterable of batches.
            batch_size: rows per step, default 32.
            epochs: the epoch to end at; `initial_epoch` the one to begin at.
            verbose: 0 silent, 1 a bar, 2 a line per epoch, "auto" is 1.
            callbacks: list of callbacks.
            validation_split: fraction held out, taken from the end before shuffling.
            validation_data: (x, y), (x, y, sample_weight) or an iterable of batches.
            shuffle: new order of rows every epoch; "batch" shuffles whole batches.
            class_weight, sample_weight: weights of classes and rows in the loss.
            steps_per_epoch, validation_steps: batches to take per epoch. The next epoch goes on where a pass over arrays stopped;
                validation begins with the first row again.
            validation_freq: validate every so many epochs, or after the listed ones.
            resume: a folder. If it holds the backup of an interrupted run, go on from there, bit for bit; back up there
                after every epoch. Short for `BackupAndRestore(resume, delete_checkpoint=False)`, which can do more.

        Returns: History, with `.history` and `.epoch`.
        Raises: FailedPreconditionError before `compile`; InvalidArgumentError, InvalidTypeError on data that does not fit.
        """
        self._require_compiled("fit")
        if "nb_epoch" in old:
            epochs = old.pop("nb_epoch")
        self._refuse_unknown("fit", old, _OLD_FIT)
        epochs = _capped(epochs, config.max_epochs())
        steps_per_epoch_cap = config.max_steps_per_epoch()
        x, y, sample_weight, validation_data = self._validation(x, y, sample_weight, validation_split, validation_data)
        names = getattr(self, "output_names", None)
        data = adapt(
            x, y, sample_weight, batch_size=batch_size, steps=steps_per_epoch, shuffle=bool(shuffle),
            class_weight=class_weight, output_names=names, mode="fit", allow_text=self._takes_text, **old,
        )  # fmt: skip
        source = self._source(data, "train")
        steps = _least(steps_per_epoch or source.steps, steps_per_epoch_cap)
        validation = None
        if validation_data is not None:  # here, so that what is wrong with it does not cost an epoch
            size = validation_batch_size or batch_size
            validation = self._validation_source(validation_data, size, validation_steps, old)
        runs = callbacks if isinstance(callbacks, CallbackList) else CallbackList(
            callbacks, add_history=True, add_progbar=verbose != 0, model=self, verbose=verbose, epochs=epochs, steps=steps
        )  # fmt: skip
        backup = _backup(runs, resume)
        run = Run(
            self, runs.callbacks, source, validation, _run_seed(), initial_epoch, steps, self._carried_variables(source)
        )
        self.stop_training = False
        runs.on_train_begin()
        if backup is not None:
            backup.begin(run)
        stopped = self.stop_training and not run.batch
        for epoch in range(run.epoch, initial_epoch if stopped else epochs):
            if not run.batch and source.exhausted():
                break
            self.reset_metrics()
            runs.on_epoch_begin(epoch)
            if backup is not None:
                backup.again(run)
            logs, done = self._run_epoch(source, "train", run.steps, runs, run, shuffle)
            if run.steps is None:
                run.steps = done or None
            if validation is not None and _validates(epoch, validation_freq):
                self.reset_metrics()
                runs.on_test_begin()
                seen, _ = self._run_epoch(
                    validation, "test", _least(validation.steps, validation_steps, steps_per_epoch_cap), runs
                )
                runs.on_test_end(seen)
                logs.update((f"val_{name}", value) for name, value in seen.items())
            runs.on_epoch_end(epoch, logs)
            run.epoch, run.batch, run.logs = epoch + 1, 0, logs
            if backup is not None:
                backup.after_epoch(run)
            if self.stop_training:
                break
        if getattr(self.optimizer, "use_ema", False):
            self.optimizer.finalize_variable_values(self.trainable_variables)
        runs.on_train_end(run.logs)
        if backup is not None:
            backup.end()
        return self.history

    def _carried_variables(self, source: RunSource) -> Callable[[bool], list]:
        """A function that tells which variables the training program carries, see `Run`."""

        def carried(search: bool) -> list:
            if self.run_eagerly:
                return []
            with self._flags_for("train"):
                program = self._program("train")
                if search:
                    example = source.device_data if source.on_device else source.example()
                    rows = min(jax.tree.leaves(example)[0].shape[0], getattr(source, "batch_size", 2**31))
                    program.search(rows, example, source.order((0, 0), source.on_device))
            return program.mutable

        return carried

    def _validation(self, x: Any, y: Any, sample_weight: Any, split: float, given: Any) -> tuple:
        if split and given is None:
            (x, y, sample_weight), given = train_validation_split((x, y, sample_weight), split)
        return x, y, sample_weight, given

    def _validation_source(self, given: Any, batch_size: int | None, steps: int | None, old: dict) -> RunSource:
        if (
            isinstance(given, list)
            and len(given) in (2, 3)
            and all(is_leaf(item) or isinstance(item, (list, tuple, dict)) for item in given)
        ):
            given = tuple(given)
        x, y, sample_weight = unpack_x_y_sample_weight(given) if isinstance(given, tuple) else (given, None, None)
        batch_size = batch_size if is_leaf(x) or isinstance(x, (list, tuple, dict)) else None
        data = adapt(
            x,
            y,
            sample_weight,
            batch_size=batch_size,
            steps=steps,
            output_names=getattr(self, "output_names", None),
            mode="evaluate",
            allow_text=self._takes_text,
            **old,
        )
        return self._source(data, "test")

    @property
    def _takes_text(self) -> bool:
        return host_part.has_host_layers(self)

    def _read_text(self, batch: tuple) -> tuple:
        """A batch with what the host part of the model makes of x, if it has one."""
        read = host_part.host_reader(self, batch[0])
        return batch if read is None else (read(batch[0]), *batch[1:])

    def _source(self, data: "ArrayData | StreamData", mode: str) -> RunSource:
        """Data ready to be run; the model is built for it."""
        source = host_part.run_source(self, data)
        self._prepare(source.example(), mode)
        return source

    def _run_epoch(
        self,
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
            if first and self.stop_training:
                steps = first
        begin, end = getattr(runs, f"on_{mode}_batch_begin"), getattr(runs, f"on_{mode}_batch_end")

        def before(step: int) -> None:
            begin(step, {})

        def after(done: int, logs: dict) -> bool:
            logs = Logs(self._in_shown_order(logs))
            if listens:
                end(done - 1, logs)
            runs.on_progress(mode, done, logs)
            if run is not None and backup is not None:
                count, run.batch, run.logs = done - run.batch, done, Logs(_plain(logs))
                backup.after_batches(run, count)
            return self.stop_training and mode == "train"

        hooks = before if listens else None, after
        try:
            with self._flags_for(mode):
                done, logs = self._run_batches(
                    source, mode, steps, runs, orders, shuffle, first, backup, listens, hooks
                )
        except BaseException:
            source.abandon()
            raise
        source.end_epoch(done)
        if run is not None and first and done == first:  # the backup was made after the last batch
            logs = run.logs
        return dict(Logs(self._in_shown_order(_plain(logs))).items()), done

    def _run_batches(
        self, source: RunSource, mode: Mode, steps: int | None, runs: CallbackList, orders: tuple, shuffle: Any, first: int,
        backup: BackupAndRestore | None, listens: bool, hooks: tuple[Any, Any],
    ) -> tuple[int, dict]:  # fmt: skip
        """Run the batches of one epoch from `first` on, with compiled steps or without; returns (batches done, logs)."""
        seed, passed = orders
        if not self.run_eagerly:
            batches = _Peekable(self._checked(source.batches(seed, shuffle, steps, first, passed)))
            try:
                if source.on_device:
                    return self._run_on_device(
                        source, mode, steps, runs, orders, shuffle, first, backup, listens, hooks
                    )
                return loop.run_stream(self._program(mode), batches, steps, self.steps_per_execution, *hooks, first)
            except TracedValueError as error:  # at the first batch
                self._give_up_compiling(error)
                batches = batches.again()
        else:
            batches = self._checked(source.batches(seed, shuffle, steps, first, passed))
        step = functools.partial(self._logs_of, f"{mode}_step")
        return self._run_eagerly(step, batches, steps, *hooks, first)

    def _run_on_device(
        self, source: RunSource, mode: Mode, steps: int | None, runs: CallbackList, orders: tuple, shuffle: Any, first: int,
        backup: BackupAndRestore | None, listens: bool, hooks: tuple[Any, Any],
    ) -> tuple[int, dict]:  # fmt: skip
        seed, passed = orders
        pace = source.pace(mode, self.steps_per_execution, runs.progbar is not None)
        if listens and pace.fixed is None:
            pace = loop.Pace(1, True)
        most = backup.until_next if backup is not None and backup.every and not listens else None
        return loop.run_arrays(
            self._program(mode), source.device_data, source.rows, source.batch_size,
            lambda again: source.order(seed, shuffle, again), steps or source.steps, pace,
            listens or most is not None, *hooks, first, most, passed,
        )  # fmt: skip

    def _run_eagerly(
        self, step: Callable, batches: Any, steps: int | None, before: Any, after: Callable, first: int = 0
    ) -> tuple[int, dict]:
        done, logs = first, {}
        while steps is None or done < steps:
            batch = next(batches, None)
            if batch is None:
                break
            if before is not None:
                before(done)
            logs = step(_tensors(batch))
            done += 1
            if after(done, logs):
                break
        return done, logs

    def _refuse_unknown(self, method: str, old: dict, known: Collection[str]) -> None:
        if unknown := [name for name in old if name not in known]:
            names = [*inspect.signature(getattr(Trainer, method)).parameters][1:-1]
            raise InvalidTypeError(
                f"{method} got the unknown argument {unknown[0]!r}.{did_you_mean(unknown[0], names)}"
            )

    # -- evaluate and predict

    def evaluate(
        self,
        x: Any = None,
        y: Any = None,
        batch_size: int | None = None,
        verbose: int | str = "auto",
        sample_weight: Any = None,
        steps: int | None = None,
        callbacks: Any = None,
        return_dict: bool = False,
        **old: Any,
    ) -> Any:
        """Loss and metrics on data.

        Returns: the loss, or [loss, *metrics] if there are metrics; with `return_dict` a dict by name.
        Raises: FailedPreconditionError before `compile`.
        """
        self._require_compiled("evaluate")
        self._refuse_unknown("evaluate", old, _OLD_FIT)
        data = adapt(
            x,
            y,
            sample_weight,
            batch_size=batch_size,
            steps=steps,
            output_names=getattr(self, "output_names", None),
            mode="evaluate",
            allow_text=self._takes_text,
            **old,
        )
        source = self._source(data, "test")
        steps = _least(source.steps, steps, config.max_steps_per_epoch())
        runs = callbacks if isinstance(callbacks, CallbackList) else CallbackList(
            callbacks, add_progbar=verbose != 0, model=self, verbose=verbose, epochs=1, steps=steps
        )  # fmt: skip
        self.reset_metrics()
        runs.on_test_begin()
        logs, _ = self._run_epoch(source, "test", steps, runs)
        runs.on_test_end(logs)
        if return_dict:
            return logs
        return _in_order(logs, self)

    def predict(
        self, x: Any, batch_size: int | None = None, verbose: int | str = "auto", steps: int | None = None, callbacks: Any = None,
        **old: Any,
    ) -> Any:  # fmt: skip
        """Predictions for all rows of `x`, as NumPy arrays in the structure of the outputs.

        One batch goes straight to the compiled function. Safe to call from several threads.
        """
        if (
            type(x) is np.ndarray
            and steps is None
            and callbacks is None
            and not old
            and self._fits_one_batch(x, batch_size)
        ):
            bar = Progbar(1, verbose=2 if verbose == 2 else 1) if verbose else None
            try:
                outputs = self._program("predict")(_floatx(x))
            except TracedValueError as error:
                self._give_up_compiling(error)
                return self.predict(x, batch_size, verbose)
            outputs = np.array(outputs) if isinstance(outputs, jax.Array) else jax.tree.map(np.array, outputs)
            if bar is not None:
                bar.update(1, finalize=True)
            return outputs
        self._refuse_unknown("predict", old, _OLD_FIT)
        data = adapt(
            x, None, None, batch_size=batch_size, steps=steps, mode="predict", allow_text=self._takes_text, **old
        )
        source = self._source(data, "predict")
        steps = _least(source.steps, steps, config.max_steps_per_epoch())
        runs = callbacks if isinstance(callbacks, CallbackList) else CallbackList(
            callbacks, add_progbar=verbose != 0, model=self, verbose=verbose, epochs=1, steps=steps
        )  # fmt: skip
        runs.on_predict_begin()
        outputs = []
        for done, batch in enumerate(source.batches()):
            if steps is not None and done >= steps:
                break
            runs.on_predict_batch_begin(done, {})
            outputs.append(self._predict_batch(batch[0]))
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

    def _predict_batch(self, x: Any) -> Any:
        """Arrays of predictions for a batch, compiled if that is possible."""
        if not getattr(self, "run_eagerly", False):
            try:
                return self._program("predict")(x)
            except TracedValueError as error:
                self._give_up_compiling(error)
        predictions = self._clean(self.predict_step(_packed((_tensors(x), None, None))))
        return jax.tree.map(np.asarray, predictions, is_leaf=lambda t: isinstance(t, Tensor))

    def _fits_one_batch(self, x: np.ndarray, batch_size: int | None) -> bool:
        """True if rows `x` can go straight to the compiled function."""
        ready = self.built and not getattr(self, "run_eagerly", False) and x.ndim and x.dtype.kind in "fiub"
        return bool(ready) and 0 < x.shape[0] <= (32 if batch_size is None else batch_size)

    def predict_on_batch(self, x: Any) -> Any:
        """Predictions for one batch, as NumPy arrays."""
        data = adapt(x, None, None, batch_size=_rows_of(x), mode="predict", allow_text=self._takes_text)
        batch = self._read_text(data.batch(slice(None)))[0]
        self._prepare((batch, None, None), "predict")
        return jax.tree.map(np.array, self._predict_batch(batch))  # copies, which may be written to

    def train_on_batch(
        self, x: Any, y: Any = None, sample_weight: Any = None, class_weight: Any = None, return_dict: bool = False,
        reset_metrics: bool = True,
    ) -> Any:  # fmt: skip
        """One step of training on a batch; returns the loss, [loss, *metrics], or a dict.

        The metrics are those of this batch; with `reset_metrics=False` those of all batches since the last reset.
        """
        self._require_compiled("train_on_batch")
        return self._on_batch("train", x, y, sample_weight, class_weight, return_dict, reset_metrics)

    def test_on_batch(
        self, x: Any, y: Any = None, sample_weight: Any = None, return_dict: bool = False, reset_metrics: bool = True
    ) -> Any:
        """Loss and metrics of one batch; see `train_on_batch`."""
        self._require_compiled("test_on_batch")
        return self._on_batch("test", x, y, sample_weight, None, return_dict, reset_metrics)

    def _on_batch(
        self, mode: str, x: Any, y: Any, sample_weight: Any, class_weight: Any, return_dict: bool, reset_metrics: bool
    ) -> Any:
        data = adapt(
            x, y, sample_weight, batch_size=_rows_of(x), class_weight=class_weight,
            output_names=getattr(self, "output_names", None), mode="fit" if mode == "train" else "evaluate",
            allow_text=self._takes_text,
        )  # fmt: skip
        data.data = self._read_text(data.data)
        self._prepare(data.data, mode)
        if reset_metrics:
            self.reset_metrics()
        with self._flags_for(mode):
            logs = None
            if not self.run_eagerly:
                try:
                    logs = self._program(mode)(data.rows, jax.tree.map(jnp.asarray, data.data), None, 0, 1)
                except TracedValueError as error:
                    self._give_up_compiling(error)
            if logs is None:
                logs = self._logs_of(f"{mode}_step", _tensors(data.data))
        logs = dict(Logs(self._in_shown_order(_plain(logs))).items())
        return logs if return_dict else _in_order(logs, self)


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


def _packed(data: tuple) -> Any:
    return pack_x_y_sample_weight(*data)


def _tensors(nest: Any) -> Any:
    return jax.tree.map(convert_to_tensor, nest)


def _plain(logs: Any) -> dict:
    """Logs of a step as a dict of scalars; a bare loss is named so."""
    if not isinstance(logs, dict):
        logs = {"loss": logs} if logs is not None else {}
    return {name: value._value if isinstance(value, Tensor) else value for name, value in logs.items()}


def _in_order(logs: dict, model: Any) -> Any:
    """The loss first, then the metrics in the order of `metrics_names`; a single number if there is no other."""
    names = [name for name in model.metrics_names if name in logs]
    names += sorted(name for name in logs if name not in names)
    values = [logs[name] for name in names]
    return values[0] if len(values) == 1 else values


def _row_count(x: Any) -> int:
    leaves = jax.tree.leaves(x, is_leaf=lambda t: isinstance(t, Tensor))
    return int(leaves[0].shape[0]) if leaves and leaves[0].ndim else 1


def _rows_of(x: Any) -> int:
    leaves = jax.tree.leaves(x, is_leaf=is_leaf)
    shape = getattr(leaves[0], "shape", ()) if leaves else ()
    if shape:
        return max(int(shape[0]), 1)
    return max(len(x), 1) if hasattr(x, "__len__") else 1


def _floatx(x: np.ndarray) -> np.ndarray:
    return x.astype(np.float32) if x.dtype == np.float64 and dtypes.name(None) == "float32" else x


def _symbol(leaf: Any, batch_size: int | None = None) -> KerasTensor:
    """A symbolic batch of what `leaf` is like."""
    shape = tuple(leaf.shape)
    return KerasTensor((batch_size, *shape[1:]) if shape else (), dtypes.as_dtype(leaf.dtype))


def _symbols(nest: Any, batch_size: int | None = None) -> Any:
    return jax.tree.map(lambda leaf: _symbol(leaf, batch_size), nest, is_leaf=lambda x: hasattr(x, "shape"))


def _mean(x: Tensor) -> Tensor:
    from cornu.ops.reductions import mean

    return mean(x)


def _once(items: list) -> list:
    return list({id(item): item for item in items}.values())


def _run_seed() -> int:
    """A seed for the orders of rows of one run, from the global generator."""
    with init_scope():
        words = np.asarray(draw(None))
    return int(words[0]) | int(words[1]) << 32


def _backup(runs: CallbackList, resume: str | os.PathLike[str] | None) -> BackupAndRestore | None:
    """What backs up the run, if anything does. Raises: InvalidArgumentError if two would."""
    if resume is not None:
        if runs.backup is not None:
            raise InvalidArgumentError(
                f"Expected resume={os.fspath(resume)!r} or a BackupAndRestore among the callbacks; received both."
            )
        runs.append(BackupAndRestore(resume, delete_checkpoint=False))
    return runs.backup


def _capped(epochs: int, most: int | None) -> int:
    if epochs != 0:
        checks.check_positive_int("epochs", epochs)
    return _least(epochs, most)  # type: ignore[return-value]


def _least(*values: int | None) -> int | None:
    given = [value for value in values if value is not None]
    return min(given) if given else None


def _validates(epoch: int, freq: Any) -> bool:
    if isinstance(freq, (list, tuple, set)):
        return epoch + 1 in freq
    checks.check_positive_int("validation_freq", freq)
    return (epoch + 1) % freq == 0


def _deserialized(value: Any) -> Any:
    if isinstance(value, dict) and "class_name" in value:
        return serialization.deserialize(value)
    if isinstance(value, dict):
        return {name: _deserialized(item) for name, item in value.items()}
    return [_deserialized(item) for item in value] if isinstance(value, list) else value


def _call_with(function: Callable, arguments: dict[str, Any]) -> Any:
    """Call with those of the arguments that the function takes."""
    parameters = inspect.signature(function).parameters
    if any(p.kind is p.VAR_KEYWORD for p in parameters.values()):
        return function(**arguments)
    return function(**{name: value for name, value in arguments.items() if name in parameters})


def _are_weights(metrics: Any) -> bool:
    return isinstance(metrics, (list, tuple)) and bool(metrics) and all(type(m) in (int, float) for m in metrics)


def _are_metrics(loss_weights: Any) -> bool:
    return isinstance(loss_weights, (list, tuple)) and any(isinstance(w, str) or callable(w) for w in loss_weights)


def _check_metric_names(group: Any) -> None:
    from cornu import metrics

    for identifier in jax.tree.leaves(group, is_leaf=lambda x: not isinstance(x, (list, tuple, dict))):
        if isinstance(identifier, str) and identifier.lower() not in ("accuracy", "acc", "crossentropy", "ce"):
            metrics.get(identifier)
