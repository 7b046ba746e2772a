"""Layers around programs of other libraries, which cannot run on JAX: they say so when they are made."""

from typing import Any, NoReturn

from cornu._base.errors import FailedPreconditionError
from cornu.layers.base import Layer
from cornu.layers.catalog import LAYERS


@LAYERS.add()
class TorchModuleWrapper(Layer):
    """A PyTorch module as a layer, which Cornu does not have.

    Raises: FailedPreconditionError always. Source: keras.layers.TorchModuleWrapper.
    """

    def __init__(self, module: Any, name: str | None = None, output_shape: Any = None, **common: Any) -> NoReturn:
        raise FailedPreconditionError(
            f"TorchModuleWrapper cannot hold the module {type(module).__name__} here: Cornu computes with JAX, through which "
            "PyTorch has no gradients; write the module with Cornu's layers and give them its weights by set_weights."
        )


@LAYERS.add()
class TFSMLayer(Layer):
    """A TensorFlow SavedModel as a layer, which Cornu does not have.

    Raises: FailedPreconditionError always. Source: keras.layers.TFSMLayer.
    """

    def __init__(self, filepath: Any, call_endpoint: str = "serve", call_training_endpoint: str | None = None,
                 trainable: bool = True, name: str | None = None, dtype: Any = None) -> NoReturn:  # fmt: skip
        raise FailedPreconditionError(
            f"TFSMLayer cannot run the SavedModel {str(filepath)!r} here: its program is a graph of TensorFlow, which Cornu does "
            "not execute; save the model as a .keras or .weights.h5 file where TensorFlow is, and load that."
        )
