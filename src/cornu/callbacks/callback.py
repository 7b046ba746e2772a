"""The base of all callbacks, and what a callback may expect of a model."""

from typing import Any, Protocol


class CallbackModel(Protocol):
    """The part of a model that callbacks use."""

    stop_training: bool
    optimizer: Any

    def get_weights(self) -> list[Any]:
        """Copies of all weights."""
        ...

    def set_weights(self, weights: list[Any]) -> None:
        """Set all weights."""
        ...


class Callback:
    """Code that runs at certain moments of training, evaluation and prediction; override the hooks you need.

    `logs` maps the names of the metrics to their values so far; they leave the device when first read. Overriding a
    per-batch hook makes the training loop come back to Python after every batch.

    Attributes:
        params: dict with `verbose`, `epochs`, `steps`, set before the run begins.
        model: the model; set `self.model.stop_training = True` to end the run.

    A callback that remembers something tells it in `state()` and takes it back in `restore(state)`, so that an interrupted
    run goes on as if nothing had happened:
        >>> class CountEpochs(Callback):
        ...     count = 0
        ...     def on_epoch_end(self, epoch, logs=None):
        ...         self.count += 1
        ...     def state(self):
        ...         return {"count": self.count}
        ...     def restore(self, state):
        ...         self.count = state["count"]
    Source: keras.callbacks.Callback.
    """

    params: dict[str, Any] | None = None
    _model: Any = None

    def __init__(self):
        self.params, self._model = None, None

    @property
    def model(self) -> Any:
        """The model this callback is attached to, or None."""
        return self._model

    @model.setter
    def model(self, model: Any) -> None:
        self._model = model

    def set_params(self, params: dict[str, Any]) -> None:
        """Take the parameters of the run."""
        self.params = params

    def set_model(self, model: Any) -> None:
        """Take the model of the run."""
        self._model = model

    def state(self) -> dict[str, Any]:
        """What the callback remembers: nested dicts and lists of numbers, text, None and arrays.

        Asked for when a run is backed up, after all hooks of a batch or an epoch.
        """
        return {}

    def restore(self, state: dict[str, Any]) -> None:
        """Remember what `state()` told in the interrupted run.

        Called after `on_train_begin`; where the backup is of the middle of an epoch, once more after `on_epoch_begin`.
        """

    def on_batch_begin(self, batch: int, logs: dict[str, Any] | None = None) -> None:
        """Older name of `on_train_batch_begin`."""

    def on_batch_end(self, batch: int, logs: dict[str, Any] | None = None) -> None:
        """Older name of `on_train_batch_end`."""

    def on_epoch_begin(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Before an epoch of training, counted from 0."""

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """After an epoch of training; `logs` holds the epoch's metrics, those of validation as `val_...`."""

    def on_train_batch_begin(self, batch: int, logs: dict[str, Any] | None = None) -> None:
        """Before a training batch, counted from 0 in its epoch."""
        self.on_batch_begin(batch, logs)

    def on_train_batch_end(self, batch: int, logs: dict[str, Any] | None = None) -> None:
        """After a training batch; `logs` holds the epoch's metrics so far."""
        self.on_batch_end(batch, logs)

    def on_test_batch_begin(self, batch: int, logs: dict[str, Any] | None = None) -> None:
        """Before a batch of evaluation or validation."""

    def on_test_batch_end(self, batch: int, logs: dict[str, Any] | None = None) -> None:
        """After a batch of evaluation or validation."""

    def on_predict_batch_begin(self, batch: int, logs: dict[str, Any] | None = None) -> None:
        """Before a batch of prediction."""

    def on_predict_batch_end(self, batch: int, logs: dict[str, Any] | None = None) -> None:
        """After a batch of prediction; `logs` is `{"outputs": the batch's outputs}`."""

    def on_train_begin(self, logs: dict[str, Any] | None = None) -> None:
        """Before training."""

    def on_train_end(self, logs: dict[str, Any] | None = None) -> None:
        """After training; `logs` are those of the last epoch."""

    def on_test_begin(self, logs: dict[str, Any] | None = None) -> None:
        """Before evaluation or validation."""

    def on_test_end(self, logs: dict[str, Any] | None = None) -> None:
        """After evaluation or validation."""

    def on_predict_begin(self, logs: dict[str, Any] | None = None) -> None:
        """Before prediction."""

    def on_predict_end(self, logs: dict[str, Any] | None = None) -> None:
        """After prediction."""
