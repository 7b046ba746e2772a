"""Checks of the arguments that image layers share: factors, ranges of pixel values, ways to fill and to interpolate."""

from typing import Any

from cornu._base.errors import InvalidArgumentError
from cornu.layers.arguments import choice

Limits = tuple[float, float]

FILL_MODES = ("constant", "reflect", "wrap", "nearest")
INTERPOLATIONS = ("nearest", "bilinear")


def limits(name: str, value: Any, low: float, high: float, symmetric: bool = False) -> Limits:
    """The two ends of the interval that a factor is drawn from: a pair as it is, a number f as (0, f) or (-f, f).

    Args: low, high: smallest and largest number allowed; symmetric: a number f means (-f, f).
    Raises: InvalidArgumentError unless it is a number or two ascending numbers in that range.
    """
    is_pair = isinstance(value, (list, tuple))
    pair = tuple(value) if is_pair else (-value if symmetric and _is_number(value) else 0, value)
    if len(pair) != 2 or not all(map(_is_number, pair)) or not low <= pair[0] <= pair[1] <= high:
        least = max(low, 0) if symmetric else low
        raise InvalidArgumentError(
            f"Expected {name} as a number from {least} to {high}, or two ascending numbers from {low} to {high}; "
            f"received {name}={value!r}."
        )
    return pair


def value_range(value: Any) -> Limits:
    """The smallest and the largest value of a pixel. Raises: InvalidArgumentError unless they are two ascending numbers."""
    pair = tuple(value) if isinstance(value, (list, tuple)) else ()
    if len(pair) != 2 or not all(map(_is_number, pair)) or pair[0] >= pair[1]:
        raise InvalidArgumentError(
            f"Expected value_range as two ascending numbers such as (0, 255); received value_range={value!r}."
        )
    return pair


def fill_mode(value: Any) -> str:
    """How places outside of the image are filled. Raises: InvalidArgumentError naming the known ways."""
    return choice("fill_mode", value, FILL_MODES)


def interpolation(value: Any) -> str:
    """How values between pixels are found. Raises: InvalidArgumentError naming the known ways."""
    return choice("interpolation", value, INTERPOLATIONS)


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)
