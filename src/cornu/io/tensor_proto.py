"""`TensorProto`: a tensor as bytes. Source: tensorflow/core/framework/tensor.proto, types.proto (numbers of fields)."""

import ml_dtypes
import numpy as np

from cornu._base.errors import DataLossError, InvalidArgumentError
from cornu.io.event_file import field
from cornu.io.protobuf import read_fields, read_integers

_NUMBERS = {
    "float32": 1, "float64": 2, "int32": 3, "uint8": 4, "int16": 5, "int8": 6, "string": 7, "complex64": 8, "int64": 9,
    "bool": 10, "bfloat16": 14, "uint16": 17, "complex128": 18, "float16": 19, "uint32": 22, "uint64": 23,
}  # fmt: skip
_NAMES = {number: name for name, number in _NUMBERS.items()}
_CONTENT, _STRINGS, _HALF = 4, 8, 13
_MOST_REPEATED = 1 << 24  # values that a few bytes may stand for
_FLOATS = {5: "<f4", 6: "<f8", 9: "<c8", 12: "<c16"}  # float_val, double_val, scomplex_val, dcomplex_val
_INTEGERS = (7, 10, 11, _HALF, 16, 17)  # int_val, int64_val, bool_val, half_val, uint32_val, uint64_val


def write_tensor(array: np.ndarray) -> bytes:
    """An array (an object array of bytes for text) as a TensorProto. Raises: InvalidArgumentError on other dtypes."""
    name = "string" if array.dtype == object else array.dtype.name
    if name not in _NUMBERS:
        raise InvalidArgumentError(f"Expected a dtype that TensorFlow knows; received {name}.")
    shape = b"".join(field(2, field(1, int(size)) if size else b"") for size in array.shape)
    head = field(1, _NUMBERS[name]) + field(2, shape)
    if name == "string":
        return head + b"".join(field(_STRINGS, text) for text in array.reshape(-1))
    return head + (field(_CONTENT, np.ascontiguousarray(array).tobytes()) if array.size else b"")


def read_tensor(data: bytes) -> np.ndarray:
    """The array of a TensorProto; text as an object array of bytes. Raises: DataLossError on damaged bytes."""
    number, shape, content, values = 0, [], None, []
    for place, kind, value in read_fields(data):
        if place == 1 and isinstance(value, int):
            number = value
        elif place == 2 and isinstance(value, bytes):
            shape = [_size(part) for dim, _, part in read_fields(value) if dim == 2 and isinstance(part, bytes)]
        elif place == _CONTENT and isinstance(value, bytes):
            content = value
        elif place == _STRINGS and isinstance(value, bytes):
            values.append(value)
        elif place in _FLOATS and isinstance(value, bytes) and len(value) % int(_FLOATS[place][2:]) == 0:
            values += np.frombuffer(value, _FLOATS[place]).tolist()
        elif place in _INTEGERS:
            values += read_integers(kind, value)
    if number not in _NAMES:
        raise DataLossError(f"Expected a serialized tensor; its dtype, number {number}, is not known.")
    try:
        return _assembled(_NAMES[number], shape, content, values)
    except DataLossError:
        raise
    except (ValueError, TypeError, OverflowError) as error:
        raise DataLossError(f"A serialized tensor is damaged: {error}.") from None


def _size(dimension: bytes) -> int:
    return next((value for place, kind, value in read_fields(dimension) if place == 1 and kind == 0), 0)


def _assembled(name: str, shape: list[int], content: bytes | None, values: list) -> np.ndarray:
    count = 1
    for size in shape:
        count *= size
    dtype = np.dtype(object if name == "string" else ml_dtypes.bfloat16 if name == "bfloat16" else name)
    if content is not None:
        if len(content) != count * dtype.itemsize or name == "string":
            raise DataLossError(
                f"Expected {count} values of {name} in a serialized tensor; it has {len(content)} bytes."
            )
        return np.frombuffer(content, dtype).reshape(shape)
    if len(values) > count or (count > _MOST_REPEATED and count > len(values)):
        raise DataLossError(f"Expected {count} values of {name} in a serialized tensor; it has {len(values)}.")
    values = values or ([b""] if name == "string" else [0])
    if dtype.itemsize == 2 and name.endswith("float16"):
        stored = np.array(values, np.uint16).view(dtype)
    else:
        stored = np.empty(len(values), dtype)
        stored[:] = values
    filled = np.empty(count, dtype)  # the last value stands for those left out
    filled[: len(stored)], filled[len(stored) :] = stored[:count], stored[-1]
    return filled.reshape(shape)
