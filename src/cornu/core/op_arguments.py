"""Tensor arguments of ops: unboxed, seen as what they are, and promoted to common dtypes."""

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from cornu._base.errors import InvalidTypeError
from cornu.core import config, constants, dtypes
from cornu.core.context import context
from cornu.core.symbolic import KerasTensor
from cornu.core.tensor import Tensor, convert_to_tensor, host_array
from cornu.core.variable import Variable

_SCALARS = (bool, int, float, complex)
ARRAYS = (jax.Array, np.ndarray)


class Kinds:
    """Unboxes arguments and notes what kinds of values came along."""

    __slots__ = ("boxed_float", "float_array", "followers", "number", "scalars", "symbolic", "traced")

    def __init__(self) -> None:
        self.symbolic = self.traced = self.scalars = self.number = self.float_array = False
        self.boxed_float: Any = None
        self.followers: list[np.ndarray] = []  # float64 arrays and lists of floats: they take a tensor's float dtype

    def nest(self, value: Any) -> Any:
        """A nest with its leaves unboxed."""
        if isinstance(value, (list, tuple)):
            if hasattr(value, "_fields"):
                return type(value)(*map(self.nest, value))
            return type(value)(map(self.nest, value))
        if isinstance(value, dict):
            return {name: self.nest(item) for name, item in value.items()}
        return self.leaf(value)

    def leaf(self, value: Any) -> Any:
        """One argument unboxed."""
        kind = type(value)
        if kind is KerasTensor or isinstance(value, KerasTensor):
            self.symbolic = True
            return value
        if value is None:
            return value
        if kind is Tensor:
            value = value._value
            if value.dtype.kind in "fV":
                self.boxed_float = value.dtype
        elif isinstance(value, Variable):
            automatic = context.autocast and value.autocast and value._dtype.is_floating
            value = value._as_tensor()._value if automatic else value._read()
            if value.dtype.kind in "fV":
                self.boxed_float = value.dtype
        elif isinstance(value, _SCALARS):
            self.scalars = True
            return value
        elif isinstance(value, np.generic):
            self.scalars = True
            return value.item()
        elif not isinstance(value, ARRAYS):
            if isinstance(value, (list, tuple)):
                value = _from_list(value)
                if isinstance(value, (Tensor, KerasTensor)):
                    return self.leaf(value)
                if value.dtype.kind == "f":
                    self.followers.append(value)
            else:
                value = convert_to_tensor(value)._value
        if isinstance(value, jax.core.Tracer):
            self.traced = True
        elif isinstance(value, np.ndarray):
            if value.dtype.kind not in "biufcV":
                value = host_array(value)
                if value.dtype == object:
                    raise InvalidTypeError(f"Expected a numeric tensor; received text of shape {value.shape}.")
            if value.dtype == np.float64:
                self.followers.append(value)
        if value.dtype != np.bool_:
            self.number = True
        if value.dtype.kind in "fcV":
            self.float_array = True
        return value

    def settle(self, dynamic: dict[str, Any], eager: bool) -> None:
        """Python numbers take the dtype of the arrays beside them; alone they are floatx or int32."""
        floating = config.floatx()
        uncompiled = self.traced or eager

        def fix(value: Any) -> Any:
            if isinstance(value, bool):
                return np.bool_(value)
            if isinstance(value, int) and not self.number:  # next to bool arrays JAX would choose int64
                return np.asarray(value, np.int32 if -(2**31) <= value < 2**31 else np.int64)
            if isinstance(value, float) and not self.float_array:
                return np.asarray(value, dtypes._NUMPY[floating])
            if uncompiled and isinstance(value, _SCALARS):
                return jnp.asarray(value)  # weakly typed, as an argument of a compiled function is
            return value

        for name, value in dynamic.items():
            if isinstance(value, _SCALARS):
                dynamic[name] = fix(value)
            elif isinstance(value, (list, tuple, dict)):
                dynamic[name] = jax.tree.map(fix, value)


def _from_list(value: Any) -> Any:
    """A nested list as one array; a list that holds tensors is stacked, so that tapes and graphs see the entries."""
    if _holds_tensors(value):
        from cornu.ops.shaping import stack

        return stack(list(value))
    array = host_array(value)
    if array.dtype == object:
        raise InvalidTypeError(f"Expected numbers; received a list with text, {str(value)[:60]}.")
    return array


def beside(value: list, dtype: Any) -> Any:
    """A list of numbers as an array beside a tensor of that dtype, or None."""
    array = constants.known_list(value, dtype)
    if array is None and not _holds_tensors(value):
        return constants.of_list(value, dtype)
    return array


def _holds_tensors(value: Any) -> bool:
    kinds = set(map(type, value))
    return not _PLAIN_ITEMS.issuperset(kinds) and any(
        issubclass(k, (Tensor, Variable, KerasTensor, jax.Array)) for k in kinds
    )


_PLAIN_ITEMS = {list, tuple, float, int, bool, np.float64, np.float32, np.int64, np.ndarray}


_FEW = 64  # entries of a tensor that may be a shape, or indices


def are_sizes(values: tuple) -> bool:
    """True for a few integers (at least one of them as an array)."""
    arrays = [leaf for leaf in jax.tree.leaves(values) if not isinstance(leaf, int)]
    return bool(arrays) and all(hasattr(a, "dtype") and a.dtype.kind in "iub" and a.size <= _FEW for a in arrays)


def linked(value: Any, is_nest: bool) -> Any:
    """What a tape must see in place of an argument: lists of tensors stacked, variables cast as they are read."""
    if isinstance(value, (list, tuple)):
        if is_nest:
            items = [linked(item, True) for item in value]
            return type(value)(*items) if hasattr(value, "_fields") else type(value)(items)
        return _from_list(value)
    if isinstance(value, dict):
        return {name: linked(item, True) for name, item in value.items()}
    if context.autocast and isinstance(value, Variable) and value.autocast and value._dtype.is_floating:
        return value._as_tensor()
    return value


def follow(value: Any, followers: list, dtype: Any) -> Any:
    """Those of the arrays that are followers in that dtype."""
    if isinstance(value, (list, tuple)):
        return type(value)(follow(item, followers, dtype) for item in value)
    return value.astype(dtype) if any(value is follower for follower in followers) else value


def promote(values: tuple, inexact: bool, unify: bool) -> tuple:
    """The arrays with one common dtype (`unify`), integers and bools as floatx (`inexact`)."""
    leaves, treedef = jax.tree.flatten(values)
    leaves = [jnp.asarray(leaf) for leaf in leaves]
    if unify and leaves:  # before `inexact`: int32 next to bfloat16 is bfloat16, not float32
        common = jnp.result_type(*leaves)
        leaves = [x if x.dtype == common else x.astype(common) for x in leaves]
    if inexact:
        floating = dtypes._NUMPY[config.floatx()]
        leaves = [x if jnp.issubdtype(x.dtype, jnp.inexact) else x.astype(floating) for x in leaves]
    return jax.tree.unflatten(treedef, leaves)
