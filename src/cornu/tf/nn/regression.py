"""Isotonic regression of `tf.nn`."""

from typing import Any

from cornu import ops
from cornu.core import strict_dtypes
from cornu.ops.isotonic import isotonic


def isotonic_regression(inputs: Any, decreasing: bool = True, axis: int = -1) -> tuple[Any, Any]:
    """The monotonous sequence nearest to the inputs along `axis`, and the number of the constant piece of each entry.

    Shape: any, kept, twice. Raises: InvalidArgumentError on integers.
    Source: Best and Chakravarti 1990; tf.nn.isotonic_regression.
    """
    x = ops.moveaxis(strict_dtypes.floating("isotonic_regression", inputs), axis, -1)
    found, pieces = isotonic(x if decreasing else ops.negative(x))
    return ops.moveaxis(found if decreasing else ops.negative(found), -1, axis), ops.moveaxis(pieces, -1, axis)
