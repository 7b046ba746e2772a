"""What happened in each epoch."""

import math
from collections.abc import Sequence
from typing import Any

from cornu._base.errors import FailedPreconditionError, InvalidArgumentError
from cornu._base.suggest import did_you_mean
from cornu.callbacks.callback import Callback
from cornu.callbacks.monitor_callback import _known_direction


class History(Callback):
    """Records every epoch's metrics; `fit` returns one. A reused one goes on where it was.

    Attributes:
        history: dict of lists, one value an epoch.
        epoch: the epochs of the last run.
    Source: keras.callbacks.History.
    """

    def __init__(self):
        super().__init__()
        self.history: dict[str, list[Any]] = {}
        self.epoch: list[int] = []

    def on_train_begin(self, logs: dict[str, Any] | None = None) -> None:
        self.epoch = []

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        self.epoch.append(epoch)
        for name, value in (logs or {}).items():
            self.history.setdefault(name, []).append(value)

    def plot(self, metrics: Sequence[str] | str | None = None, path: Any = None, title: str | None = None) -> Any:
        """Draw the curves of the loss and of every metric, with validation, the best epoch marked.

        The best epoch is that of validation where there is one: the least loss or error, the greatest accuracy. What has no
        known direction has none.

        Args:
            metrics: names of what to draw, default all; that of a metric stands for its `val_` too.
            path: where to save the picture.
            title: above all curves.

        Returns: the figure of matplotlib.
        Raises: FailedPreconditionError if there is nothing to draw yet, or no matplotlib; InvalidArgumentError on unknown names.
        """
        names = self._drawn(metrics)
        try:
            import matplotlib.pyplot as plt
        except ImportError:
            raise FailedPreconditionError("Drawing needs matplotlib: `pip install matplotlib`.") from None
        columns = min(len(names), 3)
        rows = math.ceil(len(names) / columns)
        figure, grid = plt.subplots(
            rows, columns, figsize=(5 * columns, 3.6 * rows), layout="constrained", squeeze=False
        )
        for axes, name in zip(grid.flat, names, strict=False):
            self._draw(axes, name)
        for axes in list(grid.flat)[len(names) :]:
            axes.set_axis_off()
        if title:
            figure.suptitle(title)
        if path is not None:
            figure.savefig(path, dpi=110)
        return figure

    def _drawn(self, metrics: Sequence[str] | str | None) -> list[str]:
        """The names of the curves, validation left out where it goes with another."""
        known = [n for n in self.history if not n.startswith("val_") or n.removeprefix("val_") not in self.history]
        if not any(self.history.values()):
            raise FailedPreconditionError("There is nothing to draw: the history is empty. Call fit first.")
        if metrics is None:
            return sorted(known, key=lambda name: name != "loss")
        wanted = [metrics] if isinstance(metrics, str) else list(metrics)
        for name in wanted:
            if name not in self.history:
                raise InvalidArgumentError(
                    f"Expected names of the history; received {name!r}.{did_you_mean(name, known)}"
                )
        return wanted

    def _draw(self, axes: Any, name: str) -> None:
        curves = [
            (key, label) for key, label in ((name, "training"), (f"val_{name}", "validation")) if key in self.history
        ]
        for key, label in curves:
            values = [float(value) for value in self.history[key]]
            axes.plot(range(1, len(values) + 1), values, label=label, marker="." if len(values) == 1 else None)
        best = self._best(curves[-1][0])
        if best is not None:
            value = float(self.history[curves[-1][0]][best])
            axes.plot(
                [best + 1], [value], "o", color=axes.lines[-1].get_color(), label=f"best: {value:.4g}, epoch {best + 1}"
            )
        axes.set(title=name, xlabel="epoch")
        axes.xaxis.get_major_locator().set_params(integer=True)
        axes.grid(alpha=0.3)
        axes.legend()

    def _best(self, name: str) -> int | None:
        """The place of the best value; None where no value is a number, or it is not known which are good."""
        values = [float(value) for value in self.history[name]]
        finite = [i for i, value in enumerate(values) if math.isfinite(value)]
        if not finite:
            return None
        direction = "down" if name.endswith("loss") else _known_direction(name)
        if direction is None:
            return None
        return min(finite, key=lambda i: values[i] if direction == "down" else -values[i])

    def state(self) -> dict[str, Any]:
        return {"history": self.history, "epoch": self.epoch}

    def restore(self, state: dict[str, Any]) -> None:
        self.history, self.epoch = (
            {name: list(values) for name, values in state["history"].items()},
            list(state["epoch"]),
        )
