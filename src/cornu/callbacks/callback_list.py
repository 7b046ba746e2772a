"""The callbacks of one run, called as one."""

from collections.abc import Iterable
from typing import Any, Literal

from cornu._base.errors import InvalidTypeError
from cornu.callbacks.backup_and_restore import BackupAndRestore
from cornu.callbacks.callback import Callback
from cornu.callbacks.history import History
from cornu.callbacks.progbar_logger import ProgbarLogger

Mode = Literal["train", "test", "predict"]

_HOOKS = ("on_epoch_begin", "on_epoch_end") + tuple(
    f"on_{mode}_{moment}"
    for mode in ("train", "test", "predict")
    for moment in ("begin", "end", "batch_begin", "batch_end")
)
_ALIASES = {"on_train_batch_begin": "on_batch_begin", "on_train_batch_end": "on_batch_end"}


def _overrides(callback: Any, hook: str) -> bool:
    """True if calling this hook of the callback does something."""
    if hook in getattr(callback, "__dict__", {}):
        return True
    own = getattr(type(callback), hook, None)
    if own is None:  # not a Callback: an object that answers to the hooks it likes
        return callable(getattr(callback, hook, None))
    if own is getattr(Callback, hook, None):
        return hook in _ALIASES and _overrides(callback, _ALIASES[hook])
    return True


def _listens(callback: Any, hook: str) -> bool:
    """True if the loop must call this per-batch hook: the bar is told by `on_progress` instead."""
    if isinstance(callback, ProgbarLogger) and getattr(type(callback), hook) is getattr(ProgbarLogger, hook):
        return hook in vars(callback)
    return _overrides(callback, hook)


def _flat(callbacks: Any) -> list[Any]:
    if callbacks is None:
        return []
    if isinstance(callbacks, (list, tuple)):
        return [each for item in callbacks for each in _flat(item)]
    return _flat(callbacks.callbacks) if isinstance(callbacks, CallbackList) else [callbacks]


def _check(callback: Any) -> None:
    if isinstance(callback, type):
        raise InvalidTypeError(
            f"Expected callback objects; received the class {callback.__name__}. Write {callback.__name__}(...)."
        )
    if not isinstance(callback, Callback) and not any(hasattr(callback, hook) for hook in _HOOKS):
        raise InvalidTypeError(
            f"Expected objects derived from cornu.callbacks.Callback; received {callback!r} of type "
            f"{type(callback).__name__}. Wrap a function in LambdaCallback(on_epoch_end=...)."
        )


class CallbackList:
    """Several callbacks as one: a hook of the list calls that hook of every callback, in order.

    Args:
        callbacks: a callback, a list of them (nested lists too), or None.
        add_history: append a History unless one is there.
        add_progbar: append a ProgbarLogger unless one is there.
        model: the model to hand to the callbacks.
        **params: the parameters of the run (`verbose`, `epochs`, `steps`).
    Raises: InvalidTypeError if something is not a callback.
    Source: keras.callbacks.CallbackList.
    """

    def __init__(
        self,
        callbacks: Callback | Iterable[Callback] | None = None,
        add_history: bool = False,
        add_progbar: bool = False,
        model: Any = None,
        **params: Any,
    ):
        self.callbacks: list[Any] = []
        self.params = params
        self._model = None
        self._listeners: dict[str, list[Any]] = {}
        for callback in _flat(callbacks):
            self.append(callback)
        if add_history and self.history is None:
            self.append(History())
        if add_progbar and self.progbar is None:
            self.append(ProgbarLogger())
        if model is not None:
            self.set_model(model)
        if params:
            self.set_params(params)

    @property
    def model(self) -> Any:
        """The model of the run."""
        return self._model

    @property
    def history(self) -> History | None:
        """The first History among the callbacks."""
        return next((each for each in self.callbacks if isinstance(each, History)), None)

    @property
    def progbar(self) -> ProgbarLogger | None:
        """The first ProgbarLogger among the callbacks."""
        return next((each for each in self.callbacks if isinstance(each, ProgbarLogger)), None)

    @property
    def backup(self) -> BackupAndRestore | None:
        """The BackupAndRestore among the callbacks."""
        return next((each for each in self.callbacks if isinstance(each, BackupAndRestore)), None)

    def append(self, callback: Any) -> None:
        """Add one more callback. Raises: InvalidTypeError if it is none."""
        _check(callback)
        self.callbacks.append(callback)
        self._listeners.clear()

    def set_params(self, params: dict[str, Any]) -> None:
        """Hand the parameters of the run to every callback."""
        self.params = params
        for callback in self.callbacks:
            if hasattr(callback, "set_params"):
                callback.set_params(params)

    def set_model(self, model: Any) -> None:
        """Hand the model to every callback, and the History to the model."""
        self._model = model
        if self.history is not None:
            model.history = self.history
        for callback in self.callbacks:
            if hasattr(callback, "set_model"):
                callback.set_model(model)

    def listens_to_batches(self, mode: Mode) -> bool:
        """True if some callback overrides a per-batch hook of `mode` (train, test, predict).

        The progress bar and the history do not count: they are told by `on_progress` and at the end of an epoch.
        """
        return any(self._who(f"on_{mode}_batch_{moment}") for moment in ("begin", "end"))

    def on_progress(self, mode: Mode, done: int, logs: dict[str, Any] | None = None) -> None:
        """The loop has done `done` steps of this pass."""
        for callback in self.callbacks:
            if isinstance(callback, ProgbarLogger):
                callback.on_progress(mode, done, logs)

    def _who(self, hook: str) -> list[Any]:
        """The callbacks that do something in this hook."""
        if hook not in self._listeners:
            wants = _listens if "_batch_" in hook else _overrides
            self._listeners[hook] = [each for each in self.callbacks if wants(each, hook)]
        return self._listeners[hook]

    def _call(self, hook: str, *args: Any) -> None:
        *first, logs = args
        logs = {} if logs is None else logs
        for callback in self._who(hook):
            getattr(callback, hook)(*first, logs)

    def on_epoch_begin(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Before an epoch."""
        self._call("on_epoch_begin", epoch, logs)

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """After an epoch."""
        self._call("on_epoch_end", epoch, logs)

    def on_batch_begin(self, batch: int, logs: dict[str, Any] | None = None) -> None:
        """Older name of `on_train_batch_begin`."""
        self._call("on_train_batch_begin", batch, logs)

    def on_batch_end(self, batch: int, logs: dict[str, Any] | None = None) -> None:
        """Older name of `on_train_batch_end`."""
        self._call("on_train_batch_end", batch, logs)

    def on_train_batch_begin(self, batch: int, logs: dict[str, Any] | None = None) -> None:
        """Before a training batch."""
        self._call("on_train_batch_begin", batch, logs)

    def on_train_batch_end(self, batch: int, logs: dict[str, Any] | None = None) -> None:
        """After a training batch."""
        self._call("on_train_batch_end", batch, logs)

    def on_test_batch_begin(self, batch: int, logs: dict[str, Any] | None = None) -> None:
        """Before a batch of evaluation."""
        self._call("on_test_batch_begin", batch, logs)

    def on_test_batch_end(self, batch: int, logs: dict[str, Any] | None = None) -> None:
        """After a batch of evaluation."""
        self._call("on_test_batch_end", batch, logs)

    def on_predict_batch_begin(self, batch: int, logs: dict[str, Any] | None = None) -> None:
        """Before a batch of prediction."""
        self._call("on_predict_batch_begin", batch, logs)

    def on_predict_batch_end(self, batch: int, logs: dict[str, Any] | None = None) -> None:
        """After a batch of prediction."""
        self._call("on_predict_batch_end", batch, logs)

    def on_train_begin(self, logs: dict[str, Any] | None = None) -> None:
        """Before training."""
        self._call("on_train_begin", logs)

    def on_train_end(self, logs: dict[str, Any] | None = None) -> None:
        """After training."""
        self._call("on_train_end", logs)

    def on_test_begin(self, logs: dict[str, Any] | None = None) -> None:
        """Before evaluation."""
        self._call("on_test_begin", logs)

    def on_test_end(self, logs: dict[str, Any] | None = None) -> None:
        """After evaluation."""
        self._call("on_test_end", logs)

    def on_predict_begin(self, logs: dict[str, Any] | None = None) -> None:
        """Before prediction."""
        self._call("on_predict_begin", logs)

    def on_predict_end(self, logs: dict[str, Any] | None = None) -> None:
        """After prediction."""
        self._call("on_predict_end", logs)
