"""Losses and metrics that a functional model is given as symbolic tensors, as programs for Keras 2 do."""

from typing import Any

from cornu._base.errors import InvalidArgumentError
from cornu.core.symbolic import KerasTensor
from cornu.models.graph import Graph
from cornu.models.host_part import has_host_layers


class GraphLosses:
    """The graph of `model` with further outputs: tensors that are losses (name None) or metrics.

    Files and configs of the model do not hold them. Source: tf.keras 2, Model.add_loss and Model.add_metric.
    """

    def __init__(self, model: Any):
        if has_host_layers(model):
            raise InvalidArgumentError(
                f"Expected a model of numbers for losses from its own tensors; {model.name!r} takes text. Write a layer "
                "whose `call` computes the loss and calls self.add_loss."
            )
        self.names: list[str | None] = []
        self.graph: Graph = model._graph

    def add(self, model: Any, tensor: KerasTensor, name: str | None = None) -> None:
        """Compute one more tensor along with the outputs.

        Raises: InvalidArgumentError if it depends on an input that the model does not have.
        """
        outputs, added = self.graph.outputs if self.names else (self.graph.outputs, [])
        self.graph = Graph(self.graph.inputs, (outputs, [*added, tensor]))
        self.names.append(name)
        for layer in self.graph.layers:
            model._track(layer)

    def run(self, model: Any, tensors: list[Any]) -> Any:
        """The outputs of the model; its losses and metrics are told to it."""
        outputs, added = self.graph.run(tensors)
        for name, value in zip(self.names, added, strict=True):
            if name is None:
                model.add_loss(value)
            else:
                model.add_metric(value, name)
        return outputs
