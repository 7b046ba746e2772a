"""Sets the learning rate of each epoch."""

import inspect
from collections.abc import Callable
from typing import Any

import numpy as np

from cornu._base.errors import InvalidArgumentError
from cornu.callbacks.callback import Callback
from cornu.training.progress import say


def _takes_rate(schedule: Callable[..., Any]) -> bool:
    """True if the schedule takes the present rate as its second argument."""
    try:
        parameters = inspect.signature(schedule).parameters.values()
    except (TypeError, ValueError):
        return True
    kinds = [each.kind for each in parameters if each.kind not in (each.KEYWORD_ONLY, each.VAR_KEYWORD)]
    return len(kinds) >= 2 or inspect.Parameter.VAR_POSITIONAL in kinds


class LearningRateScheduler(Callback):
    """Before each epoch, sets the learning rate to `schedule(epoch, rate)` or `schedule(epoch)`.

    `logs["learning_rate"]` holds the rate at the end of each epoch.

    Args: `schedule`, a function; `verbose`: 1 prints the rate.
    Raises: InvalidArgumentError if the schedule does not return a float. Source: keras.callbacks.LearningRateScheduler.
    """

    def __init__(self, schedule: Callable[..., float], verbose: int = 0):
        super().__init__()
        self.schedule, self.verbose = schedule, verbose

    def on_epoch_begin(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        rate = float(np.asarray(self.model.optimizer.learning_rate))
        new = self.schedule(epoch, rate) if _takes_rate(self.schedule) else self.schedule(epoch)
        if not isinstance(new, (float, np.floating)) and not (
            getattr(new, "shape", None) == () and "float" in str(getattr(new, "dtype", ""))
        ):
            raise InvalidArgumentError(
                f"The output of the `schedule` function should be a float. Got: {new!r} of type {type(new).__name__}."
            )
        self.model.optimizer.learning_rate = float(new)
        if self.verbose > 0:
            say(f"\nEpoch {epoch + 1}: LearningRateScheduler setting learning rate to {float(new)}.")

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        if logs is not None:
            logs["learning_rate"] = float(np.asarray(self.model.optimizer.learning_rate))
