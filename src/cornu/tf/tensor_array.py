"""TensorArray: a list of tensors that may be filled in a loop. Source: tf.TensorArray.

Outside of compiled loops it is a list. Inside of them, and where the place of a write is a traced tensor, it is one tensor of
shape (size, ...element shape).
"""

from collections.abc import Sequence
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

from cornu import ops
from cornu._base.errors import InvalidArgumentError, InvalidTypeError, OutOfRangeError, TracedValueError
from cornu.core import dtypes
from cornu.core.dispatch import op
from cornu.core.shapes import TensorShape, as_shape
from cornu.core.tensor import Tensor, convert_to_tensor
from cornu.data.spec import shapes_agree
from cornu.tf.scopes import inside_function

_CLEARED = object()


@op
def replace_row(rows, index, row):
    """`rows` with the row at `index` replaced. Shape: (n, ...), (), (...) -> (n, ...)."""
    return lax.dynamic_update_index_in_dim(rows, row.astype(rows.dtype), index, 0)


class TensorArray:
    """A list of tensors of one dtype.

    Args:
        dtype: of all elements.
        size: how many elements there are; default 0.
        dynamic_size: whether a write past the end makes the array longer. In a compiled loop the size must be fixed.
        clear_after_read: an element can be read once only. Elements that lie in one tensor are never cleared.
        infer_shape: all elements must have the shape of the first.
        element_shape: the shape that elements must have, None for unknown sizes.

    Raises: OutOfRangeError on an index past the end; InvalidArgumentError on an element of another shape.
    """

    def __init__(
        self, dtype: Any, size: Any = None, dynamic_size: bool | None = None, clear_after_read: bool | None = None,
        tensor_array_name: str | None = None, handle: Any = None, flow: Any = None, infer_shape: bool = True,
        element_shape: Any = None, colocate_with_first_write_call: bool = True, name: str | None = None,
    ):  # fmt: skip
        if handle is not None or flow is not None:
            raise InvalidTypeError("Expected no handle and no flow: a TensorArray has none here. Give it a size.")
        self._dtype = dtypes.as_dtype(dtype)
        count = 0 if size is None else _as_int(size, "size")
        self._is_dynamic = bool(dynamic_size)
        self._clears = True if clear_after_read is None else bool(clear_after_read)
        self._infers = infer_shape
        self._element_shape = None if element_shape is None else as_shape(element_shape)
        self._items: list[Any] = [None] * count
        self._rows: Tensor | None = None  # all elements as one tensor, in place of the items

    @property
    def dtype(self) -> dtypes.DType:
        """The dtype of the elements."""
        return self._dtype

    @property
    def dynamic_size(self) -> bool:
        """Whether writes make it longer."""
        return self._is_dynamic

    @property
    def element_shape(self) -> Any:
        """The shape of the elements as far as it is known, else None."""
        if self._rows is not None:
            return TensorShape(self._rows.shape[1:])
        return None if self._element_shape is None else TensorShape(self._element_shape)

    @property
    def flow(self) -> Tensor:
        """A scalar that stands for the state of the array. Source: tf.TensorArray.flow."""
        return convert_to_tensor(0.0)

    @property
    def handle(self) -> None:
        """None, as in eager TensorFlow."""
        return None

    def size(self, name: str | None = None) -> Tensor:
        """How many elements there are."""
        return convert_to_tensor(len(self))

    def __len__(self) -> int:
        return len(self._items) if self._rows is None else self._rows.shape[0]

    def identity(self) -> "TensorArray":
        """A copy that shares the elements."""
        twin = object.__new__(TensorArray)
        twin.__dict__.update(self.__dict__)
        twin._items = list(self._items)
        return twin

    def _target(self) -> "TensorArray":
        return self.identity() if inside_function() else self

    def _checked(self, value: Any) -> Tensor:
        value = convert_to_tensor(value, None if hasattr(value, "dtype") else self._dtype)
        if value.dtype != self._dtype:
            raise InvalidArgumentError(
                f"Expected elements of dtype {self._dtype.name} for the TensorArray; received {value.dtype.name}."
            )
        if not shapes_agree(self.element_shape, value.shape):
            raise InvalidArgumentError(
                f"Expected elements of shape {tuple(self.element_shape)} for the TensorArray; received {tuple(value.shape)}."
            )
        if self._infers and self._element_shape is None and self._rows is None:
            self._element_shape = tuple(value.shape)
        return value

    def write(self, index: Any, value: Any, name: str | None = None) -> "TensorArray":
        """The array with `value` at `index`. Use the returned array."""
        array = self._target()
        value = array._checked(value)
        place = _as_index(index)
        if isinstance(place, int):
            array._make_room(place, "write to")
            if array._rows is None:
                array._items[place] = value
                return array
        elif array._rows is None:
            array = array.started(value.shape)
        array._rows = replace_row(array._rows, place, value)
        return array

    def _make_room(self, place: int, what: str) -> None:
        if place < 0:
            raise OutOfRangeError(f"Tried to {what} index {place}, but an index is 0 or more.")
        if place < len(self):
            return
        if what != "write to" or not self._is_dynamic or self._rows is not None:
            raise OutOfRangeError(f"Tried to {what} index {place} but array is not resizeable and size is: {len(self)}")
        self._items += [None] * (place + 1 - len(self))

    def read(self, index: Any, name: str | None = None) -> Tensor:
        """The element at `index`."""
        place = _as_index(index)
        if isinstance(place, int):
            if not 0 <= place < len(self):
                raise OutOfRangeError(f"Tried to read from index {place} but array size is: {len(self)}")
            if self._rows is None:
                item = self._item(place)
                if self._clears and not inside_function():
                    self._items[place] = _CLEARED
                return item
        rows = self._rows if self._rows is not None else self.stack()
        return ops.take(rows, place, axis=0)

    def _item(self, place: int) -> Tensor:
        item = self._items[place]
        if item is _CLEARED:
            raise InvalidArgumentError(
                f"Could not read index {place} twice because it was cleared after a previous read (perhaps try setting "
                "clear_after_read = false?)"
            )
        if item is not None:
            return item
        shape = self._element_shape
        if shape is None or None in shape:
            raise InvalidArgumentError(f"Could not read index {place}: nothing was written there.")
        return ops.zeros(shape, self._dtype)

    def stack(self, name: str | None = None) -> Tensor:
        """All elements as one tensor. Shape: (size, ...element shape)."""
        if self._rows is not None:
            return self._rows
        if not self._items:
            return ops.zeros((0, *(s or 0 for s in self._element_shape or ())), self._dtype)
        stacked = ops.stack([self._item(i) for i in range(len(self))])
        self._clear()
        return stacked

    def _clear(self) -> None:
        if self._clears and not inside_function():
            self._items = [_CLEARED] * len(self._items)

    def gather(self, indices: Any, name: str | None = None) -> Tensor:
        """The elements at `indices`, stacked."""
        indices = convert_to_tensor(indices)
        if self._rows is None and not isinstance(indices._value, jax.core.Tracer):
            return ops.stack([self.read(int(i)) for i in np.asarray(indices)])
        return ops.take(self.stack(), indices, axis=0)

    def concat(self, name: str | None = None) -> Tensor:
        """All elements joined along their first dimension."""
        if self._rows is not None:
            return ops.reshape(self._rows, (-1, *self._rows.shape[2:]))
        joined = ops.concatenate([self._item(i) for i in range(len(self))], axis=0)
        self._clear()
        return joined

    def unstack(self, value: Any, name: str | None = None) -> "TensorArray":
        """An array of the rows of `value`."""
        value = convert_to_tensor(value, None if hasattr(value, "dtype") else self._dtype)
        array = self._target()
        if len(array) and not array._is_dynamic and len(array) != value.shape[0]:
            raise InvalidArgumentError(f"Expected {len(array)} rows, one for each element; received {value.shape[0]}.")
        if inside_function():
            array._rows, array._items = value, []
            return array
        array._items = [array._checked(row) for row in value]
        return array

    def scatter(self, indices: Any, value: Any, name: str | None = None) -> "TensorArray":
        """The array with the rows of `value` at `indices`."""
        array, value = self, convert_to_tensor(value, None if hasattr(value, "dtype") else self._dtype)
        for i, index in enumerate(convert_to_tensor(indices)):
            array = array.write(index, value[i])  # type: ignore[index]
        return array

    def split(self, value: Any, lengths: Any, name: str | None = None) -> "TensorArray":
        """An array of consecutive parts of `value`, of these lengths along its first dimension."""
        array = self._target()
        array._infers = False
        ends = np.cumsum([_as_int(length, "length") for length in convert_to_tensor(lengths)])
        value = convert_to_tensor(value, None if hasattr(value, "dtype") else self._dtype)
        if len(ends) and ends[-1] != value.shape[0]:
            raise InvalidArgumentError(f"Expected lengths that sum to {value.shape[0]}; received a sum of {ends[-1]}.")
        starts = [0, *ends[:-1]]
        array._items = [value[int(a) : int(b)] for a, b in zip(starts, ends, strict=True)]  # type: ignore[index]
        return array

    def close(self, name: str | None = None) -> None:
        """Forget the elements."""
        self._items, self._rows = [_CLEARED] * len(self), None

    def is_started(self) -> bool:
        """True if it is one tensor, or can become one because the shape of its elements is known."""
        shape = self._element_shape
        written = [item for item in self._items if isinstance(item, Tensor)]
        return self._rows is not None or bool(written) or (shape is not None and None not in shape)

    def started(self, shape: Sequence[int] | None = None) -> "TensorArray":
        """The same elements as one tensor. `shape` is that of an element where none was written.

        Raises: TracedValueError if the array has to grow.
        """
        if self._rows is not None:
            return self
        if self._is_dynamic:
            raise TracedValueError(
                "A TensorArray with dynamic_size=True cannot grow in a compiled loop; give it its size."
            )
        array = self.identity()
        written = [item for item in self._items if isinstance(item, Tensor)]
        known: Any = self._element_shape if shape is None else tuple(shape)
        shape = tuple(written[0].shape) if written else known
        if shape is None or None in shape:
            raise InvalidArgumentError("Expected a TensorArray with a known element_shape here; pass element_shape.")
        array._element_shape = array._element_shape or tuple(shape)
        zeros = Tensor(jnp.zeros((len(self), *shape), dtypes._NUMPY[self._dtype]))
        array._rows = ops.stack([array._item(i) for i in range(len(self))]) if written else zeros
        array._items = []
        return array


def _as_index(index: Any) -> Any:
    """A Python int where the value is known, else the traced tensor."""
    if isinstance(index, (int, np.integer)):
        return int(index)
    index = convert_to_tensor(index)
    return index if isinstance(index._value, jax.core.Tracer) else int(index)


def _as_int(x: Any, what: str) -> int:
    place = _as_index(x)
    if not isinstance(place, int):
        raise TracedValueError(
            f"Expected the {what} of a TensorArray to be known while compiling; received a traced tensor."
        )
    return place


def _flatten(array: TensorArray) -> tuple:
    plain = {key: value for key, value in array.__dict__.items() if key not in ("_items", "_rows")}
    plain["_element_shape"] = None if array._rows is not None else plain["_element_shape"]
    cleared = tuple(i for i, item in enumerate(array._items) if item is _CLEARED)
    items = [None if item is _CLEARED else item for item in array._items]
    return (items, array._rows), (tuple(plain.items()), cleared)


def _unflatten(kept: tuple, children: tuple) -> TensorArray:
    array = object.__new__(TensorArray)
    array.__dict__.update(dict(kept[0]))
    array._items, array._rows = list(children[0]), children[1]
    for i in kept[1]:
        array._items[i] = _CLEARED
    return array


jax.tree_util.register_pytree_node(TensorArray, _flatten, _unflatten)
