"""A callback from functions."""

from collections.abc import Callable
from typing import Any

from cornu.callbacks.callback import Callback


class LambdaCallback(Callback):
    """A callback whose hooks are the functions given: `LambdaCallback(on_epoch_end=lambda epoch, logs: print(logs))`.

    Any hook can be given by its name; hooks of epochs and batches get `(index, logs)`, the others `(logs)`.
    Source: keras.callbacks.LambdaCallback.
    """

    def __init__(
        self,
        on_epoch_begin: Callable[..., Any] | None = None,
        on_epoch_end: Callable[..., Any] | None = None,
        on_train_begin: Callable[..., Any] | None = None,
        on_train_end: Callable[..., Any] | None = None,
        on_train_batch_begin: Callable[..., Any] | None = None,
        on_train_batch_end: Callable[..., Any] | None = None,
        **kwargs: Any,
    ):
        super().__init__()
        given = {
            "on_epoch_begin": on_epoch_begin,
            "on_epoch_end": on_epoch_end,
            "on_train_begin": on_train_begin,
            "on_train_end": on_train_end,
            "on_train_batch_begin": on_train_batch_begin,
            "on_train_batch_end": on_train_batch_end,
            **kwargs,
        }
        self.__dict__.update({hook: function for hook, function in given.items() if function is not None})
