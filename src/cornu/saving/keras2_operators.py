"""TensorFlow functions in functional graphs of Keras 2 (`TFOpLambda`, `SlicingOpLambda`) as Keras 3's ops.

Source: tf.keras.layers.TFOpLambda, as `Model.to_json()` shows it.
"""

from collections.abc import Mapping
from typing import Any

from cornu._base.errors import NotFoundError
from cornu.core import keras_ops

CLASSES = ("TFOpLambda", "SlicingOpLambda")
_ITEM = "__operators__.getitem"
_UNARY = """negative abs:absolute exp log log1p sqrt rsqrt square sin cos tanh sigmoid floor ceil round sign erf softplus
    reciprocal"""
_BINARY = """add subtract multiply truediv:true_divide divide:true_divide pow:power maximum minimum floordiv:floor_divide
    greater greater_equal less less_equal equal not_equal logical_and logical_or"""
_REDUCTIONS = (
    "reduce_mean:mean reduce_sum:sum reduce_max:max reduce_min:min reduce_prod:prod reduce_std:std reduce_variance:var"
)


def _rows(text: str) -> list[tuple[str, str]]:
    """(TensorFlow's name, the op's): `pow:power`, or one name for both."""
    return [(name, op or name) for name, _, op in (word.partition(":") for word in text.split())]


# Function -> op, tensors after the first one, and options with the op's names for them.
_OPS: dict[str, tuple[str, tuple[str, ...], dict[str, str]]] = {
    **{f"math.{name}": (op, (), {}) for name, op in _rows(_UNARY)},
    **{f"math.{name}": (op, ("y",), {}) for name, op in _rows(_BINARY)},
    **{f"math.{name}": (op, (), {"axis": "axis", "keepdims": "keepdims"}) for name, op in _rows(_REDUCTIONS)},
    "__operators__.add": ("add", ("y",), {}),
    "compat.v1.floor_div": ("floor_divide", ("y",), {}),
    "linalg.matmul": ("matmul", ("b",), {}),
    "nn.relu": ("relu", (), {}),
    "nn.relu6": ("relu6", (), {}),
    "nn.elu": ("elu", (), {}),
    "nn.selu": ("selu", (), {}),
    "nn.silu": ("silu", (), {}),
    "nn.leaky_relu": ("leaky_relu", (), {"alpha": "negative_slope"}),
    "nn.softmax": ("softmax", (), {"axis": "axis"}),
    "concat": ("concatenate", (), {"axis": "axis"}),
    "stack": ("stack", (), {"axis": "axis"}),
    "reshape": ("reshape", (), {"shape": "newshape"}),
    "transpose": ("transpose", (), {"perm": "axes"}),
    "compat.v1.transpose": ("transpose", (), {"perm": "axes"}),
    "expand_dims": ("expand_dims", (), {"axis": "axis"}),
    "compat.v1.squeeze": ("squeeze", (), {"axis": "axis"}),
    "squeeze": ("squeeze", (), {"axis": "axis"}),
    "cast": ("cast", (), {"dtype": "dtype"}),
    "clip_by_value": ("clip", (), {"clip_value_min": "x_min", "clip_value_max": "x_max"}),
    _ITEM: ("get_item", ("slice_spec",), {}),
}


def as_op(layer: Mapping[str, Any]) -> dict[str, Any]:
    """The layer, whose nodes are in Keras 3's words already, as an op of the graph.

    Raises: NotFoundError for a function, or an option of it, that has no op.
    """
    function = str(layer["config"].get("function", _ITEM))
    if function not in _OPS:
        raise NotFoundError(_advice(f"calls tf.{function}", layer["name"]))
    op, tensors, renamed = _OPS[function]
    config, nodes = {}, []
    for node in layer["inbound_nodes"]:
        options = dict(node["kwargs"])
        args = [
            *node["args"],
            *(_index(options.pop(name)) if function == _ITEM else options.pop(name) for name in tensors),
        ]
        options = {
            name: value
            for name, value in options.items()
            if name != "name" and value is not None and value is not False
        }
        given = {renamed.get(name, ""): value for name, value in options.items()}
        if "" in given or (nodes and given != config):
            raise NotFoundError(_advice(f"calls tf.{function} with {', '.join(options)}", layer["name"]))
        config = given
        nodes.append({"args": args, "kwargs": {}})
    return {
        "module": keras_ops.keras_module(op),
        "class_name": keras_ops.class_name(op),
        "config": {"name": layer["name"], **config},
        "registered_name": None,
        "name": layer["name"],
        "inbound_nodes": nodes,
    }


def _index(spec: Any) -> Any:
    """What stands in the brackets: numbers, slices, `...`."""
    if isinstance(spec, list):
        return [_index(item) for item in spec]
    if isinstance(spec, Mapping) and "start" in spec:
        return {"class_name": "__slice__", "config": {key: spec.get(key) for key in ("start", "stop", "step")}}
    return {"class_name": "__ellipsis__", "config": {}} if isinstance(spec, Mapping) else spec


def _advice(what: str, name: str) -> str:
    return (
        f"Expected a graph of known functions; {name!r} in the file {what}, which is not translated. Build the model in code and "
        "read the weights with load_weights."
    )
