"""Symbolic tensors and the graph they make: what functional models are built of.

Calling an operation (a layer, or an op wrapped in `OpCall`) on a KerasTensor adds a Node; the node knows the operation, its
arguments and its outputs. Output shapes come from tracing the operation twice with different sizes for unknown dimensions.
"""

import re
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import jax

from cornu._base import names
from cornu._base.errors import CornuError, InvalidTypeError
from cornu.core import dtypes, keras_ops
from cornu.core.context import context
from cornu.core.scopes import FunctionalScope
from cornu.core.shapes import TensorShape, as_shape
from cornu.core.tensor import Tensor
from cornu.core.tracebacks import end_with_message

PROBES = (
    65520,
    131040,
)  # sizes tried for unknown dimensions: rare ones, with many divisors so that reshapes go through


class History(NamedTuple):
    """Where a symbolic tensor comes from."""

    operation: Any
    node_index: int
    tensor_index: int


class KerasTensor:
    """A tensor without values: shape (None where unknown), dtype, name, and the operation that makes it."""

    _is_tensor_like = True
    __array_priority__ = 1000

    def __init__(
        self, shape: Any, dtype: Any = "float32", sparse: bool = False, ragged: bool = False, record_history: bool = True,
        name: str | None = None,
    ):  # fmt: skip
        self._shape, self._dtype = TensorShape(as_shape(shape)), dtypes.as_dtype(dtype)
        self.name = name or names.auto_name("KerasTensor")
        self.sparse, self.ragged = sparse, ragged
        self._keras_history: History | None = None
        self._keras_mask: Any = None

    @property
    def shape(self) -> TensorShape:
        """The sizes, None where unknown."""
        return self._shape

    @property
    def dtype(self) -> dtypes.DType:
        """The dtype."""
        return self._dtype

    @property
    def ndim(self) -> int:
        """Number of dimensions."""
        return len(self._shape)

    def get_shape(self) -> TensorShape:
        """The shape."""
        return self._shape

    def _as_tensor(self) -> "KerasTensor":
        return self

    def _refuse(self, what: str) -> Any:
        raise InvalidTypeError(
            f"The symbolic tensor {self.name!r} (shape {self._shape}) has no values, so it cannot be {what}. "
            "Use it with layers and ops to build a model, then call the model on data."
        )

    def __array__(self, *args: Any, **kwargs: Any) -> Any:
        self._refuse("made a NumPy array")

    def numpy(self) -> Any:
        """Refuses: there are no values."""
        self._refuse("made a NumPy array")

    def __jax_array__(self) -> Any:
        self._refuse("given to a JAX function")

    def __bool__(self) -> bool:
        return self._refuse("used as a Python bool")

    def __int__(self) -> int:
        return self._refuse("made an int")

    def __float__(self) -> float:
        return self._refuse("made a float")

    def __index__(self) -> int:
        return self._refuse("used as an index")

    def __len__(self) -> int:
        return self._refuse("asked for its length")

    def __iter__(self) -> Iterator:
        return self._refuse("iterated over")

    def __deepcopy__(self, memo: dict) -> "KerasTensor":
        return self

    def __repr__(self) -> str:
        return (
            f"<KerasTensor shape={self._shape}, dtype={self._dtype.name}, sparse={self.sparse}, "
            f"ragged={self.ragged}, name={self.name}>"
        )


class Node:
    """One call of an operation on symbolic tensors."""

    def __init__(self, operation: Any, args: tuple, kwargs: dict, outputs: Any):
        self.operation, self.args, self.kwargs, self.outputs = operation, args, kwargs, outputs
        self.inputs: list[KerasTensor] = symbolic_leaves((args, kwargs))
        self.index = len(operation._inbound_nodes)
        operation._inbound_nodes.append(self)
        for position, tensor in enumerate(symbolic_leaves(outputs)):
            tensor._keras_history = History(operation, self.index, position)

    @property
    def parents(self) -> list["Node"]:
        """The nodes that make the inputs."""
        return [node_of(tensor) for tensor in self.inputs if tensor._keras_history]

    @property
    def is_input(self) -> bool:
        """True for the node of an Input."""
        return not self.inputs


def node_of(tensor: KerasTensor) -> Node:
    """The node that makes a symbolic tensor."""
    history = tensor._keras_history
    if history is None:
        raise InvalidTypeError(f"The symbolic tensor {tensor.name!r} comes from no layer; make it with cornu.Input.")
    return history.operation._inbound_nodes[history.node_index]


def symbolic_leaves(nest: Any) -> list[KerasTensor]:
    """All symbolic tensors of a nest, in order."""
    return [leaf for leaf in jax.tree.leaves(nest) if isinstance(leaf, KerasTensor)]


def is_symbolic(nest: Any) -> bool:
    """True if the nest holds a symbolic tensor."""
    return any(isinstance(leaf, KerasTensor) for leaf in jax.tree.leaves(nest))


class OpCall:
    """An op with fixed options as an operation of a graph; it plays the part that a layer plays.

    `config` holds the static arguments; tensor arguments are the node's.
    """

    def __init__(self, op: Any, config: dict[str, Any], name: str | None = None):
        self.op, self.config = op, config
        self.name = name or names.auto_name(self.class_name)
        self._inbound_nodes: list[Node] = []
        self.built = True

    @property
    def class_name(self) -> str:
        """The name of Keras' class for the op: `reduce_sum` -> `ReduceSum`."""
        return keras_ops.class_name(self.op.name)

    def get_config(self) -> dict[str, Any]:
        """The name and all static arguments, defaults included."""
        defaults = {
            p.name: p.default
            for p in self.op.signature.parameters.values()
            if p.name not in self.op.tensors and p.default is not p.empty
        }
        return {"name": self.name, **defaults, **self.config}

    def __getstate__(self) -> dict:
        return {**self.__dict__, "_inbound_nodes": []}  # the calls belong to graphs

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        if not is_symbolic((args, kwargs)):
            return self.op(*args, **kwargs, **self.config)
        outputs = infer(lambda *a, **k: self.op(*a, **k, **self.config), args, kwargs, self.op.name)
        Node(self, args, kwargs, outputs)
        return outputs


def infer(function: Callable, args: tuple, kwargs: dict, name: str) -> Any:
    """The symbolic outputs of `function` on arguments that hold symbolic tensors.

    The function is traced with two sizes for unknown dimensions; output sizes that differ are unknown. Masks travel along.
    """
    flat, treedef = jax.tree.flatten((args, kwargs), is_leaf=lambda x: isinstance(x, Tensor))
    places = [i for i, leaf in enumerate(flat) if isinstance(leaf, KerasTensor)]
    masked = [i for i in places if flat[i]._keras_mask is not None]
    symbols = [flat[i] for i in places] + [flat[i]._keras_mask for i in masked]
    unknown = any(None in symbol.shape for symbol in symbols)

    def run(*arrays: Any) -> Any:
        leaves = list(flat)
        for i, array in zip(places, arrays, strict=False):
            leaves[i] = Tensor(array)
        for i, array in zip(masked, arrays[len(places) :], strict=True):
            leaves[i]._keras_mask = Tensor(array)
        given_args, given_kwargs = jax.tree.unflatten(treedef, leaves)
        outputs = function(*given_args, **given_kwargs)
        masks = [
            getattr(x, "_keras_mask", None) for x in jax.tree.leaves(outputs, is_leaf=lambda x: isinstance(x, Tensor))
        ]
        return unboxed(outputs), unboxed(masks)

    def trace(probe: int) -> Any:
        structs = [
            jax.ShapeDtypeStruct([probe if s is None else s for s in symbol.shape], dtypes._NUMPY[symbol.dtype])
            for symbol in symbols
        ]
        saved = context.tapes, context.inferring
        context.tapes, context.inferring = (), True
        try:
            with FunctionalScope():
                return jax.eval_shape(run, *structs)
        except CornuError as error:
            raise type(error)(re.sub(rf"\b{probe}\b", "None", str(error))) from None
        except Exception as error:
            end_with_message(error)
            raise
        finally:
            context.tapes, context.inferring = saved

    first = trace(PROBES[0])
    second = trace(PROBES[1]) if unknown else first
    outputs = jax.tree.map(_common, first[0], second[0])
    for tensor, *masks in zip(symbolic_leaves(outputs), first[1], second[1], strict=True):
        if masks[0] is not None:
            tensor._keras_mask = _common(*masks, name=f"{tensor.name}_mask")
    return outputs


def unboxed(nest: Any) -> Any:
    """The nest with JAX arrays in place of tensors."""
    return jax.tree.map(
        lambda x: x._value if isinstance(x, Tensor) else x._read() if hasattr(x, "_read") else x,
        nest,
        is_leaf=lambda x: isinstance(x, Tensor),
    )


def _common(a: Any, b: Any, name: str | None = None) -> KerasTensor:
    if len(a.shape) != len(b.shape):
        raise CornuError(f"The rank of the output depends on an unknown size: {a.shape} and {b.shape}.")
    shape = [m if m == n else None for m, n in zip(a.shape, b.shape, strict=True)]
    return KerasTensor(shape, dtypes.as_dtype(a.dtype), name=name)
