"""`tf.bitwise`: integers bit by bit. Raises: InvalidArgumentError if two tensors differ in dtype or are no integers."""

from typing import Any

from cornu import ops
from cornu._base.errors import InvalidArgumentError
from cornu._base.suggest import attribute_error
from cornu.core import strict_dtypes
from cornu.ops.shifting import left_shift_in_range, right_shift_in_range


def bitwise_and(x: Any, y: Any, name: str | None = None) -> Any:
    """The bits that are set in both. Source: tf.bitwise.bitwise_and."""
    return ops.bitwise_and(*_integers("bitwise_and", x, y))


def bitwise_or(x: Any, y: Any, name: str | None = None) -> Any:
    """The bits that are set in one or both. Source: tf.bitwise.bitwise_or."""
    return ops.bitwise_or(*_integers("bitwise_or", x, y))


def bitwise_xor(x: Any, y: Any, name: str | None = None) -> Any:
    """The bits that are set in exactly one. Source: tf.bitwise.bitwise_xor."""
    return ops.bitwise_xor(*_integers("bitwise_xor", x, y))


def invert(x: Any, name: str | None = None) -> Any:
    """All bits the other way. Source: tf.bitwise.invert."""
    return ops.bitwise_not(*_integers("invert", x))


def left_shift(x: Any, y: Any, name: str | None = None) -> Any:
    """The bits of `x` moved `y` places up, at most all but one. Source: tf.bitwise.left_shift."""
    return left_shift_in_range(*_integers("left_shift", x, y))


def right_shift(x: Any, y: Any, name: str | None = None) -> Any:
    """The bits of `x` moved `y` places down, at most all but one; the sign stays. Source: tf.bitwise.right_shift."""
    return right_shift_in_range(*_integers("right_shift", x, y))


def _integers(name: str, *values: Any) -> list[Any]:
    tensors = [ops.convert_to_tensor(each) for each in strict_dtypes.alike(name, list(values))]
    for each in tensors:
        if not each.dtype.is_integer:
            raise InvalidArgumentError(f"{name}: expected integers; received {each.dtype.name}.")
    return tensors


__getattr__ = attribute_error(__name__)
