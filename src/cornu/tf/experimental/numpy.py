"""NumPy's names on tensors: those of `cornu.ops`. Source: tf.experimental.numpy."""

from typing import Any

from cornu import ops
from cornu._base.suggest import attribute_error
from cornu.core.tensor import Tensor as ndarray
from cornu.core.tensor import convert_to_tensor

__all__ = ["ndarray"]


def array(val: Any, dtype: Any = None, copy: bool = True, ndmin: int = 0) -> Any:
    """A tensor with at least so many dimensions."""
    tensor = convert_to_tensor(val, dtype)
    return (
        ops.reshape(tensor, (1,) * (ndmin - len(tensor.shape)) + tuple(tensor.shape))
        if len(tensor.shape) < ndmin
        else tensor
    )


asarray = asanyarray = ascontiguousarray = array


def experimental_enable_numpy_behavior(*args: Any, **kwargs: Any) -> None:
    """Operators between tensors promote dtypes, as NumPy's do, from now on."""
    from cornu.core.strict_dtypes import style

    style.promotes = True
    style.follow()


__getattr__ = attribute_error(
    __name__, {name: f"cornu.ops:{name}" for name in dir(ops) if not name.startswith("_")} | {"random": "cornu.random"}
)
