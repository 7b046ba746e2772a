"""Shows the progress bar of a run."""

from collections.abc import Iterable
from typing import Any

from cornu._base.errors import InvalidArgumentError
from cornu.callbacks.callback import Callback
from cornu.training.progress import Progbar, write

_INTERVAL = 0.1  # seconds between two drawings: ten a second at most


class ProgbarLogger(Callback):
    """Prints `Epoch 1/5` and a progress bar with the metrics; `fit` adds one unless `verbose=0`.

    The loop reports through `on_progress`, as often as it comes by; values are read only when a line is drawn.
    Source: keras.callbacks.ProgbarLogger.
    """

    def __init__(self):
        super().__init__()
        self.verbose, self.epochs, self.target = 1, 1, None
        self.progbar: Progbar | None = None
        self.seen = 0
        self._in_fit = False
        self._names: list[str] = []  # metrics in the order they first came in this pass

    def set_params(self, params: dict[str, Any]) -> None:
        """Take verbose, epochs and steps of the run.

        Raises: InvalidArgumentError if verbose is not 'auto', 0, 1 or 2.
        """
        super().set_params(params)
        verbose = params.get("verbose", 1)
        if verbose not in ("auto", 0, 1, 2):  # True and False are 1 and 0
            raise InvalidArgumentError(f"Expected verbose to be 'auto', 0, 1 or 2; received {verbose!r}.")
        self.verbose = 1 if verbose == "auto" else int(verbose)
        self.epochs, self.target = params.get("epochs") or 1, params.get("steps")

    def on_progress(self, mode: str, done: int, logs: dict[str, Any] | None = None) -> None:
        """`done` steps of this pass are done. Draws if it is time to; otherwise reads nothing."""
        if mode == "test" and self._in_fit:
            return
        bar = self._bar()
        self.seen = done
        if logs and not self._names and mode != "predict":
            self._names = self._ordered(logs.keys())  # names only: reading values would wait for the device
        if bar.due():
            bar.update(done, self._values(mode, logs), finalize=False)
        if self.verbose == 1:
            bar.mark_first(done)

    def on_train_begin(self, logs: dict[str, Any] | None = None) -> None:
        self._in_fit = True

    def on_train_end(self, logs: dict[str, Any] | None = None) -> None:
        self._in_fit = False

    def on_epoch_begin(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        self._restart()
        if self.verbose and self.epochs > 1:
            write(f"Epoch {epoch + 1}/{self.epochs}\n")

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        self._finish("train", logs)

    def on_test_begin(self, logs: dict[str, Any] | None = None) -> None:
        if not self._in_fit:
            self._restart()

    def on_test_end(self, logs: dict[str, Any] | None = None) -> None:
        if not self._in_fit:
            self._finish("test", logs)

    def on_predict_begin(self, logs: dict[str, Any] | None = None) -> None:
        self._restart()

    def on_predict_end(self, logs: dict[str, Any] | None = None) -> None:
        self._finish("predict", None)

    def on_train_batch_end(self, batch: int, logs: dict[str, Any] | None = None) -> None:
        self.on_progress("train", batch + 1, logs)

    def on_test_batch_end(self, batch: int, logs: dict[str, Any] | None = None) -> None:
        self.on_progress("test", batch + 1, logs)

    def on_predict_batch_end(self, batch: int, logs: dict[str, Any] | None = None) -> None:
        self.on_progress("predict", batch + 1, None)

    def _restart(self) -> None:
        self.seen, self.progbar, self._names = 0, None, []
        self._bar()

    def _bar(self) -> Progbar:
        if self.progbar is None:
            # Metrics arrive as means over the epoch so far: averaging them again would show something else.
            self.progbar = Progbar(self.target, verbose=self.verbose, interval=_INTERVAL, stateless_metrics=())
        return self.progbar

    def _finish(self, mode: str, logs: dict[str, Any] | None) -> None:
        bar = self._bar()
        bar.target = self.target = self.target or self.seen or None  # the next epoch knows how many to expect
        if self.verbose and bar.target:
            bar.update(bar.target, self._values(mode, logs), finalize=True)
        self.progbar = None

    def _ordered(self, names: Iterable[str]) -> list[str]:
        """Keras 3 sorts what comes at once; the tf2 style keeps the order of the logs."""
        return sorted(names) if self._bar().style == "keras3" else list(names)

    def _values(self, mode: str, logs: dict[str, Any] | None) -> Iterable[tuple[str, Any]]:
        if mode == "predict" or not logs:
            return ()
        first = self._names if self.verbose == 1 else []  # with verbose 2 all names come at the end
        late = self._ordered(name for name in logs if name not in first)
        return [(name, logs[name]) for name in (*first, *late) if name in logs]
