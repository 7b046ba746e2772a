"""The form of a batch: `x`, `(x, y)` or `(x, y, sample_weight)`."""

from typing import Any

from cornu._base.errors import InvalidArgumentError


def pack_x_y_sample_weight(x: Any, y: Any = None, sample_weight: Any = None) -> Any:
    """The batch form of what is given: `x`, `(x, y)` or `(x, y, sample_weight)`; a nest `x` alone becomes `(x,)`.

    Source: keras.utils.pack_x_y_sample_weight.
    """
    if sample_weight is not None:
        return x, y, sample_weight
    if y is not None:
        return x, y
    return (x,) if isinstance(x, (list, tuple, dict)) else x


def unpack_x_y_sample_weight(data: Any) -> tuple[Any, Any, Any]:
    """(x, y, sample_weight) of a batch `x`, `(x,)`, `(x, y)` or `(x, y, sample_weight)`, None where absent.

    Raises: InvalidArgumentError on longer tuples. Source: keras.utils.unpack_x_y_sample_weight.
    """
    if not isinstance(data, (tuple, list)):
        return data, None, None
    if 1 <= len(data) <= 3:
        return tuple([*data, None, None][:3])  # type: ignore[return-value]
    raise InvalidArgumentError(
        f"Data is expected to be in format `x`, `(x,)`, `(x, y)`, or `(x, y, sample_weight)`; received a "
        f"{type(data).__name__} of {len(data)}. Several inputs or targets belong together: ((x1, x2), y)."
    )
