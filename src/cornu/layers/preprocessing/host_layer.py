"""Layers that compute on the host: text has no place on a device, and hashing and looking up are work for NumPy."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

import jax
import numpy as np

from cornu._base.errors import InvalidArgumentError, InvalidTypeError
from cornu.core import dtypes
from cornu.core.symbolic import KerasTensor, is_symbolic
from cornu.core.tensor import HostTensor, Tensor, convert_to_tensor, is_tensor
from cornu.core.variable import Variable
from cornu.layers.base import Layer
from cornu.layers.nested_shapes import shapes_of


class HostLayer(Layer):
    """Base of layers whose `on_host(*arrays)` makes a NumPy array of NumPy arrays; `finish` may compute on.

    Text (object arrays of bytes) only comes to such layers outside of compiled programs. A model that is fitted runs
    them before its compiled steps; where one of them meets numbers inside a program, it is called back from there.
    """

    def __init__(self, **common: Any):
        super().__init__(autocast=False, **common)

    def build(self, input_shape: Any = None) -> None:
        """Remember the shape; there is nothing to make."""

    def on_host(self, *arrays: np.ndarray) -> np.ndarray:
        """What the layer makes of its inputs, before `finish`."""
        raise InvalidTypeError(f"{type(self).__name__} has no `on_host(self, *arrays)` method.")

    def finish(self, values: Any) -> Any:
        """The outputs, from the tensor of what `on_host` made."""
        return values

    def host_spec(self, *inputs: Any) -> jax.ShapeDtypeStruct:
        """Shape and dtype of what `on_host` makes of numbers; by default those of the first input, as int64."""
        return jax.ShapeDtypeStruct(tuple(inputs[0].shape), np.int64)

    def __call__(self, inputs: Any, *args: Any, **kwargs: Any) -> Any:
        return super().__call__(self.as_inputs(inputs), *args, **kwargs)

    def as_inputs(self, inputs: Any) -> Any:
        """The argument of a call as a tensor."""
        return inputs if is_symbolic(inputs) else text_tensor(inputs)

    def call(self, inputs: Any) -> Any:
        values = [tensor._value for tensor in (inputs if isinstance(inputs, (list, tuple)) else [inputs])]
        if not any(isinstance(value, jax.core.Tracer) for value in values):
            made = self.on_host(*map(np.asarray, values))
            return self.finish(Tensor(made) if made.dtype == object else convert_to_tensor(made))
        if any(isinstance(value, np.ndarray) and value.dtype == object for value in values):
            raise InvalidTypeError(f"The layer {self.name!r} cannot read text inside of a compiled function.")
        spec = self.host_spec(*values)
        if spec.dtype == object:
            raise InvalidTypeError(f"The layer {self.name!r} makes text, which no compiled function can hold.")
        made = jax.pure_callback(
            lambda *arrays: self.on_host(*map(np.asarray, arrays)), spec, *values, vmap_method="broadcast_all"
        )
        return self.finish(Tensor(made))

    def compute_output_spec(self, inputs: Any, **kwargs: Any) -> Any:
        """Symbolic outputs: text cannot be traced."""
        return KerasTensor(self.compute_output_shape(shapes_of(inputs)), self.output_dtype)

    @property
    def output_dtype(self) -> str:
        """The dtype of the outputs."""
        return "int64"

    def compute_output_shape(self, input_shape: Any) -> Any:
        return tuple(input_shape)


def text_tensor(value: Any) -> Any:
    """Text, numbers or arrays of them as a tensor; ragged lists and tensors are refused as everywhere."""
    if isinstance(value, (Tensor, Variable, KerasTensor)):
        return value
    if isinstance(value, bytes):
        return Tensor(np.array(value, object))
    return convert_to_tensor(value)


def encoded(array: np.ndarray, encoding: str = "utf-8") -> np.ndarray:
    """Text, in any kind of array, as an object array of bytes. Raises: InvalidTypeError if there is something else."""
    if array.dtype.kind in "US":
        array = array.astype(object)
    if array.dtype != object:
        raise InvalidTypeError(
            f"Expected text; received numbers of dtype {array.dtype.name}. Use IntegerLookup or Hashing for integers."
        )
    flat = array.reshape(-1).tolist()
    if all(type(item) is bytes for item in flat):
        return array
    return object_array([item.encode(encoding) if isinstance(item, str) else item for item in flat], array.shape)


def object_array(items: list[Any], shape: tuple[int, ...]) -> np.ndarray:
    """Python objects as an array of that shape."""
    array = np.empty(len(items), object)
    array[:] = items
    return array.reshape(shape)


def batches_of(data: Any, steps: int | None = None) -> Iterator[np.ndarray]:
    """The arrays to adapt to: one of an array or list, those of a dataset or generator; `steps` of them at most.

    Raises: InvalidArgumentError if a batch is more than one array.
    """
    is_array = isinstance(data, (np.ndarray, list, tuple, str, bytes)) or is_tensor(data) or hasattr(data, "shape")
    batches: Iterable[Any] = [data] if is_array else islice(iter(data), steps)
    for batch in batches:
        if isinstance(batch, (dict, tuple)) and not is_array:
            raise InvalidArgumentError(
                f"Expected batches of one array each to adapt to; received a {type(batch).__name__} of {len(batch)}. "
                "Take the part that is meant: dataset.map(lambda x, y: x)."
            )
        tensor = text_tensor(batch)
        yield tensor.host() if isinstance(tensor, HostTensor) else np.asarray(tensor)


def dense_only(layer: str, **options: Any) -> None:
    """Refuse `sparse` and `ragged` outputs. Raises: InvalidArgumentError."""
    for name, value in options.items():
        if value:
            raise InvalidArgumentError(
                f"Expected {name}=False for {layer}: tensors are dense here; received {name}={value!r}. Leave it out."
            )


def integer_dtype(dtype: Any) -> str:
    """The name of an integer dtype, default int64. Raises: InvalidArgumentError otherwise."""
    name = dtypes.name("int64" if dtype is None else getattr(dtype, "name", dtype))
    if not name.startswith(("int", "uint")):
        raise InvalidArgumentError(f"Expected an integer dtype for output_mode='int'; received dtype={name!r}.")
    return name
