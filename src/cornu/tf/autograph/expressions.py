"""What operators on truth values become: Python's own on Python values, element-wise ops on traced tensors."""

import operator
from collections.abc import Callable
from typing import Any

from cornu import ops
from cornu.tf.assertions import assert_true
from cornu.tf.autograph.branches import if_stmt
from cornu.tf.autograph.state import Undefined, is_traced

_COMPARISONS: dict[str, Callable] = {
    "Lt": operator.lt, "LtE": operator.le, "Gt": operator.gt, "GtE": operator.ge, "Eq": operator.eq, "NotEq": operator.ne,
    "Is": operator.is_, "IsNot": operator.is_not, "In": lambda a, b: a in b, "NotIn": lambda a, b: a not in b,
}  # fmt: skip


def and_(first: Callable, *rest: Callable) -> Any:
    """`first() and ...`; operands are evaluated as Python does, up to the first traced one."""
    value = first()
    for i, other in enumerate(rest):
        if is_traced(value):
            return ops.logical_and(value, and_(other, *rest[i + 1 :]))
        if not value:
            return value
        value = other()
    return value


def or_(first: Callable, *rest: Callable) -> Any:
    """`first() or ...`."""
    value = first()
    for i, other in enumerate(rest):
        if is_traced(value):
            return ops.logical_or(value, or_(other, *rest[i + 1 :]))
        if value:
            return value
        value = other()
    return value


def not_(value: Any) -> Any:
    """`not value`."""
    return ops.logical_not(value) if is_traced(value) else not value


def compare(first: Any, names: tuple[str, ...], *rest: Callable) -> Any:
    """The chain `first < a <= b`; every operand is evaluated once."""

    def links(left: Any, i: int) -> Any:
        right = rest[i]()
        link = _COMPARISONS[names[i]](left, right)
        return link if i == len(rest) - 1 else and_(lambda: link, lambda: links(right, i + 1))

    return links(first, 0)


def if_exp(test: Any, main: Callable, other: Callable) -> Any:
    """`main() if test else other()`."""
    if not is_traced(test):
        return main() if test else other()
    result: list = [None]

    def assign(function: Callable) -> Callable:
        return lambda: result.__setitem__(0, function())

    get_state, set_state = lambda: (result[0],), lambda values: result.__setitem__(0, values[0])
    if_stmt(test, assign(main), assign(other), get_state, set_state, ["a if b else c"])
    return result[0]


def assert_stmt(test: Any, message: Callable) -> None:
    """`assert test, message()`; checked when the compiled program runs if the test is a traced tensor."""
    if is_traced(test):
        assert_true(test, [message()])
    elif not test:
        text = message()
        raise AssertionError(*([] if text is None else [text]))


def returned(is_returned: Any, result: Callable) -> Any:
    """What a function with the flag `is_returned` gives."""
    if not is_traced(is_returned) and not is_returned:
        return None
    value = result()
    return value._refuse() if isinstance(value, Undefined) else value
