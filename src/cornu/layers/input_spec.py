"""What a layer expects of its inputs, checked before `call`. Source: keras.layers.InputSpec."""

from typing import Any

from cornu._base.errors import InvalidArgumentError
from cornu.core import dtypes
from cornu.core.shapes import text


class InputSpec:
    """Expected dtype, shape, rank and sizes of one input.

    Args:
        dtype: expected dtype.
        shape: expected shape, None where any size will do.
        ndim, max_ndim, min_ndim: expected rank.
        axes: sizes by axis, `{-1: 64}`.
        allow_last_axis_squeeze: a missing or extra last axis of size 1 is forgiven.
        optional: None is accepted as the input.
    """

    def __init__(
        self, dtype: Any = None, shape: Any = None, ndim: int | None = None, max_ndim: int | None = None,
        min_ndim: int | None = None, axes: dict[int, int | None] | None = None, allow_last_axis_squeeze: bool = False,
        name: str | None = None, optional: bool = False,
    ):  # fmt: skip
        self.dtype = None if dtype is None else dtypes.name(dtype)
        self.shape = None if shape is None else tuple(shape)
        self.ndim = len(self.shape) if self.shape is not None else ndim
        self.max_ndim, self.min_ndim = max_ndim, min_ndim
        self.axes = {int(axis): size for axis, size in (axes or {}).items()}
        self.allow_last_axis_squeeze, self.name, self.optional = allow_last_axis_squeeze, name, optional

    def get_config(self) -> dict:
        """All arguments."""
        return {
            "dtype": self.dtype, "shape": self.shape, "ndim": self.ndim, "max_ndim": self.max_ndim,
            "min_ndim": self.min_ndim, "axes": self.axes,
        }  # fmt: skip

    @classmethod
    def from_config(cls, config: dict) -> "InputSpec":
        """A spec from a config."""
        return cls(**config)

    def __repr__(self) -> str:
        shown = ", ".join(f"{k}={v}" for k, v in self.get_config().items() if v not in (None, {}))
        return f"InputSpec({shown})"

    def problem(self, shape: tuple) -> str | None:
        """What is wrong with an input of that shape, as `expected ...`; None if nothing is."""
        rank = len(shape)
        if self.ndim is not None and rank != self.ndim:
            extra = rank == self.ndim + 1 and shape[-1] == 1
            missing = rank == self.ndim - 1 and self.shape is not None and self.shape[-1] == 1
            if not (self.allow_last_axis_squeeze and self.shape is not None and (extra or missing)):
                return f"an input with {self.ndim} dimensions" + (f", {text(self.shape)}" if self.shape else "")
        if self.max_ndim is not None and rank > self.max_ndim:
            return f"an input with at most {self.max_ndim} dimensions"
        if self.min_ndim is not None and rank < self.min_ndim:
            return f"an input with at least {self.min_ndim} dimensions"
        for axis, size in self.axes.items():
            if size is not None and -rank <= axis < rank and shape[axis] not in (size, None):
                return f"size {size} along axis {axis}"
        if self.shape is not None and rank == len(self.shape):
            for size, received in zip(self.shape, shape, strict=True):
                if size is not None and received is not None and size != received:
                    return f"the shape {text(self.shape)}"
        return None


def check_inputs(spec: Any, inputs: Any, path: str) -> None:
    """Compare inputs (tensors, a list or dict of them) with a spec of the same structure.

    Raises: InvalidArgumentError with the layer's path, what it expects and the received shapes.
    """
    if spec is None:
        return
    if isinstance(spec, InputSpec):
        spec, inputs = [spec], [inputs]
    elif isinstance(spec, dict):
        if not isinstance(inputs, dict):
            raise InvalidArgumentError(
                f"{path} expects a dict with the inputs {sorted(spec)}; received {_shapes(inputs)}."
            )
        if missing := sorted(spec.keys() - inputs.keys()):
            raise InvalidArgumentError(f"{path} misses the inputs {missing}; it received {sorted(inputs)}.")
        inputs, spec = [inputs[name] for name in spec], list(spec.values())
    else:
        spec = list(spec)
        inputs = list(inputs) if isinstance(inputs, (list, tuple)) else [inputs]
        if len(spec) != len(inputs):
            raise InvalidArgumentError(f"{path} expects {len(spec)} inputs; received {len(inputs)}: {_shapes(inputs)}.")
    for one, tensor in zip(spec, inputs, strict=True):
        if one is None or (tensor is None and one.optional):
            continue
        if tensor is None:
            raise InvalidArgumentError(f"{path} expects a tensor as each input; received None.")
        shape = tuple(getattr(tensor, "shape", ()))
        if problem := one.problem(shape):
            raise InvalidArgumentError(f"{path} expects {problem}; received shape {text(shape)}.")


def _shapes(inputs: Any) -> str:
    if isinstance(inputs, dict):
        return "{" + ", ".join(f"{k!r}: {_shapes(v)}" for k, v in inputs.items()) + "}"
    if isinstance(inputs, (list, tuple)):
        return "[" + ", ".join(map(_shapes, inputs)) + "]"
    return text(inputs.shape) if hasattr(inputs, "shape") else repr(inputs)
