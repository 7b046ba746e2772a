"""The operators that rewritten code calls."""

from collections.abc import Callable
from typing import Any

from cornu.tf.autograph.branches import if_stmt
from cornu.tf.autograph.expressions import and_, assert_stmt, compare, if_exp, not_, or_, returned
from cornu.tf.autograph.loops import for_stmt, while_stmt
from cornu.tf.autograph.state import Undefined


def load(name: str, read: Callable) -> Any:
    """The value of a variable or attribute, or an `Undefined` that tells its name."""
    try:
        return read()
    except (NameError, AttributeError):
        return Undefined(name)


def defined(value: Any) -> Any:
    """The value that a function returns. Raises: InvalidArgumentError if it has none on some path."""
    return value._refuse() if isinstance(value, Undefined) else value


__all__ = [
    "and_", "assert_stmt", "compare", "defined", "for_stmt", "if_exp", "if_stmt", "load", "not_", "or_", "returned", "while_stmt",
]  # fmt: skip
