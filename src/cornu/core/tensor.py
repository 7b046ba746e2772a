"""The tensor: a JAX array (or tracer, or NumPy array of strings) in the box that user code sees.

Operators are put onto the class by `cornu.ops.operators`.
"""

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from cornu._base.errors import InvalidArgumentError, InvalidTypeError, TracedValueError
from cornu.core import config, dtypes
from cornu.core.context import context
from cornu.core.reference import Reference
from cornu.core.shapes import TensorShape
from cornu.core.transfer import to_device


class Tensor:
    """An immutable array. Shape: any. Everything that NumPy or JAX accepts as an array can be used with it.

    Prints as TensorFlow's does: `tf.Tensor([1 5], shape=(2,), dtype=int64)`. Source: tf.Tensor.
    """

    __slots__ = ("__dict__", "__weakref__", "_value")
    __array_priority__ = 1000  # NumPy arrays leave `array * tensor` to us
    _keras_mask: Any = None
    _logits: Any = None  # of probabilities made by the activations softmax and sigmoid: losses start from them

    def __init__(self, value: Any):
        self._value = value

    @staticmethod
    def on_host(array: Any) -> "Tensor":
        """A tensor of a NumPy array that nobody will change; the device gets it when it is first used."""
        return HostTensor(array)

    def host(self) -> np.ndarray:
        """The values as a NumPy array that must not be written to; no copy where none is needed."""
        return np.asarray(self)

    @property
    def shape(self) -> TensorShape:
        """The sizes of all dimensions."""
        return TensorShape(self._value.shape)

    @property
    def dtype(self) -> dtypes.DType:
        """The dtype, equal to its name: `x.dtype == "float32"`."""
        return dtypes.as_dtype(self._value.dtype)

    @property
    def ndim(self) -> int:
        """Number of dimensions."""
        return self._value.ndim

    @property
    def size(self) -> int:
        """Number of elements."""
        return self._value.size

    @property
    def device(self) -> str:
        """Where the values lie, e.g. `"cpu:0"`."""
        place = next(iter(self._value.devices())) if hasattr(self._value, "devices") else None
        return f"{place.platform}:{place.id}" if place is not None else "host"

    def ref(self) -> Reference:
        """A key for dicts and sets. Source: tf.Tensor.ref."""
        return Reference(self)

    def get_shape(self) -> TensorShape:
        """The shape. Source: tf.Tensor.get_shape."""
        return self.shape

    def set_shape(self, shape: Any) -> None:
        """Check that the tensor has that shape (None allows any size).

        Raises: InvalidArgumentError if it does not.
        """
        own = self.shape
        if len(shape) != len(own) or any(s is not None and s != o for s, o in zip(shape, own, strict=True)):
            raise InvalidArgumentError(f"Expected a tensor of shape {tuple(shape)}; this one has {tuple(own)}.")

    def numpy(self) -> Any:
        """A NumPy array with the values; a NumPy scalar if the tensor has no dimensions."""
        value = self._value
        if isinstance(value, jax.core.Tracer):
            raise TracedValueError(
                f"Expected a concrete tensor for .numpy(); this one (shape {tuple(value.shape)}, dtype {value.dtype}) is "
                "being traced inside a compiled function. Compile with run_eagerly=True, or use tensor operations."
            )
        array = np.array(value) if not isinstance(value, np.ndarray) else value
        return array[()] if array.ndim == 0 else array

    def item(self) -> Any:
        """The single element as a Python number."""
        return np.asarray(self).item()

    def tolist(self) -> Any:
        """The values as nested Python lists."""
        return np.asarray(self).tolist()

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> np.ndarray:
        if isinstance(self._value, jax.core.Tracer):
            self.numpy()  # raises the clear sentence
        array = np.array(self._value) if copy else np.asarray(self._value)
        return array.astype(dtype) if dtype is not None and array.dtype != dtype else array

    def __jax_array__(self) -> Any:
        return self._value

    def __dlpack__(self, *args: Any, **kwargs: Any) -> Any:
        return self._value.__dlpack__(*args, **kwargs)

    def __dlpack_device__(self) -> Any:
        return self._value.__dlpack_device__()

    def __len__(self) -> int:
        if not self._value.ndim:
            raise InvalidTypeError("Expected a tensor with at least one dimension for len(); this one is a scalar.")
        return self._value.shape[0]

    def __iter__(self) -> Any:
        if not self._value.ndim:
            raise InvalidTypeError(
                "Expected a tensor with at least one dimension to iterate over; this one is a scalar."
            )
        return (self[i] for i in range(self._value.shape[0]))  # type: ignore[index]

    def __bool__(self) -> bool:
        if isinstance(self._value, jax.core.Tracer):
            raise TracedValueError(
                "A tensor was used as a Python bool (if, while, and, or, not) inside a compiled function, where its value "
                "is not known yet. Use ops.where or ops.cond, or compile with run_eagerly=True."
            )
        if self._value.size != 1:
            raise InvalidArgumentError(
                f"Expected a tensor with one element where a bool is needed; received shape {tuple(self.shape)}. "
                "Use ops.any() or ops.all()."
            )
        return bool(np.asarray(self._value).reshape(()))

    def _scalar(self, kind: str) -> Any:
        if isinstance(self._value, jax.core.Tracer):
            raise TracedValueError(
                f"A tensor was converted to a Python {kind} inside a compiled function, where its value is not known yet. "
                "Use tensor operations, or compile with run_eagerly=True."
            )
        if self._value.size != 1:
            raise InvalidTypeError(f"Expected one element to make a Python {kind}; received shape {tuple(self.shape)}.")
        return np.asarray(self._value).reshape(())[()]

    def __int__(self) -> int:
        return int(self._scalar("int"))

    def __float__(self) -> float:
        return float(self._scalar("float"))

    def __complex__(self) -> complex:
        return complex(self._scalar("complex"))

    def __index__(self) -> int:
        if self._value.ndim or not jnp.issubdtype(self._value.dtype, jnp.integer):
            raise InvalidTypeError(
                f"Expected an integer scalar as an index; received shape {tuple(self.shape)}, dtype {self.dtype.name}."
            )
        return self._scalar("int").item()

    def __format__(self, spec: str) -> str:
        if isinstance(self._value, jax.core.Tracer):
            return format(str(self), spec)
        return format(self.numpy(), spec)

    def __deepcopy__(self, memo: dict) -> "Tensor":
        return Tensor(self._value)

    def __reduce__(self) -> Any:
        return _from_numpy, (np.asarray(self),)

    def __str__(self) -> str:
        if isinstance(self._value, jax.core.Tracer):
            return f"<tf.Tensor: shape={tuple(self.shape)}, dtype={self.dtype.name}, traced>"
        return f"tf.Tensor({array_text(self._value, str)}, shape={tuple(self.shape)}, dtype={self.dtype.name})"

    def __repr__(self) -> str:
        if isinstance(self._value, jax.core.Tracer):
            return str(self)
        return f"<tf.Tensor: shape={tuple(self.shape)}, dtype={self.dtype.name}, numpy={array_text(self._value, repr)}>"


def array_text(value: Any, how: Any) -> str:
    """The values of an array as TensorFlow prints them in tensors; `how` is `str` or `repr`."""
    array = np.asarray(value)
    if array.ndim:
        text = how(array)
        return f"\n{text}" if "\n" in text else text
    return repr(array.item()) if how is repr else str(array[()])


def _from_numpy(array: np.ndarray) -> Tensor:
    return convert_to_tensor(array)


_SMALL = 2**14  # bytes; larger arrays are worth device_put's way, which copies less
_carried = jax.jit(lambda array: array)  # compiled code takes its arguments to the device faster than device_put


class HostTensor(Tensor):
    """A tensor whose values are still on the host. A class of its own, so that reading others stays a slot's read."""

    __slots__ = ()

    def __init__(self, array: Any):
        self.__dict__["array"] = array

    @property
    def _value(self) -> Any:  # type: ignore[override]
        value = self.__dict__.get("value")
        if value is None:
            with jax.ensure_compile_time_eval():  # it may be first read while something is traced
                array = self.__dict__["array"]
                put = _carried if array.nbytes <= _SMALL else jax.device_put
                value = self.__dict__["value"] = put(array)
        return value

    def host(self) -> np.ndarray:
        """The values, which lie on the host."""
        return self.__dict__["array"]


for _class in (Tensor, HostTensor):
    jax.tree_util.register_pytree_node(_class, lambda t: ((t._value,), None), lambda _, children: Tensor(children[0]))


def box(value: Any) -> Any:
    """Arrays in a nest (tuple, list, dict, NamedTuple) as tensors; anything else as it is."""
    if isinstance(value, (jax.Array, np.ndarray, np.generic)):
        return Tensor(value)
    if isinstance(value, tuple) and hasattr(value, "_fields"):
        return type(value)(*map(box, value))
    if isinstance(value, (tuple, list)):
        return type(value)(map(box, value))
    if isinstance(value, dict):
        return {name: box(item) for name, item in value.items()}
    return value


def is_tensor(x: Any) -> bool:
    """True for tensors, variables, symbolic tensors and JAX arrays. Source: keras.ops.is_tensor."""
    return isinstance(x, (Tensor, jax.Array)) or hasattr(type(x), "_is_tensor_like")


def host_array(x: Any) -> np.ndarray:
    """Python numbers, nested lists and NumPy arrays as a NumPy array of the dtype a tensor of them has.

    Python floats become floatx and Python integers int32 (int64 if they need it); NumPy values keep their dtype; text is
    bytes in UTF-8, as TensorFlow has it.
    Raises: InvalidArgumentError on ragged lists; InvalidTypeError on what is not numeric, bool or text.
    """
    if isinstance(x, (np.ndarray, np.generic)):
        array = np.asarray(x)
    else:
        try:
            array = np.asarray(x)
        except ValueError:
            raise InvalidArgumentError(
                f"Expected nested lists with rows of equal length; received {_short(x)}. Pad the rows to one length."
            ) from None
        if array.dtype.kind in "fiu" and not _has_numpy_leaf(x):
            if array.dtype == np.float64:
                array = array.astype(dtypes._NUMPY[config.floatx()])
            elif array.dtype == np.int64 and (not array.size or (array.min() >= -(2**31) and array.max() < 2**31)):
                array = array.astype(np.int32)
    if array.dtype.kind in "US":
        array = array.astype(object)
    if array.dtype == object:
        leaf = array.reshape(-1)[0] if array.size else ""
        if not isinstance(leaf, (str, bytes)):
            raise InvalidTypeError(
                f"Expected numbers, booleans or text; received {_short(x)} with an entry of type {type(leaf).__name__}."
            )
        array = np.asarray(_encoded(array), object)
    return array


_encoded = np.frompyfunc(lambda item: item.encode() if isinstance(item, str) else item, 1, 1)


def _has_numpy_leaf(x: Any) -> bool:
    while type(x) in (list, tuple) and x:
        x = x[0]
    return isinstance(x, np.generic) or not isinstance(x, (int, float, complex, list, tuple, range))


def _short(x: Any) -> str:
    text = repr(x)
    return text if len(text) <= 80 else text[:77] + "..."


def convert_to_tensor(x: Any, dtype: Any = None) -> Tensor:
    """A tensor from anything tensor-like: numbers, nested lists, NumPy and JAX arrays, tensors, variables, text.

    Python floats become floatx, integers int32; NumPy arrays keep their dtype unless `dtype` is given.
    Raises: InvalidArgumentError, InvalidTypeError if `x` is ragged or not numeric. Source: tf.convert_to_tensor.
    """
    if dtype is not None:
        dtype = dtypes.as_dtype(dtype)
    if type(x) is Tensor and (dtype is None or dtype == x.dtype):
        return x
    if hasattr(type(x), "_is_tensor_like"):  # Variable, KerasTensor
        x = x._as_tensor()
        if dtype is None or dtype == x.dtype:
            return x
    if isinstance(x, jax.Array):
        x = Tensor(x)
    if isinstance(x, (list, tuple)) and any(isinstance(item, Tensor) or is_tensor(item) for item in x[:1000]):
        from cornu.ops.shaping import stack  # the tape must see the entries

        x = stack([convert_to_tensor(item, dtype) for item in x])
    if isinstance(x, Tensor) or hasattr(type(x), "_is_tensor_like"):
        if dtype is None or dtype == x.dtype:
            return x  # type: ignore[return-value]
        from cornu.ops.casting import cast

        return cast(x, dtype)
    if hasattr(x, "__array__") and not isinstance(x, (np.ndarray, np.generic)):  # pandas, torch
        x = np.asarray(x)
    array = host_array(x)
    if dtype is not None:
        return Tensor(array) if dtype == "string" and array.dtype == object else _of_dtype(x, array, dtype)
    return Tensor(array if array.dtype == object else _on_device(array))


def _of_dtype(x: Any, array: np.ndarray, dtype: Any) -> Tensor:
    """Numbers in another dtype than they have by themselves; the array is refused if it does not hold any."""
    if array.dtype == object or dtype == "string":
        kind = "text" if dtype == "string" else "numbers"
        raise InvalidTypeError(f"Expected {kind} to make a {dtype.name} tensor; received {_short(x)}.")
    plain = array if isinstance(x, (np.ndarray, np.generic)) else np.asarray(x)  # not by way of floatx
    if plain is not array and dtype.is_integer and plain.dtype.kind in "iu" and plain.size:
        bounds = np.iinfo(dtypes._NUMPY[dtype])
        if plain.min() < bounds.min or plain.max() > bounds.max:
            raise InvalidArgumentError(
                f"Expected integers from {bounds.min} to {bounds.max} to make a {dtype.name} tensor; received {_short(x)}."
            )
    return Tensor(_on_device(plain.astype(dtypes._NUMPY[dtype])))


def _on_device(array: np.ndarray) -> jax.Array:
    if context.scope is None:
        return to_device(array)
    with jax.ensure_compile_time_eval():  # what is known stays known while a function is traced
        return to_device(array)


def raw(x: Any) -> Any:
    """The JAX array (or tracer) of anything tensor-like."""
    if type(x) is Tensor:
        return x._value
    if isinstance(x, jax.Array):
        return x
    return convert_to_tensor(x)._value
