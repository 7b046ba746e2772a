"""What `compile` keeps in a model: the optimizer, the loss, the metrics, and what a batch makes of them."""

import inspect
from collections.abc import Callable
from typing import Any

from cornu import losses, ops, optimizers
from cornu._base.errors import FailedPreconditionError, InvalidArgumentError
from cornu.core import config, serialization
from cornu.core.scopes import init_scope
from cornu.core.tensor import Tensor, convert_to_tensor
from cornu.layers.base import Layer
from cornu.metrics import Mean
from cornu.models.compile_arguments import (
    OLD_COMPILE_ARGUMENTS,
    are_metrics,
    are_weights,
    check_metric_names,
    check_old_compile_arguments,
    deserialized,
    identifiers,
    with_custom_objects,
)
from cornu.models.compiled_flags import CompiledFlags
from cornu.models.unknown_arguments import refuse_unknown
from cornu.training.compile_loss import CompileLoss
from cornu.training.compile_metrics import CompileMetrics
from cornu.training.outputs import flat, has_names, names_of, targets_by_output


class Compiled(Layer):
    """The part of a model that `compile` makes. Override `compute_loss`, `compute_metrics`."""

    stop_training = False
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
        refuse_unknown(Compiled.compile, old, OLD_COMPILE_ARGUMENTS)
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
        if are_weights(metrics) or are_metrics(loss_weights):  # by position, Keras 3 has these the other way round
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
        for identifier in identifiers(loss):
            losses.get(identifier)  # a misspelt name is an error here, not at the first batch
        check_metric_names(metrics)
        check_metric_names(weighted_metrics)
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
        config = {name: deserialized(value) for name, value in config.items()}
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
        if type(self).metrics is not Compiled.metrics:  # the user says which they are
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
            penalty = penalty if not penalty.ndim else ops.mean(penalty)
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


def _call_with(function: Callable, arguments: dict[str, Any]) -> Any:
    """Call with those of the arguments that the function takes."""
    parameters = inspect.signature(function).parameters
    if any(p.kind is p.VAR_KEYWORD for p in parameters.values()):
        return function(**arguments)
    return function(**{name: value for name, value in arguments.items() if name in parameters})
