"""What a layer adds to training: losses, penalties of its weights, and metrics."""

from typing import Any

from cornu._base.errors import InvalidTypeError
from cornu.core.context import context
from cornu.core.scopes import init_scope
from cornu.core.symbolic import KerasTensor
from cornu.core.tensor import convert_to_tensor
from cornu.layers.tracked import Tracked, once
from cornu.metrics import Mean


class AddedLosses(Tracked):
    """The part of a layer that holds the losses of its last call, and metrics."""

    name: str
    trainable_variables: Any
    _call_losses: list[Any]

    def add_loss(self, loss: Any) -> None:
        """Add a scalar (or several) to what training minimises. It lasts for one call; a function without arguments stays.

        Raises: InvalidTypeError on symbolic tensors.
        """
        for item in loss if isinstance(loss, (list, tuple)) else [loss]:
            if isinstance(item, KerasTensor):
                raise InvalidTypeError(
                    f"Expected a loss with values for {self.name!r}; received the symbolic tensor {item.name!r}. "
                    "Write a layer whose `call` computes it and calls self.add_loss, and use that in the model."
                )
            if callable(item) and context.call is not None:
                item = item()
            self._call_losses.append(item if callable(item) else convert_to_tensor(item))
            if context.scope is not None and context.scope.losses is not None:
                context.scope.losses.append(self._call_losses[-1])

    def add_metric(self, value: Any, name: str | None = None, aggregation: str | None = None) -> None:
        """Follow the mean of `value` under `name` during training. Source: tf.keras 2, Layer.add_metric."""
        name = name or "metric"
        found = next((metric for metric in self._metrics if metric.name == name), None)
        if found is None:
            with init_scope():
                found = Mean(name=name)
            self._track(found)
        found.update_state(value)

    @property
    def losses(self) -> list[Any]:
        """Penalties: `add_loss` of the last call, then regularizers of the trainable weights."""
        layers = self._flatten_layers()
        added = [loss() if callable(loss) else loss for layer in layers for loss in layer._call_losses]
        return added + [
            variable.regularizer(variable) for variable in self.trainable_variables if variable.regularizer is not None
        ]

    def _clear_losses(self) -> None:
        for layer in self._flatten_layers():
            layer._call_losses[:] = filter(callable, layer._call_losses)

    @property
    def metrics(self) -> list[Any]:
        """The metrics of this layer and those below."""
        return once([metric for layer in self._flatten_layers() for metric in layer._metrics])
