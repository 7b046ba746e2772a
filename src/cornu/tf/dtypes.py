"""The dtypes by name. Source: tf.dtypes."""

from cornu.core.dtypes import DType as DType
from cornu.core.dtypes import as_dtype as as_dtype
from cornu.tf.arrays import cast as cast
from cornu.tf.arrays import saturate_cast as saturate_cast

bool, string = as_dtype("bool"), as_dtype("string")
int8, int16, int32, int64 = map(as_dtype, ("int8", "int16", "int32", "int64"))
uint8, uint16, uint32, uint64 = map(as_dtype, ("uint8", "uint16", "uint32", "uint64"))
float16, bfloat16, float32, float64 = map(as_dtype, ("float16", "bfloat16", "float32", "float64"))
half, double = float16, float64
complex64, complex128 = as_dtype("complex64"), as_dtype("complex128")


def complex(real: object, imag: object, name: str | None = None) -> object:
    """Complex numbers of their two parts, complex64 of float32 and complex128 of float64. Source: tf.complex."""
    from cornu import ops
    from cornu.core import strict_dtypes

    x, y = strict_dtypes.alike("complex", [real, imag])
    kind = _complex(x)
    return ops.cast(x, kind) + ops.cast(y, kind) * ops.cast(1j, kind)


def _complex(x: object) -> DType:
    return complex128 if getattr(x, "dtype", None) == "float64" else complex64
