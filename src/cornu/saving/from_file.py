"""The scope in which what a file says becomes a model: bounded memory, and one clear error whatever goes wrong."""

import contextlib
from collections.abc import Iterator

from cornu._base.errors import CornuError, InvalidArgumentError
from cornu.core import allocation

# A file holds the weights; slots of an optimizer that had not begun, metrics and wider dtypes come on top.
_TIMES, _FLOOR = 8, 1 << 26  # bytes for each byte of weights, bytes that are always accepted


@contextlib.contextmanager
def making_a_model(place: str, stored: int, safe_mode: bool = True) -> Iterator[None]:
    """Inside the `with` block a model is made of the config in a file whose weights take `stored` bytes.

    Raises: UnsafeFileError if its variables are far larger than that, unless `safe_mode` is False; InvalidArgumentError for
    whatever else the config makes fail, with the first error as the cause.
    """
    advice = f"{place} holds {stored} bytes of weights. If you trust where it comes from, pass `safe_mode=False`."
    try:
        with allocation.at_most(_FLOOR + _TIMES * stored, advice) if safe_mode else contextlib.nullcontext():
            yield
    except CornuError:
        raise
    except Exception as error:  # layers fail in many ways when their arguments make no sense, and so does JAX
        raise InvalidArgumentError(
            f"The config in {place} does not describe a model that can be made: {type(error).__name__}: {error!s:.500}. "
            "Save the model again, or give the classes that it needs as custom_objects."
        ) from error
