"""log, sin and cos of float32 numbers with the very bits of the C library, in which TensorFlow makes normal numbers.

The library computes in double precision and rounds once; so does this, by the same table and polynomials, on NumPy and JAX
arrays. Source of the coefficients: Arm Optimized Routines (MIT licence), `logf` and `sincosf`, which glibc uses since 2.28.
"""

import math
from typing import Any

import numpy as np

_LOG_TABLE = """
0x1.661ec79f8f3bep+0 -0x1.57bf7808caadep-2   0x1.571ed4aaf883dp+0 -0x1.2bef0a7c06ddbp-2
0x1.49539f0f010bp+0  -0x1.01eae7f513a67p-2   0x1.3c995b0b80385p+0 -0x1.b31d8a68224e9p-3
0x1.30d190c8864a5p+0 -0x1.6574f0ac07758p-3   0x1.25e227b0b8eap+0  -0x1.1aa2bc79c81p-3
0x1.1bb4a4a1a343fp+0 -0x1.a4e76ce8c0e5ep-4   0x1.12358f08ae5bap+0 -0x1.1973c5a611cccp-4
0x1.0953f419900a7p+0 -0x1.252f438e10c1ep-5   0x1p+0               0x0p+0
0x1.e608cfd9a47acp-1 0x1.aa5aa5df25984p-5    0x1.ca4b31f026aap-1  0x1.c5e53aa362eb4p-4
0x1.b2036576afce6p-1 0x1.526e57720db08p-3    0x1.9c2d163a1aa2dp-1 0x1.bc2860d224770p-3
0x1.886e6037841edp-1 0x1.1058bc8a07ee1p-2    0x1.767dcf5534862p-1 0x1.4043057b6ee09p-2
"""
_pairs = np.array([float.fromhex(number) for number in _LOG_TABLE.split()]).reshape(16, 2)
_INVERSES, _LOGARITHMS = _pairs[:, 0].copy(), _pairs[:, 1].copy()  # 1/c and log(c) for a c in each of 16 intervals
_LN2 = math.log(2)
_LOG = [float.fromhex(c) for c in ("-0x1.00ea348b88334p-2", "0x1.5575b0be00b6ap-2", "-0x1.ffffef20a4123p-2")]
_SIN = [float.fromhex(c) for c in ("-0x1.555545995a603p-3", "0x1.1107605230bc4p-7", "-0x1.994eb3774cf24p-13")]
_COS = [
    float.fromhex(c)
    for c in ("-0x1.ffffffd0c621cp-2", "0x1.55553e1068f19p-5", "-0x1.6c087e89a359dp-10", "0x1.99343027bf8c3p-16")
]
_FIRST_INTERVAL = np.int32(0x3F330000)  # the bits of the least float32 whose table entry is number 0


def log(x: Any, numpy: Any = np) -> Any:
    """The logarithm of positive normal numbers. Shape: unchanged; float32."""
    bits = x.view(np.int32)
    offset = bits - _FIRST_INTERVAL
    interval, exponent = (offset >> 19) & 15, offset >> 23
    mantissa = (bits - (exponent << 23)).view(np.float32).astype(np.float64)
    r = mantissa * numpy.asarray(_INVERSES)[interval] - 1
    whole = numpy.asarray(_LOGARITHMS)[interval] + exponent * _LN2
    r2 = r * r
    return ((_LOG[0] * r2 + (_LOG[1] * r + _LOG[2])) * r2 + (whole + r)).astype(np.float32)


def sin_cos(x: Any, numpy: Any = np) -> tuple[Any, Any]:
    """Sine and cosine of numbers from 0 to 2 pi. Shape: unchanged, twice; float32."""
    x = x.astype(np.float64)
    quarter = numpy.floor(x * (2 / math.pi) + 0.5)
    r = x - quarter * (math.pi / 2)
    quarter = quarter.astype(np.int32)
    r2 = r * r
    r4 = r2 * r2
    sine = (r + r * r2 * _SIN[0]) + r * r4 * (_SIN[1] + r2 * _SIN[2])
    cosine = ((1 + r2 * _COS[0]) + r4 * _COS[1]) + r4 * r2 * (_COS[2] + r2 * _COS[3])
    is_odd = (quarter & 1) == 1
    sin, cos = numpy.where(is_odd, cosine, sine), numpy.where(is_odd, sine, cosine)
    sin = numpy.where((quarter & 2) != 0, -sin, sin)
    cos = numpy.where(((quarter + 1) & 2) != 0, -cos, cos)
    return sin.astype(np.float32), cos.astype(np.float32)
