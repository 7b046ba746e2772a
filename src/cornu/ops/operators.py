"""Python's operators on tensors, put onto the tensor classes by a table."""

from collections.abc import Callable
from typing import Any

import numpy as np

from cornu.core import strict_dtypes
from cornu.core.dispatch import Op
from cornu.core.symbolic import KerasTensor
from cornu.core.tensor import Tensor, convert_to_tensor, is_tensor
from cornu.core.variable import Variable
from cornu.ops import arithmetic, bitwise, comparison, elementwise, indexing, linalg

_UNARY = {
    "__neg__": elementwise.negative,
    "__abs__": elementwise.absolute,
    "__invert__": bitwise.bitwise_not,
}
_BINARY = {
    "add": arithmetic.add,
    "sub": arithmetic.subtract,
    "mul": arithmetic.multiply,
    "floordiv": arithmetic.floor_divide,
    "mod": arithmetic.mod,
    "pow": arithmetic.power,
    "matmul": linalg.matmul,
    "and": bitwise.bitwise_and,
    "or": bitwise.bitwise_or,
    "xor": bitwise.bitwise_xor,
    "lshift": bitwise.left_shift,
    "rshift": bitwise.right_shift,
}
_LOGICAL = {  # what Keras' files call these operators between symbolic bools
    "and": comparison.logical_and,
    "or": comparison.logical_or,
    "xor": comparison.logical_xor,
}
_ORDER = {
    "__lt__": comparison.less,
    "__le__": comparison.less_equal,
    "__gt__": comparison.greater,
    "__ge__": comparison.greater_equal,
}


_OPERANDS: dict[type, bool] = {}  # by type: can it stand beside a tensor


def _is_operand(x: Any) -> bool:
    known = _OPERANDS.get(type(x))
    if known is None:
        plain = isinstance(x, (int, float, complex, np.ndarray, np.generic, list, tuple))
        known = _OPERANDS[type(x)] = plain or is_tensor(x) or hasattr(x, "__array__")
    return known


def _is_text(x: Any) -> bool:
    return isinstance(x, (str, bytes)) or getattr(getattr(getattr(x, "_value", x), "dtype", None), "kind", None) == "O"


def _text(x: Any) -> np.ndarray:
    """Text as a NumPy object array; bytes are decoded so that they compare with str."""
    array = np.asarray(getattr(x, "_value", x), dtype=object)
    return np.vectorize(
        lambda item: item.decode("utf-8", "replace") if isinstance(item, bytes) else item, otypes=[object]
    )(array)


def _joined(x: Any, y: Any) -> Tensor:
    """Text behind text, entry by entry."""
    return Tensor(np.asarray(convert_to_tensor(x)._value + convert_to_tensor(y)._value, object))


def _forward(op: Op) -> Callable:
    def operator(self: Any, other: Any) -> Any:
        if strict_dtypes.style.is_strict:
            if not _is_operand(other) and not isinstance(other, (str, bytes)):
                return NotImplemented
            other = strict_dtypes.beside(op.name, self, other)
        result = op.at_once((self, other))
        if result is not None:
            return result
        if op is arithmetic.add and _is_text(self):
            return _joined(self, other)
        return op(self, other) if _is_operand(other) else NotImplemented

    return operator


def _reflected(op: Op) -> Callable:
    def operator(self: Any, other: Any) -> Any:
        if strict_dtypes.style.is_strict:
            if not _is_operand(other) and not isinstance(other, (str, bytes)):
                return NotImplemented
            other = strict_dtypes.beside(op.name, self, other)
        result = op.at_once((other, self))
        if result is not None:
            return result
        if op is arithmetic.add and _is_text(self):
            return _joined(other, self)
        return op(other, self) if _is_operand(other) else NotImplemented

    return operator


def _divide(self: Any, other: Any) -> Any:
    return _true_divide(*_for_division(self, other))


def _divide_reflected(self: Any, other: Any) -> Any:
    return _true_divide_reflected(*_for_division(self, other))


def _for_division(self: Any, other: Any) -> tuple[Any, Any]:
    """Integers divide as float64 in TensorFlow (8 and 16 bits as float32), where Keras has floatx."""
    if (
        strict_dtypes.style.is_strict
        and not isinstance(self, KerasTensor)
        and self.dtype.is_integer
        and _is_operand(other)
    ):
        other = strict_dtypes.beside("truediv", self, other)
        if not isinstance(other, KerasTensor):
            return strict_dtypes.quotient_dtype(self), strict_dtypes.quotient_dtype(other)
    return self, other


_true_divide, _true_divide_reflected = _forward(arithmetic.true_divide), _reflected(arithmetic.true_divide)


def _unary(op: Callable) -> Callable:
    def operator(self: Any) -> Any:
        return op(self)

    return operator


def _equality(op: Callable, compare: Callable) -> Callable:
    def operator(self: Any, other: Any) -> Any:
        if _is_text(self) or _is_text(other):
            return Tensor(np.asarray(compare(_text(self), _text(other)), dtype=bool))
        if not _is_operand(other):
            return NotImplemented
        if strict_dtypes.style.is_strict:
            other = strict_dtypes.beside(op.__name__, self, other)
            if not isinstance(self, KerasTensor) and not isinstance(other, KerasTensor) and not _broadcast(self, other):
                return Tensor(np.asarray(compare is np.not_equal))
        return op(self, other)

    return operator


def _broadcast(x: Any, y: Any) -> bool:
    """Whether the shapes broadcast; if not, TensorFlow calls the tensors unequal."""
    sizes = zip(reversed(np.shape(x)), reversed(np.shape(y)))
    return all(a == b or 1 in (a, b) for a, b in sizes)


def _positive(self: Any) -> Any:
    return self


def _round(self: Any, ndigits: int | None = None) -> Any:
    return elementwise.round(self, ndigits or 0)


def _divmod(self: Any, other: Any) -> Any:
    return arithmetic.floor_divide(self, other), arithmetic.mod(self, other)


def _by_dtype(of_bools: Callable, of_others: Callable) -> Callable:
    def operator(self: Any, *other: Any) -> Any:
        return (of_bools if self.dtype == "bool" else of_others)(self, *other)

    return operator


def install(cls: type, is_symbolic: bool = False) -> None:
    """Put all operators onto a class. With `is_symbolic`, `==` stays that of Python: a graph is searched by identity.

    Tensors compare entry by entry and hash by identity, so that they can be keys.
    """
    methods: dict[str, Any] = {"__pos__": _positive, "__round__": _round, "__divmod__": _divmod}
    methods |= {dunder: _unary(op) for dunder, op in _UNARY.items()}
    methods |= {dunder: _forward(op) for dunder, op in _ORDER.items()}
    for name, op in _BINARY.items():
        methods |= {f"__{name}__": _forward(op), f"__r{name}__": _reflected(op)}
    methods |= {"__truediv__": _divide, "__rtruediv__": _divide_reflected}
    methods["__getitem__"] = lambda self, key: indexing.get_item(self, key)
    methods["__ne__"] = _equality(comparison.not_equal, np.not_equal)
    if is_symbolic:
        for name, logical in _LOGICAL.items():
            methods[f"__{name}__"] = _by_dtype(_forward(logical), methods[f"__{name}__"])
            methods[f"__r{name}__"] = _by_dtype(_reflected(logical), methods[f"__r{name}__"])
        methods["__invert__"] = _by_dtype(_unary(comparison.logical_not), methods["__invert__"])
    else:
        methods["__eq__"] = _equality(comparison.equal, np.equal)
        methods["__hash__"] = object.__hash__
    for dunder, method in methods.items():
        setattr(cls, dunder, method)


install(Tensor)
install(Variable)
install(KerasTensor, is_symbolic=True)
