"""Elementwise functions, comparisons and logic of `tf.math`. Shape: broadcast inputs. Source: tf.math."""

from collections.abc import Callable
from typing import Any

import numpy as np

from cornu import ops
from cornu._base.errors import InvalidArgumentError
from cornu.core import strict_dtypes
from cornu.core.symbolic import KerasTensor
from cornu.core.tensor import Tensor, is_tensor
from cornu.ops import special
from cornu.tf.host_values import tensor, text_array
from cornu.tf.known_values import known
from cornu.tf.naming import named

acos = named("acos(x)", ops.arccos, floating=True)
acosh = named("acosh(x)", ops.arccosh, floating=True)
angle = named("angle(input)", ops.angle, floating=True)
asin = named("asin(x)", ops.arcsin, floating=True)
asinh = named("asinh(x)", ops.arcsinh, floating=True)
atan = named("atan(x)", ops.arctan, floating=True)
atanh = named("atanh(x)", ops.arctanh, floating=True)
ceil = named("ceil(x)", ops.ceil, floating=True)
cos = named("cos(x)", ops.cos, floating=True)
cosh = named("cosh(x)", ops.cosh, floating=True)
digamma = named("digamma(x)", special.digamma, floating=True)
erf = named("erf(x)", ops.erf, floating=True)
erfc = named("erfc(x)", ops.erfc, floating=True)
erfcinv = named("erfcinv(x)", special.erfcinv, floating=True)
erfinv = named("erfinv(x)", ops.erfinv, floating=True)
exp = named("exp(x)", ops.exp, floating=True)
expm1 = named("expm1(x)", ops.expm1, floating=True)
floor = named("floor(x)", ops.floor, floating=True)
is_finite = named("is_finite(x)", ops.isfinite, floating=True)
is_inf = named("is_inf(x)", ops.isinf, floating=True)
is_nan = named("is_nan(x)", ops.isnan, floating=True)
lbeta = named("lbeta(x)", special.lbeta, floating=True)
lgamma = named("lgamma(x)", special.lgamma, floating=True)
log = named("log(x)", ops.log, floating=True)
log1p = named("log1p(x)", ops.log1p, floating=True)
log_sigmoid = named("log_sigmoid(x)", ops.log_sigmoid, floating=True)
ndtri = named("ndtri(x)", special.ndtri, floating=True)
reciprocal = named("reciprocal(x)", ops.reciprocal, floating=True)
reciprocal_no_nan = named("reciprocal_no_nan(x)", special.reciprocal_no_nan, floating=True)
rint = named("rint(x)", ops.round, floating=True)
rsqrt = named("rsqrt(x)", ops.rsqrt, floating=True)
sigmoid = named("sigmoid(x)", ops.sigmoid, floating=True)
sin = named("sin(x)", ops.sin, floating=True)
sinh = named("sinh(x)", ops.sinh, floating=True)
softplus = named("softplus(features:x)", ops.softplus, floating=True)
softsign = named("softsign(features:x)", ops.softsign, floating=True)
sqrt = named("sqrt(x)", ops.sqrt, floating=True)
tan = named("tan(x)", ops.tan, floating=True)
tanh = named("tanh(x)", ops.tanh, floating=True)

_softmax = named("softmax(logits:x, axis=-1)", ops.softmax, floating=True)
_log_softmax = named("log_softmax(logits:x, axis=-1)", ops.log_softmax, floating=True)

abs = named("abs(x)", ops.absolute, numeric=True)
conj = named("conj(x)", ops.conjugate, numeric=True)
imag = named("imag(input)", ops.imag, numeric=True)
negative = named("negative(x)", ops.negative, numeric=True)
real = named("real(input)", ops.real, numeric=True)
round = named("round(x)", ops.round, numeric=True)
sign = named("sign(x)", ops.sign, numeric=True)
square = named("square(x)", ops.square, numeric=True)

atan2 = named("atan2(y, x:x2)", ops.arctan2, alike=2, floating=True)
betainc = named("betainc(a, b, x)", special.betainc, alike=3, floating=True)
floordiv = named("floordiv(x, y)", ops.floor_divide, alike=2, numeric=True)
floormod = named("floormod(x, y)", ops.mod, alike=2, numeric=True)
igamma = named("igamma(a, x)", special.igamma, alike=2, floating=True)
igammac = named("igammac(a, x)", special.igammac, alike=2, floating=True)
maximum = named("maximum(x, y)", ops.maximum, alike=2, numeric=True)
minimum = named("minimum(x, y)", ops.minimum, alike=2, numeric=True)
mod = named("mod(x, y)", ops.mod, alike=2, numeric=True)
multiply = named("multiply(x, y)", ops.multiply, alike=2, numeric=True)
multiply_no_nan = named("multiply_no_nan(x, y)", special.multiply_no_nan, alike=2, floating=True)
nextafter = named("nextafter(x1, x2)", ops.nextafter, alike=2, floating=True)
polygamma = named("polygamma(a:n, x)", special.polygamma, alike=2, floating=True)
subtract = named("subtract(x, y)", ops.subtract, alike=2, numeric=True)
xdivy = named("xdivy(x, y)", special.xdivy, alike=2, floating=True)
xlog1py = named("xlog1py(x, y)", special.xlog1py, alike=2, floating=True)
xlogy = named("xlogy(x, y)", special.xlogy, alike=2, floating=True)
zeta = named("zeta(x, q)", special.zeta, alike=2, floating=True)

greater = named("greater(x, y)", ops.greater, alike=2, numeric=True)
greater_equal = named("greater_equal(x, y)", ops.greater_equal, alike=2, numeric=True)
less = named("less(x, y)", ops.less, alike=2, numeric=True)
less_equal = named("less_equal(x, y)", ops.less_equal, alike=2, numeric=True)
logical_and = named("logical_and(x, y)", ops.logical_and, alike=2, logical=True)
logical_not = named("logical_not(x)", ops.logical_not, logical=True)
logical_or = named("logical_or(x, y)", ops.logical_or, alike=2, logical=True)
logical_xor = named("logical_xor(x, y)", ops.logical_xor, alike=2, logical=True)

_divide_numbers = named("truediv(x, y)", ops.true_divide, alike=2)
_add_numbers = named("add(x, y)", ops.add, alike=2, numeric=True)
_power = named("pow(x, y)", ops.power, alike=2, numeric=True)
_equal_numbers = named("equal(x, y)", ops.equal, alike=2)
_differ_numbers = named("not_equal(x, y)", ops.not_equal, alike=2)


def add(x: Any, y: Any, name: str | None = None) -> Any:
    """`x + y`; texts are joined. Raises: InvalidArgumentError if two tensors differ in dtype. Source: tf.math.add."""
    if (type(x) is not Tensor and _is_text(x)) or (type(y) is not Tensor and _is_text(y)) or _is_text(x):
        return tensor(text_array(x) + text_array(y))
    return _add_numbers(x, y)


def equal(x: Any, y: Any, name: str | None = None) -> Any:
    """Where `x == y`, of numbers, bools or texts.

    Raises: InvalidArgumentError if the dtypes differ or the shapes do not broadcast. Source: tf.math.equal.
    """
    return _compare(x, y, _equal_numbers, np.equal)


def not_equal(x: Any, y: Any, name: str | None = None) -> Any:
    """Where `x != y`, of numbers, bools or texts.

    Raises: InvalidArgumentError if the dtypes differ or the shapes do not broadcast. Source: tf.math.not_equal.
    """
    return _compare(x, y, _differ_numbers, np.not_equal)


def _compare(x: Any, y: Any, numbers: Callable, texts: Callable) -> Any:
    if _is_text(x) or _is_text(y):
        return tensor(np.asarray(texts(text_array(x), text_array(y)), bool))
    return numbers(x, y)


def _is_text(x: Any) -> bool:
    if type(x) is Tensor:
        return x._value.dtype == object
    while type(x) in (list, tuple) and x:
        x = x[0]
    if isinstance(x, (str, bytes)):
        return type(x) in (str, bytes)
    return getattr(getattr(getattr(x, "_value", x), "dtype", None), "kind", None) == "O"


def pow(x: Any, y: Any, name: str | None = None) -> Any:
    """`x ** y`.

    Raises: InvalidArgumentError if two tensors differ in dtype, or an integer has a negative power. Source: tf.math.pow.
    """
    if not (type(x) is Tensor and x._value.dtype.kind in "fcV"):
        x, y = strict_dtypes.alike("pow", [x, y])
        powers = known(y) if not isinstance(x, KerasTensor) and ops.convert_to_tensor(x).dtype.is_integer else None
        if powers is not None and (powers < 0).any():
            raise InvalidArgumentError(
                f"pow: expected powers of 0 or more for integers; received {powers.min()}. Cast to float."
            )
    return _power(x, y)


def truediv(x: Any, y: Any, name: str | None = None) -> Any:
    """`x / y`; integers give float64, those of 8 and 16 bits float32.

    Raises: InvalidArgumentError if two tensors differ in dtype. Source: tf.math.truediv.
    """
    if not (type(x) is type(y) is Tensor and x._value.dtype == y._value.dtype and x._value.dtype.kind in "fcV"):
        x, y = (strict_dtypes.quotient_dtype(each) for each in strict_dtypes.alike("truediv", [x, y]))
    return _divide_numbers(x, y)


def divide(x: Any, y: Any, name: str | None = None) -> Any:
    """`x / y`; integers give float64. Raises: InvalidArgumentError if two tensors differ in dtype. Source: tf.math.divide."""
    return truediv(x, y)


def divide_no_nan(x: Any, y: Any, name: str | None = None) -> Any:
    """`x / y`, and 0 where `y` is 0, with zero gradients there; integers give float64. Source: tf.math.divide_no_nan."""
    x, y = (strict_dtypes.quotient_dtype(each) for each in strict_dtypes.alike("divide_no_nan", [x, y]))
    return ops.divide_no_nan(x, y)


def squared_difference(x: Any, y: Any, name: str | None = None) -> Any:
    """`(x - y)**2`. Raises: InvalidArgumentError if two tensors differ in dtype. Source: tf.math.squared_difference."""
    return ops.square(subtract(x, y))


def scalar_mul(scalar: Any, x: Any, name: str | None = None) -> Any:
    """`scalar * x`. Raises: InvalidArgumentError if `scalar` has a dimension. Source: tf.math.scalar_mul."""
    if is_tensor(scalar) and len(scalar.shape):
        raise InvalidArgumentError(
            f"scalar_mul: expected a scalar to multiply with; received shape {tuple(scalar.shape)}."
        )
    x, scalar = strict_dtypes.alike("scalar_mul", [x, scalar])
    return ops.multiply(scalar, x)


def add_n(inputs: Any, name: str | None = None) -> Any:
    """Sum of tensors of one shape and dtype.

    Raises: InvalidArgumentError if there is none or they differ. Source: tf.math.add_n.
    """
    tensors = list(inputs) if isinstance(inputs, (list, tuple)) else [inputs]
    if not tensors:
        raise InvalidArgumentError("add_n: expected at least one tensor; received none.")
    tensors = strict_dtypes.alike("add_n", tensors)
    shapes = {tuple(np.shape(each)) if not is_tensor(each) else tuple(each.shape) for each in tensors}
    if len(shapes) > 1:
        raise InvalidArgumentError(
            f"add_n: expected tensors of one shape; received {', '.join(map(str, sorted(shapes)))}."
        )
    total = tensors[0] if len(tensors) > 1 else ops.convert_to_tensor(tensors[0])
    for each in tensors[1:]:
        total = ops.add(total, each)
    return total


def accumulate_n(inputs: Any, shape: Any = None, tensor_dtype: Any = None, name: str | None = None) -> Any:
    """Sum of tensors of one shape and dtype, which may be given too. Raises: as `add_n`. Source: tf.math.accumulate_n."""
    total = add_n(inputs)
    if tensor_dtype is not None and total.dtype != tensor_dtype:
        raise InvalidArgumentError(
            f"accumulate_n: expected tensors of dtype {tensor_dtype}; received {total.dtype.name}."
        )
    if shape is not None:
        total.set_shape(shape)
    return total


def polyval(coeffs: Any, x: Any, name: str | None = None) -> Any:
    """The polynomial with these coefficients, highest power first, at `x`; 0 without coefficients.

    Raises: InvalidArgumentError unless `coeffs` is a list. Source: tf.math.polyval.
    """
    if not isinstance(coeffs, list):
        raise InvalidArgumentError(f"polyval: expected a list of coefficients; received {type(coeffs).__name__}.")
    x = ops.convert_to_tensor(x)
    if not coeffs:
        return ops.zeros_like(x)
    total, *rest = (strict_dtypes.alike("polyval", [x, each])[1] for each in coeffs)
    for each in rest:
        total = ops.add(each, ops.multiply(total, x))
    return ops.convert_to_tensor(total)


def softmax(logits: Any, axis: int | None = None, name: str | None = None) -> Any:
    """Exponentials over `axis` (default: the last) divided by their sum.

    Raises: InvalidArgumentError on integers and scalars. Source: tf.nn.softmax.
    """
    return _softmax(logits) if axis is None else _softmax(logits, axis)


def log_softmax(logits: Any, axis: int | None = None, name: str | None = None) -> Any:
    """Logarithm of `softmax`, safe for large entries. Raises: InvalidArgumentError on integers. Source: tf.nn.log_softmax."""
    return _log_softmax(logits) if axis is None else _log_softmax(logits, axis)
