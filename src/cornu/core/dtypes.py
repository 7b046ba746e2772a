"""Dtypes: strings that know about themselves (`x.dtype == "float32"`, `x.dtype.is_floating`)."""

from typing import Any

import jax
import jax.numpy as jnp
import ml_dtypes
import numpy as np

from cornu._base.errors import InvalidArgumentError
from cornu._base.suggest import did_you_mean
from cornu.core import config

_NUMPY: dict[str, np.dtype] = {
    name: np.dtype(kind)
    for name, kind in {
        "bool": np.bool_, "int8": np.int8, "int16": np.int16, "int32": np.int32, "int64": np.int64,
        "uint8": np.uint8, "uint16": np.uint16, "uint32": np.uint32, "uint64": np.uint64,
        "float16": np.float16, "bfloat16": ml_dtypes.bfloat16, "float32": np.float32, "float64": np.float64,
        "float8_e4m3fn": ml_dtypes.float8_e4m3fn, "float8_e5m2": ml_dtypes.float8_e5m2,
        "complex64": np.complex64, "complex128": np.complex128, "string": np.object_,
    }.items()
}  # fmt: skip
_ALIASES = {
    "half": "float16",
    "float": "float32",
    "double": "float64",
    "int": "int32",
    "long": "int64",
    "str": "string",
}
_PYTHON = {bool: "bool", int: "int32", str: "string", bytes: "string"}  # float is floatx, asked for late


class DType(str):
    """A dtype. It is its Keras name (`"float32"`), and prints as TensorFlow's dtypes do: `<dtype: 'float32'>`."""

    __slots__ = ()

    @property
    def name(self) -> str:
        """The plain name, `"float32"`."""
        return str.__str__(self)[:]

    @property
    def as_numpy_dtype(self) -> type:
        """The NumPy scalar type; `object` for strings."""
        return _NUMPY[self.name].type

    @property
    def is_floating(self) -> bool:
        """True for float16, bfloat16, float32, float64 and the 8-bit floats."""
        return "float" in self.name

    @property
    def is_integer(self) -> bool:
        """True for signed and unsigned integers, not for bool."""
        return self.name.startswith(("int", "uint"))

    @property
    def is_unsigned(self) -> bool:
        """True for unsigned integers."""
        return self.name.startswith("uint")

    @property
    def is_complex(self) -> bool:
        """True for complex64 and complex128."""
        return self.name.startswith("complex")

    @property
    def is_bool(self) -> bool:
        """True for bool."""
        return self.name == "bool"

    @property
    def size(self) -> int:
        """Bytes of one element."""
        return _NUMPY[self.name].itemsize

    @property
    def max(self) -> Any:
        """Largest finite value."""
        return jnp.finfo(self.name).max if self.is_floating else np.iinfo(self.name).max

    @property
    def min(self) -> Any:
        """Smallest (most negative) finite value."""
        return jnp.finfo(self.name).min if self.is_floating else np.iinfo(self.name).min

    def __str__(self) -> str:
        return f"<dtype: {str.__repr__(self)}>"

    def __repr__(self) -> str:
        return f"tf.{self.name}"

    def __format__(self, spec: str) -> str:
        return format(str(self), spec)


_DTYPES = {name: DType(name) for name in _NUMPY}
_BY_NUMPY = {dtype: _DTYPES[name] for name, dtype in _NUMPY.items()}


def as_dtype(x: Any) -> DType:
    """The DType of a name, NumPy or JAX dtype, Python type, or None (floatx).

    Raises: InvalidArgumentError with the nearest names if there is none.
    """
    if type(x) is DType:
        return x
    found = _BY_NUMPY.get(x) if isinstance(x, np.dtype) else _DTYPES.get(x) if isinstance(x, str) else None
    if found is not None:
        return found
    if x is None or x is float:
        return _DTYPES[config.floatx()]
    if isinstance(x, type) and x in _PYTHON:
        return _DTYPES[_PYTHON[x]]
    if isinstance(x, str):
        plain = x.removeprefix("torch.").removeprefix("tf.")
        plain = _ALIASES.get(plain, plain)
        if plain in _DTYPES:
            return _DTYPES[plain]
        raise InvalidArgumentError(f"Unknown dtype: {x!r}.{did_you_mean(plain, _DTYPES)}")
    try:
        dtype = np.dtype(x)
    except TypeError:
        name = getattr(x, "name", None)
        if isinstance(name, str) and name in _DTYPES:
            return _DTYPES[name]
        raise InvalidArgumentError(f"Expected a dtype such as 'float32'; received {x!r}.") from None
    if dtype.kind in "USO":
        return _DTYPES["string"]
    if dtype not in _BY_NUMPY:
        raise InvalidArgumentError(f"Expected a numeric, bool or string dtype; received {dtype}.")
    return _BY_NUMPY[dtype]


def name(x: Any) -> str:
    """The plain Keras name of a dtype given in any form. Source: keras.backend.standardize_dtype."""
    return as_dtype(x).name


def is_float(x: Any) -> bool:
    """True if `x`, a dtype in any form, is floating."""
    return as_dtype(x).is_floating


def result_type(*given: Any) -> str:
    """The name of the dtype that values of these dtypes have together; Python's `int` and `float` widen as little as they can.

    Source: keras.backend.result_type.
    """
    weak = {int: 0, float: 0.0}
    values = [weak[x] if x in (int, float) else np.zeros((), as_dtype(x).as_numpy_dtype) for x in given or (None,)]
    dtype, is_weak = jax.dtypes.result_type(*values, return_weak_type_flag=True)
    if is_weak:
        return config.floatx() if jnp.issubdtype(dtype, jnp.floating) else "int32"
    return name(dtype)
