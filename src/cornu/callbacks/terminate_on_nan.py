"""Stops training when the loss is no number."""

import math
from typing import Any

from cornu._base.errors import FailedPreconditionError
from cornu.callbacks.callback import Callback
from cornu.training.progress import say


class TerminateOnNaN(Callback):
    """Stops training at the first batch whose loss is NaN or infinite.

    Args: `raise_error`: raise instead of stopping.
    Raises: FailedPreconditionError (a RuntimeError) with `raise_error=True`. Source: keras.callbacks.TerminateOnNaN.
    """

    def __init__(self, raise_error: bool = False):
        super().__init__()
        self.raise_error = raise_error

    def on_train_batch_end(self, batch: int, logs: dict[str, Any] | None = None) -> None:
        loss = (logs or {}).get("loss")
        if loss is None or math.isfinite(loss):
            return
        if self.raise_error:
            raise FailedPreconditionError(
                f"NaN or Inf loss encountered at batch {batch}. Loss value: {loss}. Terminating training immediately."
            )
        say(f"Batch {batch}: Invalid loss, terminating training")
        self.model.stop_training = True
