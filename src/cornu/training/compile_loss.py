"""The loss of a compiled model: one per output, weighted and summed."""

from typing import Any

from cornu import losses
from cornu._base.errors import CornuError, InvalidArgumentError
from cornu.core.tensor import Tensor
from cornu.losses import Loss
from cornu.metrics import Mean
from cornu.training.outputs import as_seen, by_output, distinct


class CompileLoss:
    """Computes the total loss; follows the loss of every output when there are several.

    Args:
        loss: one loss for all outputs, or a list or dict of them (None: the output has no loss).
        loss_weights: factors, in the same forms.
    """

    def __init__(self, loss: Any, loss_weights: Any = None):
        self.loss, self.loss_weights = loss, loss_weights
        self.built = False
        self.trackers: list[Mean] = []
        self.names: list[str] = []
        self._functions: list[Any] = []
        self._weights: list[Any] = []

    def build(self, names: list[str], named: bool) -> None:
        """Find the loss of each output. If there are several, the outputs' means are followed, called `<name>_loss`.

        Without names of the outputs' own (`named`), those of the losses are taken.
        """
        count = len(names)
        chosen = by_output(self.loss, names, count, "loss", share_single=True)
        self._functions = [None if item is None else _as_loss(item) for item in chosen]
        if self.loss_weights is None:
            self._weights = [None] * count
        elif isinstance(self.loss_weights, (int, float)):
            self._weights = [self.loss_weights] * count
        else:
            self._weights = by_output(self.loss_weights, names, count, "loss_weights")
        with_loss = [i for i in range(count) if self._functions[i] is not None]
        labels = [names[i] if named else _label(chosen[i], self._functions[i]) for i in with_loss]
        labels = distinct([f"{label}_loss" for label in labels])
        self.trackers = [Mean(name=label) for label in labels] if len(with_loss) > 1 else []
        self.names = names
        self.built = True

    def class_counts(self, outputs: list) -> dict[int, tuple[int, str]]:
        """For outputs whose targets are class numbers: how many classes there are, and the loss's name."""
        return {
            i: (output.shape[-1], function.name)
            for i, (function, output) in enumerate(zip(self._functions, outputs, strict=True))
            if "sparse" in (getattr(function, "name", None) or "")
            and getattr(function, "ignore_class", None) is None
            and output.ndim
            and output.shape[-1]
        }

    def __call__(self, y: list, y_pred: list, sample_weight: list) -> Tensor | None:
        """The weighted sum of the outputs' losses; None if no output has one."""
        total = None
        trackers = iter(self.trackers)
        for i, (function, weight) in enumerate(zip(self._functions, self._weights, strict=True)):
            if function is None:
                continue
            if y[i] is None:
                raise InvalidArgumentError(
                    f"The output {self.names[i]!r} has a loss, but no target was given. "
                    "Pass y (a list or dict for several outputs)."
                )
            try:
                value = function(as_seen(y[i], y_pred[i]), y_pred[i], sample_weight[i])
            except CornuError as error:
                if len(self.names) == 1:
                    raise
                raise type(error)(f"{error} In the loss of the output {self.names[i]!r}.") from None
            if value.ndim:
                from cornu.ops.reductions import mean

                value = mean(value)
            if self.trackers:
                next(trackers).update_state(value)  # a mean over batches, as Keras has it
            if weight is not None:
                value = value * weight
            total = value if total is None else total + value
        return total


def _as_loss(identifier: Any) -> Any:
    """A callable (y_true, y_pred, sample_weight) -> scalar of a name, function or object."""
    found = losses.get(identifier)
    if isinstance(found, Loss):
        return found
    return losses.FunctionLoss(found, name=getattr(found, "__name__", "loss"))


def _label(identifier: Any, function: Any) -> str:
    return identifier if isinstance(identifier, str) and identifier.islower() else function.name
