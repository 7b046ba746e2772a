"""compile, fit, evaluate, predict: what a model does with data. The compiled steps are in `cornu.training`."""

import os
from typing import Any

import jax
import numpy as np

from cornu._base.errors import TracedValueError
from cornu.callbacks import CallbackList, History
from cornu.core import config
from cornu.core.tape import GradientTape
from cornu.models import host_part
from cornu.models.compiled import Compiled
from cornu.models.epochs import in_order, run_epoch
from cornu.models.fit_run import backup_of, capped, carried_variables, validates
from cornu.models.on_batch import rows_of, run_on_batch
from cornu.models.prediction import fits_one_batch, predict_all, predict_at_once, predict_batch
from cornu.models.preparing import give_up_compiling, prepare
from cornu.models.run_data import evaluation_source, least, source_of, validation_source
from cornu.models.step_programs import row_count
from cornu.models.unknown_arguments import refuse_unknown
from cornu.training.adapters import adapt, train_validation_split
from cornu.training.batch_form import unpack_x_y_sample_weight
from cornu.training.progress import Progbar
from cornu.training.row_orders import run_seed
from cornu.training.run_state import Run

_OLD_FIT = {"max_queue_size", "workers", "use_multiprocessing"}


class Trainer(Compiled):
    """The training half of Model. Override `train_step`, `test_step`, `predict_step`, `compute_loss`, `compute_metrics`."""

    history: Any = None

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
        self._loss_tracker.update_state(loss, sample_weight=row_count(x))
        return self.compute_metrics(x, y, y_pred, sample_weight=sample_weight)

    def test_step(self, data: Any) -> dict[str, Any]:
        """One step of evaluation on a batch; returns logs."""
        x, y, sample_weight = unpack_x_y_sample_weight(data)
        y_pred = self(x, training=False)
        loss = self._loss_of(x, y, y_pred, sample_weight, training=False)
        self._loss_tracker.update_state(loss, sample_weight=row_count(x))
        return self.compute_metrics(x, y, y_pred, sample_weight=sample_weight)

    def predict_step(self, data: Any) -> Any:
        """The predictions for a batch."""
        x, _, _ = unpack_x_y_sample_weight(data)
        return self(x, training=False)

    def _overrides(self, *methods: str) -> bool:
        return any(getattr(type(self), method) is not getattr(Trainer, method) for method in methods)

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
        refuse_unknown(Trainer.fit, old, _OLD_FIT)
        epochs = capped(epochs, config.max_epochs())
        steps_per_epoch_cap = config.max_steps_per_epoch()
        if validation_split and validation_data is None:
            (x, y, sample_weight), validation_data = train_validation_split((x, y, sample_weight), validation_split)
        names = getattr(self, "output_names", None)
        data = adapt(
            x, y, sample_weight, batch_size=batch_size, steps=steps_per_epoch, shuffle=bool(shuffle),
            class_weight=class_weight, output_names=names, mode="fit", allow_text=host_part.has_host_layers(self), **old,
        )  # fmt: skip
        source = source_of(self, data, "train")
        steps = least(steps_per_epoch or source.steps, steps_per_epoch_cap)
        validation = None
        if validation_data is not None:  # here, so that what is wrong with it does not cost an epoch
            size = validation_batch_size or batch_size
            validation = validation_source(self, validation_data, size, validation_steps, old)
        runs = callbacks if isinstance(callbacks, CallbackList) else CallbackList(
            callbacks, add_history=True, add_progbar=verbose != 0, model=self, verbose=verbose, epochs=epochs, steps=steps
        )  # fmt: skip
        backup = backup_of(runs, resume)
        run = Run(
            self, runs.callbacks, source, validation, run_seed(), initial_epoch, steps, carried_variables(self, source)
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
            logs, done = run_epoch(self, source, "train", run.steps, runs, run, shuffle)
            if run.steps is None:
                run.steps = done or None
            if validation is not None and validates(epoch, validation_freq):
                self.reset_metrics()
                runs.on_test_begin()
                seen, _ = run_epoch(
                    self, validation, "test", least(validation.steps, validation_steps, steps_per_epoch_cap), runs
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
        refuse_unknown(Trainer.evaluate, old, _OLD_FIT)
        source = evaluation_source(self, x, y, sample_weight, batch_size, steps, old)
        steps = least(source.steps, steps, config.max_steps_per_epoch())
        runs = callbacks if isinstance(callbacks, CallbackList) else CallbackList(
            callbacks, add_progbar=verbose != 0, model=self, verbose=verbose, epochs=1, steps=steps
        )  # fmt: skip
        self.reset_metrics()
        runs.on_test_begin()
        logs, _ = run_epoch(self, source, "test", steps, runs)
        runs.on_test_end(logs)
        if return_dict:
            return logs
        return in_order(logs, self)

    def predict(
        self, x: Any, batch_size: int | None = None, verbose: int | str = "auto", steps: int | None = None, callbacks: Any = None,
        **old: Any,
    ) -> Any:  # fmt: skip
        """Predictions for all rows of `x`, as NumPy arrays in the structure of the outputs.

        One batch goes straight to the compiled function. Safe to call from several threads.
        """
        if steps is None and callbacks is None and not old and fits_one_batch(self, x, batch_size):
            bar = Progbar(1, verbose=2 if verbose == 2 else 1) if verbose else None
            try:
                outputs = predict_at_once(self, x)
            except TracedValueError as error:
                give_up_compiling(self, error)
                return self.predict(x, batch_size, verbose)
            if bar is not None:
                bar.update(1, finalize=True)
            return outputs
        refuse_unknown(Trainer.predict, old, _OLD_FIT)
        data = adapt(
            x,
            None,
            None,
            batch_size=batch_size,
            steps=steps,
            mode="predict",
            allow_text=host_part.has_host_layers(self),
            **old,
        )
        source = source_of(self, data, "predict")
        steps = least(source.steps, steps, config.max_steps_per_epoch())
        runs = callbacks if isinstance(callbacks, CallbackList) else CallbackList(
            callbacks, add_progbar=verbose != 0, model=self, verbose=verbose, epochs=1, steps=steps
        )  # fmt: skip
        return predict_all(self, source, steps, runs)

    def predict_on_batch(self, x: Any) -> Any:
        """Predictions for one batch, as NumPy arrays."""
        data = adapt(x, None, None, batch_size=rows_of(x), mode="predict", allow_text=host_part.has_host_layers(self))
        batch = host_part.read_batch(self, data.batch(slice(None)))[0]
        prepare(self, (batch, None, None), "predict")
        return jax.tree.map(np.array, predict_batch(self, batch))  # copies, which may be written to

    def train_on_batch(
        self, x: Any, y: Any = None, sample_weight: Any = None, class_weight: Any = None, return_dict: bool = False,
        reset_metrics: bool = True,
    ) -> Any:  # fmt: skip
        """One step of training on a batch; returns the loss, [loss, *metrics], or a dict.

        The metrics are those of this batch; with `reset_metrics=False` those of all batches since the last reset.
        """
        self._require_compiled("train_on_batch")
        return run_on_batch(self, "train", x, y, sample_weight, class_weight, return_dict, reset_metrics)

    def test_on_batch(
        self, x: Any, y: Any = None, sample_weight: Any = None, return_dict: bool = False, reset_metrics: bool = True
    ) -> Any:
        """Loss and metrics of one batch; see `train_on_batch`."""
        self._require_compiled("test_on_batch")
        return run_on_batch(self, "test", x, y, sample_weight, None, return_dict, reset_metrics)
