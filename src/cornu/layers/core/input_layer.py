"""The entry of a functional graph."""

from typing import Any

from cornu._base import names
from cornu._base.errors import InvalidArgumentError
from cornu.core import config, dtypes
from cornu.core.shapes import as_shape
from cornu.core.symbolic import KerasTensor, Node
from cornu.layers.base import Layer
from cornu.layers.catalog import LAYERS


def _auto_name() -> str:
    """`input_layer`, numbered; in the style `"tf2"` `input_1`, `input_2`, ..."""
    return f"input_{names.count('input')}" if config.style() == "tf2" else names.auto_name("InputLayer")


@LAYERS.add()
class InputLayer(Layer):
    """Stands for the inputs of a model. Made by `Input`.

    Args: as for `Input`. Raises: InvalidArgumentError without any shape. Source: keras.layers.InputLayer.
    """

    def __init__(
        self, shape: Any = None, batch_size: int | None = None, dtype: Any = None, sparse: bool | None = None,
        ragged: bool | None = None, batch_shape: Any = None, input_tensor: KerasTensor | None = None, optional: bool = False,
        name: str | None = None, **legacy: Any,
    ):  # fmt: skip
        if batch_shape is None:
            batch_shape = legacy.pop("batch_input_shape", None)
        if shape is None and batch_shape is None:
            shape = legacy.pop("input_shape", None)
        if sparse or ragged:
            raise InvalidArgumentError("Sparse and ragged inputs are not supported; give dense tensors.")
        if input_tensor is not None:
            shape, dtype = None, dtype or input_tensor.dtype
            batch_shape = tuple(input_tensor.shape)
        if shape is not None and batch_shape is not None:
            raise InvalidArgumentError("Expected either shape or batch_shape for an Input; received both.")
        if shape is None and batch_shape is None:
            raise InvalidArgumentError("Expected a shape for an Input, such as Input(shape=(28, 28)); received none.")
        if batch_shape is None:
            batch_shape = (batch_size, *as_shape(shape))
        super().__init__(name=name or _auto_name())
        self.batch_shape = as_shape(batch_shape)
        self._dtype = dtypes.name(dtype)
        self.sparse, self.ragged, self.optional = bool(sparse), bool(ragged), optional
        tensor = (
            input_tensor if input_tensor is not None else KerasTensor(self.batch_shape, self._dtype, name=self.name)
        )
        Node(self, (), {}, tensor)
        self.built = True

    @property
    def dtype(self) -> str:
        """The dtype of the inputs."""
        return self._dtype

    def __setstate__(self, state: dict) -> None:
        super().__setstate__(state)
        Node(self, (), {}, KerasTensor(self.batch_shape, self._dtype, name=self.name))

    def call(self, *inputs: Any) -> Any:
        """The inputs themselves."""
        return inputs[0] if len(inputs) == 1 else inputs

    def get_config(self) -> dict:
        """batch_shape, dtype, name."""
        return {
            "batch_shape": self.batch_shape, "dtype": self._dtype, "sparse": self.sparse, "ragged": self.ragged,
            "name": self.name, "optional": self.optional,
        }  # fmt: skip


def Input(  # Keras' name
    shape: Any = None, batch_size: int | None = None, dtype: Any = None, sparse: bool | None = None, batch_shape: Any = None,
    name: str | None = None, tensor: KerasTensor | None = None, optional: bool = False, ragged: bool | None = None,
    **legacy: Any,
) -> KerasTensor:  # fmt: skip
    """A symbolic tensor to build a functional model from.

    Args:
        shape: of one sample, without the batch dimension; None where a size is unknown.
        batch_size: fixed number of samples, usually None.
        dtype: default floatx.
        batch_shape: the whole shape, instead of `shape` and `batch_size`.
        name: name of the input, also its key in dicts of data.

    Raises: InvalidArgumentError without a shape, or with both. Source: keras.Input.
    """
    layer = InputLayer(
        shape=shape, batch_size=batch_size, dtype=dtype, sparse=sparse, ragged=ragged, batch_shape=batch_shape, name=name,
        input_tensor=tensor, optional=optional, **legacy,
    )  # fmt: skip
    return layer._inbound_nodes[0].outputs
