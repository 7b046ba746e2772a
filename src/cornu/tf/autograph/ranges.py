"""A range of numbers whose bounds may be traced tensors, as the sequence of a `for` loop."""

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from cornu._base.errors import InvalidArgumentError, InvalidTypeError
from cornu.core import dtypes
from cornu.core.tensor import Tensor, convert_to_tensor


class TensorRange:
    """The numbers `start, start + delta, ...` before `limit`. `length` is an int if all three are known."""

    ndim = 1

    def __init__(self, *bounds: Any, delta: Any = None, dtype: Any = None, start: Any = None, limit: Any = None):
        given = [bound for bound in (start, *bounds, limit) if bound is not None]
        if len(given) == 3 and delta is None:
            delta = given.pop()
        if not 1 <= len(given) <= 2:
            raise InvalidTypeError(
                f"Expected range(limit), range(start, limit) or range(start, limit, delta); received {bounds}."
            )
        first, last = given if len(given) == 2 else (0, given[0])
        self._bounds = [_scalar(bound) for bound in (first, last, 1 if delta is None else delta)]
        kinds = [bound.dtype for bound in self._bounds]
        common = dtypes._NUMPY[dtypes.as_dtype(dtype)] if dtype is not None else jnp.result_type(*kinds)
        self.start, self._limit, self.delta = (bound.astype(common) for bound in self._bounds)

    @property
    def _value(self) -> Any:
        """For checks of the dtype."""
        return self.start

    @property
    def length(self) -> Any:
        """How many numbers: an int, or a traced int32 scalar."""
        bounds = self.start, self._limit, self.delta
        if any(isinstance(bound, jax.core.Tracer) for bound in bounds):
            start, limit, delta = (jnp.asarray(bound) for bound in bounds)
            if jnp.issubdtype(start.dtype, jnp.integer):
                steps = (limit - start + delta - jnp.sign(delta)) // delta
            else:
                steps = jnp.ceil((limit - start) / delta)
            return jnp.maximum(steps, 0).astype(jnp.int32)
        first, last, step = (np.asarray(bound)[()] for bound in bounds)
        if not step:
            raise InvalidArgumentError("Expected the delta of a range to be other than 0; received 0.")
        return max(int(np.ceil((last - first) / step)), 0)

    def numbers(self, length: int) -> Tensor:
        """The first numbers as a tensor."""
        return Tensor(jnp.asarray(np.asarray(self.start) + np.arange(length).astype(self.start.dtype) * self.delta))

    def __iter__(self) -> Any:
        numbers = np.asarray(self.start) + np.arange(self.length).astype(self.start.dtype) * self.delta
        return (Tensor(number) for number in np.asarray(numbers))


def _scalar(bound: Any) -> Any:
    """A NumPy scalar array where the value is known, else the tracer."""
    value = convert_to_tensor(bound)._value if not isinstance(bound, (int, float, np.generic)) else bound
    if isinstance(value, jax.core.Tracer):
        if value.ndim:
            raise InvalidArgumentError(
                f"Expected scalars as the bounds of a range; received shape {tuple(value.shape)}."
            )
        return value
    if isinstance(value, (bool, int)):
        return np.asarray(value, np.int32 if -(2**31) <= value < 2**31 else np.int64)
    return np.asarray(value, np.float32) if isinstance(value, float) else np.asarray(value)
