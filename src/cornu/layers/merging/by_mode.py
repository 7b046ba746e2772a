"""Keras 1's `merge`: the layer that joins tensors is chosen by a word."""

from typing import Any

from cornu._base.errors import InvalidArgumentError
from cornu._base.suggest import did_you_mean
from cornu.layers.core.lambda_layer import Lambda
from cornu.layers.merging.concatenate import Concatenate
from cornu.layers.merging.dot import Dot
from cornu.layers.merging.merge import Add, Average, Maximum, Multiply, Subtract

_MODES = {"sum": Add, "mul": Multiply, "ave": Average, "max": Maximum, "sub": Subtract}


def merge(
    inputs: list,
    mode: Any = "sum",
    concat_axis: int = -1,
    dot_axes: Any = -1,
    output_shape: Any = None,
    name: str | None = None,
) -> Any:
    """Join tensors: by `"sum"`, `"mul"`, `"ave"`, `"max"`, `"sub"`, `"concat"`, `"dot"`, `"cos"`, or a function of their list.

    Raises: InvalidArgumentError on an unknown mode. Source: keras.layers.merge of Keras 1.
    """
    if mode == "concat":
        return Concatenate(axis=concat_axis, name=name)(inputs)
    if mode in ("dot", "cos"):
        return Dot(axes=dot_axes, normalize=mode == "cos", name=name)(inputs)
    if callable(mode):
        return Lambda(mode, output_shape=output_shape, name=name)(inputs)
    if mode not in _MODES:
        known = [*_MODES, "concat", "dot", "cos"]
        raise InvalidArgumentError(
            f"Expected a mode among {known}, or a function; received {mode!r}.{did_you_mean(str(mode), known)}"
        )
    return _MODES[mode](name=name)(inputs)
