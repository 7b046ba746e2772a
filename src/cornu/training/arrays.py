"""User data that is wholly in memory: nests of arrays, tensors, lists and data frames."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from cornu._base.errors import InvalidArgumentError, InvalidTypeError
from cornu.core import config, dtypes
from cornu.core.tensor import Tensor, host_array
from cornu.core.variable import Variable
from cornu.training import checks

DEFAULT_BATCH_SIZE = 32


def map_nest(function: Callable[..., Any], nest: Any, *others: Any) -> Any:
    """Apply `function` to the leaves of dicts, lists and tuples that have the same structure. None is a leaf."""
    if isinstance(nest, Mapping):
        return {key: map_nest(function, item, *(other[key] for other in others)) for key, item in nest.items()}
    if isinstance(nest, (list, tuple)):
        items = [map_nest(function, item, *rest) for item, *rest in zip(nest, *others, strict=True)]
        if hasattr(nest, "_fields"):
            return type(nest)(*items)
        return items if isinstance(nest, list) else tuple(items)
    return function(nest, *others)


def leaves(nest: Any, name: str) -> Iterator[tuple[str, Any]]:
    """The leaves that are not None, each with its name: `x`, `x[0]`, `x['age']`."""
    if isinstance(nest, Mapping):
        for key, item in nest.items():
            yield from leaves(item, f"{name}[{key!r}]")
    elif isinstance(nest, (list, tuple)):
        for index, item in enumerate(nest):
            yield from leaves(item, f"{name}[{index}]")
    elif nest is not None:
        yield name, nest


def is_nest(value: Any) -> bool:
    """True for dicts, and for lists and tuples that hold arrays rather than numbers."""
    if isinstance(value, Mapping):
        return True
    if not isinstance(value, (list, tuple)):
        return False
    first = next((item for item in value if item is not None), None)
    return is_nest(first) or (not isinstance(first, np.generic) and len(getattr(first, "shape", None) or ()) > 0)


def to_arrays(value: Any, name: str, allow_text: bool = False) -> Any:
    """The nest with NumPy or JAX arrays as leaves, floats as floatx. `name` is what errors call it.

    Raises: InvalidTypeError on what holds no numbers; InvalidArgumentError on ragged lists and scalars.
    """
    if value is None:
        return None
    if isinstance(value, Mapping):
        return {key: to_arrays(item, f"{name}[{key!r}]", allow_text) for key, item in value.items()}
    if is_nest(value):
        items = [to_arrays(item, f"{name}[{index}]", allow_text) for index, item in enumerate(value)]
        if hasattr(value, "_fields"):
            return type(value)(*items)
        return items if isinstance(value, list) else tuple(items)
    array = _as_floatx(_to_array(value, name, allow_text))
    if not array.ndim:
        raise InvalidArgumentError(
            f"Expected {name} to have rows in its first dimension; received the scalar {array}. Wrap it: [[value]]."
        )
    return array


def _as_floatx(array: Any) -> Any:
    floatx = config.floatx()
    if jnp.issubdtype(array.dtype, jnp.floating) and array.dtype != floatx:
        return array.astype(dtypes._NUMPY[floatx])
    return array


def _to_array(value: Any, name: str, allow_text: bool) -> Any:
    if isinstance(value, Tensor):
        value = value._value
    if isinstance(value, jax.Array):
        return value
    if isinstance(value, Variable):
        return np.array(value.numpy())  # a copy: training may replace the variable's own memory
    if hasattr(value, "columns") and hasattr(value, "to_numpy"):
        return _frame(value, name, allow_text)
    if hasattr(value, "to_numpy") and hasattr(value, "index"):  # a data frame's column becomes one, as in Keras
        value = value.to_numpy()
        value = value[:, None] if value.ndim == 1 else value
    elif hasattr(value, "detach"):  # torch
        value = value.detach().cpu().numpy()
    elif hasattr(value, "toarray"):  # scipy.sparse
        value = value.toarray()
    elif hasattr(value, "__array__"):
        value = np.asarray(value)
    elif isinstance(value, (bool, int, float, complex, list, tuple, range)):
        value = _from_list(value, name)
    else:
        raise InvalidTypeError(
            f"Expected {name} as an array, a tensor, a list of numbers or a data frame; received {_short(value)} of "
            f"type {type(value).__name__}."
        )
    return _numeric(value, name, allow_text)


def _from_list(value: Any, name: str) -> np.ndarray:
    try:
        return host_array(list(value) if isinstance(value, range) else value)
    except (InvalidArgumentError, InvalidTypeError):
        pass
    row, width = _first_ragged(value)
    if row is None:
        raise InvalidTypeError(f"Expected {name} to hold numbers; received {_short(value)}.")
    raise InvalidArgumentError(
        f"Expected {name} as nested lists with rows of equal length; received row {row} with {width} instead of "
        f"{_width(value[0])}. Pad the rows to one length (keras.utils.pad_sequences)."
    )


def _width(row: Any) -> str:
    return f"{len(row)} entries" if hasattr(row, "__len__") else "a single number"


def _first_ragged(value: Any) -> tuple[int | None, str]:
    for index, row in enumerate(value):
        if _width(row) != _width(value[0]):
            return index, _width(row)
    return None, ""


def _frame(frame: Any, name: str, allow_text: bool) -> np.ndarray:
    """A data frame's values; a column that holds no numbers is named."""
    array = frame.to_numpy()
    if array.dtype != object:
        return _numeric(array, name, allow_text)
    columns = [
        _numeric(np.asarray(frame.iloc[:, index]), f"{name} (column {column!r})", allow_text)
        for index, column in enumerate(frame.columns)
    ]
    return np.stack(columns, axis=1)


def _numeric(array: np.ndarray, name: str, allow_text: bool) -> np.ndarray:
    if array.dtype.kind in "US":
        if allow_text:
            return array.astype(object)
        if array.size:
            checks.refuse_entry(name, 0, array.reshape(-1)[0].item())
    if array.dtype.kind in "Mm" or (array.dtype.kind == "V" and array.dtype.names):
        what = "dates or durations" if array.dtype.kind in "Mm" else f"records with fields {array.dtype.names}"
        raise InvalidTypeError(f"Expected {name} to hold numbers; received {what}. Convert them to numbers first.")
    if array.dtype != object or not array.ndim:
        return array
    found = checks.offending_entry(array)
    if found is None:
        return array.astype(np.float64)
    if allow_text and isinstance(found[1], (str, bytes)):
        return array
    return checks.refuse_entry(name, *found)  # type: ignore[return-value]


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 80 else text[:77] + "..."


def check_rows(x: Any, y: Any, sample_weight: Any) -> int:
    """The number of rows of all arrays. Raises: InvalidArgumentError if they differ or are none."""
    named = [*leaves(x, "x"), *leaves(y, "y"), *leaves(sample_weight, "sample_weight")]
    return checks.same_rows((name, len(array)) for name, array in named)


class ArrayData:
    """Data wholly in memory, to be cut into batches.

    Attributes:
        data: (x, y, sample_weight), nests of arrays with equal first dimension; y and sample_weight may be None.
        rows: that dimension.
        batch_size: rows in a batch; the last one may be smaller.
        steps: batches an epoch shall have if the user said so; then the data is gone through again and again.
        shuffle: whether epochs go through the rows in random order.
    """

    def __init__(
        self,
        x: Any,
        y: Any = None,
        sample_weight: Any = None,
        batch_size: int | None = None,
        steps: int | None = None,
        shuffle: bool = False,
    ):
        self.data = (x, y, sample_weight)
        self.rows = check_rows(x, y, sample_weight)
        self.batch_size = DEFAULT_BATCH_SIZE if batch_size is None else batch_size
        self.steps, self.shuffle = steps, shuffle

    @property
    def num_batches(self) -> int:
        """Batches in one pass over the rows."""
        return -(-self.rows // self.batch_size)

    @property
    def nbytes(self) -> int:
        """Memory all arrays take."""
        return sum(array.nbytes for part in self.data for _, array in leaves(part, ""))

    def batch(self, rows: Any) -> tuple[Any, Any, Any]:
        """Those rows (a slice or integer indices) of every array, gathered on the host."""
        return map_nest(lambda array: None if array is None else array[rows], self.data)

    def peek(self) -> tuple[Any, Any, Any]:
        """The first batch, in the order of the rows."""
        return self.batch(slice(0, self.batch_size))
